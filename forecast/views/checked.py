"""What `forecast check` found, on a terminal: what was understood, then what to look at."""

from __future__ import annotations

import shlex
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence

from rich.cells import cell_len
from rich.console import RenderableType
from rich.text import Text

from forecast.analysis.contract import CheckReport, FileReport, QuestionRow, SignOff, Understood
from forecast.errors import Fault
from forecast.views.faults import render_faults
from forecast.views.page import GAP, grid, listing, printed, prose
from forecast.views.words import clean, condition, counted, day, humanised, percent, percent_range

NARROWEST = 60
MOST_LINES = 40
"""Lines of one section; the rest is counted, and in the JSON."""

MOST_OF_A_KIND = 3
"""Warnings of one kind in one file that are written out."""

LONGEST_NAME = 34

ROLES = {"latent": "latent", "derived": "derived"}


def render_check(
    report: CheckReport, lines_by_file: Mapping[str, Sequence[str]], *, width: int, colour: bool
) -> str:
    """Return what was found as text.

    One file that is sound is shown whole; of several files only what is wrong with them, and a line
    for each.

    Parameters
    ----------
    report
        What was found.
    lines_by_file
        The lines of each file, for excerpts.
    width, colour
        Cells of the terminal, and whether to write ANSI codes.
    """
    width = max(width, NARROWEST)
    text = ""
    if len(report.files) == 1 and report.files[0].understood is not None:
        text += printed(_apart(_sections(report.files[0].understood, width)), width, colour)
    shown, left_out = _shown(report.faults)
    if shown:
        text += render_faults(shown, lines_by_file, colour=colour, total=False)
        for code, number in left_out.items():
            text += f"and {counted(number, 'more warning')} of the kind {code}: see --json\n\n"
    text += printed((_verdict(file) for file in report.files), width, colour)
    if len(report.files) == 1 and not report.files[0].errors:
        text += f"Next: forecast run {shlex.quote(clean(report.files[0].file))}\n"
    return text


def _shown(faults: Sequence[Fault]) -> tuple[list[Fault], Counter[str]]:
    """Return all errors and the first warnings of each kind, and how many were left out."""
    seen, left_out, shown = Counter[tuple[str, str]](), Counter[str](), []
    for fault in sorted(faults, key=lambda fault: (fault.file, fault.line, fault.column)):
        seen[fault.file, fault.code] += 1
        if fault.severity == "error" or seen[fault.file, fault.code] <= MOST_OF_A_KIND:
            shown.append(fault)
        else:
            left_out[fault.code] += 1
    return shown, left_out


def _verdict(report: FileReport) -> Text:
    warnings = len(report.faults) - report.errors
    parts = [
        counted(number, noun)
        for number, noun in ((report.errors, "error"), (warnings, "warning"))
        if number
    ]
    if not report.errors:
        parts.insert(0, "sound")
    style = "bold red" if report.errors else "bold"
    return Text(f"{clean(report.file)}: {', '.join(parts)}", style)


def _apart(sections: Iterable[Iterator[RenderableType]]) -> Iterator[RenderableType]:
    for section in sections:
        pieces = list(section)
        yield from pieces
        if pieces:
            yield Text()


def _sections(found: Understood, width: int) -> Iterator[Iterator[RenderableType]]:
    yield _frame(found, width)
    yield _questions(found, width)
    yield _sources(found, width)
    yield _evidence(found, width)
    yield _statements(found, width)
    yield _sign_off(found, width)


def _frame(found: Understood, width: int) -> Iterator[RenderableType]:
    as_of = f"as of {found.as_of}" if found.as_of else ""
    row = grid(width - GAP - len(as_of), [len(as_of)])
    row.add_row(prose(found.title or "Network", "bold"), Text(as_of))
    yield row
    roles = Counter(question.role for question in found.questions.values())
    parts = [
        counted(roles["question"], "question"),
        *(f"{roles[role]} {word}" for role, word in ROLES.items() if roles[role]),
        counted(found.judgements, "judgement"),
        counted(len(found.evidence), "report"),
        counted(len(found.statements), "statement"),
        counted(len(found.scenarios), "scenario"),
        *([counted(len(found.variants), "variant")] if found.variants else []),
    ]
    words = f"; words as in {found.lexicon}" if found.lexicon else ""
    yield prose(f"{', '.join(parts)}{words}")


