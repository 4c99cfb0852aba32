"""Only until every figure has moved to its notebook's module: ink stands in style, what a title holds in grammar."""

from analysis.figures.style import readable_ink

__all__ = ["TITLE_LETTERS", "readable_ink"]
TITLE_LETTERS = 85
