"""Parameters in words."""

from __future__ import annotations

from dataclasses import replace

import pytest

from forecast.summary.contract import Summary
from forecast.views.judgements import judgement_name, speaker

NAMES = {
    "latents.compensation.prior": "compensation",
    "latents.preparation.prior.base": "preparation, base",
    "latents.preparation.prior.odds.compensation": "preparation, odds if compensation",
    "questions.ceasefire.occurs": "ceasefire",
    "questions.visit_russia.occurs.cases.preparation": "visit russia if preparation",
    "questions.visit_russia.occurs.cases.otherwise": "visit russia otherwise",
    "questions.visit_russia.timing[1].share": "visit russia, share of timing 2",
    "questions.troops.occurs.odds.ceasefire by 2025-06-30": "troops, odds if ceasefire by 30 Jun",
    "questions.senior_visits.rate": "senior visits, rate",
    "questions.storms.rate.base": "storms, base",
    "questions.storms.rate.times.enso is la_nina": "storms, times if enso is la nina",
    "questions.storms.rate.cases.warm_sea": "storms if warm sea",
    "questions.storms.times.warm_sea": "storms, times if warm sea",
    "questions.loss.amount.times.storms >= 4": "loss, times if storms >= 4",
    "questions.shortage.prior.any_of.strike": "shortage through strike",
    "questions.shortage.prior.any_of.leak": "shortage, leak",
    "questions.place.prior.far_east": "place: far east",
    "questions.place.prior.cases.otherwise.far_east": "place otherwise: far east",
    "questions.place.prior.cases.visit in 2025-04-28..2025-05-09.moscow": "place if visit in 28 Apr to 9 May: moscow",
    "questions.a.prior.cases.b.cases.not c": "a if b if not c",
    "questions.a.prior.cases.b.base": "a if b, base",
    "evidence.nhk_dozens.odds.troops_march": "report nhk dozens on troops march",
    "doo.troops_for_payment": "troops for payment",
    "questions.방문.prior.cases.준비_중": "방문 if 준비 중",
}


@pytest.mark.parametrize(("path", "name"), NAMES.items())
def test_a_path_is_read_as_words(path: str, name: str) -> None:
    assert judgement_name(path, "2025") == name


def test_a_speaker_has_his_name_from_the_experts_or_the_sources(summary: Summary) -> None:
    assert speaker(summary, "doo") == "Doo Jin-ho"
    assert speaker(summary, "nkn") == "NK News"
    assert speaker(summary, "base rates") == "base rates"
    sources = {"kida": "Doo, Kim, and others, 2025-04-08, Seoul"}
    provenance = replace(summary.provenance, sources=sources)
    assert speaker(replace(summary, provenance=provenance), "kida") == "Doo, Kim, and others"
