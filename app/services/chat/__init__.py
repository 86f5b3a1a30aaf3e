"""Conversations and their answers: sending, recording, branches, costs, schema verdicts."""
