"""Sweeps from start to end: how many at once, stopped, asked again, killed, deleted, kept."""

import asyncio
import json
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from app.domain.chat.conversation import Status
from app.domain.errors import InputError, LibraryError, NotFoundError
from app.domain.providers.models import Model
from app.domain.providers.prices import Price
from app.domain.sweep.plan import CellPosition, CellState, ParameterAxis, Seeds
from app.formats import sweep_json
from app.services.program.core import Core
from app.services.providers.providers import AT_ONCE
from app.services.sweep.export import ExportKind, SweepExport
from app.services.sweep.running_sweep import Sweep
from app.store.library import Library
from tests.servers import Connection, answer, chat, chunk, event, serving
from tests.services.sweep.running import (
    Gate,
    asked_at,
    begun,
    ended,
    states,
    texts,
    until,
)
from tests.services.talking import PATIENCE, says_then_stalls
from tests.store.programs import running

COMPLETE, STOPPED, WAITING = CellState.COMPLETE, CellState.STOPPED, CellState.WAITING


def said_by_temperature(connection: Connection) -> None:
    """Answer with the temperature that was asked for."""
    connection.head()
    connection.send(chat(str(connection.request.json["temperature"])))


async def reopened(core: Core, sweep: Sweep) -> Sweep:
    """The same as the library has it."""
    core.sweeping.release(sweep)
    again = core.sweeping.open(sweep.id)
    assert again is not sweep
    return again


async def test_every_cell_is_asked_with_its_values_and_kept(core: Core) -> None:
    with serving(said_by_temperature) as server:
        held = asked_at(core, server)
        sweep = begun(core, held, [0, 0.5, 1], repeats=2, seeds=Seeds.VARIED, first_seed=5)
        await ended(core, sweep)
        bodies = [one.json for one in server.requests]
    assert sorted((one["seed"], one["temperature"]) for one in bodies) == [
        (seed, temperature) for seed in (5, 6) for temperature in (0, 0.5, 1)
    ]
    assert {json.dumps(one["messages"]) for one in bodies} == {
        json.dumps([{"role": "user", "content": "Well?"}])
    }
    assert texts(sweep) == ["0", "0.5", "1"] * 2
    again = await reopened(core, sweep)
    assert [one.answer for one in again.cells] == [one.answer for one in sweep.cells]
    assert states(again) == [COMPLETE] * 6
    request = core.sweeping.request(again, CellPosition(1, 0, 1))
    assert request is not None
    assert (request[1]["temperature"], request[1]["seed"]) == (0.5, 6)
    # It is no message of the conversation.
    assert len(held.tree.children("q")) == 0


async def test_a_renamed_provider_is_still_that_of_its_cells(core: Core, tmp_path: Path) -> None:
    with serving(answer(chat("Yes."))) as server:
        held = asked_at(core, server)
        provider = core.providers.get(held.conversation.provider)
        core.providers.put(replace(provider, name="Called so at first"))
        sweep = begun(core, held, [0])
        await ended(core, sweep)
    core.providers.put(replace(provider, name="Renamed"))
    (cell,) = (await reopened(core, sweep)).cells
    assert cell.answer is not None
    assert cell.answer.provider == provider.id
    export = SweepExport(core.sweeping, core.conversations)
    report, data = tmp_path / "sweep.md", tmp_path / "sweep.json"
    await export.write(sweep, ExportKind.MARKDOWN, report)
    await export.write(sweep, ExportKind.JSON, data)
    assert "(Renamed)" in report.read_text("utf-8").replace("\\", "")
    (record,) = json.loads(data.read_bytes())["cells"]
    found = record["answer"]["provider"], record["answer"]["provider_id"]
    assert found == ("Renamed", provider.id)
    (read,) = sweep_json.read(data.read_bytes()).cells
    assert read.answer is not None
    assert read.answer.provider == provider.id


async def test_a_report_leaves_out_what_its_requests_did_not_have(
    core: Core, tmp_path: Path
) -> None:
    with serving(*[answer(chat("Yes."))] * 2) as server:
        held = asked_at(core, server)
        provider = core.providers.get(held.conversation.provider)
        model = core.providers.model(provider, held.conversation.model)
        core.conversations.choose(held, parameters={"top_k": 3, "top_p": 0.5})
        core.providers.remember_refusal(provider, model, "top_k", "no")
        sweep = begun(core, held, [0, 1])
        await ended(core, sweep)
        assert all("top_k" not in one.json for one in server.requests)
    report = tmp_path / "sweep.md"
    await SweepExport(core.sweeping, core.conversations).write(sweep, ExportKind.MARKDOWN, report)
    text = report.read_text("utf-8")
    assert "| Top P | 0.5 |" in text
    assert "Top K" not in text


