"""An error of the disk is no damage: nothing is moved, and a read that failed is tried again."""

import shutil
import subprocess
from pathlib import Path

import pytest

from app.store.damage.read_check import is_damaged, is_sound
from app.store.library import Library
from app.store.paths import Paths
from tests.checkout import ROOT
from tests.store.damage import fill_every_table
from tests.store.programs import command
from tests.store.test_opening import ruin

OPENS = """
try:
    library = Library.open(directory)
    print(len(library.conversations()), len(library.messages("c")), library.report.set_aside)
    library.close()
except LibraryError as failure:
    print(failure)
"""
#: Runs a command in which reads of the library fail as `when` says, as strace counts them.
INJECTING = ["strace", "-f", "-qq", "-o", "/dev/null", "-e", "trace=pread64"]


def open_with_failing_reads(directory: Path, when: str) -> str:
    """Open the library in a process whose reads of it fail with EIO; what the process prints."""
    injecting = [*INJECTING, "-e", f"inject=pread64:error=EIO:when={when}"]
    if shutil.which("strace") is None or subprocess.call([*injecting[:-2], "true"]):
        pytest.skip("strace can't trace a process here")
    for suffix in ("", "-wal"):
        injecting += ["-P", f"{directory / 'library.db'}{suffix}"]
    done = subprocess.run(
        [*injecting, *command(OPENS, directory)],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    )
    return done.stdout


@pytest.fixture
def filled(library: Library, directory: Path) -> Path:
    """The data directory of a closed library with a row in every table."""
    fill_every_table(library)
    library.close()
    return directory


@pytest.mark.parametrize("when", ["1", "2", "3", "4", "5", "6", "8", "10"])
def test_one_failed_read_is_tried_again(filled: Path, when: str) -> None:
    assert open_with_failing_reads(filled, when) == "2 3 None\n"


@pytest.mark.parametrize("when", ["1+", "2+", "4+", "5+", "3+2", "4+3"])
def test_a_disk_that_goes_on_failing_moves_nothing(filled: Path, when: str) -> None:
    before = (filled / "library.db").read_bytes()
    said = open_with_failing_reads(filled, when)
    assert "The disk reported an error" in said
    assert "doctor --repair" in said
    assert (filled / "library.db").read_bytes() == before
    assert [*filled.glob("library-damaged*")] == [*filled.glob("check-*")] == []
    library = Library.open(filled)
    assert len(library.conversations()) == 2
    library.close()


def test_only_damage_on_the_disk_counts_as_damage(filled: Path) -> None:
    paths = Paths(filled)
    assert not is_damaged(paths)
    assert is_sound(paths.library)
    ruin(paths.library, offset=4096)
    assert is_damaged(paths)
    assert [*filled.glob("check-*")] == []
