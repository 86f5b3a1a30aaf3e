"""Python's garbage is collected on the thread that draws, when that has nothing else to do.

Left alone Python collects on whichever thread happens to allocate. There it would end widgets that
belong to another thread, which Qt may answer with a crash; and it would do so in mid-frame.
"""

import gc

from PySide6.QtCore import QAbstractEventDispatcher, QObject

#: So many new objects make a collection of the newest worth while.
NEW = 5_000
#: Every so many of these the next older ones are looked at too, and as often the oldest.
OLDER = 10


class GarbageCollector(QObject):
    """Collects garbage each time that the loop of this thread is about to wait."""

    def __init__(self) -> None:
        super().__init__()
        gc.disable()
        # What has been made until now stays until the end.
        gc.freeze()
        QAbstractEventDispatcher.instance().aboutToBlock.connect(self._collect)

    def _collect(self) -> None:
        new, older, oldest = gc.get_count()
        if new > NEW:
            gc.collect(0 if older < OLDER else 1 if oldest < OLDER else 2)
