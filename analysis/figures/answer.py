"""The answer of a notebook, which its page puts first: a few sentences, and how sure they are."""

from IPython.display import display

ANSWER_MIME = "application/vnd.domes.answer+json"
"""Media type by which the page recognises the answer."""


def show_answer(spoken: str) -> None:
    """Show the answer of a notebook; on its page it stands first, and what its cell shows besides stands beneath it.

    Parameters
    ----------
    spoken : str
        From ``captions.say``: two to four sentences that a reader may quote as they stand, and after an empty line
        how sure they are: on how many claims they rest, and which assumption moves them most. A figure is pointed at
        by its number on the page, as in "(Figure 2)".
    """
    short, _, sure = spoken.partition("\n\n")
    plain = f"**In short.** {short}" + (f"\n\n*How sure.* {sure}" if sure else "")
    display({ANSWER_MIME: {"short": short, "sure": sure}, "text/markdown": plain, "text/plain": plain}, raw=True)
