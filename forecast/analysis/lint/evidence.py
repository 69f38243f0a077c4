"""Evidence: whether all of it can be so at once."""

from __future__ import annotations

from collections.abc import Iterator

from forecast.analysis.lint.subject import Subject
from forecast.errors import Fault, Path


def evidence_lint(subject: Subject) -> Iterator[Fault]:
    """Yield, as an error, reports and silence that cannot all be so: no run could use them."""
    clash = subject.before.clash()
    if not clash:
        return
    items = subject.spec.file.evidence
    named = [i for i, item in enumerate(items) if any(f"`{item.id}`" in label for label in clash)]
    path: Path = ("evidence", named[-1]) if named else ("observed_through",)
    verb = " cannot both be so" if len(clash) > 1 else " cannot be so"
    text = f"the evidence is impossible: {' and '.join(clash)}{verb}"
    fix = "check dates and conditions, or give the reports grades"
    yield subject.spec.context.fault(path, "impossible-evidence", text, fix)
