"""Scenario files made up from the grammar: sound in most parts, of every type and form."""

from __future__ import annotations

import random
from collections.abc import Sequence

FIRST, LAST = "2025-04-09", "2025-12-31"
DAYS = ("2025-04-20", "2025-05-09", "2025-06-30", "2025-09-15", "2025-12-30")
CHANCES = (
    *("likely", "unlikely", "about even", "unlikely to about even", "70% (55..85)", "0.2 (0.1..0.4)"),
    *("30..60%", "5%", "certain", "impossible", "{beta: [2, 5]}", "{beta: [0.4, 0.7]}", "own.claim"),
    *("{successes: 2, of: 7}", "{successes: 0, of: 3, discount: 0.5}", "{read_as: likely, widen: 2}"),
    *("{read_as: own.claim, note: n}", "1% (0.1..6)", "99% (97..99.9)", "highly likely", "50% (49..51)"),
)  # fmt: skip
POOLS = (
    *(
        "{pool: [likely, 30% (15..48)], method: linear}",
        "{pool: [own.claim, unlikely], method: log_odds}",
    ),
    *(
        "{pool: [40..60%, own.claim, 20%], method: hierarchical}",
        "{pool: [likely, even], method: cooke, weights: [1, 3]}",
    ),
)
AMOUNTS = (
    *("1200 (350..3500)", "40 (10..90)", "{family: normal, quantiles: {5%: 10, 50%: 40, 95%: 80}}"),
    *("{family: lognormal, quantiles: {10%: 20, 90%: 300}}", "{roulette: {0..9: 2, 10..29: 5, 30..80: 3}}"),
    *("{family: gamma, quantiles: {25%: 30, 75%: 90}}", "{amount: 300 (100..900), worth: 6}", "own.much"),
)  # fmt: skip
RATES = (
    "own.pace",
    "0.4 (0.2..0.7) a month",
    "3 a year",
    "{events: 2, in: 5 months, discount: 0.5}",
)
MULTIPLIERS = ("x2 (1.2..3.5)", "x0.5", "x3 (1..9)", "own.push", "x0.2 (0.05..0.8)", "x1", "x40 (10..160)", "strongly up", "down")  # fmt: skip
TEXTS = ("t", "It may happen soon", "A treaty is signed by 2025-12-31", '"quoted: text"')

type Known = dict[str, tuple[str, tuple[str, ...]]]
"""Question -> its type and states."""


