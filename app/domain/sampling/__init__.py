"""The arithmetic of samplers on captured probabilities: exact values and bounds."""
