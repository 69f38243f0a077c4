"""Bad input: what a scenario file may not say, and what its author is told instead."""

from __future__ import annotations

import pytest
from writing import BASE, Project

type Row = tuple[str, str, str, str, str]
"""Old text, new text, code, part of what is said, part of the way to mend it."""


def question(body: str) -> tuple[str, str]:
    return "statements:\n", f"  q: {body}\nstatements:\n"


def binary(prior: str) -> tuple[str, str]:
    return question(f"{{type: binary, prior: {prior}}}")


def date(rest: str) -> tuple[str, str]:
    return question(f"{{type: date, {rest}}}")


def kinds(rest: str) -> tuple[str, str]:
    return question(f"{{type: categorical, states: [a, b], {rest}}}")


def latent(body: str) -> tuple[str, str]:
    return "questions:\n", f"  q: {body}\nquestions:\n"


def scenario(condition: str) -> tuple[str, str]:
    return "  a: meeting\n", f"  a: {condition}\n"


def statement(body: str) -> tuple[str, str]:
    return "evidence:\n", f"  - {body}\nevidence:\n"


def report(tells: str, date: str = "date: 2025-03-01") -> tuple[str, str]:
    return "scenarios:\n", f"  - {{id: q, {date}, text: t, source: s, {tells}}}\nscenarios:\n"


def variant(body: str) -> tuple[str, str]:
    return "watch:", f"  q: {body}\nwatch:"


def top(line: str) -> tuple[str, str]:
    return "use:", f"{line}\nuse:"


FRAME: list[Row] = [
    (*top("autor: A"), "unknown-field", "unknown field `autor`", "did you mean `author`?"),
    (*top("occurs: 40%"), "unknown-field", "`occurs` does not belong here", "take it out"),
    (*top("numbers: rough"), "value", "`rough` cannot stand here", "write `exact`"),
    (*top("author: [A]"), "type", "a text stands here, not a list", ""),
    (*top("about: {A: b}"), "type", "a text stands here, not a mapping", ""),
    (*top("observed_through: 2025-04-01"), "date", "is before as_of 2025-04-08", ""),
    (*top("defaults: {grades: {G: 0.9}}"), "value", "`G` is no part of a grade", "a letter A to F"),
    (*top("defaults: {grades: {A: 90}}"), "probability-range", "did you mean 90%", ""),
    (*top("defaults: {shift: -1}"), "value", "`-1` lies outside 0 to 10", ""),
    (*top("defaults: {scater: 1}"), "unknown-field", "unknown field `scater`", "did you mean `scatter`?"),
    (*top("defaults: {type: number}"), "value", "`number` cannot stand here", "write `binary`, `categorical`"),
    ("title: T", "titel: T", "unknown-field", "unknown field `titel`", "did you mean `title`?"),
    ("title: T", "title: [T]", "type", "a text stands here, not a list", ""),
    ("forecast: 1", "forecast: 2", "version", "version `2` is not known", "write 1"),
    ("as_of: 2025-04-08", "as_of: 2025-4-8", "date", "write 2025-04-08", ""),
    ("as_of: 2025-04-08", "as_of: 9999-12-31", "date", "the year 9999 lies outside 1000 to 8999", ""),
    ("as_of: 2025-04-08", "as_of: yesterday", "date", "`yesterday` is no day", "2025-04-08"),
    ("horizon: 2025-12-31", "horizon: 2025-02-30", "date", "there is no 30 February", ""),
    ("horizon: 2025-12-31", "horizon: 2025-13-01", "date", "there is no month 13", ""),
    ("horizon: 2025-12-31", "horizon: 2025-04-08", "date", "is not after as_of 2025-04-08", ""),
    ("lexicon: icd203", "lexicon: icd204", "unknown-lexicon", "no lexicon `icd204`", "did you mean `icd203`?"),
    ("lexicon: icd203", "lexicon: words.yaml", "no-file", "`words.yaml`: there is no such file", ""),
    ("lexicon: icd203", "lexicon: ../../words.yaml", "path", "outside the project folder", "copy the file"),
    ("scenarios:\n  a: meeting\n  b: otherwise\n", "scenarios: {}\n", "missing", "at least one scenario", "otherwise"),
    ("scenarios:\n  a: meeting\n  b: otherwise\n", "scenarios: [a]\n", "type", "a mapping stands here, not a list", ""),
    ("watch: [troops]", "watch: troops", "type", "a list stands here, not a text", ""),
    ("watch: [troops]", "watch: [[troops]]", "type", "a text stands here, not a list", ""),
    ("watch: [troops]", "watch: [will]", "value", "never observed: it cannot be watched", ""),
    ("watch: [troops]", "watch: [troop]", "unknown-question", "no question `troop`", "did you mean `troops`?"),
    ("watch: [troops]", "evidence: []", "duplicate-key", "`evidence` is already defined on line 18", ""),
]  # fmt: skip

