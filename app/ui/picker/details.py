"""The picker's pane with the facts of the selected model."""

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QScrollArea,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from app.domain.text.translation import _
from app.services.providers.model_catalogue import ListedModel
from app.ui.common.actions import ActionId
from app.ui.common.keys import with_key
from app.ui.picker.wording import facts_of
from app.ui.theme.buttons import dialog_button
from app.ui.theme.icons import icon
from app.ui.theme.words import PlainLabel, put_tip

LONGEST_DESCRIPTION = 1200


class Details(QScrollArea):
    """A model's name, description and facts, which can be selected and copied."""

    #: The star was clicked.
    marked = Signal()
    #: The person wants to choose the hosts of the model.
    hosts_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._name = PlainLabel()
        self._name.setObjectName("title")
        self._name.setWordWrap(True)
        self._star = QToolButton()
        self._star.clicked.connect(self.marked)
        self._provider = PlainLabel()
        self._provider.setObjectName("muted")
        self._provider.setWordWrap(True)
        self._about = PlainLabel()
        self._about.setWordWrap(True)
        self._about.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._facts = QWidget()
        self._grid = QGridLayout(self._facts)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setColumnStretch(1, 1)
        self._grid.setHorizontalSpacing(12)
        self._grid.setVerticalSpacing(4)
        self._labels: list[tuple[PlainLabel, PlainLabel]] = []
        self._hosts = dialog_button(_("Hosts…"), self.hosts_wanted)
        put_tip(self._hosts, _("Choose the hosts of this model"))
        self._arrange()

    def _arrange(self) -> None:
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, 8, 0)
        column.setSpacing(8)
        head = QHBoxLayout()
        head.addWidget(self._name, 1)
        head.addWidget(self._star, 0, Qt.AlignmentFlag.AlignTop)
        column.addLayout(head)
        column.addWidget(self._provider)
        column.addWidget(self._facts)
        column.addWidget(self._hosts, 0, Qt.AlignmentFlag.AlignLeft)
        column.addWidget(self._about)
        column.addStretch(1)
        self.setWidget(inside)

    def show_model(self, listed: ListedModel, routing: Mapping[str, Any], *, marked: bool) -> None:
        """Show a model, with a full star if it is a favourite (`marked`), and at a router the
        `routing` of the conversation."""
        words = with_key(
            _("Remove from favourites") if marked else _("Add to favourites"), ActionId.FAVOURITE
        )
        self._star.setIcon(icon("star_full" if marked else "star"))
        self._star.setAccessibleName(words)
        put_tip(self._star, words)
        self._star.show()
        self._name.setText(listed.model.name)
        self._provider.setText(listed.provider.name)
        self._about.setText(listed.model.description[:LONGEST_DESCRIPTION])
        self._about.setVisible(bool(listed.model.description))
        routes = listed.provider.traits.routes
        self._show_facts(facts_of(listed.model, routing if routes else None))
        self._hosts.setVisible(routes)
        self.verticalScrollBar().setValue(0)

    def show_words(self, name: str, words: str) -> None:
        """Show a name and a sentence in place of a model."""
        self._star.hide()
        self._name.setText(name)
        self._provider.setText(words)
        self._about.hide()
        self._facts.hide()
        self._hosts.hide()

    def _show_facts(self, facts: list[tuple[str, str]]) -> None:
        while len(self._labels) < len(facts):
            self._add_row()
        for row, (name, said) in enumerate(self._labels):
            label, value = facts[row] if row < len(facts) else ("", "")
            name.setText(label)
            said.setText(value)
            name.setVisible(bool(label))
            said.setVisible(bool(label))
        self._facts.setVisible(bool(facts))

    def _add_row(self) -> None:
        # The widgets are kept for the next model, because making them at every key is slow.
        name, said = PlainLabel(), PlainLabel()
        name.setObjectName("muted")
        said.setWordWrap(True)
        said.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        row = len(self._labels)
        self._grid.addWidget(name, row, 0, Qt.AlignmentFlag.AlignTop)
        self._grid.addWidget(said, row, 1)
        self._labels.append((name, said))
