"""Answers coloured by token probability, and the alternatives of one token."""
