"""Messages and what is in them: plain ones to write tests with, and all that Hypothesis finds."""

import json
from typing import Any

from hypothesis import strategies as st

from app.domain.chat.conversation import (
    Conversation,
    Message,
    Role,
    Status,
    Timings,
    ToolCall,
    ToolResult,
)
from app.domain.errors import Remedy
from app.domain.events import Candidate, TokenProbabilities, Usage
from app.domain.ids import new_id
from app.domain.providers.providers import Provider, ProviderKind
from app.domain.tokens.token_identity import without_repeats
from app.store.library import Library

REQUEST: dict[str, Any] = {"model": "m", "messages": [{"role": "user", "content": "Why?"}]}
URL = "https://provider.example/v1/chat/completions"


def question(text: str = "Why?", *, name: str = "q", parent: str | None = None) -> Message:
    """Make a message of the person."""
    return Message(name, parent, Role.USER, text, 1.0)


def answer(
    text: str = "", status: Status = Status.STREAMING, *, name: str = "a", parent: str | None = "q"
) -> Message:
    """Make a message of the model, by default one that is about to stream."""
    return Message(name, parent, Role.ASSISTANT, text, 2.0, status)


texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=40)
numbers = st.floats(allow_nan=False, allow_infinity=False)
counts = st.none() | st.integers()
amounts = st.none() | st.decimals(allow_nan=False, allow_infinity=False)
json_values: st.SearchStrategy[Any] = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | numbers
    | texts
    # What JSON can say and SQLite can't hold.
    | st.sampled_from(["\0", "half \ud83d", "\udc00"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.text(st.characters(exclude_categories=["Cs"])), inner, max_size=3)
    ),
    max_leaves=6,
)
usages = st.builds(Usage, counts, counts, counts, counts, amounts, counts)
#: What a provider wants back: a JSON list as a text, or nothing.
details = st.just("") | st.lists(
    st.dictionaries(texts, texts | st.none(), max_size=3), min_size=1, max_size=2
).map(lambda entries: json.dumps(entries, ensure_ascii=False))
messages = st.builds(
    Message,
    st.builds(new_id),
    st.none() | texts,
    st.sampled_from(Role),
    texts,
    numbers,
    st.sampled_from([status for status in Status if status is not Status.STREAMING]),
    texts,
    texts,
    texts,
    texts,
    texts,
    texts,
    st.none() | usages,
    amounts,
    st.booleans(),
    st.builds(Timings, st.none() | numbers, st.none() | numbers),
    st.lists(st.builds(ToolCall, texts, texts, texts), max_size=2).map(tuple),
    st.lists(st.builds(ToolResult, texts, texts, texts, texts), max_size=2).map(tuple),
    details,
    texts,
    texts,
    st.sampled_from(Remedy),
)
conversations = st.builds(
    Conversation,
    st.builds(new_id),
    texts,
    numbers,
    numbers,
    st.none() | texts,
    texts,
    texts,
    texts,
    st.dictionaries(texts, json_values, max_size=3),
    st.dictionaries(texts, json_values, max_size=3),
)
providers = st.builds(
    Provider, st.builds(new_id), texts, st.sampled_from(ProviderKind), texts, texts
)
candidates = st.builds(
    Candidate,
    texts,
    st.floats(allow_nan=False),
    st.none() | st.binary(max_size=4),
    st.none() | st.integers(0, 2**63 - 1),
) | texts.map(lambda token: Candidate(token, -1.0, token.encode()))
# A table of tokens leaves out alternatives that repeat another one.
alternatives = st.lists(candidates, max_size=3).map(lambda few: tuple(without_repeats(few)))
probabilities = st.builds(TokenProbabilities, candidates, alternatives, st.booleans())


def empty_trash(library: Library) -> None:
    """Delete for good everything that is in the trash."""
    library.trash.mark(0.0)
    library.trash.empty(float("inf"))


def limit_pages(library: Library, most: int = 1) -> None:
    """Have the disk be full for a library: SQLite lets the file grow to `most` pages, or not at all
    if it is larger."""
    library._db.run(f"PRAGMA max_page_count = {most}")
