"""What a claim must say, and what it may not: each reading takes its own figures and no others."""

from __future__ import annotations

from datetime import date

import pytest
from pydantic import ValidationError

from calc.inputs.claim import Basis, Claim, weights_of
from calc.inputs.load import basis_of
from calc.inputs.readings import READINGS
from calc.inputs.source import Source, SourceKind, Stance
from calc.units import Unit

from .mini import claim, faults

RIGHT: dict[str, dict[str, object]] = {
    "exact": {"value": 5},
    "typical_range": {"low": 2, "high": 5},
    "percentiles": {"percentiles": {10: 2, 50: 3, 90: 5}},
    "bounds": {"low": 2, "high": 5},
    "at_most": {"high": 5},
    "at_least": {"low": 2, "high": 5},
    "mean_sd": {"mean": 4, "sd": 1},
    "estimate_ci": {"value": 4, "low": 2, "high": 5},
    "proportion": {"events": 2, "total": 5},
    "count_range": {"low": 2, "high": 5},
    "unknown": {},
}
OPTIONAL = {
    ("typical_range", "open_above"), ("bounds", "mode"), ("at_most", "low"), ("count_range", "weights"),
    ("percentiles", "count"),
}  # fmt: skip
FIGURES: dict[str, object] = {
    "value": 4, "low": 2, "high": 5, "mode": 3, "mean": 4, "sd": 1, "events": 2, "total": 5, "weights": [1, 1, 1, 1], "open_above": True,
    "percentiles": {10: 2, 50: 3, 90: 5}, "count": 40,
}  # fmt: skip


def refused(reading: str = "exact", **figures: object) -> str:
    with pytest.raises(ValidationError) as caught:
        claim(reading, **figures)
    return faults(caught.value)


def misfit(unit: Unit, reading: str, /, **figures: object) -> list[tuple[str, str]]:
    found = [
        (".".join(map(str, fault.path)), f"{fault.what}. {fault.fix}")
        for fault in claim(reading, **figures).misfits(unit)
    ]
    assert all(name.split(".")[0] in Claim.file_keys() for name, _ in found)
    return found


def test_every_reading_is_tried_here() -> None:
    assert set(RIGHT) == set(READINGS)
    assert set(FIGURES) == {name for kind in READINGS.values() for name in kind.model_fields}


@pytest.mark.parametrize("reading", sorted(RIGHT))
def test_a_reading_takes_its_figures(reading: str) -> None:
    made = claim(reading, **RIGHT[reading])
    assert {name: getattr(made.reading, name) for name in RIGHT[reading]} == RIGHT[reading]


@pytest.mark.parametrize(("reading", "name"), [(reading, name) for reading in sorted(RIGHT) for name in RIGHT[reading]])
def test_a_reading_lacks_any_figure_left_out(reading: str, name: str) -> None:
    assert f"lacks '{name}'" in refused(reading, **{key: value for key, value in RIGHT[reading].items() if key != name})


@pytest.mark.parametrize(("reading", "name"), [(reading, name) for reading in sorted(RIGHT) for name in FIGURES])
def test_a_reading_takes_no_figure_that_is_not_its_own(reading: str, name: str) -> None:
    given = RIGHT[reading] | {name: RIGHT[reading].get(name, FIGURES[name])}
    if name in RIGHT[reading] or (reading, name) in OPTIONAL:
        claim(reading, **given)
    else:
        assert f"'{name}' has no place" in refused(reading, **given)


def test_every_fault_of_a_claim_is_told_at_once() -> None:
    said = refused("bounds", low=5, high=2, mean=3, weight=0)
    assert all(words in said for words in ("low 5 is above high 2", "'mean' has no place", "weight 0 is not above 0"))


def test_a_figure_of_another_type_is_told_beside_all_other_faults() -> None:
    said = refused("bounds", low="5", mean=3, weight=0)
    assert all(
        words in said for words in ("valid number", "lacks 'high'", "'mean' has no place", "weight 0 is not above 0")
    )


def test_figures_beside_a_reading_that_has_its_own_are_refused() -> None:
    with pytest.raises(ValidationError, match="low"):
        Claim(reading=READINGS["exact"].model_validate({"value": 1}), low=1, assumption="Ours.")


def test_keys_of_claims_and_figures_of_readings_have_names_of_their_own() -> None:
    assert not set(Claim.model_fields) & set(FIGURES)
    assert len(Claim.file_keys()) == len(set(Claim.file_keys()))


@pytest.mark.parametrize("reading", sorted(RIGHT))
def test_a_claim_is_written_as_it_is_read(reading: str) -> None:
    made = claim(reading, **RIGHT[reading])
    written = made.model_dump(mode="json", exclude_defaults=True)
    assert written.keys() == {"reading", "assumption", *RIGHT[reading]}
    assert Claim.model_validate(written) == made