CHANCES: list[Row] = [
    (*binary("120%"), "probability-range", "a probability lies between 0 and 1", ""),
    (*binary("-5%"), "probability-range", "a probability lies between 0 and 1", ""),
    (*binary("75"), "probability-range", "did you mean 75% (low..high)?", "write 75% (low..high)"),
    (*binary("75 (55..90)"), "probability-range", "did you mean 75% (55..90)?", ""),
    (*binary("0.7 (55..85)"), "probability-range", "did you mean 70% (55..85)?", ""),
    (*binary("30..60"), "probability-range", "did you mean 30..60%?", ""),
    (*binary("(55..85)"), "value", "`(55..85)` is no chance", "70% (55..85)"),
    (*binary("70% (75..90)"), "range-order", "the number must lie inside its range", "p is the mean"),
    (*binary("70% (0.55..0.85)"), "range-order", "inside its range", "write 70% (55..85)"),
    (*binary("60..30%"), "range-order", "runs upward and stays inside", "p (low..high)"),
    (*binary("0..50%"), "range-order", "stays inside 0% and 100%", "p (low..high)"),
    (*binary("50% (0..100)"), "range-too-wide", "says nothing", "narrow the range"),
    (*binary("2% (0..60)"), "range-too-wide", "no Beta with mean 2 %", "narrow the range"),
    (*binary("x2 (1..3)"), "value", "multiplies odds; a chance stands here", "40% (25..60)"),
    (*binary("0.4 (0.2..0.7) a month"), "value", "is a rate; a chance stands here", "40% (25..60)"),
    (*binary("likley"), "unknown-phrase", "`likley` is not in the lexicon ICD 203", "did you mean `likely`?"),
    (*binary("Likely"), "unknown-phrase", "`Likely` is not in the lexicon", "did you mean `likely`?"),
    (*binary("unlikely to evn"), "unknown-phrase", "`evn`", "did you mean `even`?"),
    (*binary("possible"), "trap-word", "`possible` is read anywhere from 20 to 80 %: give a number", "40%"),
    (*binary("even to might"), "trap-word", "`might` is read anywhere", ""),
    (*binary("doo.trp"), "unknown-judgement", "doo.yaml has no judgement `trp`", "did you mean `trip`?"),
    (*binary("own.mien"), "unknown-judgement", "`judgements:` has no judgement `mien`", "did you mean `mine`?"),
    (*binary("dou.trip"), "unknown-source", "`dou` is no source under `use:`", "did you mean `doo`?"),
    (*binary("nkn.trip"), "unknown-source", "`nkn` is no source", "add it under `use:`"),
    (*binary("doo.visits"), "type", "`doo.visits` is a rate; a chance stands here", ""),
    (*binary("doo.chip"), "type", "`doo.chip` is an odds multiplier; a chance stands here", ""),
    (*binary("[likely]"), "value", "a list that is no judgement", "write a phrase"),
    (*binary("{mean: 70%}"), "value", "a mapping that is no judgement", "write a phrase"),
    (*binary("{pool: [likely, even]}"), "missing", "`method` is missing", ""),
    (*binary("{pool: [likely, even], method: best}"), "value", "`best` cannot stand here", "write `linear`, `log_odds`"),
    (*binary("{pool: [likely], method: linear}"), "value", "a pool joins two judgements at least", ""),
    (*binary("{pool: [likely, even], method: cooke}"), "value", "Cooke's weights come from seed questions", "weights: [0.7, 0.3]"),
    (*binary("{pool: [likely, even], method: hierarchical, weights: [1, 2]}"), "value", "`weights` do not apply", ""),
    (*binary("{pool: [likely, even], method: linear, weights: [1]}"), "value", "2 judgements, but 1 weights", ""),
    (*binary("{pool: [likely, even], method: linear, weights: [0, 0]}"), "value", "some weight must be above zero", ""),
    (*binary("{pool: [likely, {pool: [even, likely], method: linear}], method: linear}"), "value", "a pool cannot hold another pool", "list all"),
    (*binary("{pool: [likely, doo.trp], method: linear}"), "unknown-judgement", "has no judgement `trp`", "did you mean `trip`?"),
    (*binary("{pool: [likely, likly], method: linear}"), "unknown-phrase", "`likly` is not in the lexicon", ""),
    (*binary("{pool: [likely, certain], method: hierarchical}"), "value", "what is certain outweighs all others", ""),
    (*binary("{read_as: {pool: [likely, even], method: linear}, widen: 2}"), "value", "`widen` does not apply to a pool", ""),
    (*statement("{of: meeting, says: {pool: [likely, even], method: linear}}"), "type", "a statement cannot be a linear pool", "his own statement"),
    (*date("occurs: even, timing: [{between: 2025-05, share: {pool: [30%, 40%], method: linear}}, {between: 2025-06, share: 20% (10..35)}, evenly]"), "value", "a pool cannot be one of several shares", "30% (15..45)"),
    (*binary("{average: even, base: even, odds: {meeting: x2}}"), "value", "`base` and `average` both say", ""),
    (*binary("{average: {cases: {meeting: even}}, odds: {meeting: x2}}"), "value", "no judgement", ""),
    (*binary("{any_of: {}}"), "value", "at least one entry is needed here", ""),
    (*binary("{any_of: {leak: 1%, meting: even}}"), "unknown-question", "no question `meting`", "did you mean `meeting`?"),
    (*binary("{any_of: {leak: 1%, meeting: x2}}"), "value", "`x2` multiplies odds; a chance stands here", ""),
    (*binary("{any_of: {leak: 1%, meeting: {any_of: {will: 2%}}}}"), "type", "`any_of` is no single judgement", ""),
    (*binary("{any_of: {leak: 1%, otherwise: even}}"), "value", "`otherwise` has no meaning here", ""),
    (*binary("{any_of: {leak: 1%}}"), "value", "a leak alone is no noisy-or", "write the chance itself"),
    (*binary("between 1 and 7%"), "value", "is no chance", "write 1..7%"),
    (*binary("from 1% to 7%"), "value", "is no chance", "write 1..7%"),
    (*binary("quite likely"), "unknown-phrase", "`quite likely` is not in the lexicon", "did you mean `likely`? it knows: "),
    (*binary("expert thinks unlikely"), "unknown-phrase", "is not in the lexicon", "did you mean `unlikely`? it knows: "),
    (*binary("unlikley"), "unknown-phrase", "is not in the lexicon", "did you mean `unlikely`?"),
    (*binary("a doubtful matter"), "unknown-phrase", "is not in the lexicon", "it knows: "),
    (*binary("{beta: [1]}"), "type", "an entry is missing here", ""),
    (*binary("{beta: [1, 2, 3]}"), "type", "2 entries are wanted here", ""),
    (*binary("{beta: [0, 1]}"), "value", "`0` lies outside 0.001 to 1,000,000", ""),
    (*binary("{beta: [a, 1]}"), "type", "`a` is no number", ""),
    (*binary("{beta: 3}"), "type", "a list stands here, not a text", ""),
    (*binary("{successes: 5, of: 3}"), "value", "5 successes of 3 cases are too many", ""),
    (*binary("{successes: -1, of: 3}"), "value", "`-1` lies outside 0 to", ""),
    (*binary("{successes: 1}"), "missing", "`of` is missing", ""),
    (*binary("{successes: 1, of: 3, discount: 0}"), "value", "`0` lies outside 0.01 to 1", "a case counts as one"),
    (*binary("{successes: 1, of: 3, discount: 70%}"), "type", "`70%` is no number", ""),
    (*binary("{successes: 1, off: 3}"), "unknown-field", "`off`", "did you mean `of`?"),
    (*binary("{read_as: likely, widen: 0}"), "value", "`0` lies outside 0.1 to 10", ""),
    (*binary("{read_as: likely, widen: 1e300}"), "value", "lies outside 0.1 to 10", ""),
    (*binary("{read_as: 70%, widen: 2}"), "value", "`widen` does not apply to a fixed number", ""),
    (*binary("{read_as: likly}"), "unknown-phrase", "`likly`", "did you mean `likely`?"),
    (*binary("{read_as: likely, sauce: x}"), "unknown-field", "`sauce`", "did you mean `source`?"),
    ("mine: {read_as: likely}", "mine: {read_as: {read_as: likely, widen: 2}}", "value", "a stored judgement has one `read_as`", "write `widen:` and `note:` beside it"),
    ("mine: {read_as: likely}", "mine: {read_as: {read_as: likely}, note: n}", "value", "a stored judgement has one `read_as`", "beside it"),
    ("mine: {read_as: likely}", "mine: {read_as: doo.trip}", "type", "a value, not a reference", ""),
    ("mine: {read_as: likely}", "mine: {read_as: likly}", "unknown-phrase", "`likly`", "`likely`"),
    ("mine: {read_as: likely}", "mine: {read_as: likely, by: him}", "value", "`him` cannot stand here", "`quoted`"),
]  # fmt: skip

