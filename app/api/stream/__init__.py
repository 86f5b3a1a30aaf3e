"""Decoding of an answer: bytes → server-sent events → JSON chunks → domain events."""
