"""Tests of the conversation in view, in the whole window."""
