"""Requests other than chat: model lists, tokenizing, sign-in, the cost of a finished answer."""
