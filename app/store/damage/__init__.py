"""Damaged libraries: telling damage from failed reads, and getting back what can be read."""