TABLES: list[Row] = [
    (*binary("{cases: {}}"), "value", "at least one entry is needed here", ""),
    (*binary("{cases: [meeting]}"), "type", "a mapping stands here, not a list", ""),
    (*binary("{cases: {meeting: likely}}"), "uncovered", "no row for `meeting is no`; add it or `otherwise:`", ""),
    (*binary("{cases: {place is moscow|east: likely}}"), "uncovered", "no row for `place is none`", ""),
    (*binary("{cases: {troops by 2025-06-30: likely, not troops: even}}"), "uncovered", "no row for `troops in 2025-07-01..2025-12-31`", ""),
    (*binary("{cases: {visits <= 3: likely}}"), "uncovered", "no row for `visits >= 4`", ""),
    (*binary("{cases: {visits > 3: likely}}"), "uncovered", "no row for `visits in 0..3`", ""),
    (*binary("{cases: {meeting and will: likely, not meeting and not will: even}}"), "uncovered", "no row for `meeting is yes and will is no`", ""),
    (*binary("{cases: {meeting: likely, meeting and meeting: even, otherwise: even}}"), "dead-row", "row 2 can never be reached: row 1 covers it", "take it out"),
    (*binary("{cases: {meeting: likely, not meeting: even, otherwise: even}}"), "dead-row", "row 3 can never be reached: the rows above cover it", ""),
    (*binary("{cases: {troops in 2030-01-01..2030-02-01: likely, otherwise: even}}"), "dead-row", "`troops in 2030-01-01..2030-02-01` never holds", ""),
    (*binary("{cases: {otherwise: even, meeting: likely}}"), "dead-row", "`otherwise` takes all that is left: it stands last", ""),
    (*binary("{cases: {meeting: {cases: {meeting: likely, not meeting: even}}, otherwise: even}}"), "dead-row", "row 2 can never be reached", ""),
    (*binary("{cases: {meeting: {cases: {will: likely}}, otherwise: even}}"), "uncovered", "no row for `meeting is yes and will is no`", ""),
    (*question("{type: binary, only_if: meeting, prior: {cases: {will: likely, not meeting: even, otherwise: 1%}}}"), "dead-row", "worlds in which the question is void", ""),
    (*question("{type: binary, only_if: troops in 2030-01-01..2030-02-01, prior: even}"), "dead-row", "can never hold: the question is always void", ""),
    (*question("{type: binary, only_if: otherwise, prior: even}"), "value", "`otherwise` has no meaning here", ""),
    (*binary("{base: even}"), "missing", "`odds` is missing", ""),
    (*binary("{odds: {meeting: x2}}"), "missing", "`base` is missing", ""),
    (*binary("{base: even, odds: {}}"), "value", "at least one entry is needed here", ""),
    (*binary("{base: even, odds: {meeting: 2}}"), "value", "`2` is no odds multiplier", "write x2"),
    (*binary("{base: even, odds: {meeting: 40%}}"), "value", "`40%` is no odds multiplier", "x2 (1.2..3.5)"),
    (*binary("{base: even, odds: {meeting: x0}}"), "range-order", "a multiplier is above zero", ""),
    (*binary("{base: even, odds: {meeting: x9999999}}"), "range-order", "to a million", ""),
    (*binary("{base: even, odds: {meeting: x3 (4..5)}}"), "range-order", "must lie inside its range", "2 is the median"),
    (*binary("{base: even, odds: {meeting: slightly up}}"), "value", "`slightly up` is no odds multiplier", "write weakly up, up, strongly up"),
    (*binary("{base: even, odds: {meeting: doo.trip}}"), "type", "`doo.trip` is a chance; an odds multiplier such as x2", "`given:` the condition"),
    (*binary("{base: even, odds: {otherwise: x2}}"), "value", "`otherwise` has no meaning here", ""),
    (*kinds("prior: {shares: {a: 30%, b: 60%}}"), "shares-sum", "shares sum to 90 %; rescale to 33.3 %, 66.7 %", ""),
    (*kinds("prior: {shares: {a: 0%, b: 0%}}"), "shares-sum", "shares sum to 0 %", ""),
    (*kinds("prior: {shares: {a: 30%, c: 70%}}"), "unknown-state", "there is no state `c`", ""),
    (*kinds("prior: {shares: {a: 30% (20..40), b: 70%}}"), "value", "a share is one number", "`worth:`"),
    (*kinds("prior: {shares: {a: likely, b: 70%}}"), "value", "a share is one number", ""),
    (*kinds("prior: {shares: {a: 30%, b: 70%}, worth: 0}"), "value", "`0` lies outside", ""),
    (*kinds("prior: {shares: {}}"), "value", "at least one entry", ""),
    (*kinds("prior: c"), "unknown-state", "there is no state `c`", ""),
    (*kinds("prior: {worth: 8}"), "value", "a mapping that is no set of shares", "write {shares:"),
    (*kinds("prior: {counts: {a: 3}}"), "missing", "`b` has no count", "write b: 0"),
    (*kinds("prior: {counts: {a: 3, b: 4, c: 1}}"), "unknown-state", "there is no state `c`", ""),
    (*kinds("prior: {counts: {a: -3, b: 4}}"), "value", "`-3` lies outside 0 to", ""),
    (*kinds("prior: {counts: {a: 3, b: 4}, worth: 2}"), "unknown-field", "`worth` does not belong here", ""),
    (*kinds("prior: {cases: {meeting: a}}"), "uncovered", "no row for `meeting is no`", ""),
    (*kinds("ordered: yes, prior: a"), "value", "`yes` cannot stand here", "write true or false"),
    (*binary("even, ordered: true"), "unknown-field", "`ordered` does not belong here", ""),
    (*question("{type: categorical, states: [a, a], prior: a}"), "duplicate-key", "`a` is named twice", ""),
    (*question("{type: categorical, states: [a, void], prior: a}"), "value", "`void` is kept for questions", ""),
    (*question("{type: categorical, states: [a], prior: a}"), "value", "two states at least", ""),
    (*question("{type: categorical, states: a, prior: a}"), "type", "a list stands here, not a text", ""),
]  # fmt: skip


def count(rest: str) -> tuple[str, str]:
    return question(f"{{type: count, {rest}}}")


def quantity(rest: str) -> tuple[str, str]:
    return question(f"{{type: quantity, {rest}}}")


