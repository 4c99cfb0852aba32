"""Widgets and linked charts for JupyterLab: one module a room, and what the rooms share."""
