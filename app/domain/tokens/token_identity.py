"""Tells tokens apart: by their id in the vocabulary, else by their bytes, else by their text."""

import builtins
from collections.abc import Sequence
from typing import Protocol, TypeVar

#: The dictionary key of a token: its id, else its bytes, else its text.
Key = int | bytes | str

#: The replacement character: servers write it for a token that is a part of a character.
_PART = "\ufffd"


class Token(Protocol):
    """A token with the facts that a server may give of it."""

    @property
    def token(self) -> str: ...
    @property
    def bytes(self) -> builtins.bytes | None: ...
    @property
    def id(self) -> int | None: ...


_T = TypeVar("_T", bound=Token)


def key_of(token: Token) -> Key:
    """Return the dictionary key of a token."""
    if token.id is not None:
        return token.id
    return token.token if token.bytes is None else token.bytes


def is_same(one: Token, other: Token) -> bool:
    """Return whether two tokens are the same, judged by the best fact that both of them have.

    A text with a replacement character tells nothing: it stands for any part of a character.
    """
    if one.id is not None and other.id is not None:
        return one.id == other.id
    if one.bytes is not None and other.bytes is not None:
        return one.bytes == other.bytes
    return one.token == other.token and _PART not in one.token


def is_part(token: Token) -> bool:
    """Return whether a token is a part of a character: its bytes are no UTF-8."""
    if token.bytes is None:
        return _PART in token.token
    try:
        token.bytes.decode()
    except UnicodeDecodeError:
        return True
    return False


def without_repeats(tokens: Sequence[_T]) -> Sequence[_T]:
    """Return the tokens in their order, each token once."""
    ids = {token.id for token in tokens}
    if len(ids) == len(tokens) and None not in ids:
        return tokens
    kept: list[_T] = []
    keys: set[Key] = set()
    for token in tokens:
        key = key_of(token)
        if key in keys and is_same(token, token):
            continue
        keys.add(key)
        kept.append(token)
    return kept
