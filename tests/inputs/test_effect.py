"""Effects, guidance and coverage in a treatment's file: what is taken, and the letter for what is not."""

from __future__ import annotations

from pathlib import Path

import pytest

from calc.inputs.effect import Events, RiskDifference
from calc.inputs.load import Library, basis_of, load_library

from .mini import FILES, problems

EFFECT = (
    "effects:\n  - {{source: survey, section: Table 3, against: {against}, kinds: [back_alone], at: 12 weeks, relief: thirty,"
    " {more}measure: {measure}}}\n"
)
EVENTS = "{kind: events, treated: {events: 48, total: 113}, control: {events: 15, total: 61}}"


def with_shot(params: Path, text: str) -> None:
    """Put ``text`` in the place of the shot's own effects, or of its coverage."""
    lines = FILES["treatments/shot"].splitlines(keepends=True)
    kept = [line for line in lines if line.split(":")[0] != text.split(":")[0]]
    (params / "treatments" / "shot.yaml").write_text("".join(kept) + text, encoding="utf-8")


def shot(params: Path, measure: str = EVENTS, against: str = "sham", more: str = "") -> Library:
    with_shot(params, EFFECT.format(measure=measure, against=against, more=more))
    return load_library(params)


def letter(params: Path, text: str) -> str:
    with_shot(params, text)
    return "\n".join(map(str, problems(params)))


def effect(measure: str = EVENTS, against: str = "sham", more: str = "") -> str:
    return EFFECT.format(measure=measure, against=against, more=more)


def test_an_effect_is_a_claim_with_its_comparison(params: Path) -> None:
    library = shot(params)
    (found,) = library.treatments["shot"].effects
    assert isinstance(found.measure, Events)
    assert found.measure.control.events == 15
    assert str(basis_of(found, library.sources)) == "public"


def test_a_difference_may_be_negative(params: Path) -> None:
    measure = "{kind: risk_difference, value: -0.1, low: -0.2, high: 0.05}"
    (found,) = shot(params, measure).treatments["shot"].effects
    assert isinstance(found.measure, RiskDifference)
    assert found.measure.value == -0.1


@pytest.mark.parametrize(
    ("text", "what", "fix"),
    [
        (effect("{kind: odds, value: 2}"), "'odds' is no kind of figure here", "Use one of 'events'"),
        (effect("{value: 2}"), "'kind' is missing", "Add it"),
        (effect("{kind: odds_ratio, value: 5, low: 1, high: 4}"), "5 with an interval of 1 to 4", "in order"),
        (effect("{kind: odds_ratio, value: 1, low: -1, high: 4}"), "a ratio of -1", "is this a difference?"),
        (effect("{kind: risk_difference, value: 12, low: 3, high: 30}"), "a difference of 3 to 30", "0.12 for 12"),
        (effect("{kind: odds_ratio, value: 2, low: 1, hihg: 4}"), "'hihg' is not a key here", "Did you mean 'high'?"),
        (
            effect("{kind: mean_difference, value: -3, better: lower, scale: of 10, sd: 2}"),
            "without its error",
            "(95 %), or 'se'",
        ),
        (
            effect("{kind: events, treated: {events: 9, total: 4}, control: {events: 1, total: 4}}"),
            "9 events out of 4",
            "Give whole numbers",
        ),
        (effect("{kind: share, reading: bounds, low: 0.5, high: 1}"), "a measure 'share' against sham", "uncontrolled"),
        (effect(against="uncontrolled"), "a measure 'events' against uncontrolled", "compares two groups"),
        (effect(against="treatment"), "against treatment and versus nobody", "Name the other treatment"),
        (effect(against="treatment", more="versus: rset, "), "there is no treatment 'rset'", "Did you mean 'rest'?"),
        (
            effect("{kind: share, reading: bounds, low: 50, high: 100}", against="uncontrolled"),
            "low 50 lies outside 0 to 1",
            "Write 0.5",
        ),
        (
            effect().replace("source: survey, section: Table 3, ", ""),
            "nobody is named who says this",
            "Name a 'source'",
        ),
        (effect().replace("survey", "survye"), "there is no source 'survye'", "Did you mean 'survey'?"),
        (effect().replace("[back_alone]", "[back_alone, back_alone]"), "stands twice", "Name each once"),
        (
            "for_whom: [{assumption: Ours., kinds: [back_alone], text: one two three four five six seven}]\n",
            "7 words",
            "Say it in 6",
        ),
        (
            "coverage: [{source: survey, section: Two, market: commercial, status: on_conditions}]\n",
            "on_conditions with 0 conditions",
            "List under 'conditions'",
        ),
        (
            "coverage:\n  - source: survey\n    section: Two\n    status: covered\n    authorization:\n      needed: always\n"
            "      delay: {label: Wait, unit: share, claims: [{assumption: Ours., reading: exact, value: 1}]}\n",
            "delay is given in share",
            "Give it in days",
        ),
        (
            "recommendations: [{source: survey, section: Two, kinds: [back_alone], direction: aginst, strength: strong}]\n",
            "'aginst' is not one of",
            "Did you mean 'against'?",
        ),
    ],
)
def test_what_is_wrong_is_told_where_what_and_what_would_be_right(params: Path, text: str, what: str, fix: str) -> None:
    said = letter(params, text)
    assert what in said
    assert fix in said
    assert "/shot.yaml:" in said


def test_the_error_of_a_measure_stands_at_its_own_line(params: Path) -> None:
    text = "effects:\n  - source: survey\n    section: Two\n    against: sham\n    kinds: [back_alone]\n    at: 12 weeks\n    relief: thirty\n"
    text += "    measure:\n      kind: odds_ratio\n      value: 5\n      low: 1\n      high: 4\n"
    assert "shot.yaml:33:7: effects.0.measure.value" in letter(params, text)


def test_parameters_of_authorization_repeats_and_harms_are_parameters_of_the_treatment(params: Path) -> None:
    share = "{label: A, unit: share, claims: [{assumption: Ours., reading: exact, value: 0.5}]}"
    text = FILES["treatments/shot"].replace("repeat: {policy: never}", f"repeat: {{policy: never, asks: {share}}}")
    status = f"coverage: [{{source: survey, section: Two, status: covered, authorization: {{needed: always, refused: {share}}}}}]"
    text = text.replace("coverage: [{assumption: Usual., status: covered}]", status)
    text += f"harms: {{ache: {{label: Ache, unit: share, per: session, claims: [{{assumption: Ours., reading: exact, value: 0.1}}], cost: {share.replace('share', 'usd')}}}}}\n"
    (params / "treatments" / "shot.yaml").write_text(text, encoding="utf-8")
    known = load_library(params).treatments["shot"].parameters()
    assert {"repeat.asks", "coverage.0.authorization.refused", "harms.ache", "harms.ache.cost"} <= known.keys()


def test_a_harm_that_costs_a_share_is_refused(params: Path) -> None:
    share = "{label: A, unit: share, claims: [{assumption: Ours., reading: exact, value: 0.5}]}"
    text = f"harms: {{ache: {{label: Ache, unit: share, claims: [{{assumption: Ours., reading: exact, value: 0.1}}], cost: {share}}}}}\n"
    assert "harms.ache.cost is given in share" in letter(params, text)
