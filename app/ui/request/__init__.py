"""The window that shows the exact request of an answer."""
