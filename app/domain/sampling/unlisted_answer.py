"""Tokens of an answer that the server did not list among their own alternatives."""

import numpy as np

from app.domain.sampling.answer_state import Numbers
from app.domain.sampling.certainty import cuts_anything
from app.domain.sampling.samplers import SamplerOrder, SamplerSettings
from app.domain.tokens.token_identity import Key, key_of
from app.domain.tokens.token_table import TokenTable


def came_unlisted(table: TokenTable) -> Numbers:
    """Return for each token whether it is missing among its alternatives. It is not known how many
    other tokens are likelier, so that it may be cut although all its alternatives stay."""
    keys: dict[Key, int] = {}
    same = np.array([keys.setdefault(key_of(word), len(keys)) for word in table.words], np.int64)
    counts: Numbers = np.diff(np.frombuffer(table.bounds, np.uint32).astype(np.int64))
    rows = np.repeat(np.arange(len(counts)), counts)
    alternatives = same[np.frombuffer(table.alternatives, np.uint32)]
    chosen = same[np.frombuffer(table.chosen, np.uint32)]
    unlisted = np.ones(len(counts), bool)
    unlisted[rows[alternatives == chosen[rows]]] = False
    return unlisted


def count_open(
    unlisted: Numbers, cut: Numbers, settings: SamplerSettings, order: SamplerOrder
) -> int:
    """Return how many of an answer's tokens may be cut besides those that are (`cut`): tokens that
    were not listed, if any sampler cuts."""
    return int((unlisted & ~cut).sum()) if cuts_anything(settings, order) else 0