def test_counts_share_out_the_draws_where_every_claim_tells_one() -> None:
    few, many = (claim("percentiles", percentiles={10: 2, 90: 5}, count=count) for count in (50, 150))
    twice = claim("percentiles", percentiles={10: 2, 90: 5}, count=50, weight=2)
    other = claim("exact", value=3)
    assert weights_of({0: few, 1: many}) == {0: 50, 1: 150}
    assert weights_of({0: twice, 1: many}) == {0: 100, 1: 150}
    assert weights_of({0: few, 1: many, 2: other}) == {0: 1, 1: 1, 2: 1}


@pytest.mark.parametrize(
    "origin",
    [
        {"source": "page", "section": "Prices"}, {"assumption": "Ours."}, {"yours": "A quote."},
        {"source": "page", "section": "Prices", "assumption": "Our coding of its words."},
    ],
)  # fmt: skip
def test_a_claim_says_whose_it_is(origin: dict[str, str]) -> None:
    Claim.model_validate({"reading": "exact", "value": 1, **origin})


@pytest.mark.parametrize(
    ("origin", "words"),
    [
        ({}, "nobody is named"),
        ({"note": "A note is no origin."}, "nobody is named"),
        ({"source": "page"}, "without its section"),
        ({"yours": "A quote.", "assumption": "Ours."}, "'yours' beside"),
        ({"yours": "A quote.", "source": "page", "section": "Prices"}, "'yours' beside"),
        ({"assumption": "  "}, "at least 1 character"),
    ],
)
def test_a_claim_of_nobody_or_of_two_is_refused(origin: dict[str, str], words: str) -> None:
    with pytest.raises(ValidationError) as caught:
        Claim.model_validate({"reading": "exact", "value": 1, **origin})
    assert words in faults(caught.value)


def test_an_unknown_needs_a_source_or_a_note_of_where_one_looked() -> None:
    Claim.model_validate({"reading": "unknown", "note": "In none of the five."})
    Claim.model_validate({"reading": "unknown", "source": "page", "section": "Effect"})
    with pytest.raises(ValidationError, match="nobody is named"):
        Claim.model_validate({"reading": "unknown"})


def test_a_source_is_held_against_those_that_are_listed() -> None:
    said = {"reading": "exact", "value": 1, "source": "page", "section": "Prices"}
    Claim.model_validate(said, context={"sources": frozenset({"page"})})
    with pytest.raises(ValidationError, match="there is no source 'page'"):
        Claim.model_validate(said, context={"sources": frozenset({"other"})})


def test_one_sided_words_need_a_reason_for_the_other_side() -> None:
    sourced = {"source": "page", "section": "Prices"}
    Claim.model_validate({"reading": "at_most", "high": 5, **sourced})
    for figures in ({"reading": "at_most", "low": 1, "high": 5}, {"reading": "at_least", "low": 1, "high": 5}):
        with pytest.raises(ValidationError, match="one side only"):
            Claim.model_validate(figures | sourced)
        Claim.model_validate(figures | sourced | {"assumption": "It ends somewhere."})


@pytest.mark.parametrize(
    ("reading", "figures", "words"),
    [
        ("bounds", {"low": 1, "high": 5, "mode": 0.9}, "mode 0.9 lies outside"),
        ("estimate_ci", {"low": 1, "high": 5, "value": 6}, "value 6 lies outside"),
        ("mean_sd", {"mean": 1, "sd": 0}, "sd 0 is not above 0"),
        ("mean_sd", {"mean": 1, "sd": -1}, "sd -1 is not above 0"),
        ("proportion", {"events": -1, "total": 5}, "-1 events out of 5"),
        ("proportion", {"events": 0, "total": 0}, "0 events out of 0"),
        ("count_range", {"low": 1, "high": 2.5}, "1 to 2.5 are no whole numbers"),
        ("count_range", {"low": 1, "high": 2, "weights": [1]}, "1 weights for 2 counts"),
        ("count_range", {"low": 1, "high": 2, "weights": []}, "0 weights for 2 counts"),
        ("count_range", {"low": 1, "high": 2, "weights": [2, -1]}, "a weight below 0"),
        ("count_range", {"low": 1, "high": 2, "weights": [0, 0]}, "all of them 0"),
        ("percentiles", {"percentiles": {50: 4}}, "fewer than two percentiles"),
        ("percentiles", {"percentiles": {}}, "fewer than two percentiles"),
        ("percentiles", {"percentiles": {10: 4, 50: 3, 90: 5}}, "the value at 50, 3, is below that at 10, 4"),
        ("percentiles", {"percentiles": {10: 4, 90: 4}}, "all percentiles are 4"),
        ("percentiles", {"percentiles": {0: 4, 90: 5}}, "'0' is no percentile"),
        ("percentiles", {"percentiles": {10: 4, 100: 5}}, "'100' is no percentile"),
        ("percentiles", {"percentiles": {"p10": 4, 90: 5}}, "'p10' is no percentile"),
        ("percentiles", {"percentiles": {"10": 4, "10.0": 5, "90": 6}}, "'10.0' is stated twice"),
        ("percentiles", {"percentiles": {10: 2, 90: 5}, "count": 0}, "greater than or equal to 1"),
        ("percentiles", {"percentiles": {10: 2, 90: 5}, "count": 2.5}, "valid integer"),
        ("exact", {"value": "5"}, "valid number"),
        ("exact", {"value": True}, "valid number"),
        ("exact", {"value": float("nan")}, "finite"),
    ],
)
def test_figures_that_contradict_themselves_are_refused(reading: str, figures: dict[str, object], words: str) -> None:
    assert words in refused(reading, **figures)


