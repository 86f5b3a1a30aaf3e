"""Heat maps: coloured backgrounds of tokens, and the map from Markdown source to displayed text."""
