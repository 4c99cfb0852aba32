"""The exact chain of leakers; only ``layers`` and ``defence`` are called from outside."""
