"""Day groups of the list, by the time of the last update."""

from datetime import date, datetime

from app.ui.sidebar.day_groups import DayGroups

TODAY = date(2026, 3, 2)


def at(year: int, month: int, day: int, hour: int = 12) -> float:
    return datetime(year, month, day, hour).timestamp()


class Times:
    """A list that is only times of updates, the latest first."""

    def __init__(self, *times: float) -> None:
        self.times = sorted(times, reverse=True)

    def count(self, since: float, before: float | None = None) -> int:
        return sum(since <= one and (before is None or one < before) for one in self.times)

    def latest_before(self, moment: float) -> float | None:
        return max((one for one in self.times if one < moment), default=None)


ALL = Times(
    at(2027, 1, 1),  # A clock was wrong.
    at(2026, 3, 2, 0),
    at(2026, 3, 1, 23),
    at(2026, 3, 1, 0),
    at(2026, 2, 28),
    at(2026, 2, 24, 0),
    at(2026, 2, 23, 23),
    at(2026, 2, 1, 0),
    at(2026, 1, 31, 23),
    at(2026, 1, 1, 0),
    at(2020, 12, 31),
    1.0,
    -1e300,
)
HEADINGS = {
    0: "Today",
    2: "Yesterday",
    4: "Last 7 days",
    6: "Last 30 days",
    8: "2026-01",
    10: "2020-12",
    11: "1970-01",
}


def headings(groups: DayGroups) -> dict[int, str]:
    return {row: groups.heading(row) for row in range(groups.count) if groups.heading(row)}


def test_groups_are_days_then_months() -> None:
    groups = DayGroups.read(ALL, TODAY)
    assert groups.count == len(ALL.times)
    assert headings(groups) == HEADINGS
    assert groups.starts == list(HEADINGS)


def test_groups_by_row_are_those_of_the_whole_list() -> None:
    groups = DayGroups(TODAY)
    for count, time in enumerate(reversed(ALL.times), 1):
        groups.add(time)
        assert headings(groups) == headings(
            DayGroups.read(Times(*ALL.times[len(ALL.times) - count :]), TODAY)
        )
    for count, time in enumerate(ALL.times, 1):
        assert groups.take(time)
        assert headings(groups) == headings(DayGroups.read(Times(*ALL.times[count:]), TODAY))
    assert not groups.take(1.0)
