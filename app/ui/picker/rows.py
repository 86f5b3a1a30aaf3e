"""The rows of the picker's list, and the Qt item model that has them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from app.domain.providers.providers import Provider
from app.domain.text.translation import _
from app.services.providers.model_catalogue import ListedModel, Pick
from app.services.providers.model_search import GroupKind, ModelGroup
from app.ui.picker.wording import line_of

Index = QModelIndex | QPersistentModelIndex


@dataclass(frozen=True, slots=True)
class Heading:
    """The name of a group. It can't be selected."""

    words: str


@dataclass(frozen=True, slots=True)
class Note:
    """A sentence in a group, such as the reason why it has no models. It can't be selected."""

    words: str


@dataclass(frozen=True, slots=True)
class ModelRow:
    """A model. `names_provider`: the group is not that of its provider, so the row names it."""

    listed: ListedModel
    names_provider: bool = False

    @property
    def line(self) -> str:
        """The line under the name."""
        provider = self.listed.provider.name if self.names_provider else ""
        return line_of(self.listed.model, provider)


@dataclass(frozen=True, slots=True)
class KeyRow:
    """The offer to add the key that a provider lacks."""

    provider: Provider

    @property
    def words(self) -> str:
        """The words of the row."""
        return _("Add a key for {provider}…").format(provider=self.provider.name)


@dataclass(frozen=True, slots=True)
class TypedRow:
    """The offer to use the typed text as the id of a model that is not listed."""

    provider: Provider
    model_id: str

    @property
    def words(self) -> str:
        """The words of the row."""
        return _("Use “{id}”").format(id=self.model_id)


Row = Heading | Note | ModelRow | KeyRow | TypedRow
#: The rows that can be selected and chosen.
Choice = ModelRow | KeyRow | TypedRow


def rows_of(
    groups: Sequence[ModelGroup], keyless: frozenset[str], notes: Mapping[str, str]
) -> list[Row]:
    """Return the rows of groups, each with its heading. `keyless` are the ids of the providers
    that lack a key, and `notes` has the reason, by provider id, why there are no models."""
    rows: list[Row] = []
    for group in groups:
        if group.kind is not GroupKind.ALL:
            rows.append(Heading(_name_of(group)))
        names_provider = group.provider is None
        if group.provider is not None:
            if group.provider.id in keyless:
                rows.append(KeyRow(group.provider))
            elif not group.models:
                rows.append(Note(notes.get(group.provider.id, "")))
        rows += [ModelRow(listed, names_provider) for listed in group.models]
    return rows


def typed_rows(model_id: str, providers: Sequence[Provider]) -> list[Row]:
    """Return the rows that offer a typed id at each of these providers."""
    if not providers:
        return []
    return [Heading(_("Not listed")), *(TypedRow(provider, model_id) for provider in providers)]


def _name_of(group: ModelGroup) -> str:
    if group.provider is not None:
        return group.provider.name
    return _("Recent") if group.kind is GroupKind.RECENT else _("Favourites")


class ModelRows(QAbstractListModel):
    """Qt item model of the rows. The accessible text of a model has its facts."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._rows: Sequence[Row] = ()
        self._marked: set[Pick] = set()
        self._current: Pick | None = None

    def show(self, rows: Sequence[Row], marked: set[Pick], current: Pick | None) -> None:
        """Replace the rows. `marked` are the favourites, `current` is the model in use."""
        self.beginResetModel()
        self._rows, self._marked, self._current = rows, marked, current
        self.endResetModel()

    def row_at(self, index: Index) -> Row | None:
        """Return a row; None if there is no such row."""
        return self._rows[index.row()] if 0 <= index.row() < len(self._rows) else None

    def choice_at(self, index: Index) -> Choice | None:
        """Return a row that can be chosen; None if there is no such row."""
        row = self.row_at(index)
        return row if isinstance(row, ModelRow | KeyRow | TypedRow) else None

    def is_marked(self, listed: ListedModel) -> bool:
        """Return whether a model is a favourite."""
        return listed.pick in self._marked

    def is_current(self, listed: ListedModel) -> bool:
        """Return whether a model is the one in use."""
        return listed.pick == self._current

    def row_of(self, pick: Pick) -> int:
        """Return the first row of a model; −1 if it is not in the list."""
        return next(
            (
                number
                for number, row in enumerate(self._rows)
                if isinstance(row, ModelRow) and row.listed.pick == pick
            ),
            -1,
        )

    def first_choice(self) -> int:
        """Return the first row with a model, or else the first that can be chosen; −1 if none."""
        choices = [
            number for number, row in enumerate(self._rows) if not isinstance(row, Heading | Note)
        ]
        models = (number for number in choices if isinstance(self._rows[number], ModelRow))
        return next(models, choices[0] if choices else -1)

    def along(self, row: int, step: int) -> int:
        """Return the row `step` choices after `row`, or before it if negative; at most the last or
        first choice."""
        choices = [
            number for number, one in enumerate(self._rows) if not isinstance(one, Heading | Note)
        ]
        if not choices:
            return -1
        at = choices.index(row) if row in choices else 0
        return choices[min(max(at + step, 0), len(choices) - 1)]

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 (Qt's own default)
        return 0 if parent.isValid() else len(self._rows)

    def flags(self, index: Index) -> Qt.ItemFlag:
        if self.choice_at(index) is None:
            return Qt.ItemFlag.ItemNeverHasChildren
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        row = self.row_at(index)
        if role == Qt.ItemDataRole.DisplayRole:
            return row.listed.model.name if isinstance(row, ModelRow) else _words_of(row)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return self._spoken(row)
        return None

    def _spoken(self, row: Row | None) -> str:
        if isinstance(row, ModelRow):
            facts = [
                row.listed.model.name,
                _("in use") if self.is_current(row.listed) else "",
                _("favourite") if self.is_marked(row.listed) else "",
                line_of(row.listed.model, row.listed.provider.name),
            ]
            return ", ".join(fact for fact in facts if fact)
        if isinstance(row, TypedRow):
            return f"{row.words}, {row.provider.name}"
        return _words_of(row)


def _words_of(row: Row | None) -> str:
    return "" if row is None or isinstance(row, ModelRow) else row.words
