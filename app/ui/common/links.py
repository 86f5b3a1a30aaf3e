"""The one place that opens links: web pages and mail addresses, and nothing else."""

from urllib.parse import urlsplit

from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QMessageBox, QWidget

from app.domain.text.translation import _

SCHEMES = frozenset({"http", "https", "mailto"})


def true_target(address: str) -> str:
    """Where a link leads, with a host in a mixed script written as punycode; empty if nowhere
    that may be opened."""
    url = QUrl(address, QUrl.ParsingMode.StrictMode)
    if not url.isValid() or url.scheme().lower() not in SCHEMES:
        return ""
    if url.scheme().lower() != "mailto" and not url.host():
        return ""
    return bytes(url.toEncoded().data()).decode("ascii", "replace")


def host_of(address: str) -> str:
    """Whose address that is, in punycode where scripts are mixed; empty if it may not be opened."""
    host = QUrl(true_target(address)).host(QUrl.ComponentFormattingOption.FullyEncoded)
    return host[:100]


def open_link(address: str, parent: QWidget) -> None:
    """Open a link of the conversation, after asking where it isn't plainly what it says."""
    target = true_target(address)
    if not target:
        return
    if not _is_unusual(target):
        _open(target)
        return
    question = QMessageBox(parent)
    question.setWindowTitle(_("Open this address?"))
    # A model chose the words: as plain text they can't name a file for Qt to read.
    question.setTextFormat(Qt.TextFormat.PlainText)
    words = _("This link has an unusual address. It leads to:")
    # In one text: Qt has no way to say the same of the informative one.
    question.setText(f"{words}\n\n{target[:600]}")
    opening = question.addButton(_("Open"), QMessageBox.ButtonRole.AcceptRole)
    question.addButton(QMessageBox.StandardButton.Cancel)
    question.buttonClicked.connect(lambda button: _open(target) if button is opening else None)
    question.open()


def open_page(address: str) -> bool:
    """Open a web page whose address the program itself made; return whether a browser took it."""
    target = true_target(address)
    return bool(target) and _open(target)


def _is_unusual(target: str) -> bool:
    parts = urlsplit(target)
    host = parts.hostname or ""
    try:
        odd_port = parts.port not in {None, 80, 443}
    except ValueError:
        return True
    return "xn--" in host or parts.username is not None or odd_port or len(target) > 500


def _open(target: str) -> bool:
    return QDesktopServices.openUrl(QUrl(target))
