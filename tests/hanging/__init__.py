"""Tests that fail while something is still running, and a test that each such run ends."""
