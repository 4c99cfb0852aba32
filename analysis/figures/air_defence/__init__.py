"""Figures of air defence: a module a notebook."""
