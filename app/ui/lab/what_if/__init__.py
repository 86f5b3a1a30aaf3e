"""The what-if bars: what the sampling parameters do to captured probabilities."""
