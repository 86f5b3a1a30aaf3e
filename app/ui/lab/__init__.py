"""Sampling made visible: what the parameters do to the tokens of an answer."""
