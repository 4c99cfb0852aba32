"""One notebook: where it is, what it is given, and its execution."""
