"""Accessibility interfaces that make the painted transcript readable by screen readers."""
