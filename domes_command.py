"""The command ``domes``; it stands beside the package so that it can say when another one has taken its name."""

import sys
from importlib.util import find_spec

WRONG_USE = 2


def main() -> None:
    """Run ``analysis.cli``, or say in one line which other package of that name is in its place."""
    ours = find_spec("analysis")
    places = list(ours.submodule_search_locations or [ours.origin]) if ours else []
    if not ours or not ours.submodule_search_locations or find_spec("analysis.cli") is None or not _is_ours():
        where = f"another package of the name `analysis` stands in its place: {', '.join(map(str, places))}"
        told = where if places else "the package `analysis` of Domes & Ties is not installed here"
        print(f"domes: {told}; unset PYTHONPATH, or use an environment of its own.", file=sys.stderr)
        sys.exit(WRONG_USE)
    from analysis.cli import main as run

    run()


def _is_ours() -> bool:
    return find_spec("analysis.provenance") is not None and find_spec("analysis.recognition") is not None


if __name__ == "__main__":
    main()
