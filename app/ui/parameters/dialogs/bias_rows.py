"""The list of biased tokens in the logit bias dialog: a row with slider, number and buttons for
each."""

from collections.abc import Mapping

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QScrollArea,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from app.domain.parameters.kinds import Parameter, ParameterGroup, ParameterKind
from app.domain.parameters.logit_bias import BAN, BIASES, FAVOUR, LEAST, MOST
from app.domain.text.translation import _
from app.domain.tokens.token_spelling import visible
from app.domain.tokens.token_table import Word
from app.ui.parameters.number_editor import NumberEditor
from app.ui.theme.buttons import dialog_button
from app.ui.theme.icons import icon
from app.ui.theme.words import PlainLabel, put_tip

#: Most rows that are shown. Further biases are kept and sent, but not shown.
SHOWN_ROWS = 100
#: Widths of the columns, in pixels.
NAME_WIDTH, ID_WIDTH = 116, 56


class BiasRow(QWidget):
    """Row of one token and its bias."""

    #: The token's id and its bias; None while the text is not a number.
    edited = Signal(int, object)
    #: The token's id: its bias is to be removed.
    removed = Signal(int)

    def __init__(self, id_: int, bias: float, piece: bytes | None) -> None:
        """`piece` are the bytes of the token; None if they are not known."""
        super().__init__()
        self.id = id_
        name = visible(Word("", piece)) if piece else _("token {id}").format(id=id_)
        title, number = PlainLabel(name), PlainLabel(str(id_) if piece else "")
        title.setFixedWidth(NAME_WIDTH)
        number.setFixedWidth(ID_WIDTH)
        number.setObjectName("muted")
        put_tip(title, name)
        self.editor = NumberEditor(
            Parameter(
                name="bias",
                kind=ParameterKind.NUMBER,
                group=ParameterGroup.PROBABILITIES,
                label=_("Bias of {token}").format(token=name),
                help=_("−100 bans the token, 100 practically forces it"),
                low=LEAST,
                high=MOST,
                step=1,
                fine=0.1,
                scale=BIASES,
                start=0.0,
                neutral=0.0,
            )
        )
        self.editor.show_value(bias)
        self.editor.edited.connect(self._take)
        self.editor.complained.connect(self._note_wrong)
        self.editor.reset_wanted.connect(self._neutralise)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(8, 2, 8, 2)
        layout.addWidget(title)
        layout.addWidget(number)
        layout.addWidget(self.editor, 1)
        for words, slot in ((_("Ban"), self._ban), (_("Favour"), self._favour)):
            button = dialog_button(words, slot)
            button.setAccessibleName(_("{action} {token}").format(action=words, token=name))
            layout.addWidget(button)
        remove = QToolButton()
        remove.setIcon(icon("close"))
        remove.setAutoRaise(True)
        remove.setAccessibleName(_("Remove {token}").format(token=name))
        put_tip(remove, _("Remove"))
        remove.clicked.connect(self._remove)
        layout.addWidget(remove)
        title.setBuddy(self.editor.control())

    def put(self, bias: float) -> None:
        """Set the bias and emit it, as a button does."""
        self.editor.show_value(bias)
        self.edited.emit(self.id, bias)

    def _ban(self) -> None:
        self.put(BAN)

    def _favour(self) -> None:
        self.put(FAVOUR)

    def _neutralise(self) -> None:
        self.put(0.0)

    def _take(self, value: object) -> None:
        # An empty field counts as 0 and is no error.
        self.edited.emit(self.id, 0.0 if value is None else value)

    def _note_wrong(self, words: str) -> None:
        if words:
            self.edited.emit(self.id, None)

    def _remove(self) -> None:
        self.removed.emit(self.id)


class BiasRows(QScrollArea):
    """Keeps the biases while the dialog is open, and shows a row for each of the first
    SHOWN_ROWS."""

    #: The biases have changed.
    edited = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(_("Biased tokens"))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._biases: dict[int, float | None] = {}
        self._pieces: dict[int, bytes] = {}
        self._rows: dict[int, BiasRow] = {}
        inside = QWidget()
        self._layout = QVBoxLayout(inside)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(0)
        self._none = PlainLabel(_("No tokens yet."))
        self._none.setObjectName("muted")
        self._more = PlainLabel()
        self._more.setObjectName("muted")
        for words in (self._none, self._more):
            words.setWordWrap(True)
            words.setContentsMargins(8, 8, 8, 8)
            self._layout.addWidget(words)
        self._layout.addStretch(1)
        self.setWidget(inside)

    def show_biases(self, biases: Mapping[int, float], pieces: Mapping[int, bytes]) -> None:
        """Replace all biases. `pieces` has the bytes of the tokens whose bytes are known."""
        for id_ in list(self._rows):
            self._drop_row(id_)
        self._biases = dict(biases)
        self._pieces = dict(pieces)
        self._fill()

    def add(self, id_: int, bias: float, piece: bytes | None) -> None:
        """Bias a token, or change its bias if it has one already, and scroll to its row."""
        if piece:
            self._pieces[id_] = piece
        row = self._rows.get(id_)
        if row is not None:
            row.put(bias)
            self.ensureWidgetVisible(row)
            return
        self._biases[id_] = bias
        self._fill()
        # The row has its position only after the next layout.
        QTimer.singleShot(0, self._show_last)
        self.edited.emit()

    def biases(self) -> dict[int, float] | None:
        """Return the bias of each token id; None while the text of a row is not a number."""
        valid = {id_: bias for id_, bias in self._biases.items() if bias is not None}
        return valid if len(valid) == len(self._biases) else None

    def pieces(self) -> dict[int, bytes]:
        """Return the bytes of the biased tokens whose bytes are known."""
        return {id_: self._pieces[id_] for id_ in self._biases if self._pieces.get(id_)}

    def rows(self) -> list[BiasRow]:
        """Return the rows from the top: one for each of the first SHOWN_ROWS biases."""
        return list(self._rows.values())

    def _fill(self) -> None:
        for id_, bias in list(self._biases.items())[:SHOWN_ROWS]:
            if id_ in self._rows:
                continue
            row = BiasRow(id_, bias or 0.0, self._pieces.get(id_))
            row.edited.connect(self._take)
            row.removed.connect(self._remove)
            self._layout.insertWidget(len(self._rows) + 1, row)
            self._rows[id_] = row
        rest = len(self._biases) - len(self._rows)
        self._none.setVisible(not self._biases)
        self._more.setVisible(rest > 0)
        self._more.setText(_("And {n} more tokens.").format(n=f"{rest:,}"))

    def _show_last(self) -> None:
        if rows := self.rows():
            self.ensureWidgetVisible(rows[-1])

    def _take(self, id_: int, bias: float | None) -> None:
        self._biases[id_] = bias
        self.edited.emit()

    def _remove(self, id_: int) -> None:
        self._biases.pop(id_, None)
        place = list(self._rows).index(id_)
        self._drop_row(id_)
        self._fill()
        # Keyboard focus goes to the row that moved up.
        if rows := self.rows():
            rows[min(place, len(rows) - 1)].editor.control().setFocus()
        self.edited.emit()

    def _drop_row(self, id_: int) -> None:
        row = self._rows.pop(id_)
        self._layout.removeWidget(row)
        row.hide()
        row.deleteLater()
