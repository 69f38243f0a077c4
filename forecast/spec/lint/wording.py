"""Wording: whether two readers who disagree about the outcome could both be right."""

from __future__ import annotations

import re
from collections.abc import Iterator

from forecast.errors import Fault, Path
from forecast.spec.context import Context
from forecast.spec.question import AnyQuestion, Date

# "May" with a capital is a month, or begins a sentence that has other faults.
_HEDGES = re.compile(
    r"\b(may(?! \d)|[Mm]ight|[Cc]ould|[Pp]ossibl[ey]|[Pp]otential(?:ly)?|[Pp]erhaps"
    r"|[Pp]robabl[ey]|(?:un)?likely)\b"
)
_VAGUE = re.compile(
    r"\b(significant(?:ly)?|substantial(?:ly)?|considerabl[ey]|meaningful(?:ly)?|sizeable|"
    r"(?<!as )soon|in the near future|shortly|drastic(?:ally)?)\b",
    re.IGNORECASE,
)
_DAY = re.compile(
    r"\b[12]\d{3}\b|\bend of the (year|month|week|quarter)\b|\b\d{1,2}(st|nd|rd|th)? (of )?"
    r"(Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)|\b(January|February|March|April|May|June|"
    r"July|August|September|October|November|December) \d"
)


def wording_lint(context: Context) -> Iterator[Fault]:
    """Yield questions that do not say what settles them, by when, or in words that hedge."""
    for name, question in context.file.questions.items():
        path: Path = ("questions", name)
        yield from _settled(name, question, path, context)
        yield from _dated(name, question, path, context)
    for name, question in context.questions.items():
        section = "latents" if name in context.file.latents else "questions"
        for field in ("text", "resolves"):
            yield from _hedged(getattr(question, field) or "", (section, name, field), context)


def _is_derived(question: AnyQuestion) -> bool:
    return getattr(question, "means", None) is not None


def _settled(name: str, question: AnyQuestion, path: Path, context: Context) -> Iterator[Fault]:
    if _is_derived(question) or (question.resolves and question.sources):
        return
    missing = [f"`{field}`" for field in ("resolves", "sources") if not getattr(question, field)]
    verb = "is" if len(missing) == 1 else "are"
    text = f"nothing says what settles `{name}`: {' and '.join(missing)} {verb} missing"
    fix = "write what counts as yes, what does not, and who will tell"
    yield context.fault(path, "unresolvable", text, fix, key=True, severity="warning")


def _dated(name: str, question: AnyQuestion, path: Path, context: Context) -> Iterator[Fault]:
    """Yield questions whose last day stands nowhere near them."""
    if _is_derived(question) or isinstance(question, Date) or question.only_if is not None:
        return
    told = question.by is not None or question.window is not None
    if told or _DAY.search(f"{question.text} {question.resolves or ''}"):
        return
    text = f"`{name}` names no last day: the horizon {context.file.horizon} is meant"
    fix = f"write `by: {context.file.horizon}`, or name the day in `text`"
    yield context.fault(path, "no-deadline", text, fix, key=True, severity="warning")


def _hedged(text: str, path: Path, context: Context) -> Iterator[Fault]:
    if match := _HEDGES.search(text):
        said = f"`{match[1]}` leaves open what has to happen: almost anything would fit"
        fix = "say what happens; how likely it is stands in the numbers"
    elif match := _VAGUE.search(text):
        said = f"`{match[1]}` is read differently by each reader"
        fix = "put a number, a list or a day in its place"
    else:
        return
    yield context.fault(path, "vague-words", said, fix, severity="warning")
