"""The dialog for signing in at a provider with the browser, one attempt at a time."""

import asyncio
from collections.abc import Callable
from urllib.parse import urlsplit

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QApplication,
    QDialog,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from app.domain.errors import InputError, LoquatError
from app.domain.providers.providers import Provider
from app.domain.text.translation import _
from app.services.program.core import Core
from app.services.providers.sign_in import PATIENCE, Connected, SigningIn
from app.ui.common.links import open_page
from app.ui.theme.controls import CheckBox
from app.ui.theme.words import PlainLabel
from app.ui.transcript.accessibility.announce import announce

WIDTH = 460


class ConnectDialog(QDialog):
    """Explains signing in, waits for the browser or a pasted code, and shows the result.

    It is not modal: open it with `show`. Closing it cancels the attempt and deletes the dialog.
    """

    #: A key was received and stored.
    connected = Signal()

    def __init__(
        self,
        core: Core,
        provider: Provider,
        parent: QWidget | None = None,
        *,
        patience: float = PATIENCE,
    ) -> None:
        """`patience` is the time to wait for the browser, in seconds."""
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(_("Connect {name}").format(name=provider.name))
        self._core = core
        self._provider = provider
        self._patience = patience
        self._task: asyncio.Task[None] | None = None
        #: Set while waiting for a code.
        self._attempt: SigningIn | None = None
        self._make_widgets()
        self._arrange()
        self._choose_way(by_code=False)

    def _make_widgets(self) -> None:
        host = urlsplit(self._provider.base_url).netloc
        self._explanation = _wrapped(
            _(
                "Sign in at {host} in your browser and allow a key for Loquat. The key "
                "is sent to Loquat automatically. Loquat never sees your password."
            ).format(host=host)
        )
        self._open = QPushButton(_("Open the browser"))
        self._open.setObjectName("primary")
        self._open.clicked.connect(self._open_browser)
        self._copy = QPushButton(_("Copy address"))
        self._copy.clicked.connect(self._copy_address)
        self._by_code = CheckBox(_("Use a code instead"))
        self._by_code.toggled.connect(self._choose_way)
        self._code = QLineEdit()
        self._code.setAccessibleName(_("Code"))
        self._code.setPlaceholderText(_("paste the code"))
        self._code.textChanged.connect(self._allow)
        self._use = QPushButton(_("Use code"))
        self._use.clicked.connect(self._use_code)
        self._status = _wrapped()
        self._failure = _wrapped()
        self._failure.setObjectName("warning")
        self._status.hide()
        self._failure.hide()
        self._close = QPushButton(_("Cancel"))
        self._close.clicked.connect(self.reject)

    def _arrange(self) -> None:
        leading = QHBoxLayout()
        leading.addWidget(self._open)
        leading.addWidget(self._copy)
        leading.addStretch(1)
        pasting = QHBoxLayout()
        pasting.addWidget(self._code, 1)
        pasting.addWidget(self._use)
        ending = QHBoxLayout()
        ending.addStretch(1)
        ending.addWidget(self._close)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 20, 20, 16)
        layout.setSpacing(12)
        layout.addWidget(self._explanation)
        layout.addLayout(leading)
        layout.addWidget(self._by_code)
        layout.addLayout(pasting)
        layout.addWidget(self._status)
        layout.addWidget(self._failure)
        layout.addStretch(1)
        layout.addLayout(ending)
        self.resize(WIDTH, 0)

    def done(self, result: int) -> None:
        """Close the dialog and cancel the attempt."""
        if self._task is not None:
            self._task.cancel()
        super().done(result)

    def _open_browser(self) -> None:
        self._lead(self._open_page)

    def _copy_address(self) -> None:
        self._lead(self._put_address)

    def _lead(self, give: Callable[[str], None]) -> None:
        """Pass the address of the current attempt, or of a new one, to `give`."""
        if self._attempt is not None:
            self._give(self._attempt, give)
        elif self._task is None:
            self._say("")
            self._task = self._core.tasks.spawn(self._sign_in(give), "settings: sign-in")

    async def _sign_in(self, give: Callable[[str], None]) -> None:
        try:
            async with SigningIn(
                self._core.providers, self._core.client, self._provider, patience=self._patience
            ) as attempt:
                if not await attempt.listen():
                    # Without a listener the code must be pasted.
                    self._by_code.setChecked(True)
                    self._by_code.setEnabled(False)
                self._give(attempt, give)
                self._attempt = attempt
                self._allow()
                connected = await attempt.finish(self._show_progress)
        except LoquatError as failure:
            self._show_failure(failure)
        else:
            self._show_connected(connected)
        finally:
            self._attempt = self._task = None

    def _give(self, attempt: SigningIn, give: Callable[[str], None]) -> None:
        if self._by_code.isChecked():
            give(attempt.code_address)
            self._code.setFocus()
        else:
            give(attempt.address)

    def _open_page(self, address: str) -> None:
        if not open_page(address):
            self._say(_("Can't open a browser. Copy the address and open it yourself."))
        elif self._by_code.isChecked():
            self._say(_("Waiting for the code…"))
        else:
            self._say(_("Waiting for the browser…"))

    def _put_address(self, address: str) -> None:
        QGuiApplication.clipboard().setText(address)
        self._say(_("Address copied. Waiting for the browser…"))

    def _choose_way(self, by_code: bool) -> None:
        for widget in (self._code, self._use):
            widget.setVisible(by_code)
        # The default button is pressed by Enter in the text field.
        self._use.setDefault(by_code)
        self._open.setDefault(not by_code)
        self._allow()
        if self._attempt is None:
            self._fit()
        else:
            self._say(_("Open the browser again: signing in with a code uses another page."))

    def _use_code(self) -> None:
        if self._attempt is None:
            return
        try:
            self._attempt.paste(self._code.text())
        except InputError as failure:
            self._say(self._status.text(), str(failure))

    def _ways(self) -> tuple[QWidget, ...]:
        return self._open, self._copy, self._by_code, self._code

    def _allow(self) -> None:
        self._use.setEnabled(self._attempt is not None and bool(self._code.text().strip()))

    def _show_progress(self, words: str) -> None:
        # A code was received, and further ones are ignored.
        self._attempt = None
        for widget in self._ways():
            widget.setEnabled(False)
        self._allow()
        self._say(words)

    def _show_failure(self, failure: LoquatError) -> None:
        self._attempt = None
        self._code.clear()
        for widget in self._ways():
            widget.setEnabled(True)
        self._open.setText(_("Try again"))
        self._open.setFocus()
        self._say("", str(failure))

    def _show_connected(self, connected: Connected) -> None:
        self._explanation.hide()
        for widget in (*self._ways(), self._use):
            widget.hide()
        self._close.setText(_("Close"))
        self._close.setDefault(True)
        self._close.setFocus()
        self._say(connected.sentence())
        QApplication.alert(self)
        self.connected.emit()

    def _say(self, words: str, failure: str = "") -> None:
        for label, text in ((self._status, words), (self._failure, failure)):
            label.setText(text)
            label.setVisible(bool(text))
        announce(self, f"{words} {failure}".strip())
        self._fit()

    def _fit(self) -> None:
        """Resize to the height of the texts; Qt doesn't do this for wrapping labels."""
        layout = self.layout()
        if layout is not None:
            layout.activate()
            self.resize(self.width(), layout.totalHeightForWidth(self.width()))


def _wrapped(words: str = "") -> PlainLabel:
    made = PlainLabel(words)
    made.setWordWrap(True)
    made.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    return made
