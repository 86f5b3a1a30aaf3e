"""What the code promises about itself, beyond the layers that import-linter checks."""

import ast
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

from app.domain.parameters.table import PARAMETERS
from tests.checkout import ROOT

MODULES = sorted((ROOT / "app").glob("**/*.py"))
TABLE = {
    ROOT / "app" / "domain" / "parameters" / "table.py",
    ROOT / "app" / "domain" / "parameters" / "json_checks.py",
}
LONGEST = 400
LONGEST_FUNCTION = 60
MOST_MODULES = 25

IMPORT_THE_CORE = """
import importlib, pkgutil, sys
import app
core = ["domain", "api", "engine", "store", "markup", "formats", "services", "cli"]
for part in core:
    package = importlib.import_module(f"app.{part}")
    for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
        importlib.import_module(module.name)
drawing = {"PySide6", "shiboken6", "qasync", "qtawesome", "qtpy"}
print(*sorted(drawing.intersection(sys.modules)))
"""


def relative(path: Path) -> str:
    """Return a module's path as a person would write it."""
    return path.relative_to(ROOT).as_posix()


def docstring(path: Path) -> str:
    """Return a module's docstring, or nothing."""
    return ast.get_docstring(ast.parse(path.read_text("utf-8"))) or ""


def lines_with(pattern: str) -> list[str]:
    """Return where in app/ a pattern stands, as `path:line`."""
    expression = re.compile(pattern)
    return [
        f"{relative(path)}:{number}"
        for path in MODULES
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1)
        if expression.search(line)
    ]


