"""Opens links in the browser or mail program, and folders in the file manager. All links pass
through here, so that only http, https and mailto addresses are ever opened."""

from pathlib import Path
from urllib.parse import urlsplit

from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QMessageBox, QWidget

from app.domain.text.translation import _

SCHEMES = frozenset({"http", "https", "mailto"})


def true_target(address: str) -> str:
    """Return the address that opening a link would lead to, encoded as ASCII with the host in
    punycode where scripts are mixed. Empty if the address is not valid or has another scheme."""
    url = QUrl(address, QUrl.ParsingMode.StrictMode)
    if not url.isValid() or url.scheme().lower() not in SCHEMES:
        return ""
    if url.scheme().lower() != "mailto" and not url.host():
        return ""
    return bytes(url.toEncoded().data()).decode("ascii", "replace")


def host_of(address: str) -> str:
    """Return the host name of a link, at most 100 characters, in punycode where scripts are mixed.
    Empty if the link may not be opened."""
    host = QUrl(true_target(address)).host(QUrl.ComponentFormattingOption.FullyEncoded)
    return host[:100]


def open_link(address: str, parent: QWidget) -> None:
    """Open a link from a message. An address that could mislead (punycode, a user name, an odd
    port, over 500 characters) is shown first and opened only after confirmation. A link that may
    not be opened does nothing."""
    target = true_target(address)
    if not target:
        return
    if not _is_unusual(target):
        _open(QUrl(target))
        return
    question = QMessageBox(parent)
    question.setWindowTitle(_("Open this address?"))
    # A model wrote the address: in plain text it cannot name a file for Qt to load.
    question.setTextFormat(Qt.TextFormat.PlainText)
    words = _("This link has an unusual address. It leads to:")
    # Both parts are one text, because the informative text of a QMessageBox has no setting for
    # plain text.
    question.setText(f"{words}\n\n{target[:600]}")
    opening = question.addButton(_("Open"), QMessageBox.ButtonRole.AcceptRole)
    question.addButton(QMessageBox.StandardButton.Cancel)
    question.buttonClicked.connect(
        lambda button: _open(QUrl(target)) if button is opening else None
    )
    question.open()


def open_page(address: str) -> bool:
    """Open a web page whose address the program made itself. Returns False if the address may not
    be opened or no browser started."""
    target = true_target(address)
    return bool(target) and _open(QUrl(target))


def open_folder(directory: Path) -> bool:
    """Open a folder in the file manager. Returns False if none started."""
    return _open(QUrl.fromLocalFile(str(directory)))


def _is_unusual(target: str) -> bool:
    parts = urlsplit(target)
    host = parts.hostname or ""
    try:
        odd_port = parts.port not in {None, 80, 443}
    except ValueError:
        return True
    return "xn--" in host or parts.username is not None or odd_port or len(target) > 500


def _open(url: QUrl) -> bool:
    return QDesktopServices.openUrl(url)
