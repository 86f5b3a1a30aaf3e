"""Sweeps: their plan, cost, results and comparison; the seed check."""
