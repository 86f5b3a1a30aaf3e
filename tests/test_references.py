"""PySide6 keeps the reference counts of None and True.

6.12.0 on Python 3.11 takes one reference from None at each call of a Qt method that returns
nothing, and one from True at each emit of it, until the interpreter aborts. From Python 3.12
on the two are immortal: nothing can go wrong, and their counts say nothing.
"""

import sys

import pytest
from PySide6.QtCore import QObject, Signal

pytestmark = pytest.mark.skipif(
    sys.version_info >= (3, 12), reason="None and True are immortal from Python 3.12 on"
)

CALLS = 5_000
# What other threads and the test's own frames move meanwhile.
NOISE = 500


class Switch(QObject):
    """Says that it was turned, on or off."""

    turned = Signal(bool)

    def __init__(self) -> None:
        super().__init__()
        self.heard = 0
        self.turned.connect(self.hear)

    def hear(self, on: bool) -> None:
        """Count a turn."""
        self.heard += on


def test_methods_that_return_nothing_keep_the_references_of_none() -> None:
    switch = Switch()
    before = sys.getrefcount(None)
    for _ in range(CALLS):
        switch.setObjectName("switch")
    assert abs(sys.getrefcount(None) - before) < NOISE


def test_emitting_true_keeps_the_references_of_true_and_none() -> None:
    switch = Switch()
    before = sys.getrefcount(True), sys.getrefcount(None)
    for _ in range(CALLS):
        switch.turned.emit(True)
    assert switch.heard == CALLS
    assert abs(sys.getrefcount(True) - before[0]) < NOISE
    assert abs(sys.getrefcount(None) - before[1]) < NOISE


def test_properties_that_are_true_keep_its_references() -> None:
    switch = Switch()
    before = sys.getrefcount(True)
    for _ in range(CALLS):
        switch.setProperty("on", True)
        assert switch.property("on") is True
    assert abs(sys.getrefcount(True) - before) < NOISE
