"""The faults of a file, each with the line it stands on and how to mend it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from rich.cells import cell_len
from rich.text import Text

from forecast.errors import Fault, dotted
from forecast.views.page import unwrapped
from forecast.views.words import clean, counted

LONGEST = 96
"""Characters of a line that are shown."""

BEFORE = 48
"""Of which so many stand before the fault."""

TAB = "    "
STYLES = {"error": "bold red", "warning": "bold yellow"}


def render_faults(
    faults: Sequence[Fault],
    lines_by_file: Mapping[str, Sequence[str]],
    *,
    colour: bool,
    total: bool = True,
) -> str:
    """Return every fault, in the order of the files, and how many there are.

    Parameters
    ----------
    faults
        Errors and warnings.
    lines_by_file
        The lines of each file, as far as they are known.
    colour
        Whether to write ANSI codes.
    total
        Whether to end with how many there are.

    >>> fault = Fault("a.yaml", 2, 8, ("when",), "unknown-state", "no state `kin`", "write `kim`")
    >>> print(render_faults([fault], {"a.yaml": ["a: 1", "when:  kin"]}, colour=False), end="")
    a.yaml:2:8: error[unknown-state]: no state `kin`
        2 | when:  kin
          |        ^
      fix: write `kim`
    <BLANKLINE>
    1 error
    """
    if not faults:
        return ""
    ordered = sorted(faults, key=lambda fault: (fault.file, fault.line, fault.column))
    reports = [_report(fault, lines_by_file.get(fault.file, ())) for fault in ordered]
    end = _total(ordered) if total else Text()
    return unwrapped(Text("\n\n").join([*reports, end]), colour)


def _report(fault: Fault, lines: Sequence[str]) -> Text:
    place = f"{fault.file}:{fault.line}:{fault.column}" if fault.line else fault.file
    known = 0 < fault.line <= len(lines)
    # The excerpt shows the place; without one, its path in the data must do.
    where = "" if known or not fault.path else f"{dotted(fault.path)}: "
    report = Text()
    report.append(f"{_visible(place)}: ", "bold")
    report.append(f"{fault.severity}[{_visible(fault.code)}]", STYLES[fault.severity])
    report.append(f": {_indented(where + fault.text)}")
    if known:
        line, before = _excerpt(lines[fault.line - 1], fault.column)
        number = str(fault.line)
        margin = " " * max(5, len(number) + 1)
        report.append(f"\n{number:>{len(margin)}} | ", "dim").append(line)
        report.append(f"\n{margin} | ", "dim").append(" " * cell_len(before))
        report.append("^", STYLES[fault.severity])
    if fault.fix:
        report.append("\n  fix: ", "bold").append(_indented(fault.fix))
    return report


def _indented(text: str) -> str:
    """Set in the further lines of a text."""
    return "\n    ".join(_visible(line) for line in text.strip().split("\n"))


def _excerpt(line: str, column: int) -> tuple[str, str]:
    """Return what is shown of a line, and what of it stands before the fault."""
    at = max(0, column - 1)
    start = max(0, at - BEFORE) if len(line) > LONGEST else 0
    stop = start + LONGEST
    lead = "..." if start else ""
    trail = "..." if stop < len(line) else ""
    return (
        lead + _visible(line[start:stop]).rstrip() + trail,
        lead + _visible(line[start : min(at, stop)]),
    )


def _visible(text: str) -> str:
    """Keep the spaces of a line, which its indentation is made of."""
    return "".join(
        TAB if char == "\t" else char if char == " " or clean(char) == char else "\ufffd"
        for char in text
    )


def _total(faults: Sequence[Fault]) -> Text:
    errors = sum(fault.severity == "error" for fault in faults)
    counts = ((errors, "error"), (len(faults) - errors, "warning"))
    return Text(", ".join(counted(n, noun) for n, noun in counts if n) + "\n", "bold")
