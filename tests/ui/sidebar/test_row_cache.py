"""The cache of rows behaves as the whole list would, whichever rows are loaded."""

import random

from app.domain.chat.conversation_list import ConversationEntry
from app.ui.sidebar.row_cache import KEPT, WINDOW, RowCache


class Whole:
    """The whole list in memory, as a reference; counts how it is read."""

    def __init__(self, count: int) -> None:
        self.entries = [
            ConversationEntry(f"c{n}", f"Title {n}", float(n), n) for n in range(count, 0, -1)
        ]
        self.windows = 0

    def read(self, row: int, limit: int, total: int) -> list[ConversationEntry]:
        assert total == len(self.entries)
        assert limit <= WINDOW
        self.windows += 1
        return self.entries[row : row + limit]

    def put(self, entry: ConversationEntry) -> None:
        self.entries = sorted([*self.entries, entry], key=lambda one: one.key, reverse=True)


def test_rows_are_read_in_windows_and_once() -> None:
    whole = Whole(500)
    cache = RowCache(whole.read, 500)
    assert [cache.at(row) for row in range(120)] == whole.entries[:120]
    assert whole.windows == 2
    assert cache.at(300) == whole.entries[300]
    assert cache.at(299) == whole.entries[299]
    assert whole.windows == 3
    assert cache.at(500) is None
    assert cache.at(-1) is None


def test_any_changes_keep_what_is_loaded_right() -> None:
    for seed in range(60):
        chance = random.Random(seed)
        count = chance.choice([0, 1, 3, 70, 300])
        whole = Whole(count)
        cache = RowCache(whole.read, count)
        for step in range(80):
            _change(chance, whole, cache, step)
            assert cache.count == len(whole.entries)
            for row in range(cache.count):
                assert cache.loaded(row) in {None, whole.entries[row]}, (seed, step, row)
        assert [cache.at(row) for row in range(cache.count)] == whole.entries


def _change(chance: random.Random, whole: Whole, cache: RowCache, step: int) -> None:
    match chance.randrange(4):
        case 0 if whole.entries:
            cache.at(chance.randrange(len(whole.entries)))
        case 1 | 0:
            entry = ConversationEntry(f"n{step}", "New", chance.uniform(-1, 400), 1000 + step)
            cache.insert(cache.place_for(entry.key), entry)
            whole.put(entry)
        case 2 if whole.entries:
            gone = whole.entries.pop(chance.randrange(len(whole.entries)))
            row = cache.find(gone.id)
            row = cache.row_in_gap(gone.key) if row is None else row
            assert row is not None
            cache.remove(row)
        case _ if whole.entries:
            row = chance.randrange(len(whole.entries))
            old = whole.entries[row]
            entry = ConversationEntry(old.id, "Renamed", old.updated, old.sequence)
            whole.entries[row] = entry
            if (loaded := cache.find(old.id)) is not None:
                assert loaded == row
                cache.replace(loaded, entry)


def test_far_rows_are_forgotten_except_the_pinned_one() -> None:
    whole = Whole(10 * KEPT)
    cache = RowCache(whole.read, 10 * KEPT)
    pinned = cache.at(5)
    assert pinned is not None
    cache.pinned = pinned.id
    for row in range(5 * KEPT):
        cache.at(row)
    assert cache.find(pinned.id) == 5
    loaded = [row for row in range(cache.count) if cache.loaded(row) is not None]
    assert len(loaded) <= KEPT + WINDOW
    assert cache.loaded(5 * KEPT - 1) == whole.entries[5 * KEPT - 1]
