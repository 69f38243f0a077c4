"""Bad forms: one thing wrong in a file that uses most of the language, or in its sources.

Each row says what stands in the place of what, and the line, the code and the words of the answer.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from writing import Project

from forecast.analysis.check import check_file
from forecast.errors import Fault

type Row = tuple[str, str, int, str, str, str]
"""Old text, new text, line, code, part of what is said, part of the way to mend it."""

RICH = """\
forecast: 1
title: Harvest and strike
about: A file that uses most forms, to be spoilt
as_of: 2025-04-08
observed_through: 2025-04-20
horizon: 2025-12-31
lexicon: plain
use:
  doo: ../priors/doo.yaml
  base: ../priors/base.yaml
experts:
  doo: {shift: 0.5, scatter: 0.8}
judgements:
  push: {read_as: x2.5 (1.3..5), widen: 1.5}
  pace: {read_as: {events: 3, in: 10 weeks, discount: 0.5}}
  mood: {read_as: likely, quote: q, by: quoted, note: n}
latents:
  cause: {text: c, prior: {successes: 2, of: 7, discount: 0.7}}
  grudge:
    text: g
    type: categorical
    states: [none, old, new]
    prior: {shares: {none: 60%, old: 30%, new: 10%}, worth: 6}
questions:
  talks:
    text: t
    type: date
    window: 2025-03-01..2025-10-31
    occurs: {base: 30..60%, odds: {cause: own.push, grudge is old|new: x0.5 (0.2..1)}}
    timing: [{between: 2025-05-01..2025-05-31, share: 40% (20..60)}, constant]
    observable: 5 days
    report_by: [2025-06-30]
  strike: {text: s, type: date, rate: own.pace, report_by: [2025-06-30]}
  first: {text: f, type: date, means: "earliest(talks, strike)"}
  place:
    text: p
    type: categorical
    states: [home, abroad, on the line]
    only_if: talks
    prior:
      cases:
        talks by 2025-06-30: {shares: {home: 20%, abroad: 50%, on the line: 30%}, worth: 6}
        otherwise: abroad
  incidents: {text: i, type: count, rate: own.pace, cuts: [2, 5]}
  deal:
    text: d
    type: binary
    by: 2025-11-30
    prior:
      cases:
        place is home|`on the line`: {read_as: own.mood, note: n}
        incidents in 2..5: {beta: [2, 5]}
        otherwise: unlikely to about even
  calm: {text: c, type: binary, means: not strike and incidents <= 1}
statements:
  - {of: deal, given: talks by 2025-06-30, says: doo.deal, side: at most, informed_by: [leak]}
  - {of: calm, says: we believe, lean: "-", widen: 2}
evidence:
  - {id: leak, date: 2025-03, text: t, source: s, grade: C3, group: g, odds: {cause: x3 (1.5..6), not talks: x0.5}}
  - {id: echo, date: 2025-03-20..2025-04-02, known: 2025-04-01, text: t, source: s, group: g, odds: {cause: base.echo}}
  - {id: seen, date: 2025-04-10, text: t, source: s, grade: A1, observed: incidents >= 1}
scenarios:
  good: {when: deal and calm, text: x}
  bad: first in 2025-05-01..2025-06-30 or place is not abroad
  rest: otherwise
variants:
  v: {text: v, given: talks, do: {strike: never}, drop: [leak], set: {questions.deal.by: 2025-10-31}}
watch: [talks, first]
unused: {base.old: too old}
"""

DOO = """\
priors: 1
source:
  who: Doo
  role: analyst
  said: 2025-04-01
  where: Seoul
lexicon: icd203
judgements:
  deal:
    about: a deal by 30 November
    quote: q
    by: quoted
    read_as: likely
    widen: 2
    note: n
"""

BASE = """\
priors: 1
source: {who: base rates, said: 2025-04-08}
lexicon: plain
judgements:
  echo: {read_as: x1.5 (1.1..2)}
  old: {read_as: {successes: 3, of: 9}}
