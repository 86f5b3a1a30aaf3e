"""The setting of the proxy: the system's, none, or a given address."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QSizePolicy, QVBoxLayout, QWidget

from app.domain.errors import LoquatError
from app.domain.providers.proxies import NONE, SYSTEM
from app.domain.text.translation import _
from app.services.program.core import Core
from app.ui.theme.controls import ComboBox
from app.ui.theme.words import PlainLabel

#: Value of the entry “This one” of the list, whose address is in the field beside it.
_OWN = ""


class ProxyChoice(QWidget):
    """Drop-down list with a field for an address. A choice takes effect at once; an address
    that can't be used changes nothing, and a sentence below says why."""

    def __init__(self, core: Core, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._core = core
        self._used = chosen = core.settings.proxy
        own = chosen not in {SYSTEM, NONE}
        self._way = ComboBox()
        self._way.setAccessibleName(_("Proxy"))
        for words, value in (
            (_("System proxy"), SYSTEM),
            (_("None"), NONE),
            (_("Custom"), _OWN),
        ):
            self._way.addItem(words, value)
        self._way.setCurrentIndex(self._way.findData(_OWN if own else chosen))
        self._address = QLineEdit(chosen if own else "")
        self._address.setAccessibleName(_("Proxy address"))
        self._address.setPlaceholderText("http://proxy.example:3128")
        self._address.setVisible(own)
        self._words = PlainLabel()
        self._words.setWordWrap(True)
        self._words.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        self._words.hide()
        self._way.currentIndexChanged.connect(self._choose_way)
        self._address.editingFinished.connect(self._use)
        row = QHBoxLayout()
        row.addWidget(self._way, 0, Qt.AlignmentFlag.AlignLeft)
        row.addWidget(self._address, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addLayout(row)
        layout.addWidget(self._words)

    def _choose_way(self) -> None:
        own = self._way.currentData() == _OWN
        self._address.setVisible(own)
        if own and not self._address.text().strip():
            self._address.setFocus()
        self._use()

    def _use(self) -> None:
        chosen, typed = str(self._way.currentData()), self._address.text().strip()
        if chosen == _OWN and not typed:
            self._say(_("Enter the address of the proxy. Until then nothing changes."))
            return
        # With a scheme, so that a host called “none” isn't taken for the entry None.
        text = chosen or (typed if "://" in typed else f"http://{typed}")
        if text == self._used:
            # editingFinished is also emitted when the field loses the focus.
            self._say("")
            return
        try:
            self._used = self._core.use_proxy(text)
        except LoquatError as failure:
            self._say(str(failure))
            return
        if chosen == _OWN:
            self._address.setText(self._used)
        self._say(
            _(
                "Used from the next question on. Servers on this computer are reached without "
                "a proxy."
            )
        )

    def _say(self, words: str) -> None:
        self._words.setText(words)
        self._words.setVisible(bool(words))
