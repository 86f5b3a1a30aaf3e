"""Sweeps as use cases: starting, running, storing and exporting them."""
