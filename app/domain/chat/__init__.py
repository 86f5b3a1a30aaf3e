"""Conversations, messages, the growing reply and the request that asks for it."""
