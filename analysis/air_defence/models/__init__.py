"""Textbook formulas, one idea a module; they know no table."""
