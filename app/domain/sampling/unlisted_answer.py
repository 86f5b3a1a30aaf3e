"""Tokens of an answer that the server did not list among their own alternatives."""

import numpy as np

from app.domain.sampling.answer_state import Numbers
from app.domain.tokens.token_table import TokenTable


def came_unlisted(table: TokenTable) -> Numbers:
    """Return for each token whether it is missing among its alternatives. It is not known how many
    other tokens are likelier, so that it may be cut although all its alternatives stay."""
    keys: dict[object, int] = {}
    same = np.array(
        [
            keys.setdefault((word.id,) if word.id is not None else word.raw, len(keys))
            for word in table.words
        ],
        np.int64,
    )
    counts: Numbers = np.diff(np.frombuffer(table.bounds, np.uint32).astype(np.int64))
    rows = np.repeat(np.arange(len(counts)), counts)
    alternatives = same[np.frombuffer(table.alternatives, np.uint32)]
    chosen = same[np.frombuffer(table.chosen, np.uint32)]
    unlisted = np.ones(len(counts), bool)
    unlisted[rows[alternatives == chosen[rows]]] = False
    return unlisted
