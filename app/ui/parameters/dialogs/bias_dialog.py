"""The logit bias dialog: bans or favours words, which the model's tokenizer cuts into tokens, or
token ids."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from typing import Any

from PySide6.QtCore import QEvent, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QLineEdit,
    QVBoxLayout,
    QWidget,
)

from app.domain.errors import LibraryError, LoquatError
from app.domain.parameters.logit_bias import BAN, FAVOUR, is_id
from app.domain.parameters.token_origins import Origin
from app.domain.providers.models import Model
from app.domain.providers.providers import Provider
from app.domain.text.translation import _, ngettext
from app.services.program.core import Core
from app.services.providers.tokenizing import foreign_words
from app.ui.common.keys import is_enter
from app.ui.common.run_guarded import run_guarded
from app.ui.parameters.dialogs.bias_rows import BiasRows
from app.ui.parameters.dialogs.bias_tokens import CutsList
from app.ui.theme.buttons import dialog_button
from app.ui.theme.words import PlainLabel, put_tip

#: Most characters of a word to look up.
LONGEST_TYPED = 200

#: Returns the provider and model that will answer.
Target = Callable[[], tuple[Provider, Model]]


class BiasDialog(QDialog):
    """Dialog for the value of the logit bias parameter: above, a word and its tokens to add; below,
    the tokens that are biased. *Use* emits the biases."""

    #: The new value: an object of token id (as text) to bias; None if nothing is biased.
    chosen = Signal(object)

    def __init__(self, core: Core, target: Target, parent: QWidget | None = None) -> None:
        """`target` returns the provider and model that will answer."""
        super().__init__(parent)
        self._core = core
        self._target = target
        self._origin: Origin | None = None
        self._odd: dict[str, Any] = {}
        # Number of the latest look-up, so that a late answer to an earlier one is ignored.
        self._question = 0
        self.setWindowTitle(_("Logit bias"))
        self.resize(660, 620)
        self.word, self.ids = QLineEdit(), QLineEdit()
        self.word.setAccessibleName(_("Word"))
        self.word.setPlaceholderText(_("a word to ban or to favour"))
        self.word.setMaxLength(LONGEST_TYPED)
        self.word.textChanged.connect(self._show_state)
        self.word.returnPressed.connect(self._look_up)
        self.ids.setAccessibleName(_("Token id"))
        self.ids.setPlaceholderText(_("a token id"))
        self.ids.setMaxLength(10)
        self.ids.returnPressed.connect(self._add_id)
        self.ids.setFixedWidth(170)
        self.cuts = CutsList()
        self.cuts.ticked.connect(self._show_state)
        self.rows = BiasRows()
        self.rows.edited.connect(self._show_model)
        self._look = dialog_button(_("Look up"), self._look_up)
        self._add = dialog_button(_("Add"), self._add_id)
        self.ban = dialog_button(_("Ban"), self._ban)
        self.favour = dialog_button(_("Favour"), self._favour)
        self.again = dialog_button(_("Look up again"), self._look_again)
        self.fit = dialog_button(_("Keep the ids"), self._take_over)
        self.use = dialog_button(_("Use"), self._use)
        self.use.setObjectName("primary")
        put_tip(self.fit, _("Both models use the same tokens: keep the ids"))
        put_tip(self.ban, _("−100: the model can't write the ticked tokens"))
        put_tip(self.favour, _("+5: the ticked tokens become about 150 times as likely"))
        self._why = _words("muted")
        self._parts = _words("muted")
        self._foreign = _words("warning")
        self._said = _words("warning")
        self._arrange()

    def ask(self, value: Any) -> None:
        """Open the dialog with a value of the parameter, an object of token id to bias."""
        entries = value if isinstance(value, dict) else {}
        biases = {
            int(id_): float(bias)
            for id_, bias in entries.items()
            if is_id(id_) and _is_number(bias)
        }
        # Keys that are no token ids are kept unchanged.
        self._odd = {
            id_: bias for id_, bias in entries.items() if not (is_id(id_) and _is_number(bias))
        }
        provider, model = self._target()
        self._origin = self._core.tokenizing.origin(biases, provider, model.id)
        self.rows.show_biases(biases, self._origin.words if self._origin else {})
        self._show_cuts([])
        self.word.clear()
        self.ids.clear()
        self._say("")
        self._show_model()
        self.show()
        self.raise_()
        self.activateWindow()
        (self.ids if self.word.isHidden() else self.word).setFocus()

    def event(self, event: QEvent) -> bool:
        """Update the model when the window becomes active: the person may have chosen another one
        meanwhile."""
        if event.type() is QEvent.Type.WindowActivate:
            # While the program ends the library may be closed already.
            with suppress(LibraryError):
                self._show_model()
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Leave Enter to the field that has focus; it does not press a button of the dialog."""
        if not is_enter(event):
            super().keyPressEvent(event)

    def _arrange(self) -> None:
        asked, offered, foreign, below = (QHBoxLayout() for _row in range(4))
        asked.addWidget(self.word, 1)
        asked.addWidget(self._look)
        asked.addWidget(self.ids)
        asked.addWidget(self._add)
        asked.addStretch(0)
        offered.addWidget(self._parts, 1)
        offered.addWidget(self.ban)
        offered.addWidget(self.favour)
        foreign.addWidget(self._foreign, 1)
        foreign.addWidget(self.again)
        foreign.addWidget(self.fit)
        below.addWidget(self._said, 1)
        below.addWidget(self.use)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 16, 16, 16)
        layout.setSpacing(8)
        layout.addWidget(self._why)
        layout.addLayout(asked)
        layout.addWidget(self.cuts, 2)
        layout.addLayout(offered)
        layout.addLayout(foreign)
        layout.addWidget(self.rows, 3)
        layout.addLayout(below)

    # The model.

    def _show_model(self) -> None:
        provider, model = self._target()
        why = self._core.tokenizing.why_not(provider)
        self._why.setText(why)
        self._why.setVisible(bool(why))
        for widget in (self.word, self._look):
            widget.setVisible(not why)
        if why:
            self._show_cuts([])
        foreign = self._is_foreign()
        self._foreign.setVisible(foreign)
        self.fit.setVisible(foreign)
        self.again.setVisible(foreign and not why)
        if self._origin is not None and foreign:
            words = foreign_words(self._origin, model.name or provider.name)
            self._foreign.setText(words)
        self._show_state()

    def _is_foreign(self) -> bool:
        """Return whether there are biases whose token ids belong to another model than the one that
        will answer."""
        provider, model = self._target()
        origin = self._origin
        has_biases = origin is not None and bool(self.rows.rows())
        return has_biases and origin is not None and not origin.is_of(provider.id, model.id)

    def _mine(self, words: dict[int, bytes]) -> Origin:
        """Return an Origin, the record of whose token ids these are, for the model that will
        answer; `words` has the bytes of its tokens."""
        provider, model = self._target()
        return Origin(provider.id, model.id, model.name or provider.name, words)

    def _take_over(self) -> None:
        self._origin = self._mine({})
        self._say("")
        self._show_model()

    def _show_state(self) -> None:
        self._look.setEnabled(bool(self.word.text()))
        ticked = bool(self.cuts.words())
        self.ban.setEnabled(ticked)
        self.favour.setEnabled(ticked)

    def _show_cuts(self, cuts: list[Any]) -> None:
        self.cuts.show_cuts(cuts)
        for widget in (self.cuts, self._parts, self.ban, self.favour):
            widget.setVisible(bool(cuts))
        words = _("A space before the word or a capital letter makes other tokens.")
        if any(len(cut.words) > 1 for cut in cuts):
            words = _("Each token can be ticked alone. The first one also begins other words.")
        self._parts.setText(words)

    def _say(self, words: str) -> None:
        self._said.setText(words)

    def _fail(self, failure: LoquatError) -> None:
        self._say(str(failure))

    # Looking up words.

    def _look_up(self) -> None:
        text = self.word.text()
        if text and not self.word.isHidden():
            self._question += 1
            self._say(_("Looking up…"))
            work = self._ask_cuts
            run_guarded(self._core, "logit bias: look up", self._fail, work, text, self._question)

    async def _ask_cuts(self, text: str, question: int) -> None:
        provider, model = self._target()
        cuts = await self._core.tokenizing.cuts(provider, model.id, text)
        if question == self._question:
            self._say("" if cuts else _("The model has no tokens for this."))
            self._show_cuts(cuts)

    def _look_again(self) -> None:
        self._question += 1
        self._say(_("Looking up…"))
        work = self._ask_again
        run_guarded(self._core, "logit bias: look up again", self._fail, work, self._question)

    async def _ask_again(self, question: int) -> None:
        provider, model = self._target()
        biases, pieces = self.rows.biases(), self.rows.pieces()
        if biases is None:
            self._say(_("Each bias must be a number from −100 to 100."))
            return
        moved = await self._core.tokenizing.moved(provider, model.id, pieces)
        if question != self._question:
            return
        new, here = {}, {}
        for id_, word in moved.items():
            if word.id is not None and id_ in biases:
                new[word.id] = biases[id_]
                here[word.id] = word.raw
        lost = len(biases) - len(moved)
        self._origin = self._mine(here)
        self.rows.show_biases(new, here)
        self._show_model()
        words = ngettext(
            "{n} token of the previous model isn't a single token here and was removed.",
            "{n} tokens of the previous model aren't single tokens here and were removed.",
            lost,
        )
        self._say(words.format(n=f"{lost:,}") if lost else "")

    # The biases.

    def _ban(self) -> None:
        self._take_ticked(BAN)

    def _favour(self) -> None:
        self._take_ticked(FAVOUR)

    def _take_ticked(self, bias: float) -> None:
        for word in self.cuts.words():
            if word.id is not None:
                self._take(word.id, bias, word.raw)

    def _add_id(self) -> None:
        text = self.ids.text().strip()
        if not is_id(text):
            self._say(_("A token id is a whole number."))
            return
        self._take(int(text), BAN, None)
        self.ids.clear()

    def _take(self, id_: int, bias: float, piece: bytes | None) -> None:
        if self._is_foreign():
            self._say(_("These ids belong to another model. Look them up again first."))
            return
        if not self.rows.rows():
            self._origin = self._mine({})
        self.rows.add(id_, bias, piece)
        self._say("")

    def _use(self) -> None:
        biases = self.rows.biases()
        if biases is None:
            self._say(_("Each bias must be a number from −100 to 100."))
            return
        if biases:
            pieces = self.rows.pieces()
            # An id that was typed has no known bytes, only a known model.
            words = {id_: pieces.get(id_, b"") for id_ in biases}
            whose = self._origin or self._mine({})
            try:
                self._core.tokenizing.remember(replace(whose, words=words))
            except LibraryError as failure:
                self._say(str(failure))
                return
        self.accept()
        value = {str(id_): int(bias) if bias == int(bias) else bias for id_, bias in biases.items()}
        self.chosen.emit((value | self._odd) or None)


def _is_number(bias: Any) -> bool:
    return isinstance(bias, (int, float)) and not isinstance(bias, bool)


def _words(name: str) -> PlainLabel:
    words = PlainLabel()
    words.setObjectName(name)
    words.setWordWrap(True)
    return words
