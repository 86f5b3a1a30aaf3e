"""Choosing a model among all that there are, and the hosts that may serve it."""
