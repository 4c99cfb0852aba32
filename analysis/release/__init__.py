"""Data as others take it away: a folder with the panel, what it means, under which terms, and how to cite it."""
