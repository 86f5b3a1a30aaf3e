"""Sentences that change under a slider without moving what stands below them."""

from app.ui.theme.words import Words


class Lines(Words):
    """A quiet label that keeps room for so many lines, whatever it says now; for 0, as many as it
    needs."""

    def __init__(self, lines: int = 0) -> None:
        super().__init__()
        self.setObjectName("muted")
        self.setWordWrap(True)
        font = self.font()
        font.setPixelSize(12)
        self.setFont(font)
        self._said = ""
        if lines:
            self.setFixedHeight(self.fontMetrics().lineSpacing() * lines + 2)

    def say(self, words: str) -> None:
        """Say something else; the same again costs nothing."""
        if words != self._said:
            self._said = words
            self.setText(words)
