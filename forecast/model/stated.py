"""What experts stated: claims as likelihoods of what the network implies."""

from __future__ import annotations

import math

from forecast.errors import Path
from forecast.model import elicitation
from forecast.model.distributions import Beta
from forecast.model.gates import Gates
from forecast.model.network import Statement, Target
from forecast.model.parameters import Judgements
from forecast.model.pooled import in_logits, pool_at
from forecast.spec import walk
from forecast.spec.evidence import Statement as StatementSpec
from forecast.spec.expression import And, Expression


def statement_name(statement: StatementSpec, i: int) -> str:
    """Return the name of the i-th statement: the claim that it rests on, or its place."""
    reference = walk.reference_of(statement.says)
    return str(reference) if reference else f"own statement {i + 1}"


def stated(
    i: int, statement: StatementSpec, view: int, gates: Gates, judgements: Judgements
) -> Statement:
    """Return a statement as a likelihood of what the network implies.

    stated = psi(a) - psi(b) of the judgement's Beta, sd^2 = band^2 + scatter^2.

    Parameters
    ----------
    i, statement
        Its place in the file, and what it says.
    view
        What the speaker knew, by the number of the view.
    gates, judgements
        Where its conditions become nodes, and its judgement is read.
    """
    path: Path = ("statements", i, "says")
    joined = pool_at(statement.says, path, judgements.spec)
    if joined is not None:
        words = f"{len(joined.kept)} judgements pooled ({joined.pool.method})"
        distribution, origin = None, judgements.own_origin(joined.place, words)
    else:
        _, distribution, origin = judgements.elicited(statement.says, path)
    if joined is not None:
        stated, band = in_logits(joined, judgements)
        band *= statement.widen
    elif isinstance(distribution, Beta):
        stated = elicitation.logit_mean(distribution)
        band = elicitation.logit_sd(distribution) * statement.widen
    elif isinstance(distribution, float) and 0 < distribution < 1:
        stated, band = math.log(distribution / (1 - distribution)), 0.0
    else:
        judgements.refuse(
            ("statements", i, "says"),
            "value",
            f"`{origin.words}`: a statement cannot be certain: nothing could ever move it",
            "write 98% (95..99.5)",
        )
        stated, band = 0.0, 0.0
    reference = walk.reference_of(statement.says)
    alias = reference.alias if reference else "own"
    listed = judgements.spec.file.experts.get(alias)
    speaker = listed or judgements.policy
    shift, scatter = speaker.shift, speaker.scatter
    variance = band**2 + scatter**2
    if reference and judgements.by_another(alias, reference.id):
        variance, shift = variance + shift**2, 0.0
    direction = int(math.copysign(1, stated)) if stated else 0
    if statement.lean is not None:
        direction = 1 if statement.lean == "+" else -1
    of = statement.of
    given = None
    if statement.given is not None:
        given = gates.condition(statement.given)
        of = Expression("", And((of.term, statement.given.term)))
    return Statement(
        id=statement_name(statement, i),
        of=statement.of.text + (f" given {statement.given.text}" if statement.given else ""),
        says=origin.words,
        target=Target(gates.condition(of), given, view),
        stated=stated,
        sd=math.sqrt(variance),
        shift=shift,
        direction=direction,
        expert=alias,
        side=statement.side,
        origin=origin,
    )
