"""What is painted tells where it is."""

from itertools import combinations

import pytest

from app.domain.chat.conversation import Message, Role
from app.ui.transcript.view import TranscriptView
from tests.screenshots.texts import MARKDOWN
from tests.ui.transcript.test_view import around

PATH = (
    Message("q", None, Role.USER, "A question.\n" * 30, 0.0),
    Message("a", "q", Role.ASSISTANT, MARKDOWN, 0.0, model="a/model", reasoning="Hm."),
)


@pytest.mark.parametrize("width", [480, 900])
def test_nothing_painted_overlaps_or_is_outside_the_column(
    view: TranscriptView, width: int
) -> None:
    view.resize(width, 3_000)
    view.show_path(PATH, around)
    found = view.painted_rectangles()
    assert {name.rpartition(", ")[2] for name in found} >= {"bubble", "text", "label", "cell 0"}
    assert any(name.endswith("button Copy") for name in found)
    port = view.viewport().rect()
    for name, box in found.items():
        assert box.left() >= view._left() - 8, name
        assert box.right() <= view._left() + view._column.width + 8, name
        assert box.intersects(port), name
    texts = [(name, box) for name, box in found.items() if not name.endswith("bubble")]
    for (first, one), (second, other) in combinations(texts, 2):
        assert one.intersected(other).height() <= 8, (first, second)
        assert one.intersected(other).width() <= 8 or one.intersected(other).height() <= 8