class Author:
    """Writes one file; every choice comes from ``dice``, so that a run can be repeated."""

    def __init__(self, dice: random.Random) -> None:
        self.dice = dice
        self.known: Known = {}

    def any_of(self, options: Sequence[str]) -> str:
        return self.dice.choice(list(options))

    def atom(self) -> str:
        name = self.any_of(list(self.known))
        kind, states = self.known[name]
        days = sorted(self.dice.sample(DAYS, 2))
        match kind:
            case "binary":
                return self.any_of([name, f"not {name}", f"{name} is yes"])
            case "date":
                forms = [name, f"{name} by {days[0]}", f"{name} in {days[0]}..{days[1]}"]
                forms += [f"not {name}", f"{name} before {days[1]}"]
                other = self.any_of([n for n, (kind, _) in self.known.items() if kind == "date"])
                if other != name:
                    forms += [f"{name} before {other}", f"{name} within 30 days of {other}"]
                return self.any_of(forms)
            case "count" | "quantity":
                return self.any_of([f"{name} >= 2", f"{name} <= 1", f"{name} in 1..4", f"{name} > 7"])  # fmt: skip
            case _:
                state = self.any_of(states)
                forms = [f"{name} is {state}", f"{name} is not {state}"]
                return self.any_of([*forms, f"{name} >= {state}"] if kind == "ordered" else forms)

    def condition(self) -> str:
        plain = [name for name, (kind, _) in self.known.items() if kind in ("binary", "date")]
        if len(plain) > 2 and self.dice.random() < 0.1:
            return f"at least 2 of {', '.join(self.dice.sample(plain, 3))}"
        parts = [self.atom() for _ in range(self.dice.choice([1, 1, 1, 2, 2, 3]))]
        text = parts[0]
        for part in parts[1:]:
            text += self.any_of([" and ", " or ", " and not (", " or ("]) + part
            text += ")" * (text.count("(") - text.count(")"))
        return text

    def cases(self, leaf: Sequence[str]) -> str:
        rows = {self.condition(): self.any_of(leaf) for _ in range(self.dice.choice([1, 1, 2, 3]))}
        written = [f'"{condition}": {chance}' for condition, chance in rows.items()]
        return f"{{cases: {{{', '.join(written)}, otherwise: {self.any_of(leaf)}}}}}"

    def odds(self, chance: str) -> str:
        rows = {self.condition(): self.any_of(MULTIPLIERS) for _ in range(self.dice.choice([1, 2]))}
        written = ", ".join(f'"{condition}": {m}' for condition, m in rows.items())
        return f"{{base: {chance}, odds: {{{written}}}}}"

    def chance(self) -> str:
        plain = self.any_of(CHANCES)
        if not self.known or self.dice.random() < 0.3:
            return plain
        noisy = f'{{any_of: {{leak: 2% (0.5..5), "{self.condition()}": {plain}}}}}'
        average = self.odds(plain).replace("{base:", "{average:", 1)
        pool = self.any_of(POOLS)
        return self.any_of([plain, self.cases(CHANCES), self.odds(plain), noisy, average, pool])

    def times(self, base: str) -> str:
        rows = {self.condition(): self.any_of(MULTIPLIERS) for _ in range(self.dice.choice([1, 2]))}
        written = ", ".join(f'"{condition}": {m}' for condition, m in rows.items())
        return f"{{base: {base}, times: {{{written}}}}}"

    def magnitude(self, leaves: Sequence[str]) -> str:
        plain = self.any_of(leaves)
        if not self.known or self.dice.random() < 0.4:
            return plain
        return self.any_of([self.cases(leaves), self.times(plain)])

    def number(self, kind: str) -> list[str]:
        cuts = self.any_of(["cuts: [2]", "cuts: [1, 5, 9]"])
        zero = [f"zero: {self.chance()}"] if self.dice.random() < 0.2 else []
        if kind == "quantity" or self.dice.random() < 0.3:
            bounds = self.any_of([[], ["bounds: 0..5000"], ["bounds: 0..5000", "unit: people"]])
            return [f"amount: {self.magnitude(AMOUNTS)}", *bounds, *zero, cuts]
        fields = [f"rate: {self.magnitude(RATES)}", *zero, cuts]
        if self.dice.random() < 0.3:
            fields.append(self.any_of(["clumped: 3 (1.5..6)", "clumped: 2"]))
        if self.known and self.dice.random() < 0.3:
            fields.append(f'times: {{"{self.condition()}": {self.any_of(MULTIPLIERS)}}}')
        return fields

    def variants(self) -> list[str]:
        """Return variants of every kind, each of what there is."""
        name = self.any_of([n for n in self.known if n != "l0"])
        kind, states = self.known[name]
        to = {
            "binary": ["yes", "no"],
            "date": ["never", *DAYS],
            "count": ["0", "3"],
            "quantity": ["5"],
        }
        forms = [
            f'{{given: "{self.condition()}"}}',
            f"{{do: {{{name}: {self.any_of(to.get(kind, states))}}}}}",
            f"{{set: {{questions.{name}.text: x, horizon: 2025-12-30}}}}",
            "{set: {judgements.claim.read_as: " + self.any_of(CHANCES) + "}}",
            "{drop: [own.push]}",
            "{drop: [own.much], text: t}",
        ]
        chosen = self.dice.sample(forms, self.dice.choice([1, 2, 3]))
        return ["variants:", *(f"  v{i}: {form}" for i, form in enumerate(chosen))]

    def shares(self, states: Sequence[str]) -> str:
        cuts = sorted(self.dice.sample(range(1, 100), len(states) - 1))
        parts = [b - a for a, b in zip([0, *cuts], [*cuts, 100], strict=True)]
        written = ", ".join(f"{s}: {p}%" for s, p in zip(states, parts, strict=True))
        table = f"{{shares: {{{written}}}{self.any_of(['', ', worth: 6', ', worth: 0.5'])}}}"
        counts = ", ".join(f"{s}: {p}" for s, p in zip(states, parts, strict=True))
        leaves = [table, states[0], f"{{counts: {{{counts}}}, discount: 0.3}}"]
        return (
            self.cases(leaves) if self.known and self.dice.random() < 0.4 else self.any_of(leaves)
        )

    def question(self, name: str) -> str:
        kind = self.any_of(["binary", "binary", "date", "date", "count", "quantity", "categorical"])
        states = tuple(f"s{i}" for i in range(self.dice.choice([2, 3, 4])))
        fields = [f"text: {self.any_of(TEXTS)}", f"type: {kind}"]
        if self.known and self.dice.random() < 0.15:
            fields.append(f'only_if: "{self.condition()}"')
        match kind:
            case "binary" if self.known and self.dice.random() < 0.25:
                fields.append(f'means: "{self.condition()}"')
            case "binary":
                fields.append(f"prior: {self.chance()}")
            case "date":
                fields += self.date()
            case "count" | "quantity":
                fields += self.number(kind)
            case _:
                fields += [f"states: [{', '.join(states)}]", f"prior: {self.shares(states)}"]
                if self.dice.random() < 0.4:
                    fields.append("ordered: true")
                    kind = "ordered"
        window = self.any_of(["by: 2025-11-30", f"window: 2025-03-01..{LAST}", "resolves: It is said"])  # fmt: skip
        self.known[name] = (kind, states)
        return f"  {name}: {{{', '.join([*fields, window])}}}"

    def date(self) -> list[str]:
        dated = [name for name, (kind, _) in self.known.items() if kind == "date"]
        if len(dated) > 1 and self.dice.random() < 0.2:
            word = self.any_of(["earliest", "latest"])
            return [f'means: "{word}({", ".join(self.dice.sample(dated, 2))})"']
        if self.dice.random() < 0.2:
            acts = (
                f'times: {{"{self.condition()}": {self.any_of(MULTIPLIERS)}}}' if self.known else ""
            )
            return [f"rate: {self.any_of(RATES)}", *([acts] if acts else [])]
        items = self.any_of(["[evenly]", "[constant]", "[{between: 2025-05-01..2025-05-31, share: 40% (20..60)}, evenly]"])  # fmt: skip
        return [f"occurs: {self.chance()}", f"timing: {items}", "report_by: [2025-06-30]"]

    def report(self, number: int) -> str:
        day = self.any_of(["2025-03-01", "2025-04-01..2025-04-05", "2025-02"])
        grade = self.any_of(["", "grade: B2, ", "grade: F6, ", "grade: A1, group: g, "])
        tells = self.any_of(
            [
                f'observed: "{self.condition()}"',
                f'odds: {{"{self.condition()}": {self.any_of(MULTIPLIERS)}}}',
                f'likelihood: {{"{self.condition()}": 70%, otherwise: 20% (10..30)}}',
            ]
        )
        return f"  - {{id: e{number}, date: {day}, text: t, source: s, {grade}{tells}}}"

    def statement(self) -> str:
        given = f', given: "{self.condition()}"' if self.dice.random() < 0.3 else ""
        rest = self.any_of(["", ", side: at most", ", side: at least", ", informed_by: none", ", widen: 2"])  # fmt: skip
        return f'  - {{of: "{self.condition()}", says: {self.any_of(CHANCES)}{given}{rest}}}'

    def file(self) -> str:
        lines = ["forecast: 1", "title: T", "as_of: 2025-04-08", f"horizon: {LAST}"]
        lines += ["lexicon: plain", "judgements:", "  claim: {read_as: likely}"]
        lines += [
            "  push: {read_as: x2.5 (1.3..5)}",
            "  pace: {read_as: {events: 3, in: 10 weeks}}",
            "  much: {about: dead by 9 May, read_as: {amount: 300 (100..900)}}",
        ]
        if self.dice.random() < 0.5:
            lines += ["latents:", "  l0: {text: l, prior: 50% (22..78)}"]
            self.known["l0"] = ("binary", ())
        lines.append("questions:")
        lines += [self.question(f"q{i}") for i in range(self.dice.choice([1, 2, 3, 5, 8]))]
        if said := [self.statement() for _ in range(self.dice.choice([0, 0, 1, 3]))]:
            lines += ["statements:", *said]
        if reports := [self.report(i) for i in range(self.dice.choice([0, 0, 1, 3]))]:
            lines += ["evidence:", *reports]
        lines.append("scenarios:")
        lines += [f'  s{i}: "{self.condition()}"' for i in range(self.dice.choice([1, 2, 4]))]
        lines.append("  rest: otherwise")
        text = "\n".join(lines) + "\n"
        if self.dice.random() < 0.3:
            lines += self.variants()
        idle = [name for name in ("claim", "push", "pace", "much") if f"own.{name}" not in text]
        text = "\n".join(lines) + "\n"
        return text + (f"unused: {{{', '.join(f'own.{n}: r' for n in idle)}}}\n" if idle else "")


def scenario(dice: random.Random) -> str:
    """Return a scenario file made up from the grammar."""
    return Author(dice).file()
