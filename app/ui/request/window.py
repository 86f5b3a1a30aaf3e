"""The window with the exact request of an answer: to read, to compare with another, and to copy as
a program.

The request contains no key, since none is ever stored with it.
"""

from collections.abc import Callable, Sequence
from typing import Protocol

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialog, QHBoxLayout, QPushButton, QTabWidget, QVBoxLayout, QWidget

from app.domain.errors import InputError
from app.domain.text.invisible_characters import mark_invisible
from app.domain.text.translation import _
from app.services.chat import exact_requests
from app.services.chat.exact_requests import LANGUAGES, Request
from app.ui.common.bounded_field import BoundedField
from app.ui.request.changes import ChangesPage, EarlierAnswer
from app.ui.request.parameters import ParametersPage, SentParameters
from app.ui.theme.controls import ComboBox
from app.ui.theme.theme import Theme
from app.ui.theme.words import PlainLabel

#: Most characters of the address that are shown; a damaged library may hold a text of any length.
ADDRESS_CHARACTERS = 500


class Page(Protocol):
    """The interface of the window's pages."""

    def begin(self) -> None:
        """Prepare the content. Called each time the page is shown."""

    def text(self) -> str:
        """Return the whole content, for copying."""

    def is_empty(self) -> bool:
        """Return whether there is nothing to copy."""

    def note(self) -> str:
        """Return a sentence about the content, such as what is not shown; may be empty."""


class RequestWindow(QDialog):
    """Window with a tab each for the parameters, the request body, the changes from another
    request, and a program that sends the request."""

    #: Copy was pressed: the text to copy.
    copied = Signal(object)
    #: See ParametersPage.used.
    used = Signal(dict, str)

    def __init__(
        self,
        theme: Theme,
        request: Request | None,
        earlier: Sequence[EarlierAnswer],
        read: Callable[[str], Request | None],
        parent: QWidget | None,
        *,
        sent: SentParameters | None = None,
    ) -> None:
        """`request` is None if it is not kept. `read` returns the request of a message by its id,
        for those of `earlier`, and may raise LibraryError. Without `sent` there is no Parameters
        tab."""
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(_("Request"))
        self.resize(760, 600)
        address = PlainLabel(_address(request))
        address.setWordWrap(True)
        address.setMinimumWidth(1)
        address.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.body = BodyPage(request)
        self.changes = ChangesPage(theme, request, earlier, read)
        self.program = ProgramPage(request)
        self.changes.changed.connect(self._show_state)
        self.program.changed.connect(self._show_state)
        self.parameters = ParametersPage(sent)
        self.parameters.used.connect(self.used)
        self.tabs = QTabWidget()
        self.tabs.setDocumentMode(True)
        self._pages: list[Page] = [self.body, self.changes, self.program]
        self.tabs.addTab(self.body, _("Request"))
        self.tabs.addTab(self.changes, _("Changes"))
        self.tabs.addTab(self.program, _("As code"))
        if sent is not None:
            self._pages.insert(0, self.parameters)
            self.tabs.insertTab(0, self.parameters, _("Parameters"))
            self.tabs.setCurrentIndex(0)
        else:
            # Without a parent it would outlive the window for as long as Python refers to it.
            self.parameters.setParent(self)
        self.tabs.currentChanged.connect(self._show_page)
        self._note = PlainLabel()
        self._copy = QPushButton(_("Copy"))
        self._arrange(address)
        self._show_page()

    def text(self) -> str:
        """Return the text that Copy copies: the whole content of the current page."""
        return self._page().text()

    def note(self) -> str:
        """Return the sentence about the current page."""
        return self._note.text()

    def _arrange(self, address: QWidget) -> None:
        self._note.setObjectName("muted")
        self._note.setWordWrap(True)
        self._copy.clicked.connect(self._copy_page)
        close = QPushButton(_("Close"))
        close.clicked.connect(self.reject)
        # Otherwise Enter in a table would press them.
        for button in (self._copy, close):
            button.setAutoDefault(False)
        row = QHBoxLayout()
        row.addWidget(self._note, 1)
        row.addWidget(self._copy)
        row.addWidget(close)
        layout = QVBoxLayout(self)
        layout.addWidget(address)
        layout.addWidget(self.tabs, 1)
        layout.addLayout(row)

    def _page(self) -> Page:
        return self._pages[self.tabs.currentIndex()]

    def _show_page(self) -> None:
        self._page().begin()
        self._show_state()

    def _show_state(self) -> None:
        self._note.setText(self._page().note())
        self._copy.setEnabled(not self._page().is_empty())

    def _copy_page(self) -> None:
        self.copied.emit(self._page().text())


class BodyPage(QWidget):
    """The request body as JSON."""

    def __init__(self, request: Request | None) -> None:
        super().__init__()
        self._text = exact_requests.body_text(request) if request else ""
        self.field = BoundedField(_("Request"))
        self.field.show_text(self._text)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 8, 0, 0)
        layout.addWidget(self.field)

    def begin(self) -> None:
        """Do nothing: the page is complete when it is made."""

    def text(self) -> str:
        """Return the whole body as JSON."""
        return self._text

    def is_empty(self) -> bool:
        """Return whether the request is not kept."""
        return not self._text

    def note(self) -> str:
        """Return a sentence if the body is too long to be shown whole; else an empty text."""
        return _cut(self._text) if self.field.is_cut else ""


class ProgramPage(QWidget):
    """The request as a program, in a programming language or shell of the person's choice."""

    #: `text`, `is_empty` or `note` has a new value.
    changed = Signal()

    def __init__(self, request: Request | None) -> None:
        super().__init__()
        self._request = request
        self._text: str | None = None
        self._failure = ""
        self.language = ComboBox()
        self.language.setAccessibleName(_("Language"))
        for name, words in LANGUAGES.items():
            self.language.addItem(words, name)
        self.language.currentIndexChanged.connect(self._write)
        self.field = BoundedField(_("Program"))
        row = QHBoxLayout()
        row.addWidget(PlainLabel(_("Language")))
        row.addWidget(self.language, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 8, 0, 0)
        layout.addLayout(row)
        layout.addWidget(self.field, 1)

    def begin(self) -> None:
        """Write the program, unless that has been done."""
        if self._text is None:
            self._write()

    def text(self) -> str:
        """Return the whole program."""
        return self._text or ""

    def is_empty(self) -> bool:
        """Return whether there is no program."""
        return not self._text

    def note(self) -> str:
        """Return a sentence about the source of the key, and one if the program is not shown whole;
        or the reason why there is no program."""
        if self._request is None or self._failure:
            return self._failure
        variable = exact_requests.key_variable(self._request)
        words = _("No key is sent: the server is on this computer.")
        if variable is not None:
            words = _("The key is read from the environment variable {name}.").format(name=variable)
        return f"{words} {_cut(self.text())}" if self.field.is_cut else words

    def _write(self) -> None:
        self._text = self._failure = ""
        if self._request is not None:
            try:
                self._text = exact_requests.as_program(self._request, self.language.currentData())
            except InputError as failure:
                self._failure = str(failure)
        self.field.show_text(self._text)
        self.changed.emit()


def _address(request: Request | None) -> str:
    if request is None:
        return _("The request of this answer wasn't saved.")
    return f"POST {mark_invisible(request[0][:ADDRESS_CHARACTERS])}"


def _cut(text: str) -> str:
    return _("Only the beginning of {count} characters is shown. Copy includes all.").format(
        count=f"{len(text):,}"
    )
