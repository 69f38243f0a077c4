"""Days in prose, read as a person reads them."""

from __future__ import annotations

import datetime as dt

import pytest

from forecast.spec.days_in_words import days_in

SAID = dt.date(2025, 4, 8)


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("Kim is in Moscow at some time from 25 April to 23 May 2025", "2025-04-25", "2025-05-23"),
        ("Kim in Moscow, 25 April to 23 May", "2025-04-25", "2025-05-23"),
        ("on the tribune on 9 May", "2025-05-09", "2025-05-09"),
        ("on the tribune on May 9th, 2026", "2026-05-09", "2026-05-09"),
        ("in Moscow on 9-12 May 2025", "2025-05-09", "2025-05-12"),
        ("a treaty by the end of May", None, "2025-05-31"),
        ("a treaty by February", None, "2026-02-28"),  # the next one
        ("what he saw in February", "2025-02-01", "2025-02-28"),  # has only just been
        ("troops arrive between 9 April and 31 December 2025", "2025-04-09", "2025-12-31"),
        ("elections between November 2025 and January 2026", "2025-11-01", "2026-01-31"),
        ("elections from November to January 2026", "2025-11-01", "2026-01-31"),
        ("an attack before 1 June 2025", None, "2025-05-31"),
        ("new personnel arrive in 2025 after 8 April", "2025-01-01", "2025-12-31"),
        ("by the end of the year", None, "2025-12-31"),
        ("before the end of the year", None, "2025-12-31"),
        ("a launch next year", "2026-01-01", "2026-12-31"),
        ("in the first half of 2026", "2026-01-01", "2026-06-30"),
        ("by Q3 2025", None, "2025-09-30"),
        ("within six weeks", "none", ""),  # numbers in letters are not read
        ("within 3 weeks", None, "2025-04-29"),
        ("by 2025-06-30", None, "2025-06-30"),
        ("2025-05-01..2025-05-31", "2025-05-01", "2025-05-31"),
        ("over 2000 people march", "none", ""),
        ("it may happen", "none", ""),
        ("by 31 February", "none", ""),
    ],
)
def test_a_text_names_its_days(text: str, first: str | None, last: str) -> None:
    found = days_in(text, SAID)
    if first == "none":
        assert found == ()
        return
    assert len(found) == 1
    assert found[0].last == dt.date.fromisoformat(last)
    assert found[0].first == (dt.date.fromisoformat(first) if first else None)


def test_rough_days_are_marked() -> None:
    assert [spoken.roughly for spoken in days_in("around May 9, or in mid-June", SAID)] == [
        True,
        True,
    ]
    assert not days_in("on May 9", SAID)[0].roughly