"""

SCENARIO_ROWS: list[Row] = [
    ("forecast: 1\n", "forecast: 1.0\n", 1, "version", "version `1.0` is not known here", "write 1"),
    ("forecast: 1\n", "", 1, "missing", "`forecast` is missing", ""),
    ("title: Harvest and strike\n", "", 1, "missing", "`title` is missing", ""),
    ("title: Harvest and strike", "title:", 2, "empty-value", "nothing after `title:`", "write a value, or indent the lines that belong to it"),
    ("as_of: 2025-04-08", "as_of: 08.04.2025", 4, "date", "`08.04.2025` is no day", "write it as in 2025-04-08"),
    ("as_of: 2025-04-08", "as_of: 2025-04", 4, "date", "`2025-04` is no day", "write it as in 2025-04-08"),
    ("horizon: 2025-12-31", "horizont: 2025-12-31", 6, "unknown-field", "unknown field `horizont`", "did you mean `horizon`?"),
    ("lexicon: plain", "lexicon: [plain]", 7, "type", "a text stands here, not a list", ""),
    ("use:\n", "uses:\n", 8, "unknown-field", "unknown field `uses`", "did you mean `use`?"),
    ("../priors/doo.yaml", "../priors", 9, "directory", "`../priors`: this is a directory, not a file", ""),
    ("../priors/doo.yaml", "s.yaml", 9, "path", "a scenario cannot use itself", ""),
    ("../priors/doo.yaml", "/etc/passwd", 9, "path", "`/etc/passwd` lies outside the project folder", "copy the file below the folder with pyproject.toml or .git"),
    ("{shift: 0.5, scatter: 0.8}", "{shift: half, scatter: 0.8}", 12, "type", "`half` is no number", ""),
    ("{shift: 0.5, scatter: 0.8}", "{shift: 0.5, scatter: 80%}", 12, "type", "`80%` is no number", ""),
    ("{shift: 0.5, scatter: 0.8}", "0.5", 12, "type", "a mapping stands here, not a text", ""),
    ("  doo: {shift", "  nobody: {shift", 12, "unknown-source", "`nobody` is no source under `use:`", ""),
    ("push: {read_as: x2.5 (1.3..5), widen: 1.5}", "push: {read_as: x2.5 (1.3..5), widen: wide}", 14, "type", "`wide` is no number", ""),
    ("push: {read_as: x2.5 (1.3..5), widen: 1.5}", "push: x2.5 (1.3..5)", 14, "type", "a mapping stands here, not a text", ""),
    ("{events: 3, in: 10 weeks, discount: 0.5}", "{events: 3, in: 10, discount: 0.5}", 15, "value", "`10` is no length of time", "write it as in `56 months`, `3 weeks`, `2 years`"),
    ("{events: 3, in: 10 weeks, discount: 0.5}", "{events: 3, within: 10 weeks}", 15, "unknown-field", "unknown field `within`", "did you mean `in`?"),
    ("{events: 3, in: 10 weeks, discount: 0.5}", "{events: -3, in: 10 weeks}", 15, "value", "`-3` lies outside 0 to 1,000,000", ""),
    ("{events: 3, in: 10 weeks, discount: 0.5}", "{events: 3, in: 10 weeks, discount: 2}", 15, "value", "`2` lies outside 0.01 to 1", "1: a case counts as one just like this"),
    ("pace: {read_as: {events: 3, in: 10 weeks, discount: 0.5}}", "pace: {read_as: {events: 3, in: 10 weeks}, widen: 2}", 15, "value", "`widen` does not apply to a rate", ""),
    ("occurs: {base: 30..60%, odds: {cause:", "occurs: {base: 30..60%, odds: {causes:", 29, "unknown-question", "there is no question `causes`", "did you mean `cause`?"),
    ("grudge is old|new", "grudge is old|knew", 29, "unknown-state", "`grudge` has no state `knew`; did you mean `new`?", "one of none, old, new"),
    ("grudge is old|new", "grudge is old or new", 29, "unknown-question", "there is no question `new`", ""),
    ("grudge is old|new", "grudge in old|new", 29, "expression", "`in` takes a range; states stand after `is`", "write `grudge is old|new`"),
    ("grudge is old|new", "grudge = old", 29, "expression", "`=` is not a word of conditions: write `is`", "grudge is old"),
    ("grudge is old|new", "grudge is not", 29, "expression", "`grudge is not` ends too early: something is missing after it", ""),
    ("own.push", "push", 29, "value", "`push` is no odds multiplier", "write `own.push`"),
    ("own.push", "own push", 29, "value", "`own push` is no odds multiplier", "write x2 (1.2..3.5): median and central 90 %"),
    ("rate: own.pace, report_by", "rate: own.push, report_by", 33, "type", "`own.push` is an odds multiplier; a rate such as {events: 9, in: 21", ""),
    ("timing: [{between: 2025-05-01..2025-05-31, share: 40% (20..60)}, constant]", "timing: [{between: 2025-05-01..2025-05-31, share: 40% (20..60)}, constant]\n    prior: even", 31, "unknown-field", "`prior` does not belong here", "take it out"),
    ("    occurs: {base: 30..60%, odds", "    prior: {base: 30..60%, odds", 29, "unknown-field", "`prior` does not belong here", "what is asked here has `occurs`"),
    ("rate: own.pace, cuts: [2, 5]", "rate: own.pace, cuts: [2, 5], family: gamma", 44, "unknown-field", "`family` does not belong here", "amount: {amount: 1200 (350..3500), family: lognormal}"),
    ("rate: own.pace, cuts", "rate: 14 (11..18) in 6 months, cuts", 44, "value", "is no rate", "write 2.33 (1.83..3) a month"),
    ("grade: A1, observed: incidents >= 1", "grade: A1, supports: talks", 61, "unknown-field", "unknown field `supports`", "here may stand group, known, likelihood, observed, odds, so_far"),
    ("rate: own.pace, report_by", "rate: pace, report_by", 33, "value", "`pace` is no rate", "write `own.pace`"),
    ("earliest(talks, strike)", "earliest(talks, strik)", 34, "unknown-question", "there is no question `strik`", "did you mean `strike`?"),
    ("earliest(talks, strike)", "earliest(talks)", 34, "expression", "`earliest(...)` compares two dates or more", "write `earliest(talks, ...)`, or the question alone"),
    ("earliest(talks, strike)", "earliest(talks, deal)", 34, "type", "`deal` is no date question", ""),
    ("earliest(talks, strike)", "soonest(talks, strike)", 34, "expression", "`soonest(...)` is no form of conditions", "write `earliest(talks, strike)`"),
    ("earliest(talks, strike)", "first(talks, strike)", 34, "expression", "`first(...)` is no form of conditions", "write `earliest(talks, strike)`"),
    ("only_if: talks", "only_if: talk", 39, "unknown-question", "there is no question `talk`", "did you mean `talks`?"),
    ("only_if: talks", "only_if: place is home", 35, "cycle", "place depends on itself", "break the circle: which of them comes first?"),
    ("only_if: talks", "only_if: grudge", 39, "type", "`grudge` is not yes/no: say which state, `grudge is none`", "one of none, old, new"),
    ("only_if: talks", "only_if: talks by 2024-12-31", 39, "dead-row", "`talks by 2024-12-31` can never hold: the question is always void", ""),
    ("place is home|`on the line`", "place is home|on the line", 51, "expression", "`place is home|on the line` cannot be read from `the line` on", "conditions are built from names, `is`, `by`, `in a..b`, comparisons,"),
    ("place is home|`on the line`", "place is home|`on the lime`", 51, "unknown-state", "`place` has no state `on the lime`; did you mean `on the line`?", "one of home, abroad, on the line"),
    ("place is home|`on the line`", "place is void", 51, "unknown-state", "`place` has no state `void`", "one of home, abroad, on the line"),
    ("incidents in 2..5", "incidents in 2-5", 52, "expression", "a range is written with two dots", "write `incidents in 2..5`"),
    ("incidents in 2..5", "incidents is 2..5", 52, "expression", "a range stands after `in`", "write `incidents in 2..5`"),
    ("incidents in 2..5", "incidents between 2 and 5", 52, "expression", "a range stands after `in`", "write `incidents in 2..5`"),
    ("incidents in 2..5", "incidents == 2", 52, "expression", "a number lies in a range, or is compared", "write `incidents in 2..2`"),
    ("incidents in 2..5", "2 <= incidents", 52, "expression", "a comparison begins with the name of the question", "write `incidents >= 2`"),
    ("not strike and incidents <= 1", "not strike and incidents <= 1)", 54, "expression", "a parenthesis is closed that was never opened", "take out a `)`, or add its `(`"),
    ("not strike and incidents <= 1", "not strike, incidents <= 1", 54, "comma-in-flow", "a comma ends a plain text inside { }: quote the text, or write the", ""),
    ("not strike and incidents <= 1", "!strike", 54, "reserved-character", "a text cannot begin with !: put it in quotes", ""),
    ("not strike and incidents <= 1", "calm", 54, "cycle", "calm depends on itself", "break the circle: which of them comes first?"),
    ("not strike and incidents <= 1", "not deal or not calm", 54, "cycle", "calm depends on itself", "break the circle: which of them comes first?"),
    ("window: 2025-03-01..2025-10-31", "window: 2025-03-01 to 2025-10-31", 28, "value", "`2025-03-01 to 2025-10-31` is no window", "write window: A..B, or by: DATE for its end alone"),
    ("window: 2025-03-01..2025-10-31", "window: 2025-10-31..2025-03-01", 28, "date", "`2025-10-31..2025-03-01` runs backwards", "write 2025-03-01..2025-10-31"),
    ("window: 2025-03-01..2025-10-31", "window: [2025-03-01, 2025-10-31]", 28, "type", "a text stands here, not a list", ""),
    ("{between: 2025-05-01..2025-05-31, share: 40% (20..60)}", "{between: 2025-05-01, share: 40}", 30, "probability-range", "a probability lies between 0 and 1: did you mean 40% (low..high)?", "write 40% (low..high)"),
    ("{between: 2025-05-01..2025-05-31, share: 40% (20..60)}", "{between: 2026-05-01..2026-05-31, share: 40%}", 30, "date", "2026-05-01..2026-05-31 lies outside the window 2025-03-01..2025-10-31", ""),
    ("share: 40% (20..60)}, constant", "share: 40% (20..60)}, steady", 30, "value", "`steady` is no timing", "write {between: A..B, share: 30%}, evenly or constant"),
    ("share: 40% (20..60)}, constant]", "share: 40% (20..60)}]", 30, "value", "the last item takes the rest: it needs no `share`", "add `- evenly` below it"),
    ("observable: 5 days", "observable: five days", 31, "value", "`five days` is no delay", "write `at once`, `3 days` or `never`"),
    ("observable: 5 days", "observable: 5", 31, "value", "`5` is no delay", "write `at once`, `3 days` or `never`"),
    ("    report_by: [2025-06-30]\n  strike", "    report_by: [2025-11-30]\n  strike", 32, "date", "2025-11-30 lies outside the window of `talks`, 2025-03-01..2025-10-31", ""),
    ("    report_by: [2025-06-30]\n  strike", "    report_by: [30 June]\n  strike", 32, "date", "`30 June` is no day", "write it as in 2025-04-08"),
    ("by: 2025-11-30", "by: end of November", 48, "date", "`end of November` is no day", "write it as in 2025-04-08"),
    ("by: 2025-11-30", "by: 2025-04-08", 48, "date", "the window of `deal` ends on 2025-04-08, before it opens on 2025-04-09", "write window: A..B for one that opened earlier"),
    ("{none: 60%, old: 30%, new: 10%}", "{none: 60%, old: 30%, new: 20%}", 23, "shares-sum", "shares sum to 110 %; rescale to 54.5 %, 27.3 %, 18.2 %", ""),
    ("{none: 60%, old: 30%, new: 10%}", "{none: 60%, old: 30%}", 23, "shares-sum", "shares sum to 90 %; rescale to 66.7 %, 33.3 %", ""),
    ("{none: 60%, old: 30%, new: 10%}", "{none: 60%, old: 30%, knew: 10%}", 23, "unknown-state", "there is no state `knew`", "did you mean `new`?"),
    ("{none: 60%, old: 30%, new: 10%}", "[60%, 30%, 10%]", 23, "type", "a mapping stands here, not a list", ""),
    ("{none: 60%, old: 30%, new: 10%}", "{none: likely, old: 30%, new: 10%}", 23, "value", "`likely`: a share is one number such as 30%", "how sure you are goes into `worth:` (the number of cases that the"),
    ("states: [none, old, new]", "states: none, old, new", 22, "type", "a list stands here, not a text", ""),
    ("        otherwise: abroad", "        else: abroad", 43, "unknown-question", "there is no question `else`", "write `otherwise` for all that is left"),
    ("        otherwise: abroad", "        otherwise: abrod", 43, "unknown-state", "there is no state `abrod`", "did you mean `abroad`?"),
    ("        otherwise: abroad\n", "", 41, "uncovered", "no row for `talks in 2025-07-01..2025-10-31`; add it or `otherwise:`", ""),
    ("        otherwise: unlikely to about even", "        otherwise: unlikely to evn", 53, "unknown-phrase", "`evn` is not in the lexicon plain words", "did you mean `even`?"),
    ("        otherwise: unlikely to about even", "        otherwise: {successes: 1, of: 4", 53, "bracket", "the `{` that begins here is never closed", ""),
    ("incidents in 2..5: {beta: [2, 5]}", "incidents <= 1: 20% (10..30)\n        incidents >= 0: {beta: [2, 5]}", 54, "dead-row", "row 4 can never be reached: row 3 covers it", "take it out, or move it up"),
    ("{read_as: own.mood, note: n}", "{read_as: own.mood, widen: 0.01}", 51, "value", "`0.01` lies outside 0.1 to 10", ""),
    ("cuts: [2, 5]", "cuts: [two, 5]", 44, "type", "`two` is no number", ""),
    ("cuts: [2, 5]", "cuts: 2", 44, "type", "a list stands here, not a text", ""),
    ("side: at most", "side: most", 56, "value", "`most` cannot stand here", "write `at most` or `at least`"),
    ("given: talks by 2025-06-30, says", "if: talks by 2025-06-30, says", 56, "unknown-field", "unknown field `if`", ""),
    ("informed_by: [leak]", "informed_by: [leek]", 56, "unknown-evidence", "there is no evidence `leek`", "did you mean `leak`?"),
    ("informed_by: [leak]", "informed_by: leak", 56, "value", "`leak` is none of `all`, `none`, a day", "reports are listed by their ids: [leak]"),
    ("informed_by: [leak]", "informed_by: [cause]", 56, "unknown-evidence", "there is no evidence `cause`", ""),
    ("says: we believe", "says: x2 (1..3)", 57, "value", "`x2 (1..3)` multiplies odds; a chance stands here", "write a probability such as 40% (25..60)"),
    ("says: we believe", "says: 100%", 57, "value", "a statement cannot be certain: nothing could ever move it", "write 98% (95..99.5)"),
    ("lean: \"-\"", "lean: down", 57, "value", "`down` cannot stand here", "write `+` or `-`"),
    ("of: calm", "of: calm and", 57, "expression", "`calm and` ends too early: something is missing after it", ""),
    ("date: 2025-03, text: t", "date: March 2025, text: t", 59, "date", "`March 2025` is no day", "write it as in 2025-04-08"),
    ("date: 2025-03, text: t", "date: 2025-05, text: t", 59, "after-as-of", "dated after observed_through 2025-04-20", "to update the forecast leave as_of, write `observed_through: 2025-05-31`"),
    ("known: 2025-04-01", "known: 2025-03-01", 60, "date", "known on 2025-03-01, before it happened", ""),
    ("grade: C3", "grade: 3C", 59, "value", "`3C` is no grade", "a letter A to F for the source and a digit 1 to 6 for the report: B3"),
    ("grade: C3", "grade: C", 59, "value", "`C` is no grade", "a letter A to F for the source and a digit 1 to 6 for the report: B3"),
    ("not talks: x0.5", "not talks: 0.5", 59, "value", "`0.5` is no odds multiplier", "write x0.5"),
    ("not talks: x0.5", "not talks: downwards", 59, "value", "`downwards` is no odds multiplier", "write x2 (1.2..3.5): median and central 90 %"),
    ("not talks: x0.5", "not talks: very down", 59, "value", "`very down` is no odds multiplier", "write weakly down, down, strongly down"),
    ("id: echo", "id: leak", 60, "duplicate-key", "`leak` is already defined on line 59", ""),
    ("id: echo, ", "", 60, "missing", "`id` is missing", ""),
    ("observed: incidents >= 1", "observed: incidents", 61, "type", "`incidents` is a number: compare it, as in `incidents >= 1`", ""),
    ("observed: incidents >= 1", "observes: incidents >= 1", 61, "unknown-field", "unknown field `observes`", "did you mean `observed`?"),
    ("odds: {cause: base.echo}", "odds: {cause: x0.5}", 10, "unaccounted", "`base.echo` is neither used nor listed", "use it, or write under `unused:` why not: `base.echo: reason`"),
    ("odds: {cause: base.echo}", "odds: {}", 60, "value", "at least one entry is needed here", ""),
    ("{when: deal and calm, text: x}", "{when: deal and calm; text: x}", 63, "colon-in-text", "a colon and a space inside a text: put the text in quotes", ""),
    ("{when: deal and calm, text: x}", "{text: x}", 63, "missing", "`when` is missing", ""),
    ("  rest: otherwise\n", "", 62, "uncovered", "the scenarios do not cover every future", "end them with `rest: otherwise`"),
    ("first in 2025-05-01..2025-06-30", "first in May 2025", 64, "expression", "`May 2025` is no day here", "write `first in 2025-05-01..2025-05-31`"),
    ("first in 2025-05-01..2025-06-30", "first after 2025-05-01", 64, "expression", "`after` is no word of conditions", "write `first and not first by 2025-05-01`, or `first in 2025-05-01..`"),
    ("first in 2025-05-01..2025-06-30", "first <= 2025-06-30", 64, "expression", "days are not compared by signs", "write `first by 2025-06-30`"),
    ("first in 2025-05-01..2025-06-30", "P(first)", 64, "expression", "`P(...)` is no form of conditions", "a condition holds or does not; chances and sums cannot stand in it"),
    ("first in 2025-05-01..2025-06-30", "first by June", 64, "expression", "`June` is no day here", "write it as in `first by 2025-06-30`"),
    ("do: {strike: never}", "do: {strike: no}", 67, "unknown-state", "`strike` cannot be set to `no`", "`no` is no day: a day such as 2025-06-15, or never"),
    ("do: {strike: never}", "do: {strik: never}", 67, "unknown-question", "there is no question `strik`", "did you mean `strike`?"),
    ("do: {strike: never}", "do: strike", 67, "type", "a mapping stands here, not a text", ""),
    ("drop: [leak]", "drop: [leek]", 67, "unknown-source", "`leek` is no source, judgement or evidence of this file", "did you mean `leak`?"),
    ("set: {questions.deal.by: 2025-10-31}", "set: {questions.deal.bye: 2025-10-31}", 67, "unknown-path", "`questions.deal.bye` names nothing in this file: `bye` is unknown", "did you mean `by`?"),
    ("set: {questions.deal.by: 2025-10-31}", "set: {question.deal.by: 2025-10-31}", 67, "unknown-path", "`question.deal.by` names nothing in this file: `question` is unknown", "did you mean `questions`?"),
    ("watch: [talks, first]", "watch: [talks, frist]", 68, "unknown-question", "there is no question `frist`", "did you mean `first`?"),
    ("watch: [talks, first]", "watch: [cause]", 68, "value", "`cause` is never observed: it cannot be watched", ""),
    ("unused: {base.old: too old}", "unused: [base.old]", 69, "type", "a mapping stands here, not a list", ""),
    ("unused: {base.old: too old}\n", "", 10, "unaccounted", "`base.old` is neither used nor listed", "use it, or write under `unused:` why not: `base.old: reason`"),
    ("earliest(talks, strike)", "latest(talks, deal)", 34, "type", "`deal` is no date question", ""),
    ("earliest(talks, strike)", "latest(talks)", 34, "expression", "`latest(...)` compares two dates or more", "write `latest(talks, ...)`, or the question alone"),
    ("earliest(talks, strike)", "talks before strike", 34, "type", "a date question means `earliest(a, b)` or `latest(a, b)` of other", ""),
    ("not strike and incidents <= 1", "talks before deal", 54, "type", "`deal` is no date question: its day cannot be compared", "compare days of questions of type date"),
    ("not strike and incidents <= 1", "talks before talks", 54, "value", "`talks` is compared with itself", ""),
    ("not strike and incidents <= 1", "talks before strik", 54, "unknown-question", "there is no question `strik`", "did you mean `strike`?"),
    ("not strike and incidents <= 1", "talks after strike", 54, "expression", "`after` is no word of conditions", "write `strike before talks`"),
    ("not strike and incidents <= 1", "talks before 2025-02-30", 54, "date", "there is no 30 February", ""),
    ("not strike and incidents <= 1", "talks within 30 of strike", 54, "expression", "`within` takes a number of days, weeks or months, and `of`", "write it as in `talks within 30 days of strike`"),
    ("not strike and incidents <= 1", "talks within 30 days of deal", 54, "type", "`deal` is no date question: its day cannot be compared", "compare days of questions of type date"),
    ("not strike and incidents <= 1", "talks within 30 days after strike", 54, "expression", "`within` takes a number of days", "talks within 30 days of strike"),
    ("not strike and incidents <= 1", "talks within a month of strike", 54, "expression", "`within` takes a number of days, weeks or months, and `of`", "write it as in `talks within 30 days of strike`"),
    ("not strike and incidents <= 1", "\"at least 2 of strike, talks, del\"", 54, "unknown-question", "there is no question `del`", "did you mean `deal`?"),
    ("not strike and incidents <= 1", "\"at least 4 of strike, talks, deal\"", 54, "value", "`at least 4 of` 3 parts is no condition", "a whole number from 1 to 3"),
    ("not strike and incidents <= 1", "\"at least 2 of strike, place\"", 54, "type", "`place` is not yes/no: say which state, `place is home`", "one of home, abroad, on the line"),
    ("not strike and incidents <= 1", "\"at least two of strike, talks\"", 54, "expression", "a number is written in digits", "write `at least 2 of strike, talks`"),
    ("not strike and incidents <= 1", "\"at most 2 of strike, talks\"", 54, "expression", "`at most` is no form of conditions", "write `not at least 3 of strike, talks`"),
    ("not strike and incidents <= 1", "grudge >= old", 54, "type", "the states of `grudge` have no order: they cannot be compared", "add `ordered: true` to it, or write `grudge is ...|...`"),
    ("not strike and incidents <= 1", "latest(talks, strike)", 54, "comma-in-flow", "a comma ends the expression inside { }; write it in quotes:", ""),
    ("    type: categorical\n    states: [none, old, new]", "    type: categorical\n    ordered: maybe\n    states: [none, old, new]", 22, "value", "`maybe` cannot stand here", "write true or false"),
    ("  - {id: seen, date: 2025-04-10, text: t, source: s, grade: A1, observed: incidents >= 1}", "  - {id: seen, date: 2025-04-10, text: t, source: s, grade: A1, likelihood: {incidents >= 1: 80%}}", 61, "uncovered", "no row for `incidents in 0..0`; add it or `otherwise:`", ""),
    ("  - {id: seen, date: 2025-04-10, text: t, source: s, grade: A1, observed: incidents >= 1}", "  - {id: seen, date: 2025-04-10, text: t, source: s, grade: A1, likelihood: {incidents >= 1: x2, otherwise: 1%}}", 61, "value", "`x2` multiplies odds; a chance stands here", "write a probability such as 40% (25..60)"),
    ("{beta: [2, 5]}", "{any_of: {leak: 2%}}", 52, "value", "a leak alone is no noisy-or", "write the chance itself"),
    ("{beta: [2, 5]}", "{any_of: {leak: 2%, strik: 50%}}", 52, "unknown-question", "there is no question `strik`", "did you mean `strike`?"),
    ("{beta: [2, 5]}", "{any_of: {leak: x2, strike: 50%}}", 52, "value", "`x2` multiplies odds; a chance stands here", "write a probability such as 40% (25..60)"),
    ("{shares: {none: 60%, old: 30%, new: 10%}, worth: 6}", "{counts: {none: 6, old: -3, new: 1}}", 23, "value", "`-3` lies outside 0 to 1,000,000", ""),
    ("{shares: {none: 60%, old: 30%, new: 10%}, worth: 6}", "{counts: {none: 6, old: 3, new: 1}, worth: 3}", 23, "unknown-field", "`worth` does not belong here", "here may stand discount"),
]  # fmt: skip

CLAIMS_ROWS: list[Row] = [
    ("priors: 1", "priors: 2", 1, "version", "version `2` is not known here", "write 1"),
    ("  who: Doo\n", "", 3, "missing", "`who` is missing", ""),
    ("  said: 2025-04-01", "  said: 1 April 2025", 5, "date", "`1 April 2025` is no day", "write it as in 2025-04-08"),
    ("  said: 2025-04-01", "  sayd: 2025-04-01", 5, "unknown-field", "unknown field `sayd`", "did you mean `said`?"),
    ("  role: analyst", "  role: [analyst]", 4, "type", "a text stands here, not a list", ""),
    ("lexicon: icd203", "lexicon: idc203", 7, "unknown-lexicon", "there is no lexicon `idc203`", "did you mean `icd203`?"),
    ("lexicon: icd203\n", "", 1, "missing", "`lexicon` is missing", ""),
    ("    read_as: likely", "    read_as: likly", 13, "unknown-phrase", "`likly` is not in the lexicon ICD 203", "did you mean `likely`?"),
    ("    read_as: likely", "    read_as: possible", 13, "trap-word", "`possible` is read anywhere from 20 to 80 %: give a number", "for example 40% (20..65)"),
    ("    read_as: likely", "    read_as: 85", 13, "probability-range", "a probability lies between 0 and 1: did you mean 85% (low..high)?", "write 85% (low..high)"),
    ("    read_as: likely", "    read_as: 85% (90..95)", 13, "range-order", "`85% (90..95)`: the number must lie inside its range", "p (low..high): p is the mean, low..high holds it nine times in ten"),
    ("    read_as: likely", "    read_as: own.mood", 13, "type", "a stored judgement is a value, not a reference", ""),
    ("    read_as: likely\n", "", 10, "missing", "`read_as` is missing", ""),
    ("    by: quoted", "    by: quote", 12, "value", "`quote` cannot stand here", "write `quoted`, `paraphrase` or `journalist`"),
    ("    widen: 2", "    widen: 20", 14, "value", "`20` lies outside 0.1 to 10", ""),
    ("    read_as: likely", "    read_as: 60%", 14, "value", "`widen` does not apply to a fixed number", ""),
    ("    note: n", "    nota: n", 15, "unknown-field", "unknown field `nota`", "did you mean `note`?"),
    ("judgements:", "judgments:", 8, "unknown-field", "unknown field `judgments`", "did you mean `judgements`?"),
    ("  deal:\n", "  deal: {read_as: even}\n  deal:\n", 10, "duplicate-key", "`deal` is already defined on line 9", ""),
    ("    quote: q", "    quote: he said: likely", 11, "colon-in-text", "a colon and a space inside a text: put the text in quotes", ""),
    ("    quote: q", "    quote: \"q", 11, "unclosed-quote", "the quotation that begins here is never closed", ""),
]  # fmt: skip

COUNTS_ROWS: list[Row] = [
    ("x1.5 (1.1..2)", "1.5 (1.1..2)", 5, "probability-range", "a probability lies between 0 and 1: did you mean 1.5% (1.1..2)?", "write 1.5% (1.1..2)"),
    ("x1.5 (1.1..2)", "x1.5 (1.6..2)", 5, "range-order", "`x1.5 (1.6..2)`: the number must lie inside its range", "x2 (1.2..3.5): 2 is the median, 1.2..3.5 holds it nine times in ten"),
    ("x1.5 (1.1..2)", "x1.5 (1.1, 2)", 5, "comma-in-flow", "a comma ends the expression inside { }; write `x1.5 (1.1..2)`", ""),
    ("{successes: 3, of: 9}", "{successes: 3}", 6, "missing", "`of` is missing", ""),
    ("{successes: 3, of: 9}", "{success: 3, of: 9}", 6, "unknown-field", "unknown field `success`", "did you mean `successes`?"),
    ("{successes: 3, of: 9}", "{successes: three, of: 9}", 6, "type", "`three` is no number", ""),
    ("{successes: 3, of: 9}", "3 of 9", 6, "value", "`3 of 9` is no chance", "write a phrase of the lexicon, 70% (55..85), or a reference such as"),
    ("source: {who: base rates, said: 2025-04-08}", "source: base rates", 2, "type", "a mapping stands here, not a text", ""),
]  # fmt: skip

STOCKS = """\
forecast: 1
title: Stocks and sessions
as_of: 2025-04-08
horizon: 2025-12-31
lexicon: plain
author: Ann
questions:
  talks: {text: t, type: date, occurs: likely, timing: [evenly]}
  strike: {text: s, type: date, rate: 0.4 (0.2..0.7) a month}
  first: {text: f, type: date, means: "earliest(talks, strike)"}
  early: {text: e, type: binary, means: talks before strike}
  near: {text: n, type: binary, means: talks within 30 days of strike}
  stock:
    text: k
    type: quantity
    unit: kt
    bounds: 0..5000
    amount: 1200 (350..3500)
    cuts: [500, 2000]
  price: {text: p, type: quantity, amount: {family: lognormal, quantiles: {5%: 10, 50%: 20, 95%: 45}}}
  turnout: {text: u, type: quantity, bounds: 40..95, amount: {roulette: {60..65: 2, 65..70: 5, 70..80: 3}}}
  load: {text: l, type: quantity, amount: {base: 10 (4..25), times: {talks: x1.4 (1.1..1.8)}}}
  shots:
    text: h
    type: count
    rate: {events: 9, in: 21 months, discount: 0.8}
    times: {cause: x0.5 (0.3..0.9)}
    clumped: 2.5 (1.5..5)
  deal:
    text: d
    type: binary
    prior: {pool: [likely, 30% (15..48), 40..60%], method: log_odds, weights: [2, 1, 1]}
  mood: {text: m, type: categorical, states: [calm, sour], prior: {shares: {calm: 60%, sour: 40%}, worth: 6}}
