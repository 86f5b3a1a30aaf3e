"""Drawing of a growing reply: frame pacing, repainting of changed strips, and idle work."""
