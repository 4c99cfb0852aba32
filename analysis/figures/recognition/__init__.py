"""Figures of recognition: a module a notebook."""
