"""What the ledger of assumptions and the page share without loading anything: a media type."""

LEDGER_MIME = "application/vnd.domes.ledger+json"
"""Media type by which the page recognises the ledger of its answer."""
