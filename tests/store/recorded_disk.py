"""A disk that records every write, flush and change of a name, and tells what a power cut leaves.

The model: the bytes of a file are certain after its flush, the names of files after the flush of
their folder (SQLite's own -wal and -journal flush it with themselves). Everything else may be
missing, zero, or there in part, in sectors of 512 bytes.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from enum import Enum, auto
from pathlib import Path
from random import Random
from typing import Any

import apsw
import pytest

SECTOR = 512


class Left(Enum):
    """What a power cut leaves of bytes and names that were not flushed."""

    NOTHING = auto()
    ZEROS = auto()
    SECTORS = auto()
    ALL = auto()


@dataclass(frozen=True, slots=True)
class Event:
    """One change of the disk, or a mark of the program that runs."""

    kind: str
    path: str = ""
    offset: int = 0
    data: bytes = b""
    #: The new path of a renamed or linked file.
    target: str = ""


@dataclass
class _File:
    """The bytes of a file: those that were flushed, and the changes since."""

    flushed: bytearray = field(default_factory=bytearray)
    changes: list[Event] = field(default_factory=list)

    def flush(self) -> None:
        self.flushed, self.changes = self.after(Left.ALL, Random(0)), []

    def after(self, left: Left, random: Random) -> bytearray:
        """Return the bytes after a power cut."""
        content = bytearray(self.flushed)
        if left is Left.NOTHING:
            return content
        for change in self.changes:
            if change.kind == "truncate":
                if left is Left.ALL or random.random() < 0.5:
                    del content[change.offset :]
                    content.extend(bytes(change.offset - len(content)))
                continue
            data = bytes(len(change.data)) if left is Left.ZEROS else change.data
            for start in range(0, len(data), SECTOR):
                if left is not Left.SECTORS or random.random() < 0.5:
                    _put(content, change.offset + start, data[start : start + SECTOR])
        return content


def _put(content: bytearray, offset: int, data: bytes) -> None:
    content.extend(bytes(max(0, offset - len(content))))
    content[offset : offset + len(data)] = data


class Disk:
    """The state of a disk after some events."""

    def __init__(self, start: dict[str, bytes]) -> None:
        """`start` are the flushed files at the beginning, by path."""
        names = {path: _File(bytearray(content)) for path, content in start.items()}
        #: The names since the last flush of a folder, the present ones last.
        self._names = [names]

    def apply(self, event: Event) -> None:
        """Change the state as an event does."""
        names = dict(self._names[-1])
        match event.kind:
            case "create" if event.path not in names:
                self._names.append(names | {event.path: _File()})
            case "write" | "truncate":
                names[event.path].changes.append(event)
            case "flush":
                names[event.path].flush()
                if event.path.endswith(("-wal", "-journal")):
                    self._names = [names]
            case "flush names":
                self._names = [names]
            case "delete":
                names.pop(event.path, None)
                self._names.append(names)
                if event.offset:
                    self._names = [names]
            case "link" | "rename" if event.path in names:
                names[event.target] = names[event.path]
                if event.kind == "rename":
                    del names[event.path]
                self._names.append(names)

    def after_power_cut(self, left: Left, random: Random) -> dict[str, bytes]:
        """Return the files that are there after a power cut, by path."""
        chosen = {Left.NOTHING: 0, Left.ALL: -1}.get(left)
        names = random.choice(self._names) if chosen is None else self._names[chosen]
        return {path: bytes(file.after(left, random)) for path, file in names.items()}


class _RecordedFile(apsw.VFSFile):
    def __init__(self, base: str, name: Any, flags: list[int], events: list[Event]) -> None:
        super().__init__(base, name, flags)
        self._path = name.filename() if isinstance(name, apsw.URIFilename) else name or ""
        self._events = events
        if self._path:
            events.append(Event("create", self._path))

    def xWrite(self, data: Any, offset: int) -> None:
        super().xWrite(data, offset)
        if self._path:
            self._events.append(Event("write", self._path, offset, bytes(data)))

    def xTruncate(self, newsize: int) -> None:
        super().xTruncate(newsize)
        if self._path:
            self._events.append(Event("truncate", self._path, newsize))

    def xSync(self, flags: int) -> None:
        # Not flushed in fact: the recording is what counts.
        if self._path:
            self._events.append(Event("flush", self._path))


class _RecordingVFS(apsw.VFS):
    def __init__(self, events: list[Event]) -> None:
        self._base, self._events = apsw.vfs_names()[0], events
        super().__init__("recording", self._base, makedefault=True)

    def xOpen(self, name: Any, flags: list[int]) -> apsw.VFSFile:
        return _RecordedFile(self._base, name, flags, self._events)

    def xDelete(self, filename: str, syncdir: bool) -> None:
        super().xDelete(filename, syncdir)
        self._events.append(Event("delete", filename, int(syncdir)))


@contextmanager
def recording() -> Iterator[list[Event]]:
    """Record the changes of all SQLite files that are opened in the block, and of all names."""
    events: list[Event] = []
    former = apsw.vfs_names()[0]
    vfs = _RecordingVFS(events)
    try:
        with pytest.MonkeyPatch.context() as patch:
            for name, kind in (("rename", "rename"), ("replace", "rename"), ("link", "link")):
                patch.setattr(os, name, _recorded(getattr(os, name), kind, events))
            patch.setattr(os, "mkdir", _recorded(os.mkdir, "folder", events))
            patch.setattr(os, "unlink", _recorded(os.unlink, "delete", events))
            patch.setattr(os, "fsync", lambda descriptor: events.append(_flush(descriptor)))
            yield events
    finally:
        apsw.set_default_vfs(former)
        with suppress(apsw.Error):
            vfs.unregister()


def _recorded(call: Any, kind: str, events: list[Event]) -> Any:
    def recorded(path: Any, *rest: Any, **named: Any) -> Any:
        result = call(path, *rest, **named)
        target = str(rest[0]) if kind in {"rename", "link"} else ""
        events.append(Event(kind, str(path), target=target))
        return result

    return recorded


def _flush(descriptor: int) -> Event:
    path = Path(f"/proc/self/fd/{descriptor}").readlink()
    return Event("flush names" if path.is_dir() else "flush", str(path))
