"""Turns at a provider: who goes when, and what sweeps do where it is busy or can't be used."""

import asyncio
import json

import pytest

from app.domain.sweep.plan import CellState, ModelAxis, ModelChoice, ParameterAxis
from app.services.program.core import Core
from app.services.providers.providers import AT_ONCE
from app.services.sweep.rate_lanes import Lane
from app.services.sweep.runner import MOST_TRIES
from tests.servers import Connection, Script, answer, chat, serving
from tests.services.sweep.running import Gate, Pauses, asked_at, begun, ended, states, texts, until
from tests.services.talking import PATIENCE, provider_at


def refusal(status: int, **headers: str) -> Script:
    """A script that refuses."""
    body = json.dumps({"error": {"message": "No."}})
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return answer(body, status=status, content_type="application/json", headers=named)


async def entered(lane: Lane, *tickets: str, group: str = "", at_most: int = 0) -> list[str]:
    """Let several ask for a turn; who has one when nothing more happens."""
    inside: list[str] = []

    async def enter(ticket: str) -> None:
        await lane.enter(ticket, group, at_most)
        inside.append(ticket)

    tasks = [asyncio.ensure_future(enter(ticket)) for ticket in tickets]
    # Each task's step, and that of whoever is let in.
    for _step in range(3):
        await asyncio.sleep(0)
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    return inside


async def test_so_many_have_a_turn_and_who_leaves_gives_it_on() -> None:
    lane = Lane(2)
    assert await entered(lane, "a", "b", "c") == ["a", "b"]
    lane.leave("a")
    assert await entered(lane, "b", "d", "e") == ["b", "d"]
    assert len(lane) == 2


async def test_a_group_has_its_own_limit_and_doesnt_hold_up_others() -> None:
    lane = Lane(3)
    assert await entered(lane, "a", "b", group="one", at_most=1) == ["a"]
    assert await entered(lane, "c", "d", "e", group="other") == ["c", "d"]


async def test_who_is_cancelled_in_the_queue_takes_no_turn() -> None:
    lane = Lane(1)
    assert await entered(lane, "a", "b") == ["a"]
    lane.leave("a")
    assert len(lane) == 0
    assert await entered(lane, "c") == ["c"]


async def test_a_wait_holds_all_back_and_then_one_goes_at_a_time() -> None:
    lane = Lane(3)
    assert await entered(lane, "a", "b") == ["a", "b"]
    lane.leave("b")
    lane.hold("a")
    assert lane.is_held
    assert await entered(lane, "c") == []
    queued = asyncio.ensure_future(lane.enter("c", ""))
    await asyncio.sleep(0)
    lane.go_on("a")
    # Who has waited goes before those in the queue.
    await asyncio.wait_for(lane.enter("a", "", first=True), PATIENCE)
    await asyncio.sleep(0)
    assert not queued.done()
    lane.went_well()
    await asyncio.wait_for(queued, PATIENCE)
    assert await entered(lane, "d") == []
    lane.went_well()
    assert await entered(lane, "d") == ["d"]


async def test_what_went_well_while_others_wait_opens_nothing() -> None:
    lane = Lane(3)
    assert await entered(lane, "a", "b", "c") == ["a", "b", "c"]
    lane.hold("a")
    for ticket in ("b", "c"):
        lane.leave(ticket)
        lane.went_well()
    lane.go_on("a")
    await asyncio.wait_for(lane.enter("a", "", first=True), PATIENCE)
    assert await entered(lane, "d") == []


async def test_who_leaves_in_its_wait_holds_nobody_back() -> None:
    lane = Lane(2)
    await lane.enter("a", "")
    lane.hold("a")
    lane.leave("a")
    assert await entered(lane, "b") == ["b"]


@pytest.mark.parametrize(("headers", "seconds"), [({}, 1), ({"Retry_After": "7"}, 7)])
async def test_while_a_provider_is_busy_nothing_new_is_sent_and_then_it_is_asked_again(
    core: Core, headers: dict[str, str], seconds: int
) -> None:
    pauses, gate = Pauses(core), Gate()
    with serving(refusal(429, **headers), gate) as server:
        sweep = begun(core, asked_at(core, server), [0, 0.1, 0.2, 0.3, 0.4, 0.5])
        await asyncio.wait_for(pauses.begun.wait(), PATIENCE)
        # Of those that were sent at once one was refused; the others end in peace.
        await gate.reached(AT_ONCE - 1)
        gate.let(AT_ONCE - 1)
        await until(sweep, lambda: sweep.count(CellState.COMPLETE) == AT_ONCE - 1)
        [waiting] = [one for one in sweep.cells if one.waiting]
        assert "Trying again" in waiting.waiting
        assert sweep.count(CellState.WAITING) == 2
        assert len(server.requests) == AT_ONCE
        pauses.over.set()
        await gate.reached(1)
        # Alone, though all others went well: they were sent before it was busy.
        assert len(server.requests) == AT_ONCE + 1
        again = server.requests[AT_ONCE].json["temperature"]
        assert again == waiting.cell.parameters["temperature"]
        gate.let(3)
        await ended(core, sweep)
        assert len(server.requests) == 6 + 1
    assert texts(sweep) == ["So far, and on"] * 6
    assert pauses.count == seconds


