"""Providers and their models: lists, search, discovery, sign-in, facts about a server."""
