"""Every icon and every style is used by some widget."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.ui.theme import icons, sheet
from tests.checkout import ROOT

#: A window that Qt makes by itself.
TOOLTIP = "QToolTip"


def files() -> Iterator[Path]:
    """The modules with widgets, without the two that declare icons and styles."""
    declaring = {Path(icons.__file__), Path(sheet.__file__)}
    return (file for file in (ROOT / "app/ui").rglob("*.py") if file not in declaring)


def words() -> set[str]:
    """The texts in the modules, without values of enumerations and names of widgets."""
    found = set()
    for file in files():
        tree = ast.parse(file.read_text())
        left_out = {
            id(node.value)
            for node in ast.walk(tree)
            if isinstance(node, ast.Assign) and all(map(is_constant, node.targets))
        }
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and named(node.func) == "setObjectName":
                left_out |= {id(each) for each in ast.walk(node)}
        found |= {
            node.value
            for node in ast.walk(tree)
            if isinstance(node, ast.Constant)
            and isinstance(node.value, str)
            and id(node) not in left_out
        }
    return found


def is_constant(target: ast.expr) -> bool:
    return isinstance(target, ast.Name) and target.id.isupper()


def named(function: ast.expr) -> str:
    return function.attr if isinstance(function, ast.Attribute) else ""


@pytest.fixture(scope="module")
def texts() -> set[str]:
    return words()


@pytest.mark.parametrize("name", icons._GLYPHS)
def test_an_icon_is_used(name: str, texts: set[str]) -> None:
    assert name in texts


def test_a_style_is_for_widgets_that_there_are() -> None:
    code = "\n".join(file.read_text() for file in files())
    selectors = re.findall(r"\b(Q[A-Za-z]+)(?:#(\w+))?", sheet._SHEET)
    assert selectors
    for kind, name in selectors:
        assert kind == TOOLTIP or re.search(rf"\b{kind}\b", code), kind
        assert not name or f'"{name}"' in code, name
