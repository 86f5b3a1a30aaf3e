"""The sampler lab through the accessibility tree: read the bars, move temperature, branch."""

from pathlib import Path

import pytest

from app.domain.chat.conversation import Role
from tests.end_to_end.conftest import Start
from tests.end_to_end.program import Program, opened, stored
from tests.end_to_end.reading import Found

pytestmark = [pytest.mark.screen, pytest.mark.engine]


def rows(program: Program, name: str) -> list[Found]:
    """The rows of a list, from the first."""
    lists = program.top.look_for("list", name)
    return lists[0].element.look_for("list item") if lists else []


def shares(program: Program) -> list[str]:
    """What the bars say of their tokens now."""
    return [row.name for row in rows(program, "Candidates")]


def test_temperature_moves_the_bars_and_the_second_candidate_begins_a_branch(
    start: Start, directory: Path
) -> None:
    program = start()
    program.show_panel()
    program.parameter("text", "Temperature").type("0")
    program.parameter("text", "Max tokens").type("12")
    program.keys("ctrl+h")
    program.press("Ask for probabilities")
    program.send("Tell me about foxes.")
    program.conversation.wait_for(lambda names: len(names) == 2, "the answer")
    program.conversation.wait_for_end()
    program.keys("ctrl+j")
    program.wait(lambda: len(shares(program)) > 3, "the bars")
    greedy = shares(program)
    assert "with parameters 100 %" in greedy[0]
    assert all("dropped" in one for one in greedy[1:4]), greedy
    program.parameter("text", "Temperature").type("1.5")
    program.wait(
        lambda: "with parameters 100 %" not in shares(program)[0], "the bars follow temperature"
    )
    assert any("dropped" not in one for one in shares(program)[1:4])
    before = program.conversation.last()
    # From the conversation: to the first token, into its popover, and on with the second row.
    # Beside the lab, which lists the same, the popover comes by key alone.
    program.keys("alt+Up", "Right", "Return")
    program.wait(lambda: bool(rows(program, "Alternatives")), "the popover")
    program.keys("Down", "Return")
    program.conversation.wait_for(
        lambda names: len(names) == 2 and names[-1] != before, "the branch"
    )
    program.conversation.wait_for_end()
    program.end()
    [(_conversation, messages)] = stored(directory)
    answers = [one for one in messages if one.role is Role.ASSISTANT]
    assert len(answers) == 2
    assert answers[0].parent == answers[1].parent
    with opened(directory) as library:
        first, second = (library.probabilities(one.id) for one in answers)
    assert second[0].chosen.token == first[0].alternatives[1].token
    assert answers[1].text.startswith(second[0].chosen.token)


def cells(program: Program) -> list[str]:
    """The answers of a sweep, as they are read aloud."""
    tables = program.top.look_for("table", "Answers")
    return [one.name for one in tables[0].element.look_for("cell")] if tables else []


def test_a_sweep_of_three_by_two_runs_and_one_is_kept(start: Start, directory: Path) -> None:
    program = start()
    program.show_panel()
    program.parameter("text", "Max tokens").type("8")
    program.send("Tell me about foxes.")
    program.conversation.wait_for(lambda names: len(names) == 2, "the answer")
    program.conversation.wait_for_end()
    program.keys("ctrl+g")
    program.top.find("combo box", "Columns").choose("Temperature")
    program.top.find("text", "Columns: values").type("0, 0.7, 1.4")
    program.top.find("combo box", "Rows").choose("Top P")
    program.top.find("text", "Rows: values").type("0.5, 1")
    program.press("Run 6")
    program.wait(lambda: sum("complete" in name for name in cells(program)) == 6, "six answers")
    assert any("Temperature 0.7, Top P 0.5, complete" in name for name in cells(program))
    program.press("Keep as branch")
    program.conversation.wait_for_end()
    program.wait(lambda: program.is_shown("label", "Kept as a branch of the chat."), "it is kept")
    program.end()
    [(conversation, messages)] = stored(directory)
    answers = [one for one in messages if one.role is Role.ASSISTANT]
    assert len(answers) == 2
    assert answers[0].parent == answers[1].parent
    assert conversation.current == answers[1].id
    with opened(directory) as library:
        request = library.request(answers[1].id)
        assert len(library.probabilities(answers[1].id)) == 8
    assert request is not None
    assert (request[1]["temperature"], request[1]["top_p"]) == (0, 0.5)
