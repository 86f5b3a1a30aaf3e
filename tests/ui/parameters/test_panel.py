"""The panel's editors: one for each kind, in three states."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QLineEdit, QSlider, QWidget
from pytestqt.qtbot import QtBot

from app.domain.parameters.kinds import Json, Parameter, ParameterKind
from app.domain.parameters.table import BY_NAME, PARAMETERS
from app.ui.common.in_view import InView
from app.ui.parameters.editors import EDITORS, joined, separated
from app.ui.parameters.panel import ParameterPanel
from app.ui.parameters.row import Notes, ParameterRow
from tests.domain.parameters.test_table import GOOD
from tests.ui.conftest import keep


def row_of(qtbot: QtBot, name: str) -> tuple[ParameterRow, list[tuple[str, Json]]]:
    row = ParameterRow(BY_NAME[name])
    keep(qtbot, row)
    edits: list[tuple[str, Json]] = []
    row.edited.connect(lambda name, value: edits.append((name, value)))
    return row, edits


def write(widget: QWidget, text: str) -> None:
    """Put a text into whatever kind of control it is, as typing would."""
    if isinstance(widget, QComboBox):
        place = widget.findData(text)
        if place >= 0:
            widget.setCurrentIndex(place)
            widget.activated.emit(place)
            return
        field = widget.lineEdit()
        assert field is not None
        field.setText(text)
        field.textEdited.emit(text)
    elif isinstance(widget, QLineEdit):
        widget.setText(text)
        widget.textEdited.emit(text)


def control(row: ParameterRow) -> QWidget:
    return row.editor.control()


def test_every_kind_has_an_editor() -> None:
    assert set(EDITORS) == set(ParameterKind)


@pytest.mark.parametrize("parameter", PARAMETERS, ids=lambda one: one.name)
def test_a_control_bears_the_name_of_its_label(qtbot: QtBot, parameter: Parameter) -> None:
    row, _edits = row_of(qtbot, parameter.name)
    assert control(row).accessibleName() == parameter.label


@pytest.mark.parametrize("parameter", PARAMETERS, ids=lambda one: one.name)
def test_a_value_can_be_typed_shown_and_taken_back(qtbot: QtBot, parameter: Parameter) -> None:
    text, value = GOOD[parameter.name]
    row, edits = row_of(qtbot, parameter.name)
    typed = "a, b" if parameter.kind is ParameterKind.STRINGS else parameter.format(value)
    write(control(row), typed)
    assert edits[-1] == (parameter.name, value), text
    row.show_value(value)
    row.reset.click()
    assert edits[-1] == (parameter.name, None)


def test_a_value_out_of_range_is_not_told_and_the_reason_is_shown(qtbot: QtBot) -> None:
    row, edits = row_of(qtbot, "temperature")
    write(control(row), "9")
    assert edits == []
    assert row.message.text() == "Not sent: must be 0 to 2."
    assert "0 to 2" in row.explanation().problem


def test_json_is_checked_as_it_is_typed(qtbot: QtBot) -> None:
    row, edits = row_of(qtbot, "logit_bias")
    write(control(row), '{"17": ')
    assert edits == []
    assert "line 1" in row.explanation().problem
    write(control(row), '{"17": -100}')
    assert edits == [("logit_bias", {"17": -100})]
    assert row.explanation().problem == ""


def test_a_slider_sets_and_the_field_follows(qtbot: QtBot) -> None:
    row, edits = row_of(qtbot, "temperature")
    slider = row.findChild(QSlider)
    assert slider is not None
    slider.setValue(14)
    assert edits == [("temperature", 0.7)]
    field = control(row)
    assert isinstance(field, QLineEdit)
    assert field.text() == "0.7"


def test_arrow_keys_step_and_stay_in_range(qtbot: QtBot) -> None:
    row, edits = row_of(qtbot, "top_logprobs")
    for _press in range(30):
        qtbot.keyClick(control(row), Qt.Key.Key_Up)
    assert edits[-1] == ("top_logprobs", 20)


def test_line_breaks_in_stop_texts_are_written_as_escapes(qtbot: QtBot) -> None:
    row, edits = row_of(qtbot, "stop")
    row.show_value(["\n\n", "a\\b"])
    field = control(row)
    assert isinstance(field, QLineEdit)
    assert field.text() == "\\n\\n, a\\\\b"
    field.end(False)
    field.insert("!")
    assert edits[-1] == ("stop", ["\n\n", "a\\b!"])


@pytest.mark.parametrize(
    "texts",
    [["a"], [" a", "b "], ["a,b", ", "], ["\\n", "\n"], ["\t", "\\", "\\,"], ["中文", "<|end|>"]],
)
def test_stop_texts_are_read_back_as_they_were(texts: list[str]) -> None:
    assert separated(joined(texts)) == texts


def test_what_is_not_supported_is_grey_and_says_why(qtbot: QtBot) -> None:
    row, _edits = row_of(qtbot, "tools")
    row.show_notes(Notes(reason="The model doesn't support tools."))
    assert not control(row).isEnabled()
    assert row.reason.text() == "Not supported"
    assert row.message.text() == "The model doesn't support tools."
    assert "doesn't support tools" in control(row).accessibleDescription()
    assert "doesn't support tools" in row.explanation().problem
    row.show_notes(Notes())
    assert control(row).isEnabled()


def test_the_panel_shows_all_nineteen_and_their_conflicts(qtbot: QtBot, in_view: InView) -> None:
    panel = ParameterPanel(in_view)
    keep(qtbot, panel)
    rows = {parameter.name: panel.rows.row(parameter.name) for parameter in PARAMETERS}
    assert len(rows) == len(panel.findChildren(ParameterRow)) == 19
    in_view.set_values({"top_logprobs": 3})
    assert "need Log probabilities" in rows["top_logprobs"].message.text()
    assert not control(rows["tools"]).isEnabled()
    write(control(rows["logprobs"]), "true")
    assert in_view.values == {"top_logprobs": 3, "logprobs": True}
    assert rows["top_logprobs"].message.text() == ""


def test_text_that_is_no_value_is_not_sent_nor_is_the_value_before_it(
    qtbot: QtBot, in_view: InView
) -> None:
    panel = ParameterPanel(in_view)
    keep(qtbot, panel)
    row = panel.rows.row("temperature")
    write(control(row), "0.5")
    assert in_view.values == {"temperature": 0.5}
    write(control(row), "0.5x")
    assert in_view.values == {}
    field = control(row)
    assert isinstance(field, QLineEdit)
    assert (field.text(), row.message.text()) == ("0.5x", "Not sent: must be a number.")
    slider = row.findChild(QSlider)
    assert slider is not None
    qtbot.keyClick(field, Qt.Key.Key_Up)
    assert in_view.values.keys() == {"temperature"}


def test_another_conversation_takes_away_what_was_typed(qtbot: QtBot, in_view: InView) -> None:
    panel = ParameterPanel(in_view)
    keep(qtbot, panel)
    row = panel.rows.row("seed")
    write(control(row), "4x")
    in_view.show(None)
    field = control(row)
    assert isinstance(field, QLineEdit)
    assert field.text() == ""
