"""Held against raids that happened: what the levels of the models' inputs must have been."""
