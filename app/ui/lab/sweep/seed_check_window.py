"""The seed check: sends the same request several times with one seed and compares the answers."""

import math
from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QCloseEvent, QColor, QTextCharFormat, QTextCursor
from PySide6.QtWidgets import (
    QHBoxLayout,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from app.domain.chat.titles import excerpt_of
from app.domain.errors import LoquatError
from app.domain.sweep.plan import CellPosition, CellState, Plan
from app.domain.sweep.seed_check import (
    FirstDifference,
    SeedCheck,
    compare_answers,
    why_seed_has_no_part,
)
from app.domain.sweep.seed_check import NextToken as Way
from app.domain.text.invisible_characters import mark_invisible
from app.domain.text.translation import _, ngettext
from app.domain.tokens.token_spelling import visible
from app.domain.tokens.token_statistics import UNKNOWN
from app.domain.tokens.token_table import TokenTable, Word
from app.services.chat.conversations import OpenConversation
from app.services.program.core import Core
from app.services.sweep.running_sweep import Sweep
from app.ui.common.exact_text import ExactField
from app.ui.lab.heat_map.alternative_rows import Alternative, AlternativeRows
from app.ui.lab.sweep.plan_window import cost_words, seed_field, typed_seed
from app.ui.lab.what_if.sentences import percent
from app.ui.theme.buttons import dialog_button
from app.ui.theme.controls import SpinBox
from app.ui.theme.theme import Theme
from app.ui.theme.words import PlainLabel

#: Default and highest number of requests.
USUALLY, MOST = 4, 50
#: Most characters of each answer that are shown after the first difference, and before it.
SHOWN, SHARED = 1200, 240
#: Visible rows of the list of tokens at the first difference.
ROWS = 8


class SeedCheckWindow(QWidget):
    """Window in which the number of requests and the seed are chosen, the requests are sent, and
    the result is shown. Closing it stops a running check."""

    #: The id of the check, which is stored as a sweep of repeats, to be opened in a sweep window.
    open_wanted = Signal(str)

    def __init__(
        self,
        core: Core,
        theme: Theme,
        conversation: OpenConversation,
        question_id: str,
        parent: QWidget,
    ) -> None:
        super().__init__(parent, Qt.WindowType.Window)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(_("Seed check"))
        self.resize(640, 560)
        self._core = core
        self._theme = theme
        self._conversation = conversation
        self._question = question_id
        self._sweep: Sweep | None = None
        # Why the seed can't change the answers of the last plan; empty if it can.
        self._no_part = ""
        self._count = SpinBox()
        self._count.setRange(2, MOST)
        self._count.setValue(USUALLY)
        self._count.setAccessibleName(_("Number of requests"))
        self._seed = seed_field(conversation, _("Seed"))
        self._cost = PlainLabel()
        self._cost.setObjectName("muted")
        self.run = QPushButton(_("Run"))
        self.run.clicked.connect(self._run_or_stop)
        self.verdict = PlainLabel(
            _("Sends the same request several times with one seed and compares the answers.")
        )
        self.verdict.setWordWrap(True)
        self.verdict.setObjectName("heading")
        self._means = PlainLabel()
        self._means.setWordWrap(True)
        self._means.setObjectName("muted")
        self.answers = ExactField()
        self.answers.setReadOnly(True)
        self.answers.setAccessibleName(_("The answers"))
        self.fork = AlternativeRows(theme, lambda: True)
        self.fork.setAccessibleName(_("First difference"))
        self.fork.hide()
        self.all = dialog_button(_("Open as a sweep…"), self._open)
        self.all.setObjectName("flat")
        self.all.hide()
        self._arrange()
        self._count.valueChanged.connect(self._show_cost)
        self._seed.textChanged.connect(self._show_cost)
        self._show_cost()

    def _arrange(self) -> None:
        asked = PlainLabel(excerpt_of(self._conversation.tree[self._question].text))
        asked.setWordWrap(True)
        row = QHBoxLayout()
        for words, widget in ((_("Requests"), self._count), (_("Seed"), self._seed)):
            label = PlainLabel(words)
            label.setBuddy(widget)
            row.addWidget(label)
            row.addWidget(widget)
        row.addWidget(self._cost, 1)
        row.addWidget(self.run)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 16, 20, 16)
        layout.setSpacing(10)
        layout.addWidget(asked)
        layout.addLayout(row)
        layout.addWidget(self.verdict)
        layout.addWidget(self._means)
        layout.addWidget(self.fork)
        layout.addWidget(self.answers, 1)
        layout.addWidget(self.all, 0, Qt.AlignmentFlag.AlignLeft)

    # Sending.

    def _plan(self) -> Plan:
        seed = typed_seed(self._seed)
        return self._core.sweeping.seed_check(
            self._conversation, self._question, self._count.value(), seed
        )

    def _show_cost(self) -> None:
        if self._is_running():
            return
        try:
            plan = self._plan()
            self._no_part = self._why_no_part(plan)
            self._cost.setText(cost_words(self._core.sweeping.cost(self._conversation, plan)))
            warning = self._core.sweeping.needs_asking(self._conversation, plan)
        except LoquatError as failure:
            self._cost.setText(str(failure))
            self.run.setEnabled(False)
            return
        self.run.setEnabled(True)
        count = self._count.value()
        words = _("Run all {n}") if warning else _("Run {n}")
        self.run.setText(words.format(n=count))
        if said := [words for words in (self._no_part, warning) if words]:
            self._means.setText(" ".join(said))

    def _why_no_part(self, plan: Plan) -> str:
        providers = self._core.providers
        provider = providers.get(plan.provider)
        refused = providers.not_taken(provider, providers.model(provider, plan.model), plan.routing)
        return why_seed_has_no_part(plan.parameters, refused)

    def _is_running(self) -> bool:
        return self._sweep is not None and self._core.sweeping.is_running(self._sweep)

    def _run_or_stop(self) -> None:
        if self._sweep is not None and self._is_running():
            self._core.sweeping.stop(self._sweep)
            return
        self._leave()
        try:
            sweep = self._core.sweeping.start(self._conversation, self._plan())
        except LoquatError as failure:
            self.verdict.setText(str(failure))
            return
        self._sweep = sweep
        self._no_part = self._why_no_part(sweep.plan)
        sweep.changed.connect(self._take_change)
        sweep.finished.connect(self._show_result)
        self.run.setText(_("Stop"))
        self.answers.clear()
        self.fork.hide()
        self.all.hide()
        self._means.setText("")
        self._show_progress()

    def _take_change(self, place: CellPosition) -> None:
        if self._sweep is not None and self._sweep.at(place).reply is None:
            self._show_progress()

    def _show_progress(self) -> None:
        sweep = self._sweep
        if sweep is not None:
            done = sweep.count(CellState.COMPLETE)
            words = _("{n} of {all} answered").format(n=done, all=len(sweep.cells))
            waiting = next((cell.waiting for cell in sweep.cells if cell.waiting), "")
            self.verdict.setText(f"{words} · {waiting}" if waiting else words)

    # The result.

    def _show_result(self) -> None:
        sweep = self._sweep
        if sweep is None:
            return
        self._show_cost()
        self._no_part = self._why_no_part(sweep.plan)
        self.all.show()
        done = [cell for cell in sweep.cells if cell.state is CellState.COMPLETE]
        failed = next((cell.error for cell in sweep.cells if cell.error), "")
        if len(done) < 2:
            words = _("Two complete answers are needed to compare. {why}")
            self.verdict.setText(words.format(why=failed))
            return
        texts = [cell.text for cell in done]
        tables = [self._core.sweeping.probabilities(sweep, cell.place) for cell in done]
        self.show_check(texts, tables, failed)

    def show_check(
        self, texts: Sequence[str], tables: Sequence[TokenTable], failed: str = ""
    ) -> None:
        """Show how the texts of the answers agree. `tables` has the token table of each text, which
        may be empty; `failed` is the error of a missing answer or empty."""
        check = compare_answers(texts, tables)
        self.verdict.setText(verdict_words(check))
        self._means.setText(meaning_words(check, failed, self._no_part))
        self._show_fork(check)
        self._show_answers(texts, check)

    def _show_fork(self, check: SeedCheck) -> None:
        rows = [] if check.fork is None else fork_rows(check.fork)
        self.fork.show_rows(rows, ROWS)
        self.fork.setVisible(bool(rows))

    def _open(self) -> None:
        if self._sweep is not None:
            self.open_wanted.emit(self._sweep.id)

    def _show_answers(self, texts: Sequence[str], check: SeedCheck) -> None:
        colours = self._theme.colours
        muted, plain, marked = QTextCharFormat(), QTextCharFormat(), QTextCharFormat()
        muted.setForeground(QColor(colours.muted))
        plain.setForeground(QColor(colours.text))
        marked.setForeground(QColor(colours.text))
        marked.setBackground(QColor(colours.found_here))
        marked.setFontUnderline(True)
        self.answers.clear()
        cursor = QTextCursor(self.answers.document())
        fork = check.fork
        shared = fork.characters if fork is not None else len(texts[0])
        for group in check.groups:
            text = texts[group[0]]
            numbers = ", ".join(str(index + 1) for index in group)
            head = ngettext("Answer {n}", "Answers {n}", len(group)).format(n=numbers)
            cursor.insertText(f"{head}\n", plain)
            begin = max(0, shared - SHARED)
            common = ("… " if begin else "") + text[begin:shared]
            cursor.insertText(mark_invisible(common), muted)
            rest = text[shared : shared + SHOWN]
            first = rest[: max(1, len(rest) - len(rest.lstrip()) + len(rest.split(" ", 2)[0]))]
            cursor.insertText(mark_invisible(first), marked)
            cursor.insertText(mark_invisible(rest[len(first) :]) + "\n\n", plain)

    def closeEvent(self, event: QCloseEvent) -> None:
        self._leave()
        super().closeEvent(event)

    def _leave(self) -> None:
        """Stop the running check and disconnect from it."""
        sweep, self._sweep = self._sweep, None
        if sweep is not None:
            sweep.changed.disconnect(self._take_change)
            sweep.finished.disconnect(self._show_result)
            self._core.sweeping.stop(sweep)
            self._core.sweeping.release(sweep)


