"""Coloured backgrounds of tokens, and the map from Markdown source to rendered text."""
