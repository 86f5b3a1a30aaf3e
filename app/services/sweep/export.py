"""Export of a sweep: reads the library on the loop's thread, formats and writes on another."""

import asyncio
from collections.abc import Iterator, Mapping
from dataclasses import replace
from enum import StrEnum
from pathlib import Path
from typing import Any

from app.api.dialects.table import spelled
from app.domain.providers.models import Model
from app.domain.providers.providers import ProviderKind
from app.domain.sweep.plan import Cell
from app.domain.sweep.results import CellResult, SweepResults
from app.domain.tokens.token_table import TokenTable
from app.formats import sweep_csv, sweep_html, sweep_json, sweep_markdown
from app.services.chat.conversations import Conversations
from app.services.library.export import write_pieces
from app.services.sweep.running_sweep import Sweep
from app.services.sweep.sweeps import Sweeping


class ExportKind(StrEnum):
    """A file format for sweeps; the value is the file's suffix."""

    CSV = "csv"
    JSON = "json"
    MARKDOWN = "md"
    HTML = "html"


def results_of(
    sweep: Sweep, conversations: Conversations, provider_names: Mapping[str, str]
) -> SweepResults:
    """Return a snapshot of a sweep for analysis and export; streaming cells have no answer.

    `provider_names` are the names of the providers by their ids.
    """
    opened = conversations.open(sweep.conversation)
    question = ""
    if sweep.plan.question in opened.tree:
        question = opened.tree[sweep.plan.question].text
    return SweepResults(
        id=sweep.id,
        title=opened.conversation.title,
        question=question,
        created=sweep.created,
        plan=sweep.plan,
        cells=tuple(
            CellResult(live.cell, live.state, live.answer, live.mean_logprob)
            for live in sweep.cells
        ),
        provider_names=provider_names,
    )


class SweepExport:
    """Exports sweeps to files."""

    def __init__(self, sweeping: Sweeping, conversations: Conversations) -> None:
        self._sweeping = sweeping
        self._conversations = conversations

    async def write(
        self, sweep: Sweep, kind: ExportKind, path: Path, *, overwrite: bool = False
    ) -> None:
        """Write a sweep to a file, readable by its owner only; an unfinished file never appears.

        Raises InputError if the file exists and `overwrite` is false, or can't be written, and
        LibraryError.
        """
        names = self._sweeping.provider_names()
        results = results_of(sweep, self._conversations, names)
        results = await self._with_requests(sweep, results)
        tables: dict[int, TokenTable] = {}
        if kind is ExportKind.JSON:
            tables = await self._tables(sweep, results)
        content = _content(kind, results, tables)
        await asyncio.to_thread(write_pieces, path, content, overwrite=overwrite)

    async def _with_requests(self, sweep: Sweep, results: SweepResults) -> SweepResults:
        """Add each cell's request, and the parameters that it did not have."""
        cells = []
        for result in results.cells:
            request = None
            if result.answer is not None:
                request = self._sweeping.request(sweep, result.cell.place)
                # The library may be read on this thread only, so let the window draw in between.
                await asyncio.sleep(0)
            if request is None:
                cells.append(result)
                continue
            kind = self._sweeping.provider(result.cell.provider).kind
            left_out = parameters_left_out(kind, result.cell, request[1])
            cells.append(replace(result, request=request, left_out=left_out))
        return replace(results, cells=tuple(cells))

    async def _tables(self, sweep: Sweep, results: SweepResults) -> dict[int, TokenTable]:
        """Read the token probabilities of all answers, by cell number."""
        tables: dict[int, TokenTable] = {}
        for result in results.cells:
            if result.answer is not None:
                place = result.cell.place
                tables[result.cell.number] = self._sweeping.probabilities(sweep, place)
                await asyncio.sleep(0)
        return tables


def parameters_left_out(kind: ProviderKind, cell: Cell, body: Mapping[str, Any]) -> frozenset[str]:
    """Return the names of a cell's parameters that a request body does not have, in the spelling
    of a provider kind."""
    any_model = Model(cell.model, cell.model)

    def was_sent(name: str, value: Any) -> bool:
        fields = spelled(kind, any_model, {name: value}).keys()
        return bool(fields) and fields <= body.keys()

    return frozenset(name for name, value in cell.parameters.items() if not was_sent(name, value))


def _content(
    kind: ExportKind, results: SweepResults, tables: dict[int, TokenTable]
) -> Iterator[bytes]:
    match kind:
        case ExportKind.CSV:
            return sweep_csv.pieces(results)
        case ExportKind.JSON:
            return sweep_json.pieces(results, lambda number: tables.get(number, ()))
        case ExportKind.MARKDOWN:
            return sweep_markdown.pieces(results)
        case ExportKind.HTML:
            return sweep_html.pieces(results)
