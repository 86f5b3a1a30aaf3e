"""Search index over the models of all providers, searched again at each key that is typed.

In the suggested order, models whose name begins with the first word typed come first, then
favourites, then recent models; the other orders (price, window, age) ignore both.
"""

from collections.abc import Sequence
from decimal import Decimal
from enum import StrEnum

from app.domain.providers.models import Model
from app.services.providers.model_catalogue import ListedModel, Pick


class ModelOrder(StrEnum):
    """The orders in which found models can be shown."""

    SUGGESTED = "suggested"
    PRICE = "price"
    WINDOW = "window"
    NEWEST = "newest"


class ModelSearch:
    """A search index over a fixed list of models. `found` is linear in their number."""

    def __init__(
        self, listed: Sequence[ListedModel], favourites: Sequence[Pick], recent: Sequence[Pick]
    ) -> None:
        self._all = list(listed)
        self.favourites = set(favourites)
        self._marked = {pick: place for place, pick in enumerate(favourites)}
        self._recent = {pick: place for place, pick in enumerate(recent)}
        self._orders: dict[ModelOrder, list[tuple[str, ListedModel]]] = {}

    def found(self, words: str, order: ModelOrder = ModelOrder.SUGGESTED) -> list[ListedModel]:
        """Return the models whose name, id and provider name together contain every word.

        Case is ignored, and parts of words match. In the suggested order, models whose name
        begins with the first word come first.
        """
        wanted = words.casefold().split()
        rows = self._in_order(order)
        for word in wanted:
            rows = [row for row in rows if word in row[0]]
        if wanted and order is ModelOrder.SUGGESTED:
            first = wanted[0]
            # The sort is stable.
            rows = sorted(rows, key=lambda row: not row[0].startswith(first))
        return [listed for _text, listed in rows]

    def _in_order(self, order: ModelOrder) -> list[tuple[str, ListedModel]]:
        if order not in self._orders:
            rows = [(_text_of(listed), listed) for listed in self._all]
            match order:
                case ModelOrder.SUGGESTED:
                    rows.sort(key=lambda row: (*self._place(row[1].pick), row[0]))
                case ModelOrder.PRICE:
                    rows.sort(key=lambda row: (_price(row[1].model), row[0]))
                case ModelOrder.WINDOW:
                    rows.sort(key=lambda row: (-(row[1].model.context_length or 0), row[0]))
                case ModelOrder.NEWEST:
                    rows.sort(key=lambda row: (-(row[1].model.created or 0), row[0]))
            self._orders[order] = rows
        return self._orders[order]

    def _place(self, pick: Pick) -> tuple[int, int]:
        if pick in self._marked:
            return 0, self._marked[pick]
        if pick in self._recent:
            return 1, self._recent[pick]
        return 2, 0


def _text_of(listed: ListedModel) -> str:
    return f"{listed.model.name} {listed.model.id} {listed.provider.name}".casefold()


def _price(model: Model) -> Decimal:
    """Return the price of three tokens read and one written; infinity if unknown, to come last."""
    if model.price is None:
        return Decimal("Infinity")
    return 3 * model.price.prompt + model.price.completion