def test_the_core_runs_without_qt() -> None:
    done = subprocess.run(
        [sys.executable, "-c", IMPORT_THE_CORE],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == ""


def test_there_are_no_imports_for_type_checking_alone() -> None:
    # They hide a cycle.
    assert lines_with("TYPE_CHECKING") == []


def test_addresses_are_opened_in_one_place() -> None:
    # It is where a link's scheme is checked.
    assert len(lines_with(r"openUrl\(")) <= 1


def test_open_conversations_are_changed_in_one_place() -> None:
    # Whoever shows one is told there of each change.
    writes = r"\.conversation = replace\(|\.tree\.(put|remove)\(|\.tree = Tree"
    writes += r"|\bheld\.(reply|conversation) ="
    there = {line.partition(":")[0] for line in lines_with(writes)}
    assert there == {"app/services/chat/conversations.py"}


def test_words_stay_words_in_one_place() -> None:
    # Qt reads the files that HTML names, and takes for HTML what looks like it.
    html = r"\b(QLabel|QTextEdit|QTextBrowser|QStaticText)\b|RichText\b|AutoText\b|MarkdownText\b"
    html += r"|\.(setToolTip|setInformativeText|setHtml|insertHtml|setMarkdown)\("
    there = {line.partition(":")[0] for line in lines_with(html)}
    assert there <= {"app/ui/theme/words.py", "app/ui/theme/sheet.py"}


def test_text_is_read_from_a_field_as_it_was_typed_in_one_place() -> None:
    # Qt's own text of a field has spaces for no-break spaces; so has what Qt copies from it.
    ways = r"\.(toPlainText|setPlainText)\(|\bQPlainTextEdit\(|= Q(Text|PlainText)Edit\b"
    there = {line.partition(":")[0] for line in lines_with(ways)}
    assert there == {"app/ui/common/exact_text.py"}


def test_numbers_have_the_field_that_shows_them() -> None:
    # Under a sheet Qt leaves no room for the number in one of its own without buttons.
    assert {line.partition(":")[0] for line in lines_with(r"\bQSpinBox\b")} <= {
        "app/ui/theme/controls.py",
        "app/ui/theme/sheet.py",
    }


def test_nothing_is_left_to_do() -> None:
    assert lines_with(r"TODO|FIXME|XXX|NotImplementedError") == []


def test_each_module_says_what_it_is() -> None:
    assert [relative(path) for path in MODULES if not docstring(path)] == []


def test_a_long_module_says_why() -> None:
    silent = [
        relative(path)
        for path in MODULES
        if len(path.read_text("utf-8").splitlines()) > LONGEST
        and not re.search(r"\blong\b", docstring(path))
    ]
    assert silent == []


def test_a_package_has_at_most_25_modules() -> None:
    folders = Counter(relative(path.parent) for path in MODULES if path.name != "__init__.py")
    assert {folder: count for folder, count in folders.items() if count > MOST_MODULES} == {}


def test_a_function_has_at_most_60_lines() -> None:
    long = [
        f"{relative(path)}:{node.lineno}: {node.name}"
        for path in MODULES
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (node.end_lineno or 0) - node.lineno >= LONGEST_FUNCTION
    ]
    assert long == []


def test_no_modules_import_each_other_in_a_circle() -> None:
    # Imports inside functions count, too: a late import hides a circle, and does not remove it.
    imports = {module_name(path): imported(path) for path in MODULES}
    sorter = TopologicalSorter(
        {name: (others & imports.keys()) - {name} for name, others in imports.items()}
    )
    sorter.prepare()


def module_name(path: Path) -> str:
    """Return the dotted name by which a module is imported."""
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imported(path: Path) -> set[str]:
    """Return the dotted names that a module imports anywhere; of a package, its module."""
    names = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names |= {f"{node.module}.{alias.name}" for alias in node.names}
            names.add(node.module)
    return names


def test_parameters_are_told_apart_in_their_table_alone() -> None:
    found = [
        f"{relative(path)}:{line}: {name}"
        for path in MODULES
        if path not in TABLE
        for line, name in special_cases(ast.parse(path.read_text("utf-8")))
    ]
    assert found == []


@pytest.mark.parametrize(
    "source",
    [
        "if name == 'temperature': pass",
        "if row.name != 'stop': pass",
        "if parameter.name in ('top_p', 'seed'): pass",
        "match name:\n case 'top_k' | 'min_p': pass",
    ],
)
def test_a_parameter_that_is_told_apart_is_found(source: str) -> None:
    assert list(special_cases(ast.parse(source)))


@pytest.mark.parametrize(
    "source",
    ["if finish_reason == 'stop': pass", "if name == 'other': pass", "body['seed'] = 1"],
)
def test_what_only_looks_like_a_parameter_is_let_be(source: str) -> None:
    assert not list(special_cases(ast.parse(source)))


def special_cases(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Yield where a parameter's name is compared with something, as line and name."""
    names = {parameter.name for parameter in PARAMETERS}
    for node in ast.walk(tree):
        subjects, constants = compared(node)
        for constant in constants:
            name = constant.value
            if name not in names:
                continue
            # The wire has these two words as well: a reason to finish, and a part of an answer.
            if name in {"stop", "reasoning"} and not any(names_a_parameter(s) for s in subjects):
                continue
            yield constant.lineno, str(name)


def compared(node: ast.AST) -> tuple[list[ast.expr], list[ast.Constant]]:
    """Return what a comparison or a match looks at, and the constants it looks for."""
    if isinstance(node, ast.Compare):
        sides = [node.left, *node.comparators]
        constants = [side for side in sides if isinstance(side, ast.Constant)]
        if isinstance(node.ops[0], ast.In | ast.NotIn):
            # `"seed" in values` asks for a key; `name in ("seed", …)` tells apart.
            collection = node.comparators[0]
            listed = (ast.Tuple, ast.List, ast.Set)
            elements = collection.elts if isinstance(collection, listed) else []
            constants = [element for element in elements if isinstance(element, ast.Constant)]
        return sides, constants
    if isinstance(node, ast.Match):
        values = (
            value.value
            for case in node.cases
            for value in ast.walk(case.pattern)
            if isinstance(value, ast.MatchValue)
        )
        return [node.subject], [value for value in values if isinstance(value, ast.Constant)]
    return [], []


def names_a_parameter(expression: ast.expr) -> bool:
    """Tell whether an expression is called as a parameter's name is."""
    if isinstance(expression, ast.Attribute):
        return expression.attr in {"name", "key", "parameter"}
    return isinstance(expression, ast.Name) and expression.id in {"name", "key", "parameter"}
