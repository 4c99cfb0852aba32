"""Layered air defence, from published figures and with the defender's metrics only."""
