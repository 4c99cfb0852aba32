"""Many notebooks: the plan, the ledger, who runs them, and how far they are."""
