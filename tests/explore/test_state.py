"""What is entered becomes a checked state, and the state an address, files and settings, and back again."""

from __future__ import annotations

import shutil
from dataclasses import fields
from datetime import date
from pathlib import Path
from urllib.parse import parse_qs

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from calc.errors import ParameterFileError, SettingError
from calc.explore.engine import Engine
from calc.explore.fields import FIELDS, PARTS, State
from calc.explore.saved import entries_from, overlay_text, study_text
from calc.explore.state import entered, entries_in, entries_of, query_of, settings_of, starting
from calc.inputs.load import load_study

PARAMS = Path(__file__).resolve().parent.parent.parent / "params"
STUDY = "chronic_low_back_pain"
ENGINE = Engine(PARAMS, STUDY)
LIBRARY, PLACE, OWN, START = ENGINE.library, ENGINE.place, ENGINE.place.own, ENGINE.start
INSURED = sorted(name for name, plan in LIBRARY.plans.items() if plan.deductible and plan.out_of_pocket_maximum)
TREATMENTS = OWN.treatments
PRICES = [f"{name}.{item}" for name in TREATMENTS for item in LIBRARY.treatments[name].price]

cents = st.integers(0, 2_000_000).map(lambda number: number / 100)
STATES = st.builds(
    State,
    treatments=st.sets(st.sampled_from(TREATMENTS), min_size=1).map(
        lambda chosen: tuple(each for each in TREATMENTS if each in chosen)
    ),
    plan=st.sampled_from(INSURED),
    deductible=st.none() | cents,
    maximum=st.none() | cents,
    coinsurance=st.none() | st.integers(0, 100).map(lambda number: number / 100),
    met_deductible=st.none() | st.just(0.0),
    met_maximum=st.none() | cents,
    plan_year_start=st.none() | st.sampled_from(["01-01", "07-15", "12-28"]),
    quotes=st.dictionaries(st.sampled_from(PRICES), cents, max_size=3).map(lambda each: tuple(sorted(each.items()))),
    budget=st.none() | cents,
    by=st.none() | st.dates(date(2026, 11, 24), date(2026, 12, 20)),
    months=st.integers(1, 60),
    belief=st.integers(0, 100).map(lambda number: number / 100),
    week_value=st.none() | cents,
    more=st.just(()) | st.just((("facet_nerve_ablation.relief", "30"), ("patient.kind_of_work", "physical"))),
)


def told(field: str, text: str, **others: str) -> str:
    """What is said of one entry."""
    _, problems = entered({field: text, **others}, PLACE, START)
    return problems.get(field, "")


@settings(max_examples=60)
@given(STATES)
def test_a_state_goes_through_the_address_and_comes_back(state: State) -> None:
    query = query_of(entries_of(state, OWN))
    assert query.isascii()
    assert entered(entries_in("?" + query), PLACE, START) == (state, {})


@settings(max_examples=25)
@given(STATES)
def test_a_state_goes_through_its_two_files_and_comes_back(state: State) -> None:
    files = {
        "a.yaml": overlay_text(state, PLACE).encode(),
        "b.yaml": study_text(state, PLACE).encode(),
    }
    assert entered(entries_from(files), PLACE, START) == (state, {})


