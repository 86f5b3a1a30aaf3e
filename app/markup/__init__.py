"""Markdown parsing: incremental parser, block and span values, highlighting, mathematics, HTML."""
