"""Export of a sweep: reads the library on the loop's thread, formats and writes on another."""

import asyncio
from collections.abc import Iterator, Mapping
from dataclasses import replace
from enum import StrEnum
from pathlib import Path

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
        tables: dict[int, TokenTable] = {}
        if kind is ExportKind.JSON:
            results, tables = await self._with_everything(sweep, results)
        content = _content(kind, results, tables)
        await asyncio.to_thread(write_pieces, path, content, overwrite=overwrite)

    async def _with_everything(
        self, sweep: Sweep, results: SweepResults
    ) -> tuple[SweepResults, dict[int, TokenTable]]:
        """Add each cell's request, and read its token probabilities, by cell number."""
        tables: dict[int, TokenTable] = {}
        cells = []
        for result in results.cells:
            if result.answer is None:
                cells.append(result)
                continue
            place = result.cell.place
            tables[result.cell.number] = self._sweeping.probabilities(sweep, place)
            request = self._sweeping.request(sweep, place)
            cells.append(replace(result, request=request))
            # The library may be read on this thread only, so let the window draw between cells.
            await asyncio.sleep(0)
        return replace(results, cells=tuple(cells)), tables


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
