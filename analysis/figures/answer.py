"""The answer of a notebook, which its page puts first: a few sentences, and how sure they are."""

from typing import Any

from IPython.display import display

ANSWER_MIME = "application/vnd.domes.answer+json"
"""Media type by which the page recognises the answer."""
LABEL = ":: "
"""In a point of an answer: here its label ends, the part of the question that it answers."""


def show_answer(spoken: str) -> None:
    """Show the answer of a notebook; on its page it stands first, and what its cell shows besides stands beneath it.

    Parameters
    ----------
    spoken : str
        From ``captions.say``, as :func:`describe_answer` takes it.
    """
    display(describe_answer(spoken), raw=True)


def describe_answer(spoken: str) -> dict[str, Any]:
    """Put an answer together as a notebook keeps it: for a page (:data:`ANSWER_MIME`), and to be read.

    Parameters
    ----------
    spoken : str
        Sentences that a reader may quote as they stand, in one part or, where a question asks several things, in a
        part for each, which a label opens ("What it costs:: ..."). After an empty line each: the next part, and last
        how sure they are: on how many claims they rest, and which assumption moves them most. A figure is pointed at
        by its number on the page, as in "(Figure 2)".

    Examples
    --------
    >>> described = describe_answer("Who:: Twelve states.\\n\\nWho left:: Nauru.\\n\\nTwo acts.")
    >>> described[ANSWER_MIME]["short"], described[ANSWER_MIME]["sure"]
    ('Twelve states. Nauru.', 'Two acts.')
    >>> print(described["text/plain"])
    **In short.**
    <BLANKLINE>
    - *Who.* Twelve states.
    - *Who left.* Nauru.
    <BLANKLINE>
    *How sure.* Two acts.
    """
    *points, sure = spoken.split("\n\n") if "\n\n" in spoken else (spoken, "")
    split = [split_point(point) for point in points]
    lines = "".join(f"\n- *{label}.* {words}" if label else f"\n- {words}" for label, words in split)
    plain = f"**In short.**\n{lines}" if len(points) > 1 else f"**In short.** {points[0]}"
    plain += f"\n\n*How sure.* {sure}" if sure else ""
    answer = {"short": " ".join(words for _, words in split), "points": points, "sure": sure}
    return {ANSWER_MIME: answer, "text/markdown": plain, "text/plain": plain}


def split_point(point: str) -> tuple[str, str]:
    """Part the label of a point from its words; the label is empty where there is none.

    Examples
    --------
    >>> split_point("What it costs:: Nobody says.")
    ('What it costs', 'Nobody says.')
    """
    label, _, words = point.rpartition(LABEL)
    return label, words
