"""Answers to tool calls, typed by the person or made by local commands."""
