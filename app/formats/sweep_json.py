"""A sweep as JSON with everything that the library knows of it; `read` reads it back.

    {"format": "loquat-sweep", "version": 1, "title": …, "question": …, "plan": {…},
     "cells": [{"number": 0, …, "answer": {…}}, …]}

A cell stands on a line. `answer` is as a message in Loquat's own format (see loquat_json.py), with
the exact request and, where they were given, the probabilities of every token. Times are seconds
since 1970, durations seconds, costs US dollars with all their digits. There is never a key in it.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Any

import msgspec

from app.domain.chat.conversation import Message
from app.domain.errors import InputError, LoquatError
from app.domain.events import TokenProbabilities
from app.domain.sweep.plan import CellState, cells_of
from app.domain.sweep.plan_json import plan_of, plan_record
from app.domain.sweep.results import CellResult, SweepResults
from app.domain.text.translation import _
from app.formats.full_message import FullMessage
from app.formats.loquat_json import Record, encode, message_record

FORMAT, VERSION = "loquat-sweep", 1


def pieces(
    results: SweepResults, probabilities: Callable[[int], Sequence[TokenProbabilities]]
) -> Iterator[bytes]:
    """Yield the file in pieces of UTF-8, each of one cell at most.

    `probabilities` returns those of a cell by its number. It is called once for each cell with an
    answer.
    """
    head = {
        "format": FORMAT,
        "version": VERSION,
        "id": results.id,
        "title": results.title,
        "question": results.question,
        "created": results.created,
        "plan": plan_record(results.plan),
    }
    yield encode(head).removesuffix(b"}") + b',"cells":['
    between = b"\n"
    for one in results.cells:
        yield between + encode(_cell_record(results, one, probabilities))
        between = b",\n"
    yield b"\n]}\n"


def read(content: bytes) -> SweepResults:
    """Read a file that `pieces` wrote, without its probabilities. Raises InputError."""
    try:
        record = msgspec.json.decode(content, type=_File)
        if record.format != FORMAT or record.version != VERSION:
            raise InputError(_("This sweep file has a version that Loquat can't read."))
        plan = plan_of(record.plan)
        cells = []
        for cell, kept in zip(cells_of(plan), record.cells, strict=True):
            answer = msgspec.json.decode(kept.answer, type=Message | None)
            sent = msgspec.json.decode(kept.answer, type=_Sent | None)
            request = None
            if sent is not None and sent.request is not None:
                request = sent.request.url, sent.request.body
            if answer is not None and sent is not None and sent.provider_id:
                answer = replace(answer, provider=sent.provider_id)
            cells.append(
                CellResult(cell, CellState(kept.state), answer, kept.mean_logprob, request)
            )
    except (msgspec.MsgspecError, ValueError, RecursionError) as error:
        raise InputError(_("This isn't a sweep file of Loquat."), str(error)) from error
    except LoquatError as error:
        raise InputError(str(error), error.detail) from error
    return SweepResults(
        record.id, record.title, record.question, record.created, plan, tuple(cells)
    )


class _SentRequest(msgspec.Struct):
    url: str
    body: Any


class _Sent(msgspec.Struct):
    request: _SentRequest | None = None
    # Missing in files of earlier programs, whose `provider` is only a name.
    provider_id: str = ""


class _Cell(msgspec.Struct):
    state: str
    # Raw JSON, since it is decoded twice: as a message and as `_Sent`. msgspec doesn't keep a
    # union of Raw and None raw.
    answer: msgspec.Raw = msgspec.Raw(b"null")
    mean_logprob: float | None = None


class _File(msgspec.Struct):
    format: str
    version: int
    id: str
    title: str
    question: str
    created: float
    plan: Any
    cells: list[_Cell]


def _cell_record(
    results: SweepResults,
    one: CellResult,
    probabilities: Callable[[int], Sequence[TokenProbabilities]],
) -> Record:
    cell, answer = one.cell, one.answer
    record: Record = {
        "number": cell.number,
        **cell.place._asdict(),
        "label": cell.label,
        "provider": cell.provider,
        "model": cell.model,
        "parameters": dict(cell.parameters),
        "state": one.state.value,
        "mean_logprob": one.mean_logprob,
        "answer": None,
    }
    if answer is not None:
        name = results.provider_name(answer.provider)
        full = FullMessage(answer, one.request, probabilities(cell.number), name)
        # The JSON text of the provider: decoding it might change its numbers.
        record["answer"] = message_record(full) | {"reasoning_details": answer.reasoning_details}
    return record
