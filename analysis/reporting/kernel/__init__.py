"""Kernels: forked from a warm server, or started afresh."""
