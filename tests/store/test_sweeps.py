"""Sweeps on the disk: what comes back, what damage costs, and what goes with a conversation."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from app.domain.chat.conversation import Conversation, Message, Status
from app.domain.errors import InputError, LibraryError, NotFoundError
from app.domain.events import TokenProbabilities
from app.domain.ids import new_id
from app.domain.sweep.plan import ParameterAxis, Plan, Seeds
from app.domain.tokens.token_table import TokenTable
from app.store.library import Library
from app.store.sweeps import KeptCell, KeptSweep
from tests.store import values
from tests.store.programs import running
from tests.store.values import REQUEST, URL, answer, empty_trash

NONE = TokenTable.of(())
PLAN = Plan("q", "p", "m", columns=ParameterAxis("temperature", (0.0, None)), repeats=2)
on_one_library = settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60, deadline=None
)


def shelved(library: Library, plan: Plan = PLAN, conversation: str = "c") -> str:
    """Keep a sweep; its id."""
    kept = KeptSweep(new_id(), conversation, 1.0, plan)
    library.sweeps.add(kept)
    return kept.id


def put(library: Library, sweep: str, *cells: KeptCell) -> None:
    """Keep cells without probabilities."""
    library.sweeps.finish_cells(sweep, [(one, NONE) for one in cells])


def count(library: Library, table: str) -> int:
    found: int = library._db.value(f"SELECT count(*) FROM {table}")
    return found


@given(
    message=values.messages,
    probabilities=st.lists(values.probabilities, max_size=3),
    body=st.dictionaries(values.texts, values.json_values, max_size=3),
    messages=values.json_values,
    mean=st.none() | st.floats(-30, 0),
)
@on_one_library
def test_every_field_of_a_cell_comes_back(
    library: Library,
    message: Message,
    probabilities: list[TokenProbabilities],
    body: dict[str, Any],
    messages: Any,
    mean: float | None,
) -> None:
    sweep = shelved(library)
    whole = {**body, "messages": messages}
    cell = KeptCell(3, message, (URL, whole), mean)
    library.sweeps.finish_cells(sweep, [(cell, TokenTable.of(probabilities))])
    assert library.sweeps.cells(sweep) == [replace(cell, request=None)]
    assert library.sweeps.request(sweep, 3) == (URL, whole)
    found = library.sweeps.probabilities(sweep, 3)
    assert [one.chosen.token for one in found] == [one.chosen.token for one in probabilities]
    assert library.sweeps.get(sweep).ended == 1


def test_a_plan_comes_back_and_the_newest_sweep_is_first(library: Library) -> None:
    other = Plan("q", "p", "m", {"stop": ["half \ud83d"]}, seeds=Seeds.VARIED, first_seed=3)
    shelved(library)
    shelved(library, other)
    assert [one.plan for one in library.sweeps.of("c")] == [other, PLAN]


def test_the_same_messages_are_kept_once(library: Library) -> None:
    sweep, other = shelved(library), shelved(library)
    for number in range(3):
        put(library, sweep, KeptCell(number, answer(), (URL, {**REQUEST, "seed": number})))
    put(library, other, KeptCell(0, answer(), (URL, REQUEST)))
    assert count(library, "prompts") == 2
    assert library.sweeps.request(sweep, 2) == (URL, {**REQUEST, "seed": 2})


def test_a_cell_that_is_asked_again_takes_the_place_of_its_answer(library: Library) -> None:
    sweep = shelved(library)
    put(library, sweep, KeptCell(0, answer("old", Status.COMPLETE), (URL, REQUEST), -1.0))
    again = answer("", name="b")
    library.sweeps.begin_cell(sweep, 0, again)
    assert library.sweeps.cells(sweep) == [KeptCell(0, again)]
    assert library.sweeps.request(sweep, 0) is None
    assert count(library, "cells") == 1


def test_cells_that_end_together_are_kept_together_or_not_at_all(library: Library) -> None:
    sweep = shelved(library)

    def breaks() -> Any:
        yield KeptCell(0, answer("a", Status.COMPLETE)), NONE
        raise RuntimeError

    with pytest.raises(RuntimeError):
        library.sweeps.finish_cells(sweep, breaks())
    assert library.sweeps.cells(sweep) == []


def test_a_sweep_needs_its_conversation(library: Library) -> None:
    with pytest.raises(LibraryError):
        shelved(library, conversation="gone")
    with pytest.raises(LibraryError):
        put(library, "gone", KeptCell(0, answer()))


def test_all_of_a_sweep_goes_with_its_conversation(library: Library) -> None:
    library.add_conversation(Conversation("other", "", 1.0, 1.0))
    for conversation in ("c", "other"):
        sweep = shelved(library, conversation=conversation)
        put(library, sweep, KeptCell(0, answer(), (URL, REQUEST)))
    library.delete_conversation("c")
    empty_trash(library)
    assert [count(library, table) for table in ("sweeps", "prompts", "cells")] == [1, 1, 1]
    assert len(library.sweeps.of("other")) == 1


def test_the_trash_gives_a_sweep_back_until_it_is_emptied(library: Library) -> None:
    sweep = shelved(library)
    put(library, sweep, KeptCell(0, answer("a", Status.COMPLETE), (URL, REQUEST)))
    library.sweeps.delete(sweep)
    assert library.sweeps.of("c") == []
    with pytest.raises(NotFoundError):
        library.sweeps.get(sweep)
    library.sweeps.restore(sweep)
    assert [one.answer.text for one in library.sweeps.cells(sweep)] == ["a"]
    library.sweeps.delete(sweep)
    empty_trash(library)
    assert [count(library, table) for table in ("sweeps", "prompts", "cells")] == [0, 0, 0]
    with pytest.raises(NotFoundError):
        library.sweeps.restore(sweep)


@pytest.mark.parametrize("damage", ["", "{", "[]", "null", '{"question": 1}', '"text"'])
def test_a_damaged_plan_costs_that_sweep_alone(library: Library, damage: str) -> None:
    broken, whole = shelved(library), shelved(library)
    library._db.run("UPDATE sweeps SET plan = ? WHERE id = ?", (damage, broken))
    assert [one.id for one in library.sweeps.of("c")] == [whole]
    with pytest.raises(InputError):
        library.sweeps.get(broken)


@pytest.mark.parametrize("damage", ["", "{", "[]", "null", '{"usage": 5, "status": []}'])
def test_a_damaged_cell_costs_itself_alone(library: Library, damage: str) -> None:
    sweep = shelved(library)
    put(library, sweep, *(KeptCell(number, answer(name=str(number))) for number in range(2)))
    library._db.run("UPDATE cells SET answer = ? WHERE number = 0", (damage,))
    library._db.run("UPDATE cells SET url = 'u', body = ?, probabilities = x'00'", (damage,))
    assert [one.answer.id for one in library.sweeps.cells(sweep)] == ["1"]
    library.sweeps.request(sweep, 1)
    assert len(library.sweeps.probabilities(sweep, 1)) == 0


@given(cell=values.json_values)
@example(cell=[2**63, None, None])
@on_one_library
def test_whatever_stands_in_a_cell_is_read_as_an_answer_or_left_out(
    library: Library, cell: Any
) -> None:
    names = ["id", "text", "created", "status", "usage", "cost", "tool_calls", "remedy", "role"]
    sweep = shelved(library)
    put(library, sweep, *(KeptCell(number, answer()) for number in range(len(names))))
    for number, name in enumerate(names):
        library._db.run(
            "UPDATE cells SET answer = json_set(answer, ?, json(?)) WHERE number = ?"
            " AND sweep = (SELECT sequence FROM sweeps WHERE id = ?)",
            (f"$.{name}", json.dumps(cell), number, sweep),
        )
    assert len(library.sweeps.cells(sweep)) <= len(names)


RUNS = """
from app.domain.sweep.plan import Plan
from app.store.sweeps import KeptSweep
library = Library.open(directory)
library.sweeps.add(KeptSweep("s", "c", 1.0, Plan("q", "p", "m")))
print("added", flush=True)
sys.stdin.readline()
"""


def test_a_sweep_is_elsewhere_as_long_as_its_program_lives(
    library: Library, directory: Path
) -> None:
    with running(RUNS, directory) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "added\n"
        assert library.sweeps.get("s").elsewhere
    other.wait()
    assert not library.sweeps.get("s").elsewhere
    library.sweeps.claim("s")
    assert not library.sweeps.get("s").elsewhere
