"""Search index over the models of all providers, searched again at each key that is typed.

In the grouped order, the models come as Recent, Favourites, and then one group for each provider,
the current one first. The other orders (price, window, age) are one list of all models.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from app.domain.providers.models import Model
from app.domain.providers.providers import Provider
from app.services.providers.model_catalogue import ListedModel, Pick

#: Most models in the group Recent.
SHOWN_RECENT = 5


class ModelOrder(StrEnum):
    """The orders in which found models can be shown."""

    GROUPED = "grouped"
    PRICE = "price"
    WINDOW = "window"
    NEWEST = "newest"


class GroupKind(StrEnum):
    """The kinds of groups in which models are shown."""

    RECENT = "recent"
    FAVOURITES = "favourites"
    PROVIDER = "provider"
    #: All found models in one list.
    ALL = "all"


@dataclass(frozen=True, slots=True)
class ModelGroup:
    """Models under one heading. `provider` is set in a group of the kind PROVIDER alone."""

    kind: GroupKind
    models: Sequence[ListedModel]
    provider: Provider | None = None


class ModelSearch:
    """A search index over a fixed list of models. `found` is linear in their number."""

    def __init__(
        self,
        listed: Iterable[ListedModel],
        favourites: Sequence[Pick],
        recent: Sequence[Pick],
        providers: Sequence[Provider] = (),
    ) -> None:
        """`providers` are the groups in their order: all providers, the current one first."""
        self._all = [(_text_of(one), one) for one in listed]
        self._all.sort(key=lambda row: row[0])
        self._picks = {one.pick for _text, one in self._all}
        self._providers = providers
        self._favourites = favourites
        self._recent = recent
        #: The favourite models, for the star of a row.
        self.favourites = set(favourites)
        self._orders: dict[ModelOrder, list[tuple[str, ListedModel]]] = {}

    def __contains__(self, pick: Pick) -> bool:
        return pick in self._picks

    def groups(self, words: str, order: ModelOrder = ModelOrder.GROUPED) -> list[ModelGroup]:
        """Return the groups of the models that `found` finds, in their order.

        A provider has its group even if it has no models, unless words are searched for. Without
        words a model is in each of its groups; with words, in the first one alone, so that nothing
        is found twice.
        """
        found = self.found(words, order)
        if order is not ModelOrder.GROUPED:
            return [ModelGroup(GroupKind.ALL, found)] if found else []
        by_pick = {one.pick: one for one in found}
        recent = [by_pick[pick] for pick in self._recent if pick in by_pick][:SHOWN_RECENT]
        marked = [by_pick[pick] for pick in self._favourites if pick in by_pick]
        searching = bool(words.split())
        if searching:
            chosen = {one.pick for one in recent}
            marked = [one for one in marked if one.pick not in chosen]
            chosen |= {one.pick for one in marked}
            found = [one for one in found if one.pick not in chosen]
        groups = []
        if recent:
            groups.append(ModelGroup(GroupKind.RECENT, recent))
        if marked:
            groups.append(ModelGroup(GroupKind.FAVOURITES, marked))
        of_provider: dict[str, list[ListedModel]] = {one.id: [] for one in self._providers}
        for one in found:
            of_provider.setdefault(one.provider.id, []).append(one)
        for provider in self._providers:
            models = of_provider[provider.id]
            if models or not searching:
                groups.append(ModelGroup(GroupKind.PROVIDER, models, provider))
        return groups

    def found(self, words: str, order: ModelOrder = ModelOrder.GROUPED) -> list[ListedModel]:
        """Return the models whose name, id and provider name together contain every word.

        Case is ignored, and parts of words match. In the grouped order they are sorted by name,
        and models whose name begins with the first word come first.
        """
        wanted = words.casefold().split()
        rows = self._in_order(order)
        for word in wanted:
            rows = [row for row in rows if word in row[0]]
        if wanted and order is ModelOrder.GROUPED:
            first = wanted[0]
            # The sort is stable.
            rows = sorted(rows, key=lambda row: not row[0].startswith(first))
        return [listed for _text, listed in rows]

    def _in_order(self, order: ModelOrder) -> list[tuple[str, ListedModel]]:
        if order not in self._orders:
            rows = list(self._all)
            match order:
                case ModelOrder.GROUPED:
                    pass
                case ModelOrder.PRICE:
                    rows.sort(key=lambda row: _price(row[1].model))
                case ModelOrder.WINDOW:
                    rows.sort(key=lambda row: -(row[1].model.context_length or 0))
                case ModelOrder.NEWEST:
                    rows.sort(key=lambda row: -(row[1].model.created or 0))
            self._orders[order] = rows
        return self._orders[order]


def _text_of(listed: ListedModel) -> str:
    return f"{listed.model.name} {listed.model.id} {listed.provider.name}".casefold()


def _price(model: Model) -> Decimal:
    """Return the price of three tokens read and one written; infinity if unknown, to come last."""
    if model.price is None:
        return Decimal("Infinity")
    return 3 * model.price.prompt + model.price.completion