latents:
  cause: {text: c, prior: 30% (15..48)}
scenarios:
  good: deal
  rest: otherwise
variants:
  v:
    given: talks
    do: {strike: 2025-06-15}
    set: {questions.mood.prior.worth: 20}
"""

STOCKS_ROWS: list[Row] = [
    ("1200 (350..3500)", "1200", 18, "value", "`1200`: an amount needs its range", "write 1200 (low..high): low..high holds it nine times in ten"),
    ("1200 (350..3500)", "1,200 (350..3500)", 18, "value", "`1,200 (350..3500)` is no amount", "write 1200 (350..3500): median and central 90 %"),
    ("1200 (350..3500)", "1200 (350-3500)", 18, "value", "`1200 (350-3500)` is no amount", "write 1200 (350..3500): median and central 90 %"),
    ("1200 (350..3500)", "1200 +- 400", 18, "value", "`1200 +- 400` is no amount", "write 1200 (350..3500): median and central 90 %"),
    ("1200 (350..3500)", "about 1200", 18, "value", "`about 1200` is no amount", "write 1200 (350..3500): median and central 90 %"),
    ("1200 (350..3500)", "1200 (3500..350)", 18, "range-order", "`1200 (3500..350)`: the number must lie inside its range", "1200 (350..3500): 1200 is the median, the range holds it nine times in ten"),
    ("1200 (350..3500)", "1200 (350..6000)", 18, "value", "`6000` lies outside the bounds 0..5000", ""),
    ("1200 (350..3500)", "likely", 18, "value", "`likely` is no amount", "write 1200 (350..3500): median and central 90 %"),
    ("1200 (350..3500)", "{quantile: {5%: 350, 95%: 3500}}", 18, "value", "a mapping that is no amount", "write 1200 (350..3500), {family: lognormal, quantiles: {5%: a, 50%: b, 95%:"),
    ("cuts: [500, 2000]", "cuts: [500, 9000]", 19, "value", "`9000` lies outside the bounds 0..5000", ""),
    ("bounds: 0..5000", "bounds: 0-5000", 17, "value", "`0-5000` is no range", "write 0..5000"),
    ("bounds: 0..5000", "bounds: 5000..0", 17, "range-order", "`5000..0` runs backwards", "write the smaller end first"),
    ("lognormal, quantiles", "log-normal, quantiles", 20, "value", "`log-normal` cannot stand here", "write `normal`, `lognormal`, `gamma`, `beta`, `student` or `logstudent`"),
    ("lognormal, quantiles", "uniform, quantiles", 20, "value", "`uniform` cannot stand here", "write `normal`, `lognormal`, `gamma`, `beta`, `student` or `logstudent`"),
    ("{5%: 10, 50%: 20, 95%: 45}", "{5%: 10, 50%: 20, 95th: 45}", 20, "value", "`95th` is no level of a quantile", "write 95%"),
    ("{5%: 10, 50%: 20, 95%: 45}", "{5%: 10, 50%: 20, 50%: 45}", 20, "duplicate-key", "`50%` is already defined on line 20", ""),
    ("{5%: 10, 50%: 20, 95%: 45}", "{5%: -10, 50%: 20, 95%: 45}", 20, "value", "a lognormal is above zero, `-10` is not", "name a family such as normal, or give the chance of none: `zero: 30%`"),
    ("{60..65: 2, 65..70: 5, 70..80: 3}", "{60-65: 2, 65..70: 5, 70..80: 3}", 21, "value", "`60-65` is no range", "write 60..65"),
    ("{60..65: 2, 65..70: 5, 70..80: 3}", "{60..65: 2, 65..70: -5, 70..80: 3}", 21, "value", "`-5` lies outside 0 to 1,000,000", ""),
    ("{60..65: 2, 65..70: 5, 70..80: 3}", "{60..65: 2, 70..80: 3, 80..99: 1}", 21, "value", "`99` lies outside the bounds 40..95", ""),
    ("{60..65: 2, 65..70: 5, 70..80: 3}", "{60..65: few, 65..70: 5}", 21, "type", "`few` is no number", ""),
    ("{base: 10 (4..25), times: {talks: x1.4 (1.1..1.8)}}", "{base: 10 (4..25), odds: {talks: x1.4 (1.1..1.8)}}", 22, "unknown-field", "`odds` does not belong here", "did you mean `times`?"),
    ("times: {talks: x1.4 (1.1..1.8)}", "times: {talks: 1.4 (1.1..1.8)}", 22, "value", "`1.4 (1.1..1.8)` is no odds multiplier", "write x1.4 (1.1..1.8)"),
    ("0.4 (0.2..0.7) a month", "0.4 (0.2..0.7)", 9, "value", "`0.4 (0.2..0.7)` is no rate", "write 0.4 (0.2..0.7) a month, {events: 9, in: 21 months} or own.id"),
    ("0.4 (0.2..0.7) a month", "0.4 (0.2..0.7) per fortnight", 9, "value", "`0.4 (0.2..0.7) per fortnight` is no rate", "write 0.4 (0.2..0.7) a month, {events: 9, in: 21 months} or own.id"),
    ("0.4 (0.2..0.7) a month", "likely", 9, "value", "`likely` is no rate", "write 0.4 (0.2..0.7) a month, {events: 9, in: 21 months} or own.id"),
    ("0.4 (0.2..0.7) a month", "{event: 3, in: 10 weeks}", 9, "unknown-field", "unknown field `event`", "did you mean `events`?"),
    ("0.4 (0.2..0.7) a month", "{events: 3}", 9, "missing", "`in` is missing", ""),
    ("0.4 (0.2..0.7) a month", "3 in 10 weeks", 9, "value", "`3 in 10 weeks` is no rate", "write {events: 3, in: 10 weeks}"),
    ("{events: 9, in: 21 months, discount: 0.8}", "{events: 9, in: 21 moons}", 26, "value", "`21 moons` is no length of time", "write it as in `56 months`, `3 weeks`, `2 years`"),
    ("times: {cause: x0.5 (0.3..0.9)}", "odds: {cause: x0.5 (0.3..0.9)}", 27, "unknown-field", "`odds` does not belong here", "how often is multiplied under `times`, a chance under `odds`"),
    ("clumped: 2.5 (1.5..5)", "clumpy: 2.5 (1.5..5)", 28, "unknown-field", "unknown field `clumpy`", "did you mean `clumped`?"),
    ("clumped: 2.5 (1.5..5)", "clumped: x2.5 (1.5..5)", 28, "value", "`x2.5 (1.5..5)` does not say how clumped", "write 2.5 (1.5..5): variance divided by mean, median and central 90 %"),
    ("clumped: 2.5 (1.5..5)", "clumped: yes", 28, "value", "`yes` does not say how clumped", "write 3 (1.5..6): variance divided by mean, median and central 90 %"),
    ("clumped: 2.5 (1.5..5)", "clumped: 2.5 (1.5-5)", 28, "value", "`2.5 (1.5-5)` does not say how clumped", "write 2.5 (1.5..5): variance divided by mean, median and central 90 %"),
    ("clumped: 2.5 (1.5..5)", "clumped: 250% (150..500)", 28, "value", "`250% (150..500)` does not say how clumped", "write 3 (1.5..6): variance divided by mean, median and central 90 %"),
    ("method: log_odds", "method: average", 32, "value", "`average` cannot stand here", "write `linear`, `log_odds`, `hierarchical` or `cooke`"),
    ("method: log_odds", "method: mean", 32, "value", "`mean` cannot stand here", "write `linear`, `log_odds`, `hierarchical` or `cooke`"),
    ("method: log_odds", "method: log odds", 32, "value", "`log odds` cannot stand here", "write `linear`, `log_odds`, `hierarchical` or `cooke`"),
    ("weights: [2, 1, 1]", "weights: [2, 1]", 32, "value", "3 judgements, but 2 weights", ""),
    ("weights: [2, 1, 1]", "weights: [2, 1, -1]", 32, "value", "`-1` lies outside 0 to 1,000,000", ""),
    ("weights: [2, 1, 1]", "weights: {ann: 2, bob: 1, cy: 1}", 32, "type", "a list stands here, not a mapping", ""),
    ("weights: [2, 1, 1]", "weight: [2, 1, 1]", 32, "unknown-field", "unknown field `weight`", "did you mean `weights`?"),
    ("[likely, 30% (15..48), 40..60%]", "[likely, 30, 40..60%]", 32, "probability-range", "a probability lies between 0 and 1: did you mean 30% (low..high)?", "write 30% (low..high)"),
    ("[likely, 30% (15..48), 40..60%]", "[likely, x2, 40..60%]", 32, "value", "`x2` multiplies odds; a chance stands here", "write a probability such as 40% (25..60)"),
    ("earliest(talks, strike)", "earliest(talks or strike)", 10, "expression", "dates are listed with commas between them", "write `earliest(talks, strike)`"),
    ("earliest(talks, strike)", "earliest(talks strike)", 10, "expression", "dates are listed with commas between them", "write `earliest(talks, strike)`"),
    ("earliest(talks, strike)", "earlist(talks, strike)", 10, "expression", "`earlist(...)` is no form of conditions", "write `earliest(talks, strike)`"),
    ("earliest(talks, strike)", "min(talks, strike)", 10, "expression", "`min(...)` is no form of conditions", "write `earliest(talks, strike)`"),
    ("talks before strike", "talks earlier than strike", 11, "expression", "`earlier than` is no word of conditions", "write `talks before strike`"),
    ("talks before strike", "talks precedes strike", 11, "expression", "`precedes` is no word of conditions", "write `talks before strike`"),
    ("talks before strike", "talks before", 11, "expression", "`talks before` ends too early: something is missing after it", ""),
    ("talks before strike", "talks before stock", 11, "type", "`stock` is no date question: its day cannot be compared", "compare days of questions of type date"),
    ("talks before strike", "talks before June 2025", 11, "expression", "`June 2025` is no day here", "write `talks by 2025-05-31`"),
    ("talks within 30 days of strike", "talks within 30 days strike", 12, "expression", "`within` takes a number of days, weeks or months, and `of`", "write it as in `talks within 30 days of strike`"),
    ("talks within 30 days of strike", "talks within 30 days from strike", 12, "expression", "`within` takes a number of days, weeks or months, and `of`", "write it as in `talks within 30 days of strike`"),
    ("talks within 30 days of strike", "talks within thirty days of strike", 12, "expression", "`within` takes a number of days, weeks or months, and `of`", "write it as in `talks within 30 days of strike`"),
    ("talks within 30 days of strike", "talks within -5 days of strike", 12, "value", "`-5` is no number of days", "a whole number up to 9,999"),
    ("talks within 30 days of strike", "talks within 30 dys of strike", 12, "expression", "`within` takes a number of days, weeks or months, and `of`", "write it as in `talks within 30 days of strike`"),
    ("talks within 30 days of strike", "talks within 30 days of strik", 12, "unknown-question", "there is no question `strik`", "did you mean `strike`?"),
    ("talks within 30 days of strike", "talks within 30 days of talks", 12, "value", "`talks` is compared with itself", ""),
    ("talks within 30 days of strike", "talks within 1.5 months of strike", 12, "value", "`1.5` is no number of months", "a whole number up to 9,999"),
    ("talks within 30 days of strike", "talks within 30 days of 2025-06-30", 12, "expression", "`within` compares two questions", "write `talks in 2025-05-31..2025-07-30`"),
    ("given: talks", "given: talk", 41, "unknown-question", "there is no question `talk`", "did you mean `talks`?"),
    ("given: talks", "given: [talks, deal]", 41, "type", "a text stands here, not a list", ""),
    ("given: talks", "if: talks", 41, "unknown-field", "unknown field `if`", "here may stand drop, given, text"),
    ("given: talks", "given: mood", 41, "type", "`mood` is not yes/no: say which state, `mood is calm`", "one of calm, sour"),
    ("given: talks", "given: talks by 2024-01-01", 41, "impossible-condition", "`talks by 2024-01-01` can never hold: there is nothing to suppose", "mend the condition"),
    ("{strike: 2025-06-15}", "{strike: yes}", 42, "unknown-state", "`strike` cannot be set to `yes`", "`yes` is no day: a day such as 2025-06-15, or never"),
    ("{strike: 2025-06-15}", "{strike: 2026-06-15}", 42, "date", "2026-06-15 lies outside the window of `strike`, 2025-04-09..2025-12-31", ""),
    ("{strike: 2025-06-15}", "{early: yes}", 42, "derived", "`early` is what other questions make it: it cannot be set by itself", "set talks, strike"),
    ("{strike: 2025-06-15}", "{mood: calmm}", 42, "unknown-state", "`mood` cannot be set to `calmm`", "did you mean `calm`?"),
    ("{strike: 2025-06-15}", "{deal: true}", 42, "unknown-state", "`deal` cannot be set to `true`", "write yes or no"),
    ("{strike: 2025-06-15}", "{cause: maybe}", 42, "unknown-state", "`cause` cannot be set to `maybe`", "write yes or no"),
    ("{questions.mood.prior.worth: 20}", "{questions.mood.prior.worth: many}", 43, "type", "`many` is no number", ""),
    ("{questions.mood.prior.worth: 20}", "{questions.moood.prior.worth: 20}", 43, "unknown-path", "`questions.moood.prior.worth` names nothing in this file: `moood` is unknow", "did you mean `mood`?"),
    ("{questions.mood.prior.worth: 20}", "{mood.prior.worth: 20}", 43, "unknown-path", "`mood.prior.worth` names nothing in this file: `mood` is unknown", "write `questions.mood.prior.worth`"),
    ("{questions.mood.prior.worth: 20}", "{questions.mood: }", 43, "empty-value", "nothing after `questions.mood:`", ""),
    ("    set: {q", "    sets: {q", 43, "unknown-field", "unknown field `sets`", "did you mean `set`?"),
    ("    given: talks\n", "    drop: strike\n    given: talks\n", 41, "type", "a list stands here, not a text", "write [strike]"),
    ("    given: talks\n", "    drop: [talks]\n    given: talks\n", 41, "unknown-source", "`talks` is no source, judgement or evidence of this file", ""),
]  # fmt: skip

TABLED = """\
forecast: 1
numbers: exact
defaults: {type: categorical}
questions:
  rain: {states: [wet, dry], prior: {table: {rows: [0.2 0.8]}}}
  road:
    states: [low, mid, high]
    prior:
      table:
        parents: [rain]
        rows:
          - 0.1 0.2 0.7
          - 0.3 0.3 0.4
