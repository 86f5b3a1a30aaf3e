"""Validation of answers and tool calls against JSON Schemas, in a child process."""