async def test_a_provider_that_stays_busy_is_asked_so_often_and_the_rest_not_at_all(
    core: Core,
) -> None:
    pauses = Pauses(core)
    pauses.over.set()
    with serving(refusal(429)) as server:
        sweep = begun(core, asked_at(core, server), [0, 1, 2], most_at_once=1)
        await ended(core, sweep)
        assert len(server.requests) == MOST_TRIES
    assert states(sweep) == [CellState.FAILED] * 3
    assert len({one.error for one in sweep.cells}) == 1


async def test_a_wait_can_be_stopped(core: Core) -> None:
    pauses = Pauses(core)
    with serving(refusal(429), answer(chat("whole"))) as server:
        sweep = begun(core, asked_at(core, server), [0, 1], most_at_once=1)
        await asyncio.wait_for(pauses.begun.wait(), PATIENCE)
        core.sweeping.stop_cell(sweep, sweep.cells[0].place)
        await ended(core, sweep)
    assert states(sweep) == [CellState.STOPPED, CellState.COMPLETE]


async def test_a_limit_of_one_model_is_not_that_of_its_neighbours(core: Core) -> None:
    def limited(connection: Connection) -> None:
        busy = connection.request.json["model"] == "busy"
        script = refusal(429, Retry_After="3600") if busy else answer(chat("whole"))
        script(connection)

    with serving(limited) as server:
        held = asked_at(core, server)
        who = held.conversation.provider
        models = ModelAxis((ModelChoice(who, "busy"), ModelChoice(who, "idle")))
        plan = core.sweeping.plan(held, "q", columns=models, repeats=2, most_at_once=1)
        sweep = core.sweeping.start(held, plan)
        await ended(core, sweep)
        assert [one.json["model"] for one in server.requests] == ["busy", "idle", "idle"]
    assert states(sweep) == [CellState.FAILED, CellState.COMPLETE] * 2


async def test_a_refused_key_stops_its_provider_alone_until_it_is_asked_again(core: Core) -> None:
    gate = Gate()
    with serving(refusal(401), answer(chat("whole"))) as refusing, serving(gate) as other:
        held = asked_at(core, refusing)
        models = (
            ModelChoice(provider_at(core, other.url).id, "m"),
            ModelChoice(held.conversation.provider, "m"),
        )
        axis = ModelAxis(models)
        plan = core.sweeping.plan(held, "q", columns=axis, repeats=2, most_at_once=1)
        sweep = core.sweeping.start(held, plan)
        failed = [sweep.cells[1], sweep.cells[3]]
        await until(sweep, lambda: all(one.state is CellState.FAILED for one in failed))
        assert len(refusing.requests) == 1
        # A key may have been given by now, though the other one is still on its way.
        assert core.sweeping.is_running(sweep)
        core.sweeping.retry(sweep, failed[1].place)
        await until(sweep, lambda: failed[1].state is CellState.COMPLETE)
        gate.let(2)
        await ended(core, sweep)
    assert [one.state for one in failed] == [CellState.FAILED, CellState.COMPLETE]


async def test_a_parameter_that_is_refused_is_left_out_and_said(core: Core) -> None:
    body = json.dumps({"error": {"message": "Unsupported parameter: top_k", "param": "top_k"}})
    refused = answer(body, status=400, content_type="application/json")
    with serving(refused, answer(chat("whole"))) as server:
        held = asked_at(core, server)
        plan = core.sweeping.plan(held, "q", columns=ParameterAxis("top_k", (5,)))
        sweep = core.sweeping.start(held, plan)
        await ended(core, sweep)
        assert "top_k" not in server.requests[-1].json
    [cell] = sweep.cells
    assert cell.state is CellState.COMPLETE
    assert cell.answer is not None
    assert "Top K" in cell.answer.note
    assert any("top_k" in one or "Top K" in one for one in core.sweeping.objections(plan))
