"""Tests of the layout of whole windows: nothing is cut off, covered, nameless or off the scale."""
