"""Small scenario files, one for each construct, in all that may be seen of them."""

from __future__ import annotations

from dataclasses import dataclass

from validation.draft import AS_OF, HORIZON, SAID
from validation.model import SCENARIO, Model

POOL = "{pool: [likely, 20% (5..45), 40..60%], method: "
ROWS = "{cases: {a: 80% (60..95), otherwise: 20% (5..45)}}"
COUNT = "{type: count, window: 2025-01-01..2025-12-31, cuts: [3], rate: {events: 4, in: 1 year}}"
CAUSE = "a: {type: binary, prior: {beta: [3, 4]}}"
SHARES = "{shares: {low: 50%, middle: 30%, high: 20%}, worth: 6}"


@dataclass(frozen=True)
class Construct:
    """A construct of the language, in a model small enough to be inferred hundreds of times.

    Attributes
    ----------
    name
        What it is called.
    questions
        The questions of the file.
    seen
        The evidence of each file; together they are all that may be seen.
    statements
        Lines of statements; what they say is drawn anew each time.
    headline
        The scenario.
    claims
        Judgements of an expert who spoke months ago.
    """

    name: str
    questions: tuple[str, ...]
    seen: tuple[str, ...]
    headline: str
    statements: tuple[str, ...] = ()
    claims: tuple[str, ...] = ()
    experts: str = "own: {shift: 0, scatter: 0.4}"
    judgements: str = ""

    def models(self) -> list[Model]:
        """Return a model for each thing that may be seen."""
        return [Model(self.name, i, self._files(seen)) for i, seen in enumerate(self.seen)]

    def _files(self, seen: str) -> dict[str, str]:
        text = ["forecast: 1", "title: T", f"as_of: {AS_OF}", f"horizon: {HORIZON}"]
        text += ["lexicon: icd203", *(["use: {doo: doo.yaml}"] if self.claims else [])]
        text += [f"experts: {{{self.experts}}}"]
        text += [f"judgements: {{{self.judgements}}}"] if self.judgements else []
        text += ["questions:", *(f"  {question}" for question in self.questions)]
        text += ["statements:", *(f"- {{{line}}}" for line in self.statements)] * bool(
            self.statements
        )
        if seen:
            text += ["evidence:", f"- {{id: e, date: 2025-06-01, text: t, source: s, {seen}}}"]
        text += ["scenarios:", f'  s: "{self.headline}"', "  rest: otherwise", ""]
        files = {SCENARIO: "\n".join(text)}
        if self.claims:
            head = f"priors: 1\nsource: {{who: D, said: {SAID}}}\nlexicon: icd203\njudgements:"
            files["doo.yaml"] = "\n".join([head, *(f"  {line}" for line in self.claims), ""])
        return files


def _noisy(name: str, *questions: str, headline: str = "x", judgements: str = "") -> Construct:
    """Return a construct of which a report says yes or no."""
    seen = ("grade: B2, observed: x", "grade: B2, observed: not x")
    return Construct(name, questions, seen, headline, judgements=judgements)


CONSTRUCTS = (
    _noisy("rows", CAUSE, f"x: {{type: binary, prior: {ROWS}}}"),
    _noisy(
        "odds",
        CAUSE,
        "x: {type: binary, prior: {base: 30% (10..55), odds: {a: x4 (1.5..11)}}}",
        headline="x and a",
    ),
    _noisy(
        "noisy-or",
        CAUSE,
        "x: {type: binary, prior: {any_of: {leak: 10% (3..22), a: 40..80%}}}",
        headline="a",
    ),
    _noisy("linear pool", f"x: {{type: binary, prior: {POOL}linear}}}}"),
    _noisy("log-odds pool", f"x: {{type: binary, prior: {POOL}log_odds}}}}"),
    Construct(
        "report by its odds",
        (CAUSE,),
        ("grade: B2, odds: {a: own.m}", "grade: B2, odds: {not a: own.m}"),
        "a",
        judgements="m: {read_as: x4 (1.5..11)}",
    ),
    Construct(
        "shares",
        (f"c: {{type: categorical, states: [low, middle, high], prior: {SHARES}}}",),
        tuple(f"grade: C3, observed: c is {state}" for state in ("low", "middle", "high")),
        "c is high",
    ),
    Construct(
        "question that may not arise",
        (CAUSE, "x: {type: binary, only_if: a, prior: {beta: [2, 3]}}"),
        ("observed: a and x", "observed: a and not x", "observed: not a"),
        "x",
    ),
    Construct(
        "date and silence",
        (
            "a: {type: binary, prior: doo.cause}",
            "d: {type: date, window: 2025-03-02..2025-12-31, timing: [constant], "
            "occurs: {cases: {a: doo.high, otherwise: doo.low}}}",
        ),
        ("", "observed: d in 2025-03-02..2025-04-30", "observed: d in 2025-05-01..2025-06-30"),
        "d",
        claims=(
            "cause: {about: a, read_as: {beta: [3, 4]}}",
            "high: {about: a, read_as: 80% (60..95)}",
            "low: {about: a, read_as: 30% (10..55)}",
        ),
    ),
    Construct(
        "count so far",
        (f"n: {COUNT}",),
        tuple(f"so_far: {{n: {count}}}" for count in range(30)),
        "n > 3",
    ),
    Construct(
        "statement, and what its speaker knew",
        (CAUSE, f"x: {{type: binary, prior: {ROWS}}}"),
        ("grade: B2, observed: a", "grade: B2, observed: not a"),
        "x",
        ("of: x, says: 60%", "of: a and x, says: 30%, informed_by: none"),
    ),
    Construct(
        "bound",
        (CAUSE, f"x: {{type: binary, prior: {ROWS}}}"),
        ("",),
        "x",
        ("of: x, says: 55%, side: at most", "of: a, says: 40%, side: at least"),
    ),
    Construct(
        "expert who leans",
        (
            "a: {type: binary, prior: doo.a}",
            "x: {type: binary, prior: {base: doo.x, odds: {a: doo.m}}}",
        ),
        ("",),
        "x",
        ("of: x, says: doo.s", "of: not a, says: doo.t"),
        claims=(
            "a: {about: a, read_as: 60% (35..83)}",
            "x: {about: a, read_as: 30% (10..55)}",
            "m: {about: a, read_as: x3 (1.2..7.5)}",
            "s: {about: a, read_as: 70%}",
            "t: {about: a, read_as: 30%}",
        ),
        experts="doo: {shift: 0.7, scatter: 0.4}",
    ),
)
