"""Strips: the paragraphs, code blocks, tables and other parts that a message is painted from."""
