"""Checking answers against a JSON Schema, in a process of its own."""
