"""What the rows say: names, claims and their spread, and what a published figure says of a system."""
