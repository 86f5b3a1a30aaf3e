"""Widgets and values that several parts of the window share."""