async def test_no_more_are_on_their_way_than_a_provider_bears(core: Core) -> None:
    gate = Gate()
    with serving(gate) as server:
        sweep = begun(core, asked_at(core, server), [0, 1], repeats=4)
        await gate.reached(AT_ONCE)
        assert sweep.count(CellState.STREAMING) == AT_ONCE
        assert sweep.count(WAITING) == 8 - AT_ONCE
        gate.let(1)
        await gate.reached(1)
        assert sweep.count(CellState.STREAMING) == AT_ONCE
        gate.let(8)
        await ended(core, sweep)
    assert texts(sweep) == ["So far, and on"] * 8
    assert gate.most == AT_ONCE


async def test_two_sweeps_share_what_a_provider_bears(core: Core) -> None:
    gate = Gate()
    with serving(gate) as server:
        held = asked_at(core, server)
        one, other = (begun(core, held, [0, 1], repeats=2, most_at_once=3) for _twice in range(2))
        await gate.reached(AT_ONCE)
        assert (one.count(CellState.STREAMING), other.count(CellState.STREAMING)) == (3, 1)
        gate.let(8)
        await ended(core, one)
        await ended(core, other)
    assert gate.most == AT_ONCE


async def test_one_cell_is_stopped_and_the_others_go_on(core: Core) -> None:
    gate = Gate()
    with serving(says_then_stalls, gate) as server:
        sweep = begun(core, asked_at(core, server), [0, 1], most_at_once=1)
        await until(sweep, lambda: sweep.cells[0].text == "So far")
        core.sweeping.stop_cell(sweep, CellPosition(0, 0, 0))
        await gate.reached(1)
        gate.let(1)
        await ended(core, sweep)
    assert states(sweep) == [STOPPED, COMPLETE]
    assert texts(sweep) == ["So far", "So far, and on"]
    assert states(await reopened(core, sweep)) == [STOPPED, COMPLETE]


async def test_stop_keeps_what_came_and_resume_asks_the_rest_alone(core: Core) -> None:
    gate = Gate()
    with serving(answer(chat("first")), says_then_stalls, gate) as server:
        sweep = begun(core, asked_at(core, server), [0, 1, 2], most_at_once=1)
        await until(sweep, lambda: sweep.cells[1].text == "So far")
        core.sweeping.stop(sweep)
        await ended(core, sweep)
        assert states(sweep) == [COMPLETE, STOPPED, WAITING]
        assert texts(sweep) == ["first", "So far", ""]
        first = sweep.cells[0].answer
        sweep = await reopened(core, sweep)
        assert states(sweep) == [COMPLETE, STOPPED, WAITING]
        assert sweep.is_resumable
        core.sweeping.resume(sweep)
        gate.let(2)
        await ended(core, sweep)
        assert len(server.requests) == 4
    assert states(sweep) == [COMPLETE] * 3
    assert sweep.cells[0].answer == first
    assert not sweep.is_resumable


async def test_a_cell_is_asked_again_in_the_place_of_its_answer(core: Core) -> None:
    with serving(*[answer(chat(text)) for text in ("a", "b", "c")]) as server:
        sweep = begun(core, asked_at(core, server), [0, 1], most_at_once=1)
        await ended(core, sweep)
        core.sweeping.retry(sweep, CellPosition(0, 0, 0))
        await ended(core, sweep)
    assert texts(sweep) == ["c", "b"]
    assert texts(await reopened(core, sweep)) == ["c", "b"]


async def test_what_was_stopped_before_it_was_asked_again_is_what_it_was(core: Core) -> None:
    scripts = [answer(chat("a")), answer(chat("b")), says_then_stalls]
    with serving(*scripts) as server:
        sweep = begun(core, asked_at(core, server), [0, 1], most_at_once=1)
        await ended(core, sweep)
        for place in (CellPosition(0, 0, 0), CellPosition(1, 0, 0)):
            core.sweeping.retry(sweep, place)
        await until(sweep, lambda: sweep.cells[0].text == "So far")
        # What is asked has no answer yet, what only waits has its former one.
        assert [one.answer is None for one in sweep.cells] == [True, False]
        core.sweeping.stop(sweep)
        await ended(core, sweep)
    assert states(sweep) == [STOPPED, COMPLETE]
    assert texts(sweep) == ["So far", "b"]
    assert texts(await reopened(core, sweep)) == ["So far", "b"]


