"""Providers, keys and the program's own choices."""
