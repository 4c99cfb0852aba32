"""``python -m analysis`` is the same program as ``domes``."""

from analysis.cli import main

if __name__ == "__main__":
    main()
