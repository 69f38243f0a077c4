"""The section on how many: what it shows, and what it leaves out."""

from __future__ import annotations

from modelling import summary_of

from forecast.views.amounts import how_many
from forecast.views.markdown import render_markdown
from forecast.views.page import printed

BODY = """
latents:
  hidden: {type: quantity, amount: 5 (2..9)}
questions:
  killed: {type: quantity, unit: people, amount: 1200 (350..3500)}
  visits: {type: count, rate: 0.5 a month}
  x: {type: binary, prior: 40%}
"""


def test_a_line_for_each_number_but_latents() -> None:
    """1200 at one half; a Poisson of mean 4.4 has 1, 3, 4, 6, 8."""
    page = printed(how_many(summary_of(BODY), 80), 80, colour=False)
    assert [line.split() for line in page.splitlines()] == [
        ["How", "many:", "below", "5", "%", "25", "%", "half", "75", "%", "95", "%"],
        ["killed", "(people)", "379", "748", "1,200", "1,924", "3,795"],
        ["visits", "1", "3", "4", "6", "8"],
    ]


def test_a_report_in_markdown_has_them_too() -> None:
    """The small count as well, which a terminal tells by its cuts alone."""
    body = BODY.replace("rate: 0.5 a month", "rate: 0.5 a month, cuts: [4]")
    lines = render_markdown(summary_of(body)).splitlines()
    at = lines.index("### How many: below")
    assert lines[at + 2] == "| question | 5 % | 25 % | half | 75 % | 95 % |"
    assert lines[at + 4 : at + 6] == [
        "| killed (people) | 379 | 748 | 1,200 | 1,924 | 3,795 |",
        "| visits | 1 | 3 | 4 | 6 | 8 |",
    ]
    assert "visits " not in printed(how_many(summary_of(body), 80), 80, colour=False)


def test_nothing_where_nothing_is_a_number() -> None:
    assert not list(how_many(summary_of("questions: {x: {type: binary, prior: 40%}}"), 80))
