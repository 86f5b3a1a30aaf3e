"""Drawing a growing reply: frame pacing, changed strips, idle work."""