NUMBERS: list[Row] = [
    (*count("unit: visits"), "missing", "one of `rate`, `amount` is missing", ""),
    (*count("rate: doo.visits, amount: 3 (1..9)"), "value", "`rate` and `amount` both say how many", ""),
    (*count("rate: doo.trip"), "type", "`doo.trip` is a chance; a rate such as", ""),
    (*count("rate: 0.4 (0.5..0.7) a month"), "range-order", "inside its range", "0.4 is the mean"),
    (*count("rate: 0 a month"), "range-order", "a rate is above zero", ""),
    (*count("rate: 1 (0.001..20) a month"), "range-too-wide", "no Gamma is so wide", "narrow the range"),
    (*count("rate: [2]"), "value", "a list that is no rate", "a month"),
    (*count("rate: {base: doo.visits}"), "missing", "`times` is missing", ""),
    (*count("rate: {cases: {meeting: doo.visits}}"), "uncovered", "no row for `meeting is no`", ""),
    (*count("rate: {cases: {otherwise: doo.visits, meeting: doo.visits}}"), "dead-row", "`otherwise` takes all that is left", ""),
    (*count("rate: doo.visits, times: {meeting: 2}"), "value", "`2` is no odds multiplier", "write x2"),
    (*count("rate: doo.visits, times: {meting: x2}"), "unknown-question", "no question `meting`", "did you mean `meeting`?"),
    (*count("amount: 3 (1..9), times: {meeting: x2}"), "value", "`times` belongs to `rate`", "{base: ..., times: ...}"),
    (*count("amount: 3 (1..9), clumped: 2"), "value", "`clumped` belongs to `rate`", ""),
    (*count("amount: 3 (1..9), report_by: [2025-06-30]"), "value", "`report_by` belongs to `rate`", ""),
    (*count("rate: doo.visits, report_by: [2026-06-30]"), "date", "2026-06-30 lies outside the window", ""),
    (*count("rate: doo.visits, clumped: 0.8"), "range-order", "larger than their mean", "numbers above 1"),
    (*count("rate: doo.visits, clumped: very"), "value", "`very` does not say how clumped", "3 (1.5..6)"),
    (*count("rate: doo.visits, clumped: 3 (4..6)"), "range-order", "inside its range", "3 is the median"),
    (*count("rate: doo.visits, bounds: 0..9"), "value", "`bounds` belong to `amount`", ""),
    (*count("amount: 3 (1..9), bounds: 0..9.5"), "value", "`9.5` is no count", ""),
    (*count("amount: 2 (0..5), bounds: 1..9"), "value", "`0` lies outside the bounds 1..9", ""),
    (*count("amount: 3 (1..9), bounds: 1..20, zero: 10%"), "value", "`zero` is the chance of 0, and the bounds begin at 1", ""),
    (*count("amount: {roulette: {0..5: 1, 5..9: 2}}"), "value", "the bins 0..5 and 5..9 overlap", "both ends"),
    (*count("rate: doo.visits, zero: 120%"), "probability-range", "between 0 and 1", ""),
    (*quantity("unit: km"), "missing", "`amount` is missing", ""),
    (*quantity("amount: 3"), "value", "an amount needs its range", "3 (low..high)"),
    (*quantity("amount: many"), "value", "`many` is no amount", "1200 (350..3500)"),
    (*quantity("amount: 3 (5..9)"), "range-order", "inside its range", "the range holds it"),
    (*quantity("amount: [3]"), "value", "a list that is no amount", "{roulette:"),
    (*quantity("amount: doo.trip"), "type", "`doo.trip` is a chance; an amount such as 1200 (350..3500)", ""),
    (*quantity("amount: doo.trips"), "unknown-judgement", "has no judgement `trips`", "did you mean `trip`?"),
    (*quantity("amount: 3 (1..9), bounds: 9..1"), "range-order", "runs backwards", "smaller end first"),
    (*quantity("amount: 3 (1..9), bounds: wide"), "value", "`wide` is no range", "0..169"),
    (*quantity("amount: 3 (1..9), bounds: 2..20"), "value", "`1` lies outside the bounds 2..20", ""),
    (*quantity("amount: 3 (1..9), cuts: [30], bounds: 0..20"), "value", "`30` lies outside the bounds", ""),
    (*quantity("amount: {family: normel, quantiles: {5%: 1, 95%: 3}}"), "value", "`normel` cannot stand here", "`lognormal`"),
    (*quantity("amount: {quantiles: {5%: 1}}"), "value", "two entries at least", ""),
    (*quantity("amount: {quantiles: {5: 1, 95%: 3}}"), "value", "`5` is no level of a quantile", "write 5%"),
    (*quantity("amount: {quantiles: {5%: 4, 95%: 3}}"), "range-order", "the quantiles do not rise: 5%: 4, 95%: 3", "a larger number"),
    (*quantity("amount: {family: beta, quantiles: {5%: 1, 95%: 3}}"), "value", "a beta needs bounds on both sides", "bounds: a..b"),
    (*quantity("amount: {family: gamma, quantiles: {5%: -1, 95%: 3}}"), "value", "a gamma is above zero, `-1` is not", "normal"),
    (*quantity("amount: {family: lognormal, amount: 3 (1..9)}, bounds: -5..20"), "value", "the bounds begin at -5", "family: normal"),
    (*quantity("amount: {roulette: {0..5: 1, 4..9: 2}}"), "value", "the bins 0..5 and 4..9 overlap", ""),
    (*quantity("amount: {roulette: {0..5: 0, 5..9: 0}}"), "value", "no chip is laid", ""),
    (*quantity("amount: {roulette: {0..5: 1, 5..: 2}}"), "value", "`5..` has no upper end", ""),
    (*quantity("amount: {base: {amount: 3 (1..9), worth: 8}, times: {meeting: x2}}"), "value", "`worth` has no meaning below `times`", "`cases`"),
    (*quantity("amount: {base: {family: gamma, amount: 3 (1..9)}, times: {meeting: x2 (1..4)}}"), "not-yet-supported", "an uncertain multiplier of this family", "lognormal"),
    (*quantity("amount: {cases: {meeting: 3 (1..9), not meeting: 4 (1..9), otherwise: 4 (2..9)}}"), "dead-row", "row 3 can never be reached", ""),
    (*quantity("amount: 3 (1..9), rate: doo.visits"), "unknown-field", "`rate` does not belong here", ""),
    ("unused: {", "unused: {own.big: t, ", "unknown-judgement", "there is no judgement `own.big`", ""),
]  # fmt: skip

QUESTIONS: list[Row] = [
    (*question("likely"), "type", "a question is a mapping, not a text", "as in {text: ..., type: binary"),
    (*question("{prior: even}"), "missing", "`type` is missing", "one of binary"),
    (*question("{type: binray, prior: even}"), "value", "`binray` is no type of question", "did you mean `binary`?"),
    (*question("{type: [binary], prior: even}"), "type", "a text stands here, not a list", ""),
    (*question("{type: binary, pior: even}"), "unknown-field", "unknown field `pior`", "did you mean `prior`?"),
    (*question("{type: binary, prior: even, timing: [evenly]}"), "unknown-field", "`timing` does not belong here", ""),
    (*question("{type: binary}"), "missing", "one of `prior`, `means` is missing", ""),
    (*question("{type: binary, prior: even, means: meeting}"), "value", "both say how likely it is: keep one", ""),
    (*question('{type: binary, means: "earliest(troops, troops)"}'), "type", "is a date", ""),
    (*question("{type: binary, prior: even, text: [a]}"), "type", "a text stands here, not a list", ""),
    (*question("{type: binary, prior: even, claims: [doo.tripp]}"), "unknown-judgement", "no judgement `doo.tripp`", "did you mean `doo.trip`?"),
    (*question("{type: binary, prior: even, observable: soon}"), "value", "`soon` is no delay", "`3 days`"),
    (*question("{type: binary, prior: even, observable: ² days}"), "value", "is no delay", ""),
    (*question("{type: binary, prior: even, observable: 99999999999 days}"), "value", "is no delay", ""),
    (*question("{type: binary, prior: {cases: {q: likely, otherwise: even}}}"), "cycle", "q depends on itself", "break the circle"),
    (*question("{type: binary, prior: even, by: 2025-06-30, window: 2025-05-01..2025-06-30}"), "value", "`by` and `window` both say when", ""),
    (*question("{type: binary, prior: even, by: 2025-04-01}"), "date", "ends on 2025-04-01, before it opens on 2025-04-09", "window: A..B"),
    (*question("{type: binary, prior: even, window: 2025-05}"), "value", "`2025-05` is no window", "by: DATE"),
    (*question("{type: binary, prior: even, window: 2025-05-02..2025-05-01}"), "date", "runs backwards", "write 2025-05-01..2025-05-02"),
    (*latent("{prior: even, resolves: never}"), "value", "a latent is never observed", ""),
    (*latent("{type: quantity, amount: 3}"), "value", "an amount needs its range", "3 (low..high)"),
    ("  meeting: {type", "  will: {type: binary, prior: even}\n  meeting: {type", "duplicate-key", "`will` is already a latent", "rename one"),
    ("statements:\n", "  '`q': {type: binary, prior: even}\nstatements:\n", "reserved-name", "cannot hold a backquote", ""),
    (*date("rate: doo.visits, timing: [evenly]"), "value", "`timing` belongs to `occurs`", ""),
    (*date("occurs: even"), "missing", "`occurs` needs `timing`", "timing: [evenly]"),
    (*date("occurs: even, timing: evenly"), "value", "`timing` is a list", "timing: [evenly]"),
    (*date("occurs: even, timing: []"), "value", "at least one entry", ""),
    (*date("occurs: even, timing: [uniform]"), "value", "`uniform` is no timing", "evenly or constant"),
    (*date("occurs: even, timing: {cases: {meeting: [evenly]}}"), "uncovered", "no row for `meeting is no`", ""),
    (*date("occurs: even, timing: {cases: {meeting: [evenly], otherwise: evenly}}"), "value", "`timing` is a list", "write timing: [evenly]"),
    (*date("occurs: even, timing: {cases: {meeting: [evenly], meeting: [constant]}}"), "duplicate-key", "`meeting` is already defined", ""),
    (*date("occurs: even, timing: {cases: {meeting: [evenly], not meeting: [constant], otherwise: [evenly]}}"), "dead-row", "row 3 can never be reached", ""),
    (*date("occurs: even, timing: {cases: {otherwise: [evenly], meeting: [constant]}}"), "dead-row", "`otherwise` takes all that is left", ""),
    (*date("occurs: even, timing: {cases: {meeting: [sometime], otherwise: [evenly]}}"), "value", "`sometime` is no timing", ""),
    (*date("occurs: even, timing: {cases: {}}"), "value", "at least one entry is needed here", ""),
    (*date("occurs: even, timing: [evenly, constant]"), "value", "`evenly` takes the rest: it stands last", ""),
    (*date("occurs: even, timing: [{between: 2025-05-01..2025-05-09}, evenly]"), "missing", "`share` is missing", ""),
    (*date("occurs: even, timing: [{between: 2025-05-01..2025-05-09, share: 20%}]"), "value", "it needs no `share`", "- evenly"),
    (*date("occurs: even, timing: [{between: 2026-05-01..2026-05-09, share: 20%}, evenly]"), "date", "lies outside the window", ""),
    (*date("window: 2025-01-01..2025-12-31, occurs: even, timing: [{between: 2025-02-01..2025-02-09, share: 20%}, evenly]"), "date", "is over: what is left of the window is 2025-04-08..2025-12-31", ""),
    (*date("occurs: even, timing: [{between: 2025-05-09..2025-05-01, share: 20%}, evenly]"), "date", "runs backwards", ""),
    (*date("occurs: even, timing: [{between: 2025-05, share: 60%}, {between: 2025-06, share: 50%}, evenly]"), "shares-sum", "the shares of `timing` sum to 110 %", ""),
    (*date("occurs: even, timing: [{between: 2025-05, share: own.mine}, {between: 2025-06, share: 10%}, evenly]"), "value", "`own.mine` cannot be one of several shares", "write its number here"),
    (*date("occurs: even, timing: [{between: 2025-05, shares: 60%}, evenly]"), "unknown-field", "`shares` does not belong here", "did you mean `share`?"),
    (*date("occurs: even, timing: [evenly], report_by: [2026-01-01]"), "date", "2026-01-01 lies outside the window of `q`", ""),
    (*date("occurs: even, timing: [evenly], report_by: 2025-06-30"), "type", "a list stands here, not a text", ""),
    (*date("means: meeting"), "type", "a date question means `earliest(a, b)`", ""),
    (*date('means: "latest(troops, visits)"'), "type", "`visits` is no date question", ""),
    (*date("means: troops"), "type", "a date question means `earliest(a, b)` or `latest(a, b)`", ""),
    (*date('means: "earliest(troops, visits)"'), "type", "`visits` is no date question", ""),
    (*date("rate: likely"), "value", "`likely` is no rate", "{events: 9, in: 21 months}"),
    (*date("rate: doo.trip"), "type", "`doo.trip` is a chance; a rate such as", ""),
    (*date("rate: 0.4 (0.2..0.7) a moon"), "value", "`0.4 (0.2..0.7) a moon` is no rate", "a month"),
    (*date("rate: {events: 9, in: 21 moons}"), "value", "`21 moons` is no length of time", "56 months"),
    (*date("rate: {events: 9, in: 21 months}, times: {meeting: 30%}"), "value", "`30%` is no odds multiplier", ""),
    (*date("rate: {events: 9, in: 21 months}, times: {}"), "value", "at least one entry is needed here", ""),
    (*date("rate: {events: 9, in: 21 months}, times: {otherwise: x2}"), "value", "`otherwise` has no meaning here", ""),
    (*date("occurs: even, timing: [evenly], times: {meeting: x2}"), "value", "`times` belongs to `rate`", "write {base: ..., odds: {...}}"),
    (*date("rate: {events: 9}"), "missing", "`in` is missing", ""),
    (*question("{type: count, rate: doo.visits, cuts: [1.5]}"), "value", "`1.5` is no count", ""),
    (*question("{type: count, rate: doo.visits, cuts: [-1]}"), "value", "`-1` lies outside the bounds 0..", ""),
]  # fmt: skip

