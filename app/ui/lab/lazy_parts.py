"""Interfaces of the parts of the lab that are imported when they are first wanted.

With them `workbench` is type-checked without an import of numpy, charts and files at start.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from PySide6.QtWidgets import QWidget

from app.domain.providers.providers import ProviderKind
from app.domain.sampling.logit_offset import Offset
from app.domain.tokens.token_table import Word
from app.services.chat.conversations import OpenConversation
from app.ui.lab.asking import Asking


class LazyWhatIf(Protocol):
    """Interface of `what_if.WhatIf`, whose import brings numpy with it."""

    def show_provider(
        self, kind: ProviderKind, defaults: Mapping[str, Any], vocabulary: int | None = None
    ) -> None: ...

    def show_answer(self, message_id: str) -> None: ...

    def show_token(self, message_id: str, index: int) -> None: ...

    def show_prompt(self, message_id: str, tokens: Sequence[int]) -> None: ...

    def show_spelling(self, message_id: str, tokens: Sequence[Word]) -> None: ...

    def show_offset(self, message_id: str, place: int, offset: Offset | str) -> None: ...

    def show_values(self, values: Mapping[str, Any]) -> None: ...

    def show_not_supported(self, reasons: Mapping[str, str]) -> None: ...

    def show_asking(self, asking: Asking) -> None: ...


class LazyHeatMap(Protocol):
    """Interface of `heat_map.HeatMap`: heat maps, a token's alternatives and branches from it."""

    @property
    def is_open(self) -> bool: ...

    def toggle(self) -> None: ...

    def refresh(self) -> None: ...

    def show_asking(self, asking: Asking) -> None: ...

    def choose(self, message_id: str, token: int) -> None: ...

    def why_not(self, message_id: str, token: int) -> str: ...

    def branch(self, message_id: str, token: int, alternative: int) -> None: ...


class LazySweepWindows(Protocol):
    """Interface of `windows.SweepWindows`, whose import brings charts and files with it."""

    def plan(self, opened: OpenConversation, message_id: str) -> QWidget | None: ...

    def check_seed(self, opened: OpenConversation, message_id: str) -> QWidget | None: ...

    def show_list(self, opened: OpenConversation) -> QWidget: ...

    def reopen(self, opened: OpenConversation, sweep_id: str) -> QWidget | None: ...
