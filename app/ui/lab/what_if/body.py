"""The content of the lab: sliders of the cuts, bars of a token, and the strip of its answer."""

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QPalette, QResizeEvent
from PySide6.QtWidgets import (
    QBoxLayout,
    QHBoxLayout,
    QPushButton,
    QStackedLayout,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from app.domain.text.translation import _
from app.ui.lab.what_if.bars import Bars
from app.ui.lab.what_if.cut_sliders import CutSliders
from app.ui.lab.what_if.cut_tokens import Survival
from app.ui.lab.what_if.legend import Legend
from app.ui.lab.what_if.quiet_lines import TARGET, Lines, Offer
from app.ui.lab.what_if.strip_chart import StripChart
from app.ui.lab.what_if.token_in_context import PlaceWords
from app.ui.theme.icons import icon
from app.ui.theme.theme import Theme
from app.ui.theme.words import PlainLabel, put_tip

#: Space in pixels at the left and right of everything.
MARGIN = 12
#: Width of the content, in widths of the legend, below which it is narrow.
NARROW = 2.2
#: Tooltips of the strip and of its figures.
READING_HELP = _(
    "Choices: as many equally likely tokens would make the next token as hard to guess. Pale is "
    "before the parameters, filled is after them. ≈ marks an estimate."
)
STRIP_HELP = _(
    "Each column is a token of the answer, or several: then it shows their mean, from the least to "
    "the greatest. Click to see a token. Red dashes are tokens that would be dropped."
)


class Body(QWidget):
    """Sliders, and below them bars and strip, or a sentence that says why there are none."""

    #: Probabilities are to be requested from now on.
    asking_wanted = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("panel")
        self.sliders = CutSliders()
        self.legend = Legend(theme)
        self.place = PlaceWords(theme)
        self.bars = Bars(theme)
        self.strip = StripChart(theme)
        #: Sentences: the number of candidates that stay; whether the bars are exact; the order of
        #: the samplers; the tokens that penalties count.
        self.kept, self.certainty, self.order, self.counts = Lines(1), Lines(1), Lines(1), Lines()
        #: The reason to doubt the probabilities.
        self.doubt = Lines()
        #: Offers to ask the server for the logit offset, which makes a repetition penalty exact.
        self.learning = Offer(_("Ask the server ›"))
        put_tip(
            self.learning.button,
            _(
                "A repetition penalty works on the model's scores, which can't be told "
                "from probabilities. This asks the server for the scores, if it "
                "supports that."
            ),
        )
        self.learning.hide()
        #: The reason why no branch can begin at the token.
        self.no_way = Lines()
        #: The figures of one token of the strip, and of the whole answer.
        self.reading, self.answer = Lines(1), Lines(1)
        #: The number of the answer's own tokens that are cut.
        self.survival = Survival()
        put_tip(self.reading, READING_HELP)
        put_tip(self.strip, f"{READING_HELP}\n\n{STRIP_HELP}")
        put_tip(
            self.answer,
            _(
                "The median over all tokens of the answer. ≈ marks an estimate: it depends on "
                "tokens whose probability the server did not send."
            ),
        )
        #: Shows the sentences that are seldom needed.
        self.more = QToolButton()
        self.more.setIcon(icon("info", QPalette.ColorRole.PlaceholderText))
        self.more.setIconSize(QSize(16, 16))
        self.more.setFixedSize(TARGET, TARGET)
        self.more.setCheckable(True)
        self.more.setAccessibleName(_("Details"))
        put_tip(self.more, _("Details: how exact this is, order of the samplers, whole answer"))
        self.more.toggled.connect(self._show_more)
        self._details = (self.certainty, self.order, self.counts, self.answer)
        for hidden in (self.doubt, self.no_way, *self._details):
            hidden.hide()
        self._why = PlainLabel()
        self._why.setWordWrap(True)
        self._why.setObjectName("muted")
        self._ask = QPushButton(_("Ask for probabilities"))
        self._ask.clicked.connect(self.asking_wanted)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(MARGIN, 0, MARGIN, 8)
        layout.setSpacing(8)
        layout.addWidget(self.sliders)
        self._pages = QStackedLayout()
        # Before its pages come: a stack without a parent shows its first page as a window.
        layout.addLayout(self._pages, 1)
        self._pages.addWidget(self._empty_page())
        self._pages.addWidget(self._picture_page())

    def wanted_width(self) -> int:
        """Return the width in pixels at which bars and tokens have their full length."""
        return self.bars.wanted_width() + 2 * MARGIN

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        # In a narrow panel, or with large text, the legend stands below the sentence.
        narrow = event.size().width() < NARROW * self.legend.width()
        direction = QBoxLayout.Direction
        self._head.setDirection(direction.TopToBottom if narrow else direction.LeftToRight)
        self._head.setStretch(0, 0 if narrow else 1)

    def show_empty(self, why: str, *, offer: bool) -> None:
        """Say why there is nothing to see; `offer` shows the button that asks for probabilities."""
        if why != self._why.text():
            self._why.setText(why)
        self._ask.setVisible(offer)
        self._pages.setCurrentIndex(0)

    def show_picture(self) -> None:
        """Show bars and strip."""
        self._pages.setCurrentIndex(1)

    def show_doubt(self, words: str) -> None:
        """Say why the probabilities may be wrong; nothing if the sentence is empty."""
        self.doubt.say(words)
        self.doubt.setVisible(bool(words))

    def show_counts(self, words: str) -> None:
        """Say which tokens penalties count, among the details; empty hides the sentence."""
        self.counts.say(words)
        self.counts.setVisible(bool(words) and self.more.isChecked())

    def _show_more(self, wanted: bool) -> None:
        for line in self._details:
            line.setVisible(wanted and bool(line.text()))

    def show_reading(self, place: int) -> None:
        """Show the figures of a token of the strip, with their bounds in the tooltip."""
        self.reading.say(self.strip.reading(place))
        put_tip(self.reading, f"{self.strip.bounds_words(place)} {READING_HELP}".strip())

    def show_way(self, reason: str) -> None:
        """Say why no answer can go on with another candidate; empty if one can."""
        self.bars.show_way(reason)
        self.no_way.say(_("No branch can begin here. {why}").format(why=reason) if reason else "")
        self.no_way.setVisible(bool(reason))

    def _empty_page(self) -> QWidget:
        page = QWidget()
        layout = QVBoxLayout(page)
        layout.setContentsMargins(0, 8, 0, 8)
        layout.setSpacing(12)
        layout.addWidget(self._why)
        layout.addWidget(self._ask, 0, Qt.AlignmentFlag.AlignLeft)
        layout.addStretch(1)
        return page

    def _picture_page(self) -> QWidget:
        page = QWidget()
        layout = QVBoxLayout(page)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        self._head = head = QHBoxLayout()
        head.setSpacing(4)
        head.addWidget(self.kept, 1)
        self.kept.align(Qt.AlignmentFlag.AlignVCenter)
        head.addWidget(self.legend, 0, Qt.AlignmentFlag.AlignVCenter)
        head.addWidget(self.more, 0, Qt.AlignmentFlag.AlignTrailing)
        layout.addWidget(self.place)
        layout.addWidget(self.doubt)
        layout.addLayout(head)
        layout.addWidget(self.certainty)
        layout.addWidget(self.bars, 1)
        words = (self.learning, self.no_way, self.order, self.counts)
        for widget in (*words, self.strip, self.reading, self.survival, self.answer):
            layout.addWidget(widget)
        return page
