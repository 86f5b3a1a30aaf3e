"""Conversations, messages, the reply that grows while it streams, and the request for a reply."""