async def test_others_see_whether_a_sweep_runs(core: Core, tmp_path: Path) -> None:
    gate = Gate()
    beside = Library.open(tmp_path)
    with serving(gate) as server:
        sweep = begun(core, asked_at(core, server), [0])
        await gate.reached(1)
        assert beside.sweeps.get(sweep.id).elsewhere
        gate.let(1)
        await ended(core, sweep)
        assert not beside.sweeps.get(sweep.id).elsewhere
        core.sweeping.retry(sweep, CellPosition(0, 0, 0))
        await gate.reached(1)
        assert beside.sweeps.get(sweep.id).elsewhere
        gate.let(1)
        await ended(core, sweep)
    beside.close()


async def test_a_stream_that_breaks_off_keeps_what_came_as_interrupted(core: Core) -> None:
    def breaks_off(connection: Connection) -> None:
        connection.head()
        connection.send(chunk("So far"))

    with serving(breaks_off, answer(chat("whole"))) as server:
        sweep = begun(core, asked_at(core, server), [0])
        await ended(core, sweep)
        assert states(sweep) == [CellState.INTERRUPTED]
        assert texts(sweep) == ["So far"]
        assert sweep.cells[0].error
        core.sweeping.resume(sweep)
        await ended(core, sweep)
    assert texts(sweep) == ["whole"]


async def test_closing_keeps_what_came_as_interrupted(core: Core, tmp_path: Path) -> None:
    with serving(says_then_stalls) as server:
        sweep = begun(core, asked_at(core, server), [0, 1], most_at_once=1)
        await until(sweep, lambda: sweep.cells[0].text == "So far")
        await core.close()
    again = Core(tmp_path)
    kept = again.sweeping.open(sweep.id)
    assert states(kept) == [CellState.INTERRUPTED, WAITING]
    assert texts(kept) == ["So far", ""]
    assert not kept.elsewhere
    await again.close()


PROGRAM = """
import asyncio
from app.services.program.core import Core
from app.services.sweep.sweeps import Sweeping
from app.domain.sweep.plan import ParameterAxis

async def work():
    core = Core(directory)
    held = core.conversations.open(sys.stdin.readline().strip())
    axis = ParameterAxis("temperature", (0.0, 1.0))
    plan = core.sweeping.plan(held, "q", columns=axis, most_at_once=1)
    sweep = core.sweeping.start(held, plan)
    print(sweep.id, flush=True)
    await asyncio.Event().wait()

asyncio.run(work())
"""


async def test_what_a_killed_program_left_is_interrupted_and_asked_again(
    core: Core, tmp_path: Path
) -> None:
    with serving(says_then_stalls, answer(chat("whole"))) as server:
        held = asked_at(core, server)
        with running(PROGRAM, tmp_path) as other:
            assert other.stdin is not None
            assert other.stdout is not None
            other.stdin.write(f"{held.id}\n")
            other.stdin.flush()
            sweep_id = (await asyncio.to_thread(other.stdout.readline)).strip()
            assert await asyncio.to_thread(server.asked.wait, PATIENCE)
            beside = core.sweeping.open(sweep_id)
            # It is on its way there, and nothing ended in the middle.
            assert beside.elsewhere
            assert states(beside) == [WAITING, WAITING]
            assert core.sweeping.why_not_resume(beside)
            with pytest.raises(InputError):
                core.sweeping.resume(beside)
        await asyncio.to_thread(other.wait)
        sweep = core.sweeping.open(sweep_id)
        assert not sweep.elsewhere
        assert states(sweep) == [CellState.INTERRUPTED, WAITING]
        assert sweep.cells[0].error
        core.sweeping.retry(sweep, CellPosition(0, 0, 0))
        await ended(core, sweep)
    assert states(sweep) == [COMPLETE, WAITING]
    assert states(await reopened(core, sweep)) == [COMPLETE, WAITING]