@pytest.fixture(scope="module")
def copied(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return Path(shutil.copytree(PARAMS, tmp_path_factory.mktemp("saved") / "params"))


@settings(max_examples=8)
@given(state=STATES)
def test_the_two_files_make_the_study_that_the_page_simulates(copied: Path, state: State) -> None:
    study, overlay = copied / "studies" / "saved.yaml", copied.parent / "overlay.yaml"
    study.write_text(study_text(state, PLACE), encoding="utf-8")
    overlay.write_text(overlay_text(state, PLACE), encoding="utf-8")
    by_files, by_settings = load_study("saved", root=copied, overlays=[overlay]), ENGINE.inputs(state)
    for part in ("plan", "patient", "treatments", "views"):
        assert values(getattr(by_files, part)) == values(getattr(by_settings, part)), part
    assert (by_files.study.treatments, by_files.study.weeks) == (by_settings.study.treatments, by_settings.study.weeks)


def values(model: object) -> object:
    """A model's data without whose word each of the user's own numbers is."""
    if hasattr(model, "model_dump"):
        return values(model.model_dump())
    if isinstance(model, dict) or hasattr(model, "items"):
        return {key: values(each) for key, each in model.items() if key != "yours"}  # type: ignore[attr-defined]
    if isinstance(model, tuple | list):
        return [values(each) for each in model]
    return model


@given(st.dictionaries(st.sampled_from([*FIELDS, "study", "x"]), st.text(max_size=40), max_size=6))
def test_whatever_is_entered_there_is_a_state_and_each_problem_has_its_field(entries: dict[str, str]) -> None:
    state, problems = ENGINE.read(entries, START)
    assert set(problems) <= {*FIELDS, *entries}
    assert all(words.endswith((".", "?")) for words in problems.values())
    assert ENGINE.inputs(state)
    again, others = ENGINE.read(entries_of(state, OWN), START)
    assert (again, dict(others)) == (state, {})


@pytest.mark.parametrize(
    ("field", "text", "words"),
    [
        ("deductible", "lots", "“lots” is no number. Write digits, such as 1500."),
        ("deductible", "-5", "An amount cannot be below 0 dollars."),
        ("deductible", "20 %", "This is a percentage, and an amount in dollars is asked for."),
        ("budget", "99999999", "That is more than 10,000,000 dollars. Check the digits."),
        ("budget", "nan", "“nan” is no number. Write digits, such as 1500."),
        ("budget", "1e9", "“1e9” is no number. Write digits, such as 1500."),
        ("coinsurance", "120", "A percentage lies between 0 and 100."),
        ("coinsurance", "$20", "This is an amount, and a percentage is asked for."),
        ("months", "2.5", "Give whole months, 1 to 60."),
        ("months", "0", "Give whole months, 1 to 60."),
        ("by", "1 March", "“1 March” is no date. Write year-month-day: 2027-03-01."),
        ("by", "2027-02-30", "“2027-02-30” is no date. Write year-month-day: 2027-03-01."),
        ("by", "2026-11-23", "This is not after the day of the decision, 2026-11-23. Give a later date."),
        ("by", "2030-01-01", "This lies beyond the 24 months looked ahead. Look further ahead, or choose sooner."),
        ("plan_year_start", "31-12", "“31-12” is no day of the year up to the 28th. Write month-day: 01-01."),
        ("plan", "emploier_ppo_2026", "There is no plan 'emploier_ppo_2026'. Did you mean 'employer_ppo_2026'?"),
        ("treatments", ",", "Choose at least one treatment."),
        ("treatments", "stem_cells", "There is no treatment 'stem_cells'. Did you mean 'stem_cell_injection'?"),
        ("quotes", "stem_cell_injection.injction=5", "Did you mean 'stem_cell_injection.extraction', 'stem_cell"),
        ("quotes", "stem_cell_injection.injection=five", "“five” is no number. Write digits, such as 1500."),
        ("more", "relief", "“relief” is not a path, an equals sign and a value."),
        ("met_maximum", "-1", "An amount cannot be below 0 dollars."),
    ],
)
def test_what_is_wrong_with_an_entry_is_said_in_words(field: str, text: str, words: str) -> None:
    assert words in told(field, text)


def test_a_plan_without_a_deductible_takes_none() -> None:
    words = "“Self-pay, no insurance” has no deductible. Choose another plan, or leave this empty."
    assert told("deductible", "500", plan="self_pay") == words
    assert "nothing counts towards a limit" in told("met_deductible", "500", plan="self_pay", met_maximum="500")
    assert "has no coinsurance" in told("coinsurance", "20", plan="self_pay")


def test_what_was_paid_towards_the_deductible_was_paid_out_of_pocket_too() -> None:
    assert "counts as out of pocket too" in told("met_maximum", "100", met_deductible="800")
    assert not told("met_maximum", "800", met_deductible="800")


def test_money_and_shares_may_be_written_as_people_write_them() -> None:
    entries = {"deductible": "$1,500", "coinsurance": "20 %", "budget": " 4000 ", "belief": "12.5"}
    state, problems = entered(entries, PLACE, START)
    assert not problems
    assert (state.deductible, state.coinsurance, state.budget, state.belief) == (1500.0, 0.2, 4000.0, 0.125)


def test_a_field_that_is_wrong_keeps_what_it_had_and_the_others_are_taken() -> None:
    kept, _ = entered({"deductible": "700"}, PLACE, START)
    state, problems = entered({"deductible": "x", "budget": "50"}, PLACE, kept)
    assert (state.deductible, state.budget, list(problems)) == (700.0, 50.0, ["deductible"])


def test_a_setting_that_only_fails_when_it_is_laid_is_told_beside_its_field() -> None:
    _, problems = ENGINE.read({"more": "facet_nerve_ablation.releif=30"}, START)
    assert "Did you mean 'relief'?" in problems["more"]
    _, problems = ENGINE.read({"more": "study.plan=medicaid"}, START)
    assert "there is no plan named 'medicaid'" in problems["more"]
    state, problems = ENGINE.read({"more": "facet_nerve_ablation.effect=30", "budget": "70"}, START)
    assert "more" in problems
    assert state.budget == 70


def test_the_starting_state_is_the_study_halfway_between_the_sides() -> None:
    assert entries_of(START, OWN) == {}
    assert settings_of(START, PLACE) == {
        "study.views": ["between"],
        "study.horizon": "24 months",
        "view.weights.guideline": 0.5,
        "view.weights.clinic": 0.5,
    }
    assert starting(LIBRARY.studies["stepped_care"]).plan == LIBRARY.studies["stepped_care"].plan


def test_the_token_of_the_page_is_no_entry() -> None:
    assert entries_in("?token=abc&budget=3&budget=5") == {"budget": "5"}
    assert parse_qs(query_of({"budget": "5", "token": "abc"})) == {"budget": ["5"]}


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"a: [1", "this is not YAML"),
        (b"- 1", "no mapping"),
        (b"\xff\xfe", "not UTF-8"),
        (b"label: x\nquestion: y", "treatments"),
        (b"plan: {deductible: high}", "'high' is no number"),
        (b"x: &a 1", "anchor"),
    ],
)
def test_a_file_that_is_no_overlay_and_no_study_is_refused_with_its_place(content: bytes, words: str) -> None:
    with pytest.raises((ParameterFileError, SettingError), match=words) as caught:
        entries_from({"mine.yaml": content})
    assert "mine.yaml" in str(caught.value)


def test_what_a_file_sets_beside_the_fields_is_kept() -> None:
    found = entries_from({"a.yaml": b"label: x\nfacet_nerve_ablation: {relief: 30}\npatient: {tier: family}\n"})
    assert found == {"more": "facet_nerve_ablation.relief=30\npatient.tier=family"}


def test_every_part_of_a_state_is_a_field_that_stands_on_the_page() -> None:
    assert list(FIELDS) == [each.name for each in fields(State)]
    assert {field.part for field in FIELDS.values()} == set(PARTS)


@given(STATES)
def test_the_text_of_a_field_is_read_as_its_value(state: State) -> None:
    for name, field in FIELDS.items():
        value = getattr(state, name)
        text = field.text(value)
        assert (field.read(text, PLACE) if text else field.start(OWN)) == value or value is None


def test_a_field_of_its_own_counts_more_than_the_same_path_among_the_other_numbers() -> None:
    state, problems = entered({"budget": "50", "more": "patient.budget=70"}, PLACE, START)
    assert problems == {}
    assert settings_of(state, PLACE)["patient.budget"] == 50.0