CONDITIONS: list[Row] = [
    (*scenario("meating"), "unknown-question", "there is no question `meating`", "did you mean `meeting`?"),
    (*scenario("place"), "type", "`place` is not yes/no: say which state, `place is moscow`", "moscow, east, none"),
    (*scenario("place is mosco"), "unknown-state", "`place` has no state `mosco`; did you mean `moscow`?", "one of moscow"),
    (*scenario("meeting is maybe"), "unknown-state", "`meeting` has no state `maybe`", "one of yes, no"),
    (*scenario("meeting by 2025-06-30"), "type", "`meeting` is binary: dates and comparisons do not apply", ""),
    (*scenario("place <= 3"), "type", "the states of `place` have no order", "add `ordered: true`"),
    (*scenario("troops is yes"), "type", "`troops` is a date: write `troops`", ""),
    (*scenario("troops <= 3"), "type", "`troops` is a date: write `troops by", ""),
    (*scenario("troops by 2025-02-30"), "date", "there is no 30 February", ""),
    (*scenario("troops by 2025-6-30"), "date", "write 2025-06-30", ""),
    (*scenario("troops in 2025-06-30..2025-06-01"), "date", "runs backwards", "2025-06-01..2025-06-30"),
    (*scenario("troops in 3..4"), "date", "`3` is no day", ""),
    (*scenario("visits"), "type", "`visits` is a number: compare it, as in `visits >= 1`", ""),
    (*scenario("visits is 3"), "type", "`visits` is a number", ""),
    (*scenario("visits <= 3%"), "type", "`3%` is no count", ""),
    (*scenario("visits in 3..5%"), "type", "`5%` is no count", ""),
    (*scenario("visits in 5..3"), "range-order", "runs backwards", "write 3..5"),
    (*scenario("visits >= -1"), "type", "`-1` is no count", ""),
    (*scenario(f"visits <= {'9' * 400}"), "type", "is no count", ""),
    (*scenario("visits in 2025-01-01..2025-02-01"), "type", "is no count", ""),
    (*scenario("troops before meeting"), "type", "`meeting` is no date question: its day cannot be compared", "of type date"),
    (*scenario("troops before nothing"), "unknown-question", "there is no question `nothing`", ""),
    (*scenario("troops before troops"), "value", "`troops` is compared with itself", ""),
    (*scenario("troops before 2025-02-30"), "date", "there is no 30 February", ""),
    (*scenario("meeting before 2025-05-01"), "type", "`meeting` is binary: dates", ""),
    (*scenario("troops within 30 days of meeting"), "type", "`meeting` is no date question", ""),
    (*scenario("troops within 1.5 days of troops"), "value", "`1.5` is no number of days", "a whole number"),
    (*scenario("troops within 99999 days of troops"), "value", "`99999` is no number of days", ""),
    (*scenario('"at least 3 of meeting, troops"'), "value", "`at least 3 of` 2 parts is no condition", "from 1 to 2"),
    (*scenario('"at least 0 of meeting, troops"'), "value", "`at least 0 of` 2 parts", ""),
    (*scenario('"at least 2 of meeting, troops, meeting"'), "value", "part 3 of `at least 2 of ...` stands there twice", ""),
    (*scenario('"at least 1 of place, troops"'), "type", "`place` is not yes/no", ""),
    (*scenario('"meeting and earliest(troops, troops)"'), "type", "names a date: it stands alone", ""),
    (*scenario('"latest(troops, troops)"'), "type", "`latest(...)` names a date", ""),
    (*scenario("visits >= medium"), "type", "`medium` is no count", "a number"),
    (*scenario("place >= moscow"), "type", "the states of `place` have no order", "`ordered: true`"),
    (*scenario('"earliest(troops, troops)"'), "type", "names a date: it stands alone under `means:`", ""),
    (*scenario("troops by 9 May"), "expression", "`9 May` is no day here", "write it as in `troops by 2025-06-30`"),
    (*scenario("troops in 9 May..10 June"), "expression", "is no day here", "`troops in 2025-05-01..2025-05-31`"),
    (*scenario("meeting and"), "expression", "ends too early", ""),
    (*scenario("meeting && troops"), "expression", "`&&` is not a word of conditions: write `and`", "meeting and troops"),
    (*scenario('"place in (moscow, east)"'), "expression", "write `place is moscow|east`", ""),
    (*scenario("[meeting]"), "type", "a text stands here, not a list", ""),
    (*scenario("{wenn: meeting}"), "unknown-field", "`wenn`", "did you mean `when`?"),
    (*scenario("otherwise"), "dead-row", "`otherwise` takes all that is left: it stands last", ""),
]  # fmt: skip

