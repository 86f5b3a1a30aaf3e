"""Answering tool calls, by hand or by a command."""
