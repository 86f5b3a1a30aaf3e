"""Sweeps: plan, cost estimate, results and comparison of answers; the check of a fixed seed."""
