"""How long ties last: who was watched, curves, and comparisons of groups."""
