"""Stored sweeps: the plan of each, and a row for every cell that was asked.

Most cells of a sweep send the same messages, which are stored once for all of them.
"""

import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from app.domain.chat.conversation import Message
from app.domain.errors import InputError, LibraryError, NotFoundError
from app.domain.sweep.plan import Plan
from app.domain.sweep.plan_json import plan_of, plan_record
from app.domain.text.translation import _
from app.domain.tokens.token_table import TokenTable
from app.store.cells import as_number, as_text, from_json, to_json
from app.store.database import Database, Row
from app.store.message_rows import MESSAGES
from app.store.probabilities import pack, unpack


@dataclass(frozen=True, slots=True)
class KeptSweep:
    """A stored sweep."""

    id: str
    conversation: str
    created: float
    plan: Plan
    #: Whether another living process runs it.
    elsewhere: bool = False
    #: Number of its cells that have ended, successfully or not.
    ended: int = 0


@dataclass(frozen=True, slots=True)
class KeptCell:
    """A stored cell of a sweep. An answer that is still streaming was cut off by a crash."""

    number: int
    answer: Message
    request: tuple[str, dict[str, Any]] | None = None
    mean_logprob: float | None = None


class SweepShelf:
    """Reads and writes the sweeps of a library. Every call may raise LibraryError."""

    def __init__(self, db: Database, owner: str, is_alive: Callable[[str], bool]) -> None:
        """`owner` is the owner id of this process; `is_alive` tells whether another owner runs."""
        self._db = db
        self._owner = owner
        self._is_alive = is_alive

    def add(self, sweep: KeptSweep) -> None:
        """Store a new sweep, durably. It has no cells yet."""
        with self._db.transaction(durable=True):
            added = self._db.run(
                """
                INSERT INTO sweeps (id, conversation, question, created, plan, owner)
                SELECT ?, sequence, ?, ?, ?, ? FROM conversations WHERE id = ?
                """,
                (
                    sweep.id,
                    sweep.plan.question,
                    sweep.created,
                    to_json(plan_record(sweep.plan)),
                    self._owner,
                    sweep.conversation,
                ),
            )
        if not added:
            raise _gone()

    def claim(self, sweep_id: str) -> None:
        """Mark a sweep as run by this process."""
        self._db.run("UPDATE sweeps SET owner = ? WHERE id = ?", (self._owner, sweep_id))

    def release(self, sweep_id: str) -> None:
        """Mark a sweep as run by no process."""
        self._db.run("UPDATE sweeps SET owner = NULL WHERE id = ?", (sweep_id,))

    def begin_cell(self, sweep_id: str, number: int, answer: Message) -> None:
        """Store a cell whose answer begins to stream, replacing an earlier answer."""
        with self._db.transaction():
            self._put(sweep_id, KeptCell(number, answer), None)

    def finish_cells(self, sweep_id: str, cells: Iterable[tuple[KeptCell, TokenTable]]) -> None:
        """Store ended cells, durably, with the probabilities of their tokens."""
        with self._db.transaction(durable=True):
            for cell, table in cells:
                self._put(sweep_id, cell, pack(table) if len(table) else None)

    def of(self, conversation_id: str) -> list[KeptSweep]:
        """Return the sweeps of a conversation outside the trash, the newest first. Sweeps with a
        damaged plan are left out."""
        found = []
        for row in self._db.rows(
            f"{_SWEEPS} WHERE conversations.id = ? AND sweeps.trashed IS NULL"
            " ORDER BY sweeps.sequence DESC",
            (conversation_id,),
        ):
            try:
                found.append(self._sweep_of(row))
            except InputError:
                continue
        return found

    def get(self, sweep_id: str) -> KeptSweep:
        """Return a sweep. Raises NotFoundError, also for a sweep in the trash, and InputError if
        its plan is damaged."""
        row = self._db.row(
            f"{_SWEEPS} WHERE sweeps.id = ? AND sweeps.trashed IS NULL",
            (sweep_id,),
        )
        if row is None:
            raise NotFoundError(_("This sweep isn't in the library."))
        return self._sweep_of(row)

    def cells(self, sweep_id: str) -> list[KeptCell]:
        """Return the stored cells in the order of asking, without their requests."""
        found = []
        for number, answer, mean in self._db.rows(_CELLS, (sweep_id,)):
            if (message := _message_from(answer)) is not None:
                found.append(
                    KeptCell(number, message, None, None if mean is None else as_number(mean))
                )
        return found

    def request(self, sweep_id: str, number: int) -> tuple[str, dict[str, Any]] | None:
        """Return the URL and the body of a cell's request; None if it is missing or damaged."""
        row = self._db.row(
            """
            SELECT url, body, messages FROM cells
            JOIN sweeps ON sweeps.sequence = cells.sweep
            LEFT JOIN prompts ON prompts.sequence = cells.prompt
            WHERE sweeps.id = ? AND number = ?
            """,
            (sweep_id, number),
        )
        return None if row is None else _request_from(*row)

    def probabilities(self, sweep_id: str, number: int) -> TokenTable:
        """Return the probabilities of a cell's tokens; empty if there are none."""
        packed = self._db.value(
            """
            SELECT probabilities FROM cells JOIN sweeps ON sweeps.sequence = cells.sweep
            WHERE sweeps.id = ? AND number = ?
            """,
            (sweep_id, number),
        )
        return unpack(packed or b"")

    def delete(self, sweep_id: str) -> None:
        """Put a sweep into the trash. Nothing happens if it is there or is missing."""
        self._db.run(
            "UPDATE sweeps SET trashed = ? WHERE id = ? AND trashed IS NULL",
            (time.time(), sweep_id),
        )

    def restore(self, sweep_id: str) -> None:
        """Take a sweep out of the trash. Raises NotFoundError."""
        if not self._db.run(
            "UPDATE sweeps SET trashed = NULL, trash_age = NULL WHERE id = ?", (sweep_id,)
        ):
            raise NotFoundError(_("This sweep isn't in the library."))

    def _put(self, sweep_id: str, cell: KeptCell, packed: bytes | None) -> None:
        sweep = self._db.value("SELECT sequence FROM sweeps WHERE id = ?", (sweep_id,))
        if sweep is None:
            raise _gone()
        url, body, prompt = self._split(sweep, cell.request)
        self._db.run(
            """
            INSERT OR REPLACE INTO cells
                (sweep, number, answer, url, body, prompt, mean_logprob, probabilities)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?)
            """,
            (
                sweep,
                cell.number,
                to_json(MESSAGES.cells_of(cell.answer)),
                url,
                body,
                prompt,
                cell.mean_logprob,
                packed,
            ),
        )

    def _split(
        self, sweep: int, request: tuple[str, Mapping[str, Any]] | None
    ) -> tuple[str | None, str | None, int | None]:
        if request is None:
            return None, None, None
        url, body = request
        messages = body.get("messages")
        if not isinstance(messages, list):
            return url, to_json(dict(body)), None
        text = to_json(messages)
        same = "SELECT sequence FROM prompts WHERE sweep = ? AND messages = ?"
        prompt = self._db.value(same, (sweep, text))
        if prompt is None:
            self._db.run("INSERT INTO prompts (sweep, messages) VALUES (?, ?)", (sweep, text))
            prompt = self._db.value(same, (sweep, text))
        return url, to_json({**body, "messages": None}), prompt

    def _sweep_of(self, row: Row) -> KeptSweep:
        id_, conversation, created, plan, owner, ended = row
        owner = as_text(owner)
        elsewhere = bool(owner) and owner != self._owner and self._is_alive(owner)
        return KeptSweep(
            as_text(id_),
            as_text(conversation),
            as_number(created),
            plan_of(from_json(plan, None)),
            elsewhere,
            ended,
        )


_SWEEPS = """
    SELECT sweeps.id, conversations.id, sweeps.created, plan, owner,
        (SELECT count(*) FROM cells WHERE cells.sweep = sweeps.sequence)
    FROM sweeps JOIN conversations ON conversations.sequence = sweeps.conversation
"""
_CELLS = """
    SELECT number, answer, mean_logprob
    FROM cells JOIN sweeps ON sweeps.sequence = cells.sweep
    WHERE sweeps.id = ? ORDER BY number
"""


def _message_from(cell: str) -> Message | None:
    value = from_json(cell, None)
    if not isinstance(value, dict) or not isinstance(value.get("id"), str):
        return None
    try:
        return MESSAGES.of_record(value)
    except (TypeError, ValueError, ArithmeticError):
        return None


def _request_from(
    url: str | None, body: str | None, messages: str | None
) -> tuple[str, dict[str, Any]] | None:
    value = from_json(body or "", None)
    if url is None or not isinstance(value, dict):
        return None
    if messages is not None:
        value["messages"] = from_json(messages, None)
    return as_text(url), value


def _gone() -> LibraryError:
    return LibraryError(
        _("This sweep or its chat is no longer in the library, so it was not saved.")
    )