def _questions(found: Understood, width: int) -> Iterator[RenderableType]:
    year = (found.as_of or "")[:4]
    rows = [
        (
            humanised(name),
            question.type if question.role == "question" else f"{question.role} {question.type}",
            _window(question, year),
            _table(question),
            clean(", ".join(question.parents)) or "-",
        )
        for name, question in found.questions.items()
    ]
    heads = ["type", "window", "table", "depends on"]
    yield from _section("Question", heads, rows, width)


def _window(question: QuestionRow, year: str) -> str:
    if question.role == "latent" or question.window is None:
        return ""
    first, last = (day(date, year) for date in question.window)
    return f"{first} to {last}"


def _table(question: QuestionRow) -> str:
    """Write the size of a table as worlds of the parents times states of the question."""
    states = len(question.states)
    worlds = question.table // max(states, 1)
    return f"{worlds} x {states}" if question.parents else f"{states}"


def _sources(found: Understood, width: int) -> Iterator[RenderableType]:
    year = (found.as_of or "")[:4]
    rows = [
        (
            f"{clean(alias)} ({clean(source.who)})",
            day(source.said, year),
            f"{source.claims}",
            f"{source.used}",
            f"{source.unused}",
        )
        for alias, source in found.sources.items()
    ]
    yield from _section("Source", ["said", "claims", "used", "left out"], rows, width)


def _evidence(found: Understood, width: int) -> Iterator[RenderableType]:
    year = (found.as_of or "")[:4]
    rows = [
        (
            humanised(name),
            day(item.known, year) + ("" if item.counts else ", not counted"),
            item.grade or "none",
            percent(item.reliability, mcse=1.0),
            clean(item.group or ""),
        )
        for name, item in found.evidence.items()
    ]
    tells = [
        "; ".join(f"{condition(said, year)}: {what}" for said, what in item.tells.items())
        for item in found.evidence.values()
    ]
    heads = ["known", "grade", "reliable", "group"]
    yield from _section("Report", heads, rows, width, about=tells)


def _statements(found: Understood, width: int) -> Iterator[RenderableType]:
    year = (found.as_of or "")[:4]
    rows = [
        (
            f'{clean(s.who)}, "{clean(s.says)}"' + (f" ({s.side})" if s.side else ""),
            percent(s.stated, mcse=1.0),
            f"{len(s.knew)}",
            condition(s.of, year),
        )
        for s in found.statements
    ]
    heads = ["read as", "reports known", "about"]
    yield from _section("Statement", heads, rows, width)


KINDS = (("scenario", "Scenario"), ("question", "Question"), ("together", "Together"))


def _sign_off(found: Understood, width: int) -> Iterator[RenderableType]:
    if not found.sign_off:
        return
    if not found.sign_off:
        return
    yield prose("To be signed off: if these numbers are right, then before any evidence", "bold")
    year = (found.as_of or "")[:4]
    for kind, title in KINDS:
        rows = [_signed(entry, year) for entry in found.sign_off if entry.kind == kind]
        heads = ["chance", "80 %", "in words"]
        yield from _section(title, heads, rows, width, longest=width)


def _signed(entry: SignOff, year: str) -> tuple[str, ...]:
    interval = percent_range(*entry.interval) if entry.interval else ""
    words = f"{clean(entry.phrase)} ({percent_range(*entry.phrase_range)})"
    return condition(entry.says, year), percent(entry.probability), interval, words


def _section(
    title: str,
    heads: Sequence[str],
    rows: Sequence[Sequence[str]],
    width: int,
    *,
    longest: int = LONGEST_NAME,
    about: Sequence[str] = (),
) -> Iterator[RenderableType]:
    if not rows:
        return
    shown = rows[:MOST_LINES]
    kept = [i for i in range(len(heads)) if any(row[i + 1] for row in shown)]
    narrow = [[row[0], *(row[i + 1] for i in kept)] for row in shown]
    longest = min(longest, max(cell_len(row[0]) for row in narrow))
    kept_heads = [heads[i] for i in kept]
    yield listing(
        title, kept_heads, narrow, width, longest=longest, side="left", about=about[:MOST_LINES]
    )
    if len(rows) > len(shown):
        yield prose(f"and {len(rows) - len(shown):,} more: see --json", "dim")
