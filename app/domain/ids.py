"""Ids of conversations, messages and other stored things."""

import os


def new_id() -> str:
    """Make a random id of 32 hexadecimal digits (128 bits), unique across libraries."""
    # uuid4 uses the same source, but importing `uuid` (with `platform`) adds 3 ms to the start.
    return os.urandom(16).hex()
