"""Cyclic garbage ends on the thread that draws, when the loop rests, and nowhere else."""

import gc
import threading
import weakref
from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.ui.shell.garbage_collection import NEW, GarbageCollector


class Node:
    """A thing that holds itself, and tells on which thread it ended."""

    def __init__(self, ended: list[str]) -> None:
        self.itself = self
        self._ended = ended

    def __del__(self) -> None:
        self._ended.append(threading.current_thread().name)


@pytest.fixture
def garbage(qapp: QApplication) -> Iterator[GarbageCollector]:
    gc.collect()
    yield GarbageCollector()
    gc.unfreeze()


def test_garbage_is_collected_while_the_loop_rests(garbage: GarbageCollector, qtbot: QtBot) -> None:
    ended: list[str] = []
    there = weakref.ref(Node(ended))
    assert there() is not None
    kept = [[number] for number in range(NEW + 1)]
    qtbot.waitUntil(lambda: there() is None)
    assert ended == [threading.main_thread().name]
    assert len(kept) == NEW + 1


def test_another_thread_collects_nothing_however_much_it_makes(garbage: GarbageCollector) -> None:
    ended: list[str] = []
    kept: list[object] = []

    def make() -> None:
        Node(ended)
        kept.extend([number] for number in range(10 * NEW))

    thread = threading.Thread(target=make)
    thread.start()
    thread.join()
    assert ended == []
    gc.collect()
    assert ended == [threading.main_thread().name]
