"""Every text a person sees can be taken out for translators, and translations keep the fields."""

import ast
import re
import subprocess
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

from babel.messages.pofile import read_po

from tests.checkout import ROOT

TRANSLATIONS = sorted((ROOT / "resources" / "translations").glob("**/*.po"))

#: `{name}`, `{name:.2f}`, and the old `%(name)s`, `%d`.
FIELD = re.compile(r"\{\w*[^{}]*\}|%\(\w+\)[a-z]|%[sd]")


def fields(text: str) -> set[str]:
    """Return the places of a text that the program fills in."""
    return set(FIELD.findall(text))


def test_the_texts_can_be_taken_out(tmp_path: Path) -> None:
    template = tmp_path / "loquat.pot"
    script = ROOT / "packaging" / "texts.sh"
    subprocess.run(["sh", script, "template", template], check=True)
    with template.open("rb") as file:
        texts = {message.id for message in read_po(file) if message.id}
    assert "Temperature" in texts
    assert len(texts) > 50


def test_each_marked_text_is_written_out_where_it_is_marked() -> None:
    # Neither an f-string nor a variable can be looked up in a catalogue, or found for one.
    wrong = []
    for path in sorted((ROOT / "app").glob("**/*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name):
                continue
            texts = {"_": 1, "ngettext": 2}.get(node.func.id, 0)
            if not all(
                isinstance(argument, ast.Constant) and isinstance(argument.value, str)
                for argument in node.args[:texts]
            ):
                wrong.append(f"{path.relative_to(ROOT)}:{node.lineno}")
    assert wrong == []


def test_no_text_has_a_phrase_that_is_not_said_any_more() -> None:
    # Phrases that a person had to read twice, each with its plain form in the texts of today.
    old = (
        "at its own end",
        "Served by",
        "may serve",
        "any read",
        "silly",
        "own list",
        "US dollars.",
    )
    found = [
        f"{path.relative_to(ROOT)}:{node.lineno}: {node.args[0].value!r}"
        for path in sorted((ROOT / "app").glob("**/*.py"))
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id in {"_", "ngettext"}
        and isinstance(node.args[0], ast.Constant)
        and any(phrase in str(node.args[0].value) for phrase in old)
    ]
    assert found == []


def test_a_translation_keeps_the_fields_of_each_text() -> None:
    wrong = [found for path in TRANSLATIONS for found in wrong_fields(path.read_bytes())]
    assert wrong == []


def test_a_field_that_a_translation_lost_is_found() -> None:
    entry = 'msgid "{{count}} of {{all}}"\nmsgstr "{}"\n'
    assert not list(wrong_fields(entry.format("{all}, davon {count}").encode()))
    assert not list(wrong_fields(entry.format("").encode()))
    assert list(wrong_fields(entry.format("{count} von {alle}").encode()))


def wrong_fields(catalogue: bytes) -> Iterator[str]:
    """Yield the translations whose fields are not those of the text."""
    for message in read_po(BytesIO(catalogue)):
        if not message.id:
            continue
        # A plural form may leave the number out (“one message”), but not invent a field.
        plural = isinstance(message.id, tuple)
        known = fields(" ".join(message.id)) if plural else fields(str(message.id))
        forms = message.string if isinstance(message.string, tuple) else (message.string,)
        for form in forms:
            used = fields(str(form))
            if form and (not used <= known if plural else used != known):
                yield str(form)
