"""Writing a sweep to a file: gathered from the library here, formatted and written on a thread."""

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
    """What a sweep can be written as; the value is the file's ending."""

    CSV = "csv"
    JSON = "json"
    MARKDOWN = "md"
    HTML = "html"


def results_of(
    sweep: Sweep, conversations: Conversations, provider_names: Mapping[str, str]
) -> SweepResults:
    """A sweep as it stands now, for analysis and export; a cell that streams has no answer yet.

    `provider_names` are the names of the providers by their ids.
    """
    held = conversations.open(sweep.conversation)
    question = ""
    if sweep.plan.question in held.tree:
        question = held.tree[sweep.plan.question].text
    return SweepResults(
        id=sweep.id,
        title=held.conversation.title,
        question=question,
        created=sweep.created,
        plan=sweep.plan,
        cells=tuple(
            CellResult(one.cell, one.state, one.answer, one.mean_logprob) for one in sweep.cells
        ),
        provider_names=provider_names,
    )


class SweepExport:
    """Exports sweeps."""

    def __init__(self, sweeping: Sweeping, conversations: Conversations) -> None:
        self._sweeping = sweeping
        self._conversations = conversations

    async def write(
        self, sweep: Sweep, kind: ExportKind, path: Path, *, overwrite: bool = False
    ) -> None:
        """Write a sweep to a file, which appears whole or not at all and is its owner's alone.

        Raises InputError where the file is there already, or can't be written; LibraryError.
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
        # The library belongs to this thread; between two cells there is time for a frame.
        tables: dict[int, TokenTable] = {}
        cells = []
        for one in results.cells:
            if one.answer is None:
                cells.append(one)
                continue
            place = one.cell.place
            tables[one.cell.number] = self._sweeping.probabilities(sweep, place)
            request = self._sweeping.request(sweep, place)
            cells.append(replace(one, request=request))
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
