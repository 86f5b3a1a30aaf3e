"""The header of the conversation: the button of the sidebar, the title, the menu, the model, and
the button of the panel."""

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QWidget

from app.domain.text.invisible_characters import mark_invisible_in_prose
from app.domain.text.translation import _
from app.ui.common.action_widgets import tool_button
from app.ui.common.actions import ActionId
from app.ui.conversation.header_buttons import HEIGHT, ModelButton, PanelButton, TitleButton
from app.ui.conversation.rename_field import RenameField
from app.ui.theme.theme import Theme

#: Margin around the buttons and space between them, in pixels.
MARGIN, GAP = 8, 4
#: Widths that the title and the model keep in the narrowest window.
LEAST_TITLE, LEAST_MODEL = 96, 96
#: Width that a title needs to be edited beside the menu and the model, which else are hidden.
LEAST_FIELD = 240


class Header(QWidget):
    """Shows the conversation's title and who answers, each whole as long as there is room: first
    the provider steps back, then the title is cut, then the model."""

    #: Buttons: show or hide the sidebar and the panel, choose a model, open the menu.
    sidebar_wanted = Signal()
    panel_wanted = Signal()
    picker_wanted = Signal()
    menu_wanted = Signal()
    #: A title was edited: the id of the conversation, and the new title.
    renamed = Signal(str, str)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        #: The conversation's title as it is stored, and its id; empty before it has begun.
        self._stored = ""
        self._id = ""
        self._field: RenameField | None = None
        self._before: QWidget | None = None
        self.sidebar = tool_button(ActionId.TOGGLE_SIDEBAR, self.sidebar_wanted)
        self.title = TitleButton(theme)
        self.title.clicked.connect(self.rename)
        self.menu = tool_button(ActionId.CONVERSATION_MENU, self.menu_wanted)
        self.model = ModelButton(theme)
        self.model.clicked.connect(self.picker_wanted)
        self.panel = PanelButton(theme)
        self.panel.clicked.connect(self.panel_wanted)
        for button in (self.sidebar, self.title, self.menu, self.model, self.panel):
            button.setParent(self)
        self.show_title("")

    def show_title(self, title: str, conversation_id: str = "") -> None:
        """Show the title of the conversation with this id; an empty id means that it has not begun
        and can't be renamed. A title of another conversation that is being edited is kept."""
        if conversation_id != self._id:
            self.end_rename(keep=True)
        self._stored, self._id = title, conversation_id
        shown = mark_invisible_in_prose(" ".join(title.split())) or _("New chat")
        self.title.show_title(shown, can_rename=bool(conversation_id))
        self._arrange()

    def shown_title(self) -> str:
        """Return the title as it is shown."""
        return self.title.text()

    def show_model(self, model: str, provider: str) -> None:
        """Show the names of the model and of its provider; an empty model means none is chosen."""
        self.model.show_model(model, provider)
        self._arrange()

    def show_count(self, count: int) -> None:
        """Show the number of parameters that are set."""
        self.panel.show_count(count)

    def rename(self) -> None:
        """Let the person edit the title in its place, if the conversation has begun."""
        if not self._id or self._field is not None:
            return
        self._before = self.window().focusWidget()
        field = RenameField(self._stored)
        field.setParent(self)
        field.ended.connect(self._end_rename)
        self._field = field
        self._arrange()
        self.title.hide()
        field.show()
        field.setFocus()

    def end_rename(self, *, keep: bool) -> None:
        """End the editing of the title; `keep` says whether the new title counts."""
        field, before = self._field, self._before
        if field is None:
            return
        # Hiding the field moves the focus, which would end the editing a second time.
        self._field = self._before = None
        had_focus = self.window().focusWidget() is field
        for button in (self.title, self.menu, self.model):
            button.show()
        field.hide()
        field.deleteLater()
        if had_focus and before is not None and before.isVisible():
            before.setFocus()
        title = field.text().strip()
        if keep and title and title != self._stored:
            self.renamed.emit(self._id, title)

    def sizeHint(self) -> QSize:
        return self.minimumSizeHint()

    def minimumSizeHint(self) -> QSize:
        return QSize(self._fixed_width() + LEAST_TITLE + LEAST_MODEL, self._row() + 2 * MARGIN)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def _end_rename(self, keep: bool) -> None:
        self.end_rename(keep=keep)

    def _row(self) -> int:
        """Return the height of the buttons in pixels, a multiple of 4."""
        return max(HEIGHT, -(-(self.title.line_height() + 8) // 4) * 4)

    def _fixed_width(self) -> int:
        """Return the width that the margins, the spaces and the other buttons take."""
        row = self._row()
        return 2 * row + self.panel.whole_width() + 2 * MARGIN + 4 * GAP

    def _widths(self) -> tuple[int, int]:
        """Return the widths of the title and of the model."""
        room = self.width() - self._fixed_width()
        title, model = self.title.whole_width(), self.model.whole_width()
        if title + model > room:
            model = self.model.name_width()
        if title + model > room:
            # With large text, half the room is more than the least.
            title = min(title, max(LEAST_TITLE, room // 2, room - model))
            model = min(model, max(LEAST_MODEL, room - title))
        return title, model

    def _arrange(self) -> None:
        row, (title, model) = self._row(), self._widths()
        panel = self.panel.whole_width()
        end = self.width() - MARGIN
        x = MARGIN
        self.sidebar.setGeometry(self._at(x, row))
        x += row + GAP
        self.title.place(self._at(x, title))
        menu = x + title + GAP
        end -= panel
        self.panel.setGeometry(self._at(end, panel))
        if self._field is not None:
            menu = end - GAP - model - GAP - row
            alone = menu - GAP - x < LEAST_FIELD
            self._field.setGeometry(self._at(x, (end if alone else menu) - GAP - x))
            self.menu.setVisible(not alone)
            self.model.setVisible(not alone)
        self.menu.setGeometry(self._at(menu, row))
        self.model.setGeometry(self._at(end - GAP - model, model))

    def _at(self, x: int, width: int) -> QRect:
        """Return the place of a button, mirrored where the language is written to the left."""
        if self.layoutDirection() is Qt.LayoutDirection.RightToLeft:
            x = self.width() - x - width
        return QRect(x, MARGIN, width, self._row())
