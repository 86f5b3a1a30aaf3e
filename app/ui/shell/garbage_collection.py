"""Collects Python's garbage on the UI thread, between two events.

Python by itself collects on any thread that allocates. There it could delete a widget, which Qt
allows on the UI thread only and may answer with a crash; on the UI thread it could delay a frame.
"""

import gc

from PySide6.QtCore import QAbstractEventDispatcher, QObject

#: Number of new objects from which on the youngest generation is collected.
NEW = 5_000
#: Collections of a generation after which the next older generation is collected as well.
OLDER = 10


class GarbageCollector(QObject):
    """Turns off automatic collection, and collects each time the event loop of this thread is about
    to wait."""

    def __init__(self) -> None:
        super().__init__()
        gc.disable()
        # Objects that exist now, mostly modules and classes, stay until the end and are not
        # searched again.
        gc.freeze()
        QAbstractEventDispatcher.instance().aboutToBlock.connect(self._collect)

    def _collect(self) -> None:
        new, older, oldest = gc.get_count()
        if new > NEW:
            gc.collect(0 if older < OLDER else 1 if oldest < OLDER else 2)
