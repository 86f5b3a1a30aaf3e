"""The content of the fold "What if": a token with its bars, and the strip along its answer."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QPushButton, QStackedLayout, QVBoxLayout, QWidget

from app.domain.text.translation import _
from app.ui.lab.what_if.bars import Bars
from app.ui.lab.what_if.cut_tokens import Survival
from app.ui.lab.what_if.legend import Legend
from app.ui.lab.what_if.quiet_lines import Lines, Offer
from app.ui.lab.what_if.strip_chart import StripChart
from app.ui.lab.what_if.token_in_context import PlaceWords
from app.ui.theme.theme import Theme
from app.ui.theme.words import PlainLabel, put_tip

#: Tooltips of the strip and of its figures.
READING_HELP = _(
    "The number of candidates in effect: as many as would be equally likely if the choice were as "
    "open. Before the parameters (pale), and after. ≈ marks an estimate."
)
STRIP_HELP = _(
    "Where not all of the probability was captured, the lines are estimates. A column that stands "
    "for several tokens shows their geometric mean, from the least to the greatest."
)


class Body(QWidget):
    """Bars and strip, or a sentence that says why there are none."""

    #: Probabilities are to be requested from now on.
    asking_wanted = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("panel")
        #: The legend, which stands in the corner beside the fold's header.
        self.legend = Legend(theme)
        self.place = PlaceWords(theme)
        self.bars = Bars(theme)
        self.strip = StripChart(theme)
        #: Sentences: how many candidates stay and what is exact; the order of the samplers; the
        #: tokens that penalties count.
        self.kept, self.order, self.counts = Lines(2), Lines(), Lines()
        #: The reason to doubt the probabilities.
        self.doubt = Lines()
        #: Offers to ask the server for the logit offset, which makes a repetition penalty exact.
        self.learning = Offer()
        put_tip(
            self.learning.button,
            _(
                "A repetition penalty works on a model's scores, and probabilities do not tell "
                "them. This asks the server what it makes of this token, if it can tell."
            ),
        )
        self.learning.hide()
        #: The reason why no branch can begin at the token.
        self.no_way = Lines()
        #: The figures of one token of the strip, and of the whole answer.
        self.reading, self.answer = Lines(1), Lines(2)
        #: The number of the answer's own tokens that are cut.
        self.survival = Survival()
        put_tip(self.reading, READING_HELP)
        put_tip(self.strip, f"{READING_HELP} {STRIP_HELP}")
        put_tip(
            self.answer,
            _(
                "The median over all tokens of the answer. ≈ marks an estimate: it depends on "
                "tokens that were not captured."
            ),
        )
        self.doubt.hide()
        self.counts.hide()
        self.no_way.hide()
        self._why = PlainLabel()
        self._why.setWordWrap(True)
        self._why.setObjectName("muted")
        self._ask = QPushButton(_("Ask for probabilities"))
        self._ask.clicked.connect(self.asking_wanted)
        self._pages = QStackedLayout(self)
        self._pages.addWidget(self._empty_page())
        self._pages.addWidget(self._picture_page())

    def show_empty(self, why: str, *, offer: bool) -> None:
        """Say why there is nothing to see; `offer` shows the button that asks for probabilities."""
        if why != self._why.text():
            self._why.setText(why)
        self._ask.setVisible(offer)
        self.legend.want(wanted=False)
        self._pages.setCurrentIndex(0)

    def show_picture(self) -> None:
        """Show bars and strip."""
        self.legend.want(wanted=True)
        self._pages.setCurrentIndex(1)

    def show_doubt(self, words: str) -> None:
        """Say why the probabilities may be wrong; nothing if the sentence is empty."""
        self.doubt.say(words)
        self.doubt.setVisible(bool(words))

    def show_counts(self, words: str) -> None:
        """Say which tokens penalties count; empty hides the sentence."""
        self.counts.say(words)
        self.counts.setVisible(bool(words))

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
        layout.setContentsMargins(8, 8, 8, 12)
        layout.addWidget(self._why)
        layout.addWidget(self._ask, 0, Qt.AlignmentFlag.AlignLeft)
        layout.addStretch(1)
        return page

    def _picture_page(self) -> QWidget:
        page = QWidget()
        layout = QVBoxLayout(page)
        layout.setContentsMargins(8, 0, 8, 8)
        layout.setSpacing(4)
        layout.addWidget(self.place)
        layout.addWidget(self.doubt)
        layout.addWidget(self.kept)
        layout.addWidget(self.bars, 1)
        words = (self.learning, self.no_way, self.order, self.counts)
        for widget in (*words, self.strip, self.reading, self.survival, self.answer):
            layout.addWidget(widget)
        return page