async def test_a_deleted_sweep_stops_comes_back_with_what_came_and_goes_on(core: Core) -> None:
    with serving(says_then_stalls, answer(chat("whole"))) as server:
        held = asked_at(core, server)
        sweep = begun(core, held, [0])
        await until(sweep, lambda: sweep.cells[0].text == "So far")
        core.sweeping.delete(sweep)
        await ended(core, sweep)
        assert core.sweeping.sweeps_of(held.id) == []
        with pytest.raises(NotFoundError):
            core.sweeping.retry(sweep, CellPosition(0, 0, 0))
        core.sweeping.restore(sweep)
        assert core.sweeping.open(sweep.id) is sweep
        assert texts(await reopened(core, sweep)) == ["So far"]
        core.sweeping.retry(sweep, CellPosition(0, 0, 0))
        await ended(core, sweep)
    assert texts(sweep) == ["whole"]


@pytest.mark.parametrize("what", ["conversation", "question"])
async def test_nothing_is_asked_for_what_was_deleted(core: Core, what: str) -> None:
    with serving(says_then_stalls) as server:
        held = asked_at(core, server)
        sweep = begun(core, held, [0, 1], most_at_once=1)
        await until(sweep, lambda: sweep.cells[0].text == "So far")
        if what == "conversation":
            core.conversations.delete(held.id)
        else:
            core.conversations.delete_message(held, "q")
        await ended(core, sweep)
        assert len(server.requests) == 1
        with pytest.raises(InputError):
            core.sweeping.resume(sweep)
    assert states(sweep) == [STOPPED, WAITING]


async def test_a_sweep_ends_also_where_the_library_takes_nothing_more(core: Core) -> None:
    unsaved: list[LibraryError] = []
    core.sweeping.unsaved.connect(unsaved.append)
    with serving(answer(chat("whole"))) as server:
        sweep = begun(core, asked_at(core, server), [0])
        core.library._db.forbid_writing()
        await ended(core, sweep)
    assert texts(sweep) == ["whole"]
    assert unsaved


async def test_a_kept_answer_is_a_branch_and_used_values_leave_the_sweeps_seed_out(
    core: Core,
) -> None:
    with serving(said_by_temperature) as server:
        held = asked_at(core, server)
        sweep = begun(core, held, [0, 0.5], seeds=Seeds.SHARED, first_seed=5)
        await ended(core, sweep)
    message = core.sweeping.keep(held, sweep, CellPosition(1, 0, 0))
    twice = core.sweeping.keep(held, sweep, CellPosition(1, 0, 0))
    assert held.tree.children("q") == (message.id, twice.id)
    assert (message.text, message.status) == ("0.5", Status.COMPLETE)
    assert held.conversation.current == twice.id
    assert core.sweeping.use(sweep, CellPosition(1, 0, 0)).parameters == {"temperature": 0.5}
    sweep.plan = replace(sweep.plan, parameters={"seed": 9})
    assert core.sweeping.use(sweep, CellPosition(1, 0, 0)).parameters == {
        "temperature": 0.5,
        "seed": 9,
    }
    core.conversations.delete_message(held, "q")
    with pytest.raises(InputError):
        core.sweeping.keep(held, sweep, CellPosition(0, 0, 0))


async def test_much_is_asked_about_before_it_is_sent(core: Core) -> None:
    with serving(answer(chat("a"))) as server:
        held = asked_at(core, server)
        dear = Price(prompt=Decimal(0), completion=Decimal(1000))
        core.library.put_catalogue(held.conversation.provider, 1.0, [Model("m", "m", price=dear)])
        core.settings.sweep_dollars = 2
        axis = ParameterAxis("temperature", (0.0, 1.0))
        plan = core.sweeping.plan(held, "q", columns=axis, parameters={"max_tokens": 1000})
        assert core.sweeping.needs_asking(held, plan) == ""
        core.settings.sweep_cells = 1
        assert "2 answers" in core.sweeping.needs_asking(held, plan)
        core.settings.sweep_cells = 2
        assert core.sweeping.needs_asking(held, plan) == ""
        core.settings.sweep_dollars = 1.5
        assert "up to about $2.00" in core.sweeping.needs_asking(held, plan)
        core.conversations.delete_message(held, "q")
        with pytest.raises(InputError):
            core.sweeping.needs_asking(held, plan)
        assert not server.requests


async def test_hostile_answers_are_kept_as_they_can_be(core: Core) -> None:
    text = "=1+1 <b>\u202e" + "x" * 1_000_000
    with serving(answer(event({"choices": [{"delta": {"content": "\0"}}]}) + chat(text))) as server:
        sweep = begun(core, asked_at(core, server), [0])
        await ended(core, sweep)
    assert texts(sweep) == ["\ufffd" + text]
    assert texts(await reopened(core, sweep)) == ["\ufffd" + text]
