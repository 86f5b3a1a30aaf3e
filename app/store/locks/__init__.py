"""Locks that tell processes apart: one for the window, one for each process at a library."""
