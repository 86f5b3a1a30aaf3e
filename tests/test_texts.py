"""Every text a person sees can be taken out for translators, and translations keep the fields."""

import ast
import re
import subprocess
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest
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


#: Phrases of former texts that a person had to read twice, and second names of one thing. Each has
#: a plain form in the texts of today: "chat", "result" of a tool, "reasoning", "most likely".
OLD_PHRASES = (
    "at its own end",
    "Served by",
    "may serve",
    "any read",
    "silly",
    "own list",
    "US dollars.",
    "taken here",
    "not taken",
    "ended in the middle",
    "made a mistake",
    "What came is kept",
    "says more",
    "plays no part",
    "is gone",
    "Has to",
    "as it stands",
    "one on a line",
    "are the most",
    "likeliest",
    "Settings ›",
    "What if",
    "Write a",
    "Lacks",
)
#: Words that stand for a thing which has another name in the texts.
OLD_NAMES = re.compile(
    r"\b(conversations?|thoughts|answers? of (a|the) tools?|top_[kp]|min_p)\b", re.I
)


def texts_of_the_program() -> Iterator[tuple[str, str]]:
    """Yield each text that is marked for translation, with its place."""
    for path in sorted((ROOT / "app").glob("**/*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name):
                continue
            texts = {"_": 1, "ngettext": 2}.get(node.func.id, 0)
            for argument in node.args[:texts]:
                if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
                    yield f"{path.relative_to(ROOT)}:{argument.lineno}", argument.value


def faults_of(text: str) -> list[str]:
    """Return the rules of plain texts that a text breaks."""
    # A field has no words, and an example of JSON has signs of its own.
    is_json = '{"' in text
    shown = text if is_json else FIELD.sub("x", text)
    faults = [phrase for phrase in OLD_PHRASES if phrase in text]
    if OLD_NAMES.search(shown):
        faults.append("an old name")
    if "!" in shown.replace("#!/", ""):
        faults.append("an exclamation mark")
    if "..." in shown:
        faults.append("three dots for an ellipsis")
    if not is_json and ('"' in shown or re.search(r"(?<!\w)'\w", shown)):
        faults.append("straight quotation marks")
    if not is_json and re.search(r"[.?:…] *[.,]|  |\s$", shown.replace("0..1", "0-1")):
        faults.append("stray signs or spaces")
    if re.search(r"\w[.?] [A-Z]", shown) and not re.search(r"([.?:…”)]|\bx)$", shown):
        faults.append("a last sentence without an end")
    return faults


def test_each_text_is_plain() -> None:
    found = [
        f"{place}: {text!r}: {', '.join(faults)}"
        for place, text in texts_of_the_program()
        if (faults := faults_of(text))
    ]
    assert found == []


@pytest.mark.parametrize(
    "text",
    [
        "Answer finished!",
        "Loading...",
        "There is no preset 'Calm'.",
        'There is no preset "{name}".',
        "Loquat made a mistake ({kind}).",
        "The key was removed. Add a new one",
        "Delete the conversation",
        "Brackets show the range: top_p needs more.",
        "Two  spaces",
    ],
)
def test_a_text_that_is_not_plain_is_found(text: str) -> None:
    assert faults_of(text)


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