REPORTS: list[Row] = [
    (*statement("{of: meting, says: even}"), "unknown-question", "no question `meting`", "did you mean `meeting`?"),
    (*statement("{of: meeting, given: trops, says: even}"), "unknown-question", "no question `trops`", "`troops`"),
    (*statement("{of: otherwise, says: even}"), "value", "`otherwise` has no meaning here", ""),
    (*statement("{of: meeting, says: certain}"), "value", "a statement cannot be certain", "98% (95..99.5)"),
    (*statement("{of: meeting, says: {read_as: impossible}}"), "value", "a statement cannot be certain", ""),
    (*statement("{of: meeting, says: doo.chip}"), "type", "`doo.chip` is an odds multiplier", ""),
    (*statement("{of: meeting}"), "missing", "`says` is missing", ""),
    (*statement("meeting"), "type", "a mapping stands here, not a text", ""),
    (*statement("{of: meeting, says: even, side: above}"), "value", "`above` cannot stand here", "`at most` or `at least`"),
    (*statement("{of: meeting, says: even, lean: up}"), "value", "`up` cannot stand here", "`+` or `-`"),
    (*statement("{of: meeting, says: even, informed_by: [reprt]}"), "unknown-evidence", "no evidence `reprt`", "did you mean `report`?"),
    (*statement("{of: meeting, says: even, informed_by: some}"), "value", "`some` is none of `all`, `none`, a day", "[some]"),
    (*report("observed: meeting, odds: {meeting: x2}"), "missing", "exactly one of `observed`, `odds`", ""),
    (*report("grade: A1"), "missing", "exactly one of `observed`, `odds`", ""),
    ("text: t, source: s, grade", "text: t, sources: s, grade", "unknown-field", "`sources` does not belong here", "did you mean `source`?"),
    (*report("observed: meting"), "unknown-question", "no question `meting`", "did you mean `meeting`?"),
    (*report("odds: {place: x2}"), "type", "`place` is not yes/no", ""),
    (*report("odds: {otherwise: x2}"), "value", "`otherwise` has no meaning here", ""),
    (*report("observed: meeting", "date: 2025-04-09"), "after-as-of", "dated after as_of 2025-04-08", "`observed_through: 2025-04-09`"),
    (*report("observed: meeting", "date: 2025-04"), "after-as-of", "dated after as_of 2025-04-08", "`--as-of 2025-04-30`"),
    (*report("observed: meeting, known: 2025-04-09"), "after-as-of", "dated after as_of", ""),
    (*report("observed: meeting, known: 2025-02-28"), "date", "known on 2025-02-28, before it happened", ""),
    (*report("observed: meeting", "date: 2025-03-32"), "date", "there is no 32 March", ""),
    (*report("observed: meeting", "date: 2025-13"), "date", "there is no month 13", ""),
    (*report("grade: Z9, observed: meeting"), "value", "`Z9` is no grade", "B3"),
    (*report("so_far: {visits: 3}"), "date", "the window of `visits` opens on 2025-04-09, after 2025-03-01", "window: A..B"),
    (*report("so_far: {visit: 3}"), "unknown-question", "there is no question `visit`", "did you mean `visits`?"),
    (*report("so_far: {troops: 3}"), "type", "`troops` is no count", "`observed:`"),
    (*report("so_far: {visits: 3, troops: 2}"), "value", "one question and its count stand here", "so_far: {visits: 3}"),
    (*report("likelihood: {meeting: 30%}"), "uncovered", "no row for `meeting is no`", ""),
    (*report("likelihood: {meeting: 30%, not meeting: 20%, otherwise: 1%}"), "dead-row", "row 3 can never be reached", ""),
    (*report("likelihood: {otherwise: 30%, meeting: 20%}"), "dead-row", "row 2 can never be reached", ""),
    (*report("likelihood: {meeting: x2, otherwise: 20%}"), "value", "`x2` multiplies odds", ""),
    (*report("likelihood: {meeting: 30%, otherwise: 1%}, odds: {meeting: x2}"), "missing", "exactly one of", ""),
    ("scenarios:\n", "  - {id: report, date: 2025-03-01, text: t, source: s, observed: meeting}\nscenarios:\n", "duplicate-key", "`report` is already defined on line 19", ""),
    (*variant("{given: meting}"), "unknown-question", "no question `meting`", "did you mean `meeting`?"),
    (*variant("{given: otherwise}"), "value", "`otherwise` has no meaning here", ""),
    (*variant("{given: place is mosco}"), "unknown-state", "no state `mosco`", ""),
    (*variant("{do: {meting: yes}}"), "unknown-question", "no question `meting`", "did you mean `meeting`?"),
    (*variant("{do: {meeting: maybe}}"), "unknown-state", "`meeting` cannot be set to `maybe`", "write yes or no"),
    (*variant("{do: {place: mosco}}"), "unknown-state", "cannot be set to `mosco`", "did you mean `moscow`?"),
    (*variant("{do: {troops: 2025-06-31}}"), "unknown-state", "cannot be set to", "there is no 31 June"),
    (*variant("{do: {visits: many}}"), "unknown-state", "cannot be set to `many`", "write a whole number"),
    (*variant("{drop: [dou]}"), "unknown-source", "`dou` is no source, judgement or evidence", "did you mean `doo`?"),
    (*variant("{drop: doo}"), "type", "a list stands here, not a text", ""),
    (*variant("{drop: [doo]}"), "dropped-row", "`doo.visits` is the rate at questions.visits.rate", "set: {questions.visits.rate: {events: 2, in: 12 months}}"),
    (*variant("{drop: [mine]}"), "dropped-row", "`own.mine` is the chance at questions.meeting.prior", "set: {questions.meeting.prior: 40% (20..60)}"),
    (*variant("{do: {troops: 2026-01-01}}"), "date", "2026-01-01 lies outside the window of `troops`", ""),
    (*variant("{set: {questions.meting.prior: even}}"), "unknown-path", "`meting` is unknown", "did you mean `meeting`?"),
    (*variant("{set: {evidence.rport.odds: {meeting: x2}}}"), "unknown-path", "`rport` is unknown", "did you mean `report`?"),
    (*variant("{set: {variants.v.given: not meeting}}"), "unknown-path", "a variant cannot change variants", "change the part"),
    (*variant("{set: {questions.meeting.prior: 75}}"), "probability-range", "did you mean 75% (low..high)?", ""),
    (*variant("{set: {questions.meeting.prior: likly}}"), "unknown-phrase", "`likly` is not in the lexicon", "did you mean `likely`?"),
    (*variant("{set: {questions.meeting.prior: {cases: {place is mosco: even, otherwise: 1%}}}}"), "unknown-state", "no state `mosco`", ""),
    (*variant("{set: {questions.meeting.prior: {cases: {place is moscow: even}}}}"), "uncovered", "no row for", ""),
    (*variant("{set: {as_of: 2025-04-31}}"), "date", "there is no 31 April", ""),
    (*variant("{sett: {questions.meeting.prior: even}}"), "unknown-field", "unknown field `sett`", ""),
]  # fmt: skip

