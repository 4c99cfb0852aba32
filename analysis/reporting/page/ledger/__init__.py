"""What a page of leakage carries so that a reader changes its assumptions with no kernel."""
