"""The locks, the lists of Debian packages and the scripts that set the program up."""

import os
import re
import shutil
import subprocess
import tomllib
from pathlib import Path

import pytest

from tests.checkout import ROOT

PACKAGING = ROOT / "packaging"
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
SCRIPTS = sorted(PACKAGING.glob("*.sh"))
LOCKS = ["lock.txt", "lock-dev.txt"]
PIN = re.compile(r"^([A-Za-z0-9._-]+)==(\S+)", re.MULTILINE)


def pins(lock: str) -> dict[str, str]:
    """Return the versions of a lock by name, lower case with hyphens."""
    text = (PACKAGING / lock).read_text("utf-8")
    return {re.sub(r"[-_.]+", "-", name).lower(): version for name, version in PIN.findall(text)}


def name_of(requirement: str) -> str:
    """Return the name in a line of pyproject.toml, as `pins` writes it."""
    found = re.match(r"[A-Za-z0-9._-]+", requirement)
    assert found
    return re.sub(r"[-_.]+", "-", found[0]).lower()


def test_the_locks_hold_what_the_project_asks_for() -> None:
    extra = PROJECT["optional-dependencies"]["dev"]
    assert {name_of(line) for line in PROJECT["dependencies"]} <= pins("lock.txt").keys()
    assert {name_of(line) for line in extra} <= pins("lock-dev.txt").keys()


def test_the_tests_run_with_what_people_run() -> None:
    assert pins("lock.txt").items() <= pins("lock-dev.txt").items()


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_holds_no_addresses(lock: str) -> None:
    text = (PACKAGING / lock).read_text("utf-8")
    assert "://" not in text
    assert " @ " not in text


@pytest.mark.parametrize("lock", LOCKS)
def test_each_locked_package_has_its_hashes(lock: str) -> None:
    text = (PACKAGING / lock).read_text("utf-8")
    entries = re.split(r"\n(?=\S)", text.strip())
    assert all("--hash=sha256:" in entry for entry in entries)
    # One may have another version for another Python, and so stand there twice.
    assert len(entries) == len(PIN.findall(text))


@pytest.mark.parametrize("lock", LOCKS)
def test_no_key_is_ever_kept_in_a_file_of_plain_text(lock: str) -> None:
    # keyrings.alt would offer itself to keyring wherever there is no Secret Service.
    assert "keyrings-alt" not in pins(lock)


@pytest.mark.parametrize("lock", LOCKS)
def test_pyside_is_older_than_the_version_that_drops_references(lock: str) -> None:
    # tests/test_references.py says what it does.
    version = pins(lock)["pyside6-essentials"]
    assert tuple(map(int, version.split(".")[:2])) < (6, 12)
    assert any("PySide6" in line and "<6.12" in line for line in PROJECT["dependencies"])


def test_no_debian_package_is_listed_twice() -> None:
    for name in ("debian-run.txt", "debian-test.txt"):
        lines = (PACKAGING / name).read_text("utf-8").splitlines()
        names = [line for line in lines if line and not line.startswith("#")]
        assert all(re.fullmatch(r"~?[a-z0-9][a-z0-9.+-]+", line) for line in names)
        assert len(names) == len(set(names))


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.name)
def test_a_script_is_valid_shell(script: Path) -> None:
    subprocess.run(["sh", "-n", script], check=True)


@pytest.mark.skipif(shutil.which("shellcheck") is None, reason="shellcheck is not installed")
@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.name)
def test_shellcheck_has_nothing_to_say(script: Path) -> None:
    done = subprocess.run(
        ["shellcheck", "-x", script], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.stdout == ""


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A checkout that is set up, and whose Python prints what it is started with."""
    shutil.copytree(PACKAGING, tmp_path / "packaging")
    python = tmp_path / ".venv" / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.write_text('#!/bin/sh\necho "${PYTHONDONTWRITEBYTECODE-kept}" "$@"\n')
    python.chmod(0o755)
    lock = (PACKAGING / "lock.txt").read_text("utf-8")
    stamp = f"run\n{tmp_path}\n{python}\n{lock}"
    (tmp_path / ".venv" / "loquat-stamp").write_text(stamp, "utf-8")
    return tmp_path


@pytest.mark.parametrize("value", [None, "", "1"])
def test_what_a_start_compiles_is_kept_for_the_next(checkout: Path, value: str | None) -> None:
    environment = {
        name: one for name, one in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"
    }
    environment["LOQUAT_PACKAGES"] = "skip"
    if value is not None:
        environment["PYTHONDONTWRITEBYTECODE"] = value
    before = sorted(checkout.rglob("*"))
    for _start in range(2):
        done = subprocess.run(
            ["sh", checkout / "packaging" / "run.sh", "ask", "a b"],
            env=environment,
            capture_output=True,
            text=True,
            check=True,
        )
        assert done.stdout == "kept -P -m app ask a b\n"
        assert done.stderr == ""
    assert sorted(checkout.rglob("*")) == before
