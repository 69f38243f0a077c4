"""Lexicons: the shipped words mean what was published; a user's own are checked."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic_core import PydanticCustomError
from scipy import stats
from writing import BASE, PRIORS, Project

from forecast.errors import InvalidSpecification
from forecast.model import elicitation
from forecast.model.distributions import Beta
from forecast.spec.lexicon import SHIPPED, Lexicon, load_lexicon
from forecast.spec.notation import Band, Phrase, Point
from forecast.spec.problem import told

ICD203 = {
    "almost no chance": (0.01, 0.05),
    "very unlikely": (0.05, 0.20),
    "unlikely": (0.20, 0.45),
    "roughly even chance": (0.45, 0.55),
    "likely": (0.55, 0.80),
    "very likely": (0.80, 0.95),
    "almost certain": (0.95, 0.99),
}
"""Intelligence Community Directive 203 (2015), Analytic Standards, D.6.e.(2)(a)."""

OWN = """\
lexicon: 1
name: Own
source: me
phrases:
  fat chance: 2..8%
  toss-up: 50%
  sure thing: {beta: [30, 1.5]}
synonyms: {coin flip: toss-up}
refused: {perhaps: says nothing at all}
"""

REPOSITORY = Path(__file__).parents[2]


@pytest.mark.parametrize("phrase", ICD203)
def test_icd203_phrases_cover_their_published_bands(phrase: str) -> None:
    """Shapes are given to three digits: the central 90 % is the band within half a point."""
    beta = elicitation.chance(Phrase(phrase), load_lexicon("icd203"))
    assert isinstance(beta, Beta)
    assert stats.beta.ppf([0.05, 0.95], beta.a, beta.b) == pytest.approx(ICD203[phrase], abs=0.005)


def test_icd203_knows_all_published_phrases_and_no_other() -> None:
    assert set(load_lexicon("icd203").phrases) == set(ICD203)


def lexicons() -> list[Lexicon]:
    shipped = [load_lexicon(name) for name in SHIPPED]
    return [*shipped, load_lexicon("", path=str(REPOSITORY / "lexicons/cia_1968.yaml"))]


@pytest.mark.parametrize("lexicon", lexicons(), ids=lambda lexicon: lexicon.name)
def test_every_probability_has_just_one_word(lexicon: Lexicon) -> None:
    rows = lexicon.yardstick
    assert rows[0][1] == 0
    assert rows[-1][2] == 1
    assert [row[2] for row in rows[:-1]] == [row[1] for row in rows[1:]]
    for k in range(1001):
        word, low, high = lexicon.word(k / 1000)
        assert low <= k / 1000 < high or (k == 1000 and high == 1), (word, k)
    assert {row[0] for row in rows} <= set(lexicon.phrases)


@pytest.mark.parametrize("lexicon", lexicons(), ids=lambda lexicon: lexicon.name)
def test_every_word_has_a_meaning(lexicon: Lexicon) -> None:
    for word in (*lexicon.phrases, *lexicon.synonyms):
        assert isinstance(elicitation.chance(Phrase(word), lexicon), Beta | float)
    for word in lexicon.refused:
        with pytest.raises(PydanticCustomError, match="give a number"):
            lexicon.meaning(word)
    assert not set(lexicon.refused) & {*lexicon.phrases, *lexicon.synonyms}


@pytest.mark.parametrize("name", SHIPPED)
def test_the_words_of_the_yardstick_stand_where_their_means_stand(name: str) -> None:
    lexicon = load_lexicon(name)
    for word, low, high in lexicon.yardstick:
        beta = elicitation.chance(Phrase(word), lexicon)
        assert isinstance(beta, Beta)
        assert low <= beta.mean <= high, word


def test_an_own_lexicon(project: Project) -> None:
    lexicon = load_lexicon("own", path=str(project.write("own.yaml", OWN)))
    assert lexicon.meaning("fat chance") == Band(0.02, 0.08)
    assert lexicon.meaning("coin flip") == Point(0.5)
    middle = (0.05 + 0.5) / 2
    assert lexicon.yardstick[0] == ("fat chance", 0.0, pytest.approx(middle))
    for word, code, said, fix in (
        ("perhaps", "trap-word", "`perhaps` says nothing at all: give a number", "40%"),
        (
            "tossup",
            "unknown-phrase",
            "`tossup` is not in the lexicon Own",
            "did you mean `toss-up`?",
        ),
        (
            "xyz",
            "unknown-phrase",
            "`xyz` is not in the lexicon Own",
            "it knows: fat chance, toss-up",
        ),
    ):
        with pytest.raises(PydanticCustomError) as caught:
            lexicon.meaning(word)
        found = told(caught.value)
        assert (found[0], said in found[1], fix in found[2]) == (code, True, True), found


@pytest.mark.parametrize(
    ("old", "new", "line", "code", "said"),
    [
        ("lexicon: 1", "lexicon: 2", 1, "version", "version `2` is not known"),
        ("source: me\n", "", 1, "missing", "`source` is missing"),
        ("source: me\n", "source: me\nphrase: x\n", 4, "unknown-field", "unknown field `phrase`"),
        ("fat chance: 2..8%", "fat chance: small", 5, "value", "`small` is no probability"),
        ("fat chance: 2..8%", "fat chance: 8..2%", 5, "range-order", "runs upward"),
        ("fat chance: 2..8%", "fat chance: [2, 8]", 5, "type", "a text stands here, not a list"),
        ("{beta: [30, 1.5]}", "{beta: [30, -1]}", 7, "value", "`-1` lies outside"),
        ("coin flip: toss-up", "coin flip: tossup", 8, "unknown-phrase", "`tossup` is no phrase of this lexicon"),
        ("refused:", "yardstick: {low: 0..50%, high: 60..100%}\nrefused:", 9, "yardstick", "leaves a gap between 50 % and 60 %"),
        ("refused:", "yardstick: {low: 0..50%, high: 40..100%}\nrefused:", 9, "yardstick", "overlaps between 50 % and 40 %"),
        ("refused:", "yardstick: {low: 0..50%, high: 50..99%}\nrefused:", 9, "yardstick", "ends at 99 %"),
        ("refused:", "yardstick: {low: zero}\nrefused:", 9, "value", "`zero` is no range of chances"),
        ("refused:", "yardstick: {low: 0..120%}\nrefused:", 9, "value", "is no range of chances"),
        ("phrases:\n  fat chance: 2..8%\n  toss-up: 50%\n  sure thing: {beta: [30, 1.5]}\nsynonyms: {coin flip: toss-up}", "phrases: {}", 4, "value", "at least one entry"),
    ],
)  # fmt: skip
def test_bad_lexicons(
    project: Project, old: str, new: str, line: int, code: str, said: str
) -> None:
    path = project.write("own.yaml", OWN.replace(old, new))
    with pytest.raises(InvalidSpecification) as caught:
        load_lexicon("own", path=str(path))
    (fault,) = caught.value.faults
    assert (fault.file, fault.line, fault.code, said in fault.text) == (
        str(path),
        line,
        code,
        True,
    ), fault


def test_faults_of_a_lexicon_are_part_of_the_report(project: Project) -> None:
    project.write("own.yaml", OWN.replace("toss-up}", "tossup}"))
    text = BASE.replace("lexicon: icd203", "lexicon: ../own.yaml").replace(
        "read_as: likely", "read_as: 120%"
    )
    found = [(Path(fault.file).name, fault.line, fault.code) for fault in project.faults(text)]
    assert found == [("own.yaml", 8, "unknown-phrase"), ("s.yaml", 8, "probability-range")]


def test_each_file_is_read_with_its_own_lexicon(project: Project) -> None:
    """`we believe` is a word of plain, not of icd203; `remote` the other way round."""
    words = "  x: {read_as: %s}\n  visits:"
    use = BASE.replace("own.mine}", "{cases: {will: own.mine, otherwise: doo.x}}}")
    assert project.faults(use, PRIORS.replace("  visits:", words % "we believe")) == ()
    (fault,) = project.faults(use, PRIORS.replace("  visits:", words % "remote"))
    assert (fault.line, fault.code) == (6, "unknown-phrase")
    (fault,) = project.faults(BASE.replace("read_as: likely", "read_as: we believe"))
    assert (fault.line, fault.code) == (8, "unknown-phrase")


def test_a_certain_word_of_an_own_lexicon_is_no_statement(project: Project) -> None:
    project.write("own.yaml", OWN.replace("toss-up: 50%", "toss-up: 100%"))
    text = BASE.replace("lexicon: icd203", "lexicon: ../own.yaml").replace(
        "read_as: likely", "read_as: fat chance"
    )
    text = text.replace("says: doo.trip", "says: coin flip").replace(
        "unused: {", "unused: {doo.trip: x, "
    )
    (fault,) = project.faults(text)
    assert (fault.line, fault.text) == (
        17,
        "a statement cannot be certain: nothing could ever move it",
    )