def verdict_words(check: SeedCheck) -> str:
    """Return the result in a sentence or two: how many answers are identical, and where they differ
    first."""
    if check.is_identical:
        return _("All {n} answers are identical.").format(n=check.count)
    most = len(check.groups[0])
    fork = check.fork
    if most > 1:
        words = _("{n} of {all} answers are identical.").format(n=most, all=check.count)
    else:
        words = _("All {all} answers are different.").format(all=check.count)
    if fork is None:
        return words
    if not (fork.characters or fork.tokens):
        where = _("The first difference is at the start.")
    elif fork.tokens is not None:
        where = ngettext(
            "The first difference is after {n} token.",
            "The first difference is after {n} tokens.",
            fork.tokens,
        ).format(n=fork.tokens)
    else:
        where = ngettext(
            "The first difference is after {n} character.",
            "The first difference is after {n} characters.",
            fork.characters,
        ).format(n=fork.characters)
    return f"{words} {where}"


def meaning_words(check: SeedCheck, failed: str, no_part: str = "") -> str:
    """Return sentences about what a result says of the provider. `failed`, the error of a missing
    answer or empty, stands first. `no_part` says why the seed can't change the answers, if so."""
    sentences = []
    if no_part and check.is_identical:
        sentences += [no_part, _("So this says nothing about the seed.")]
    elif no_part:
        sentences += [no_part, _("The answers still differ, so the seed isn't the cause.")]
    elif check.is_identical:
        sentences.append(_("The seed seems to make this model's answers repeatable."))
    else:
        sentences.append(
            _("The answers differ even with the same seed: the provider isn't deterministic.")
        )
    if check.fork is not None and check.fork.ways:
        sentences.append(_("The tokens at the first difference, and how often each was chosen:"))
    if failed:
        sentences.insert(0, failed)
    return " ".join(sentences)


def fork_rows(fork: FirstDifference) -> list[Alternative]:
    """Return the tokens at the first difference: the alternatives of the first answer, the
    likeliest first, then tokens of other answers, each with how often it came."""
    came = {way.word.raw: way for way in fork.ways}
    rows = []
    for rank, (word, logprob) in enumerate(fork.alternatives, 1):
        rows.append(_row(word, logprob, came.pop(word.raw, None), rank))
    rows += [_row(way.word, way.logprob, way, None) for way in came.values()]
    return rows


def _row(word: Word, logprob: float | None, way: Way | None, rank: int | None) -> Alternative:
    text = visible(word) if word.raw else _("(end)")
    share = 0.0 if logprob is None or logprob <= UNKNOWN else math.exp(min(0.0, logprob))
    times = len(way.answers) if way is not None else 0
    often = _("chosen {n}×").format(n=times) if times else _("not chosen")
    shown = f"{times}× {text}" if times else text
    known = logprob is not None and logprob > UNKNOWN
    name = ", ".join([text, percent(share) if known else _("probability not known"), often])
    return Alternative(shown, share, name, chosen=bool(times), place=0, rank=rank, known=known)