"""

TABLED_ROWS: list[Row] = [
    ("0.1 0.2 0.7", "0.1 0.2", 12, "table-shape", "this row has 2 numbers for 3 states (rain is wet)", "write one for each state"),
    ("          - 0.3 0.3 0.4\n", "", 11, "table-shape", "the table has 1 rows; its parents have 2 combinations", "one row for each combination of their states, the last parent fastest"),
    ("- 0.3 0.3 0.4", "- 0.3 0.3 0.4\n          - 0.2 0.2 0.6", 11, "table-shape", "the table has 3 rows; its parents have 2 combinations", "one row for each combination of their states, the last parent fastest"),
    ("parents: [rain]", "parents: rain", 10, "type", "a list stands here, not a text", "write [rain]"),
    ("parents: [rain]", "parent: [rain]", 10, "unknown-field", "unknown field `parent`", "did you mean `parents`?"),
    ("parents: [rain]", "parents: [ran]", 10, "unknown-question", "there is no question `ran`", "did you mean `rain`?"),
    ("rows: [0.2 0.8]", "row: [0.2 0.8]", 5, "unknown-field", "unknown field `row`", "did you mean `rows`?"),
    ("rows: [0.2 0.8]", "rows: [0.2 0.9]", 5, "shares-sum", "this row sums to 1.1", "rescale it to 0.181818 0.818182"),
]  # fmt: skip

FILES = {"scenarios/s.yaml": RICH, "priors/doo.yaml": DOO, "priors/base.yaml": BASE}

ROWS = [
    *(("scenarios/s.yaml", *row) for row in SCENARIO_ROWS),
    *(("priors/doo.yaml", *row) for row in CLAIMS_ROWS),
    *(("priors/base.yaml", *row) for row in COUNTS_ROWS),
]


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return Project(tmp_path / "project")


def errors(project: Project, changed: str = "", text: str = "") -> list[Fault]:
    project.write("pyproject.toml", "")
    for name, sound in FILES.items():
        project.write(name, text if name == changed else sound)
    report = check_file(project.root / "scenarios/s.yaml")
    return [fault for fault in report.faults if fault.severity == "error"]


def test_the_files_that_are_changed_are_sound(project: Project) -> None:
    assert errors(project) == []


@pytest.mark.parametrize(
    ("name", "old", "new", "line", "code", "said", "fix"), ROWS, ids=[row[2][:60] for row in ROWS]
)
def test_bad_forms(
    project: Project, name: str, old: str, new: str, line: int, code: str, said: str, fix: str
) -> None:
    assert FILES[name].count(old) == 1
    (fault,) = errors(project, name, FILES[name].replace(old, new))
    assert fault.file == str(project.root / name) or fault.file.endswith(f"/../{name}")
    assert (fault.line, fault.code) == (line, code)
    assert said in fault.text
    assert fix in fault.fix


ALONE = [(STOCKS, *row) for row in STOCKS_ROWS] + [(TABLED, *row) for row in TABLED_ROWS]


@pytest.mark.parametrize("sound", [STOCKS, TABLED])
def test_the_files_that_stand_alone_are_sound(project: Project, sound: str) -> None:
    assert alone(project, sound) == []


@pytest.mark.parametrize(
    ("sound", "old", "new", "line", "code", "said", "fix"),
    ALONE,
    ids=[row[2][:60] for row in ALONE],
)
def test_bad_amounts_rates_pools_relations_variants_and_tables(
    project: Project, sound: str, old: str, new: str, line: int, code: str, said: str, fix: str
) -> None:
    assert sound.count(old) == 1
    (fault,) = alone(project, sound.replace(old, new))
    assert (fault.line, fault.code) == (line, code)
    assert said in fault.text
    assert fix in fault.fix


def alone(project: Project, text: str) -> list[Fault]:
    report = check_file(project.write("scenarios/s.yaml", text))
    return [fault for fault in report.faults if fault.severity == "error"]


SHARED = Path(__file__).parents[3] / "shared" / "language" / "bad"


@pytest.mark.skipif(not SHARED.is_dir(), reason="needs ../shared/language/bad")
def test_shared_bad_files() -> None:
    """Each answers on its line; what it says is held in `test_load` and `test_read`."""
    expected = json.loads((SHARED / "expected.json").read_text("utf-8"))
    assert len(expected) == 23
    for row in expected:
        report = check_file(SHARED / row["file"])
        if row["message"].startswith("VALID"):
            assert report.errors == 0, row
        elif row["message"].startswith("WARNING"):
            assert (report.faults[0].line, report.faults[0].severity) == (row["line"], "warning")
            assert report.faults[0].text == row["message"].removeprefix("WARNING: ")
        else:
            assert [fault.line for fault in report.faults if fault.severity == "error"] == [
                row["line"]
            ]