SOURCES: list[Row] = [
    (*top("experts: {duo: {shift: 0.5, scatter: 0.8}}"), "unknown-source", "`duo` is no source under `use:`", "did you mean `doo`?"),
    (*top("experts: {doo: {shift: 0.5}}"), "missing", "`scatter` is missing", ""),
    (*top("experts: {doo: {shift: -1, scatter: 0.8}}"), "value", "`-1` lies outside 0 to 10", "standard deviation in logits"),
    (*top("experts: {doo: {shift: 0.5, scatter: 0.8, sharpness: 0}}"), "value", "`0` lies outside 0.05 to 20", "1: his logits are taken as he states them"),
    (*top("defaults: {multipliers: {very up: x2 (1..4)}}"), "value", "`very up` is no word for a multiplier", "did you mean `weakly up`?"),
    (*top("defaults: {multipliers: {up: x2}}"), "value", "`up` needs a median and its range", "write x2 (1.2..3.5)"),
    (*top("decisions: {go: {text: t}}"), "not-yet-supported", "`decisions` is not yet supported", ""),
    (*top("payoffs: {unit: EUR}"), "not-yet-supported", "`payoffs` is not yet supported", ""),
    (*top("briefing: {a: b}"), "not-yet-supported", "`briefing` is not yet supported", ""),
    ("unused: {", "unused: {doo.shure: same, ", "unknown-judgement", "no judgement `doo.shure`", "did you mean `doo.sure`?"),
    ("unused: {", "unused: {doo.trip: used, ", "value", "`doo.trip` is used by the model", "take it out"),
    ("  mine: {read_as: likely}\n", "  idle: {read_as: even}\n  mine: {read_as: likely}\n", "unaccounted", "`own.idle` is neither used nor listed", "under `unused:`"),
    ("use: {doo: ../priors/doo.yaml}", "use: {doo: ../priors/doo.yaml, own: x.yaml}", "duplicate-key", "`own` names this file's judgements", "another alias"),
    ("use: {doo: ../priors/doo.yaml}", "use: {doo: ../priors/dou.yaml}", "no-file", "`../priors/dou.yaml`: there is no such file", "did you mean `doo.yaml`?"),
    ("use: {doo: ../priors/doo.yaml}", "use: {doo: ../../doo.yaml}", "path", "`../../doo.yaml` lies outside the project folder", "copy the file"),
    ("use: {doo: ../priors/doo.yaml}", "use: {doo: /etc/passwd}", "path", "`/etc/passwd` lies outside the project folder", ""),
    ("use: {doo: ../priors/doo.yaml}", "use: {doo: s.yaml}", "path", "a scenario cannot use itself", ""),
    ("use: {doo: ../priors/doo.yaml}", "use: {doo: other.yaml}", "kind", "`other.yaml` is a scenario file; `use:` takes priors files", "priors: 1"),
    ("use: {doo: ../priors/doo.yaml}", "use: {doo: ../words.yaml}", "kind", "`../words.yaml` is no priors file", ""),
    ("use: {doo: ../priors/doo.yaml}", "use: {doo: ../priors}", "directory", "`../priors`: this is a directory", ""),
    ("use: {doo: ../priors/doo.yaml}", "use: {doo: circle.yaml}", "", "`circle.yaml`", ""),
    ("use: {doo: ../priors/doo.yaml}", "use: {doo: [../priors/doo.yaml]}", "type", "a text stands here, not a list", ""),
    ("use: {doo: ../priors/doo.yaml}", "use: [../priors/doo.yaml]", "type", "a mapping stands here, not a list", ""),
]  # fmt: skip

ROWS = [*FRAME, *CHANCES, *TABLES, *NUMBERS, *QUESTIONS, *CONDITIONS, *REPORTS, *SOURCES]


def line_of(old: str, new: str) -> int:
    """Return the line on which a changed file first differs from the sound one."""
    same = next((i for i, (a, b) in enumerate(zip(old, new, strict=False)) if a != b), len(old))
    return BASE.count("\n", 0, BASE.index(old) + same) + 1


def test_the_file_that_is_changed_is_sound(project: Project) -> None:
    assert project.faults() == ()


@pytest.mark.parametrize(
    ("old", "new", "code", "said", "fix"), ROWS, ids=[row[1][:80] for row in ROWS]
)
def test_bad_files(project: Project, old: str, new: str, code: str, said: str, fix: str) -> None:
    project.write("words.yaml", "lexicon: 1")
    project.write("scenarios/other.yaml", BASE)
    (project.root / "scenarios/circle.yaml").symlink_to("circle.yaml")
    assert BASE.count(old) == 1
    faults = project.faults(BASE.replace(old, new))
    assert len(faults) == 1, "\n".join(map(str, faults))
    (fault,) = faults
    assert fault.file == str(project.root / "scenarios/s.yaml")
    assert (fault.line, said in fault.text, fix in fault.fix) == (line_of(old, new), True, True), (
        fault
    )
    assert fault.code == code or not code, fault
    assert fault.column > 0


STORED_AMOUNTS = [
    ("{read_as: {amount: 3 (1..9), worth: 4}}", "`worth` stands where an amount is used", "own.big"),
    ("{read_as: {amount: own.mine}}", "a stored judgement is a value, not a reference", ""),
    ("{widen: 2, read_as: {roulette: {0..1: 2, 1..2: 3}}}", "`widen` does not apply to an amount", ""),
]  # fmt: skip


@pytest.mark.parametrize(("stored", "said", "fix"), STORED_AMOUNTS)
def test_stored_amounts(project: Project, stored: str, said: str, fix: str) -> None:
    text = BASE.replace("unused: {", "unused: {own.big: kept, ")
    text = text.replace("judgements:\n", f"judgements:\n  big: {stored}\n")
    (fault,) = project.faults(text)
    assert (fault.line, fault.text) == (8, said)
    assert fix in fault.fix


def test_an_amount_stands_for_no_chance(project: Project) -> None:
    (fault,) = project.faults(BASE.replace("read_as: likely", "read_as: {amount: 3 (1..9)}", 1))
    assert (fault.line, fault.text) == (12, "`own.mine` is an amount; a chance stands here")