@pytest.mark.parametrize(
    ("unit", "reading", "figures", "path", "words"),
    [
        (Unit.SHARE, "exact", {"value": 20}, "value", "Write 0.2"),
        (Unit.SHARE, "exact", {"value": 101}, "value", "Check the unit"),
        (Unit.SHARE, "exact", {"value": -0.1}, "value", "outside 0 to 1 share"),
        (Unit.USD, "bounds", {"low": -1, "high": 5}, "low", "outside 0 to 1e+07 usd"),
        (Unit.USD, "bounds", {"low": 1, "high": 5, "unit": "share"}, "unit", "share for a parameter in usd"),
        (Unit.USD, "bounds", {"low": 1, "high": 5, "unit": "usd_per_month"}, "unit", "usd_per_month"),
        (Unit.WEEKS, "exact", {"value": 121, "unit": "months"}, "value", "outside 0 to 120 months"),
        (Unit.WEEKS, "proportion", {"events": 1, "total": 2}, "reading", "Use the unit 'share'"),
        (Unit.WEEKS, "count_range", {"low": 1, "high": 2}, "reading", "'sessions'"),
        (Unit.USD, "typical_range", {"low": 0, "high": 5}, "low", "'bounds' or 'at_most'"),
        (Unit.USD, "estimate_ci", {"low": 0, "high": 5, "value": 2}, "low", "'bounds' or 'at_most'"),
        (Unit.USD, "mean_sd", {"mean": 0, "sd": 1}, "mean", "mean_sd from 0"),
        (Unit.SHARE, "typical_range", {"low": 0.5, "high": 1}, "high", "up to 1"),
        (Unit.SHARE, "mean_sd", {"mean": 0.5, "sd": 0.5}, "sd", "no share has mean 0.5"),
        (Unit.USD, "percentiles", {"percentiles": {10: 0, 90: 5}}, "percentiles.10", "percentiles from 0"),
        (Unit.SHARE, "percentiles", {"percentiles": {10: 0.5, 90: 1}}, "percentiles.90", "up to 1"),
        (Unit.SHARE, "percentiles", {"percentiles": {10: 0.5, 90: 40}}, "percentiles.90", "Write 0.4"),
        (Unit.SESSIONS, "percentiles", {"percentiles": {10: 1, 90: 4}}, "reading", "'count_range'"),
    ],
)
def test_what_does_not_fit_the_unit_is_told_where_it_stands(
    unit: Unit, reading: str, figures: dict[str, object], path: str, words: str
) -> None:
    found = misfit(unit, reading, **figures)
    assert len(found) == 1
    assert found[0][0] == path
    assert words in found[0][1]


def test_time_may_be_given_in_any_unit_of_time() -> None:
    assert misfit(Unit.WEEKS, "exact", value=90, unit="days") == []
    assert misfit(Unit.DAYS, "typical_range", low=1, high=5, unit="months") == []


def test_a_claim_cannot_be_changed() -> None:
    with pytest.raises(ValidationError, match="frozen"):
        claim("exact", value=1).note = "Changed."
    with pytest.raises(ValidationError, match="frozen"):
        claim("exact", value=1).reading.value = 2


def test_the_basis_tells_apart_documents_outside_figures_assumptions_yours_and_unknown() -> None:
    def source(kind: SourceKind) -> Source:
        return Source(
            kind=kind,
            title="A",
            publisher=None,
            stance=Stance.NEWS,
            sha256="a" * 64,
            citation="A",
            updated=date(2020, 1, 1),
        )

    sources = {"page": source(SourceKind.DOCUMENT), "survey": source(SourceKind.PUBLICATION)}

    def basis(**origin: object) -> Basis:
        return basis_of(Claim.model_validate({"reading": "exact", "value": 1, **origin}), sources)

    assert basis(source="page", section="A") is Basis.DOCUMENT
    assert basis(source="survey", section="A") is Basis.PUBLIC
    assert basis(assumption="Ours.") is Basis.ASSUMPTION
    assert basis(source="page", section="A", assumption="Our coding.") is Basis.ASSUMPTION
    assert basis(yours="A quote.") is Basis.YOURS
    assert basis_of(Claim.model_validate({"reading": "unknown", "note": "Nowhere."}), sources) is Basis.UNKNOWN
