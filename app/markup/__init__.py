"""Markdown as blocks that never change once they are finished."""