GOOD: list[tuple[str, str]] = [
    top("numbers: exact"),
    top("defaults: {type: binary}"),
    top("observed_through: 2025-04-30"),
    top("experts: {doo: {shift: 0, scatter: 0.8}, own: {shift: 0.5, scatter: 1}}"),
    question("{type: binary, prior: {cases: {place is not none: likely, otherwise: even}}}"),
    question("{type: binary, only_if: meeting, prior: {cases: {will: likely, otherwise: even}}}"),
    question("{type: binary, only_if: meeting, prior: {cases: {meeting and will: likely, not will: even}}}"),
    question("{type: binary, prior: {cases: {visits in 0..3: likely, visits >= 4: even}}}"),
    question("{type: binary, prior: {cases: {troops by 2025-06-30: likely, troops in 2025-07-01..2025-12-31: even, not troops: 1%}}}"),
    question("{type: binary, prior: {cases: {meeting: {base: even, odds: {will: x2}}, otherwise: {cases: {will: 1%, not will: 2%}}}}}"),
    question("{type: binary, prior: {read_as: {read_as: doo.trip, widen: 2}, note: n}}"),
    question("{type: binary, window: 2024-01-01..2024-12-31, prior: even}"),
    question("{type: categorical, states: [no, true, null, in], prior: {shares: {no: 20%, true: 30%, null: 0%, in: 50%}}}"),
    question("{type: categorical, states: [a, b], prior: {cases: {meeting: a, otherwise: {shares: {a: 0.5, b: 0.5}, worth: 8}}}}"),
    date("occurs: even, timing: [{between: 2025-05, share: likely}, evenly]"),
    date("occurs: even, timing: [{between: 2025-05, share: 50%}, {between: 2025-06, share: 50%}, evenly]"),
    date("window: 2025-01-01..2025-12-31, observable: never, occurs: even, timing: [{between: 2025-02-01..2025-02-09}]"),
    date('means: "earliest(troops, troops)"'),
    date("rate: {events: 0, in: 2 years, discount: 0.01}, observable: 9999 days"),
    latent("{type: categorical, states: [a, b], prior: a}"),
    latent("{window: 2025-01-01..2025-12-31, type: date, occurs: even, timing: [{between: 2025-02-01..2025-02-09}]}"),
    ("statements:\n", "  scenario: {type: binary, prior: even}\n  gate 1: {type: binary, means: not scenario}\nstatements:\n"),
    ("statements:\n", "  x-ray: {type: binary, prior: even}\n  or: {type: binary, means: x-ray and `or so`}\n  or so: {type: binary, prior: {cases: {x-ray: even, otherwise: 1%}}}\nstatements:\n"),
    question("{type: binary, prior: {pool: [likely, even, 20% (5..40)], method: linear, weights: [1, 0, 2]}}"),
    question("{type: binary, prior: {cases: {meeting: {pool: [doo.trip, even], method: hierarchical}, otherwise: {pool: [even, 30..60%], method: log_odds}}}}"),
    question("{type: binary, prior: {average: doo.trip, odds: {meeting: x2, will: x0.5 (0.2..0.9)}}}"),
    top("defaults: {grades: {A: 0.9, 3: 60%}, shift: 0.4, scatter: 1, disagreement: 0.7, discount: 0.5}"),
    question("{type: binary, prior: {any_of: {leak: 1..9%, meeting: even, troops by 2025-06-30: doo.trip}}}"),
    question("{type: categorical, states: [a, b], prior: {counts: {a: 0, b: 4}, discount: 0.5}}"),
    report("grade: B2, likelihood: {meeting and will: 90% (80..97), meeting: {cases: {visits >= 2: likely, otherwise: 2%}}, otherwise: impossible}"),
    statement("{of: meeting, says: even, informed_by: none, side: at most, lean: +, widen: 2}"),
    statement("{of: meeting, says: even, informed_by: 2025-03-31}"),
    statement("{of: meeting, says: even, informed_by: [report]}"),
    statement("{of: place is moscow and troops, given: meeting, says: 30..60%}"),
    report("observed: meeting and not troops", "date: 2025-02, known: 2025-04-08"),
    report("grade: F6, odds: {place is moscow: x2, visits >= 3: x0.5}", "date: 2025-02-01..2025-02-03"),
    scenario("{when: place is moscow|east, text: 'a, b'}"),
    variant("{do: {troops: never, place: east, meeting: no, visits: 3}, drop: [report, doo.chip, doo.trip], set: {evidence.report.odds.meeting: x3}}"),
    variant("{drop: [doo, mine], set: {questions.visits.rate: {events: 3, in: 9 months}, questions.meeting.prior: 40% (20..60)}}"),
    variant("{set: {as_of: 2025-04-07, questions.place.prior: {cases: {meeting: moscow, otherwise: {shares: {moscow: 0.5, east: 0.5}}}}}}"),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new"), GOOD, ids=[new[:80] for _, new in GOOD])
def test_good_files(project: Project, old: str, new: str) -> None:
    assert BASE.count(old) == 1
    assert project.faults(BASE.replace(old, new)) == ()


@pytest.mark.parametrize("field", ["forecast: 1", "title: T", "horizon: 2025-12-31"])
def test_a_missing_line_of_the_head_is_written_out(project: Project, field: str) -> None:
    (fault,) = project.faults(BASE.replace(f"{field}\n", "", 1))
    assert (fault.code, field.split()[0] in fault.fix) == ("missing", True)


def test_a_horizon_in_the_past_is_one_fault(project: Project) -> None:
    text = BASE.replace("2025-12-31", "2025-04-01")
    text = text.replace(
        *binary("{cases: {troops in 2025-07-01..2025-12-31: likely, otherwise: even}}")
    )
    assert [fault.path for fault in project.faults(text)] == [("horizon",)]


ELSEWHERE: dict[str, tuple[str, str, int, str, str]] = {
    "missing title": ("title: T\n", "", 1, "missing", "`title` is missing"),
    "missing horizon": ("horizon: 2025-12-31\n", "", 1, "missing", "`horizon` is missing"),
    "missing questions": (BASE[BASE.index("questions:") : BASE.index("statements:")], "", 1, "missing", "`questions` is missing"),
    "questions as list": (BASE[BASE.index("questions:") : BASE.index("statements:")], "questions: [meeting, place]\n", 11, "type", "a mapping of names stands here, not a list"),
    "questions as text": (BASE[BASE.index("questions:") : BASE.index("statements:")], "questions: meeting\n", 11, "type", "a mapping of names stands here, not a text"),
    "evidence as mapping": (BASE[BASE.index("evidence:") : BASE.index("scenarios:")], "evidence: {report: A}\n", 18, "type", "a list of entries stands here, not a mapping"),
    "empty section": (BASE[BASE.index("evidence:") : BASE.index("scenarios:")], "evidence:\n", 18, "empty-value", "nothing after `evidence:`"),
    "uncovered": ("  b: otherwise\n", "  b: troops\n", 20, "uncovered", "the scenarios do not cover every future"),
    "unaccounted": ("unused: {doo.sure: not in doubt}\n", "", 6, "unaccounted", "`doo.sure` is neither used nor listed"),
    "second statement": ("evidence:\n", "  - {of: place is east, says: 20% (5..40)}\n  - {of: place, says: even}\nevidence:\n", 19, "type", "`place` is not yes/no"),
    "circle of three": (
        "statements:\n",
        "  p: {type: binary, prior: even}\n  q: {type: binary, prior: {base: even, odds: {r: x2, p: x2}}}\n  r: {type: binary, means: s and p}\n  s: {type: binary, only_if: q, prior: even}\nstatements:\n",
        17, "cycle", "q, r and s depend on each other: q -> r -> s -> q",
    ),
    "circle through a date": (
        "statements:\n",
        '  q: {type: date, means: "earliest(r, troops)"}\n  r: {type: date, occurs: {cases: {q by 2025-06-30: even, otherwise: 1%}}, timing: [evenly]}\nstatements:\n',
        16, "cycle", "q and r depend on each other: q -> r -> q",
    ),
    "worlds": (
        "statements:\n",
        "".join(f"  n{i}: {{type: binary, prior: even}}\n" for i in range(40)) + f"  q: {{type: binary, means: {' or '.join(f'n{i}' for i in range(40))}}}\nstatements:\n",
        56, "too-many-worlds", "`q` depends on 40 questions, which have more than a million million combinations",
    ),
    "worlds of a group": (
        "statements:\n",
        "".join(f"  n{i}: {{type: binary, prior: even}}\n" for i in range(40)) + "statements:\n",
        77, "too-many-worlds", "this group speaks of 18 questions",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", ELSEWHERE)
def test_faults_that_stand_elsewhere(project: Project, name: str) -> None:
    old, new, line, code, said = ELSEWHERE[name]
    text = BASE.replace(old, new)
    if name == "worlds of a group":
        items = (
            f"  - {{id: i{i}, date: 2025-03-01, text: t, source: s, group: g, observed: n{i}}}\n"
            for i in range(40)
        )
        text = text.replace("scenarios:\n", "".join(items) + "scenarios:\n")
    found = [(fault.line, fault.code, said in fault.text) for fault in project.faults(text)]
    assert found == [(line, code, True)]
