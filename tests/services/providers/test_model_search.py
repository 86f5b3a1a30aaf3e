"""A model is found by any of its words; recent models and favourites have groups of their own."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from app.domain.providers.models import Model
from app.domain.providers.prices import Price
from app.domain.providers.providers import EMBEDDED, OPENROUTER
from app.services.providers.model_catalogue import ListedModel
from app.services.providers.model_search import SHOWN_RECENT, GroupKind, ModelOrder, ModelSearch


def listed(name: str, *, cost: str = "", window: int = 0, created: float = 0) -> ListedModel:
    price = Price(Decimal(cost), Decimal(cost)) if cost else None
    return ListedModel(
        OPENROUTER,
        Model(f"x/{name}", name, price=price, context_length=window or None, created=created),
    )


MODELS = [
    listed("Beta", cost="3", window=10, created=3),
    listed("Alpha", cost="1", window=30, created=1),
    listed("Gamma", window=20, created=2),
    listed("Alphabet", cost="2"),
]


def names(
    search: ModelSearch, words: str = "", order: ModelOrder = ModelOrder.GROUPED
) -> list[str]:
    return [one.model.name for one in search.found(words, order)]


def groups(search: ModelSearch, words: str = "") -> list[tuple[str, list[str]]]:
    return [
        (
            group.kind if group.provider is None else group.provider.name,
            [one.model.name for one in group.models],
        )
        for group in search.groups(words)
    ]


def test_the_groups_are_recent_favourites_and_each_provider() -> None:
    own = ListedModel(EMBEDDED, Model("small", "Small"))
    search = ModelSearch(
        [*MODELS, own],
        [("openrouter", "x/Gamma"), ("openrouter", "gone")],
        [("embedded", "small"), ("openrouter", "x/Beta")],
        [OPENROUTER, EMBEDDED],
    )
    assert groups(search) == [
        (GroupKind.RECENT, ["Small", "Beta"]),
        (GroupKind.FAVOURITES, ["Gamma"]),
        ("OpenRouter", ["Alpha", "Alphabet", "Beta", "Gamma"]),
        ("On this computer", ["Small"]),
    ]


def test_a_search_finds_a_model_once_in_its_first_group() -> None:
    beta, gamma = ("openrouter", "x/Beta"), ("openrouter", "x/Gamma")
    search = ModelSearch(MODELS, [beta, gamma], [beta], [OPENROUTER, EMBEDDED])
    assert groups(search, "a") == [
        (GroupKind.RECENT, ["Beta"]),
        (GroupKind.FAVOURITES, ["Gamma"]),
        ("OpenRouter", ["Alpha", "Alphabet"]),
    ]


def test_a_provider_without_models_has_a_group_until_words_are_searched_for() -> None:
    search = ModelSearch(MODELS, [], [], [EMBEDDED, OPENROUTER])
    assert [name for name, _models in groups(search)] == ["On this computer", "OpenRouter"]
    assert [name for name, _models in groups(search, "beta")] == ["OpenRouter"]


def test_only_the_latest_models_are_recent() -> None:
    many = [listed(f"m{number}") for number in range(8)]
    search = ModelSearch(many, [], [one.pick for one in many], [OPENROUTER])
    assert groups(search)[0][1] == [one.model.name for one in many[:SHOWN_RECENT]]


def test_every_word_must_be_there_in_any_order_and_case() -> None:
    search = ModelSearch(MODELS, [], [])
    assert names(search, "openrouter ALPHA") == ["Alpha", "Alphabet"]
    assert names(search, "bet") == ["Beta", "Alphabet"]
    assert names(search, "nothing") == []


def test_it_sorts_by_price_window_and_day() -> None:
    search = ModelSearch(MODELS, [("openrouter", "x/Gamma")], [])
    assert names(search, order=ModelOrder.PRICE) == ["Alpha", "Alphabet", "Beta", "Gamma"]
    assert names(search, order=ModelOrder.WINDOW) == ["Alpha", "Gamma", "Beta", "Alphabet"]
    assert names(search, order=ModelOrder.NEWEST) == ["Beta", "Gamma", "Alpha", "Alphabet"]


def test_the_price_order_counts_three_tokens_read_for_each_written() -> None:
    def priced(name: str, prompt: str, completion: str) -> ListedModel:
        price = Price(Decimal(prompt), Decimal(completion))
        return ListedModel(OPENROUTER, Model(name, name, price=price))

    # 3 × prompt + completion: 3.8, 4.0, 6.5, 10.0.
    models = [
        priced("Cheap to read", "0.5", "5.0"),
        priced("Cheap to write", "1.2", "0.2"),
        priced("Dear", "3.0", "1.0"),
        priced("Even", "1.0", "1.0"),
        listed("Free", cost="0"),
        listed("Unknown"),
    ]
    assert names(ModelSearch(models, [], []), order=ModelOrder.PRICE) == [
        "Free",
        "Cheap to write",
        "Even",
        "Cheap to read",
        "Dear",
        "Unknown",
    ]


@given(st.lists(st.text(max_size=8), max_size=12, unique=True), st.text(max_size=4))
def test_what_is_found_has_the_words_and_nothing_else_is_left_out(
    every: list[str], words: str
) -> None:
    models = [listed(name) for name in every]
    found = {one.model.name for one in ModelSearch(models, [], []).found(words)}
    for one in models:
        text = f"{one.model.name} {one.model.id} OpenRouter".casefold()
        assert (one.model.name in found) == all(word in text for word in words.casefold().split())
