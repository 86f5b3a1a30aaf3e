"""How many of an answer's own tokens the set parameters would have cut, and the way to them."""

import numpy
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from app.domain.text.translation import _
from app.ui.lab.what_if.answer_sentences import cut_words
from app.ui.lab.what_if.quiet_lines import Offer
from app.ui.lab.what_if.strip_image import Flags
from app.ui.theme.words import put_tip


class Survival(Offer):
    """Says it; where tokens are cut, it goes to the next of them."""

    #: The place of a token in the answer.
    place_wanted = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._cut = numpy.zeros(0, numpy.int64)
        self._place = 0
        put_tip(
            self.button,
            _(
                "Tokens that could not have come under these parameters, each after the text "
                "that it stands after. They are marked below the chart; this goes to the next."
            ),
        )
        self.wanted.connect(self._go_on)

    def show_cut(self, cut: Flags, may_be: int = 0, *, certain: bool = True) -> None:
        """Take for each token of an answer whether it is cut, surely if `certain`, else likely;
        `may_be` other tokens may be cut, too."""
        self._cut = numpy.flatnonzero(cut)
        words = cut_words(len(self._cut), may_be, len(cut), certain=certain)
        if len(self._cut):
            self.offer(f"{words} ›")
        else:
            self.say(words)

    def show_place(self, place: int) -> None:
        """Take which token is looked at."""
        self._place = place

    def _go_on(self) -> None:
        """After the last comes the first."""
        later = self._cut[self._cut > self._place]
        if len(self._cut):
            self.place_wanted.emit(int(later[0] if len(later) else self._cut[0]))
