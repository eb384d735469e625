"""A condition: what relief means, how the pain goes by itself, what a sham adds; and which study asks about it."""

from __future__ import annotations

from pathlib import Path

import pytest

from calc.inputs.load import load_library, load_study

from .mini import problems, spoil

SHARE = "{label: In relief, unit: share, claims: [{source: survey, section: Table 3, reading: proportion, events: 15, total: 61}]}"
WEEKS = "{label: Weeks, unit: weeks, claims: [{assumption: Ours., reading: bounds, low: 1, high: 12}]}"
KINDS = ("back_alone", "nerve_root", "facet_joints", "not_sure")
COURSE = f"{{share: {{thirty: {SHARE}}}, onset: {WEEKS}, relief: {WEEKS}}}"
SHAM = (
    "  - {source: survey, section: Two, against: usual_care, sham_kind: pill, kinds: [back_alone], at: 6 weeks,"
    " relief: thirty, measure: {kind: odds_ratio, value: 2, low: 1, high: 4}}\n"
)
CONDITION = (
    "label: A sore back\nshort: Sore back\nsummary: It hurts.\nquestion: Does it go into the leg?\n"
    "relief: {thirty: {label: 30 % less pain, short: 30 % less}}\nrelief_default: thirty\nkinds:\n"
    + "".join(f"  {kind}: {{label: Some pain, short: Pain, answer: Perhaps.}}\n" for kind in KINDS)
    + "natural_course:\n"
    + "".join(f"  {kind}: {COURSE}\n" for kind in KINDS)
    + f"sham:\n{SHAM}"
)


@pytest.fixture
def library(params: Path) -> Path:
    """The mini library with a condition that its study asks about."""
    (params / "conditions" / "sore_back.yaml").write_text(CONDITION, encoding="utf-8")
    spoil(params, "studies/question", "condition: back\n", "condition: sore_back\n")
    return params


def said(params: Path) -> str:
    return "\n".join(map(str, problems(params)))


def put(params: Path, old: str, new: str) -> str:
    assert old in CONDITION
    (params / "conditions" / "sore_back.yaml").write_text(CONDITION.replace(old, new, 1), encoding="utf-8")
    return said(params)


def test_a_study_has_the_condition_that_it_names_and_its_file(library: Path) -> None:
    inputs = load_study("question", root=library)
    assert inputs.condition is not None
    assert inputs.condition.label == "A sore back"
    assert library / "conditions" / "sore_back.yaml" in inputs.files


def test_a_study_without_a_condition_is_told(params: Path) -> None:
    spoil(params, "studies/question", "condition: back\n", "")
    assert "condition: 'condition' is missing" in said(params)


def test_every_number_of_the_natural_course_is_a_parameter(library: Path) -> None:
    known = load_library(library).conditions["sore_back"].parameters()
    wanted = {f"natural_course.{kind}.{path}" for kind in KINDS for path in ("share.thirty", "onset", "relief")}
    assert set(known) == wanted


def test_a_natural_course_can_be_set_for_one_run(library: Path) -> None:
    settings = {"condition.natural_course.back_alone.share.thirty": "0.4", "patient.kind_of_pain": "back_alone"}
    inputs = load_study("question", root=library, settings=settings)
    assert inputs.condition is not None
    (claim,) = inputs.condition.natural_course["back_alone"].share["thirty"].claims
    assert (claim.reading.value, claim.yours) == (0.4, "set for this run")
    assert inputs.patient.kind_of_pain == "back_alone"


@pytest.mark.parametrize(
    ("old", "new", "what", "fix"),
    [
        ("relief_default: thirty", "relief_default: fifty", "there is no definition of relief 'fifty'", "thirty"),
        ("share: {thirty", "share: {thrity", "there is no definition of relief 'thrity'", "Did you mean 'thirty'?"),
        ("  not_sure: {label", "  not_shure: {label", "'not_shure' is not one of", "Did you mean 'not_sure'?"),
        (f"  not_sure: {COURSE}\n", "", "'not_sure' is missing", "the patient's answer may be that one"),
        ("onset: {label: Weeks, unit: weeks", "onset: {label: W, unit: usd", "onset is given in usd", "in weeks"),
        ("against: usual_care", "against: sham", "a sham against sham", "usual care or with nothing"),
        ("source: survey, section: Two", "source: survye, section: Two", "there is no source 'survye'", "'survey'"),
    ],
)
def test_what_is_wrong_is_told(library: Path, old: str, new: str, what: str, fix: str) -> None:
    letter = put(library, old, new)
    assert what in letter
    assert fix in letter
    assert "sore_back.yaml:" in letter


def test_a_study_of_an_unknown_condition_or_definition_is_told(library: Path) -> None:
    spoil(library, "studies/question", "condition: sore_back", "condition: sore_bcak\nrelief: thirty")
    assert "there is no 'sore_bcak' under params/conditions" in said(library)
    spoil(library, "studies/question", "condition: sore_bcak\nrelief: thirty", "condition: sore_back\nrelief: thitry")
    assert "there is no definition of relief 'thitry' in the study's condition" in said(library)
