"""What is entered becomes a checked state, and the state an address, files and settings, and back again."""

from __future__ import annotations

import shutil
from dataclasses import fields, replace
from datetime import date
from pathlib import Path
from urllib.parse import parse_qs

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from calc.errors import ParameterFileError, SettingError
from calc.explore.engine import Engine
from calc.explore.field import COVERED, State
from calc.explore.fields import FIELDS, PARTS
from calc.explore.reading import EntryError, date_in, day_of_year, dollars, dollars_each, percent
from calc.explore.saved import entries_from, overlay_text, study_text
from calc.explore.state import entered, entries_in, entries_of, query_of, settings_of, starting
from calc.inputs.load import load_study
from calc.inputs.population import KindOfPain

PARAMS = Path(__file__).resolve().parent.parent.parent / "params"
STUDY = "chronic_low_back_pain"
ENGINE = Engine(PARAMS, STUDY)
LIBRARY, PLACE, OWN, START = ENGINE.library, ENGINE.place, ENGINE.place.own, ENGINE.start
INSURED = sorted(name for name, plan in LIBRARY.plans.items() if plan.deductible and plan.out_of_pocket_maximum)
TREATMENTS, OFFERED, NOTHING = OWN.treatments, PLACE.offered, OWN.usual_care
PRICES = [f"{name}.{item}" for name in TREATMENTS for item in LIBRARY.treatments[name].price]

cents = st.integers(0, 2_000_000).map(lambda number: number / 100)
STATES = st.builds(
    State,
    kind=st.none() | st.sampled_from([str(kind) for kind in KindOfPain]),
    treatments=st.sets(st.sampled_from(OFFERED), min_size=1).map(
        lambda chosen: tuple(each for each in TREATMENTS if each in chosen or each == NOTHING)
    ),
    plan=st.sampled_from(INSURED),
    deductible=st.none() | cents,
    maximum=st.none() | cents,
    coinsurance=st.none() | st.integers(0, 100).map(lambda number: number / 100),
    met_deductible=st.none() | st.just(0.0),
    met_maximum=st.none() | cents,
    plan_year_start=st.none() | st.sampled_from(["01-01", "07-15", "12-28"]),
    coverage=st.dictionaries(st.sampled_from(OFFERED), st.sampled_from([*COVERED]), max_size=3).map(
        lambda each: tuple(sorted(each.items()))
    ),
    quotes=st.dictionaries(st.sampled_from(PRICES), cents, max_size=3).map(lambda each: tuple(sorted(each.items()))),
    budget=st.none() | cents,
    by=st.none() | st.dates(date(2026, 11, 24), date(2026, 12, 20)),
    decision=st.none() | st.dates(date(2026, 11, 20), date(2026, 11, 23)),
    months=st.integers(1, 60),
    belief=st.integers(0, 100).map(lambda number: number / 100),
    week_value=st.none() | cents,
    relief=st.none() | st.sampled_from([*PLACE.condition.relief]),
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
        ("budget", "8,50", "“8,50” is no number. A comma parts thousands: 1,500."),
        ("by", "next spring", "“next spring” is no date. Write June 12, 2027 or 6/12/2027."),
        ("by", "2027-02-30", "“2027-02-30” is no date. Write June 12, 2027 or 6/12/2027."),
        ("by", "2026-11-23", "This is not after the day of the decision, November 23, 2026. Give a later date."),
        ("kind", "nerve_rot", "There is no kind of pain 'nerve_rot'. Did you mean 'nerve_root'?"),
        ("coverage", "lumbar_fusion=yes", "There is no answer 'yes'."),
        ("coverage", "lumbar_fusin=covered", "There is no treatment 'lumbar_fusin'. Did you mean 'lumbar_fusion'?"),
        ("relief", "fourty", "There is no definition of relief 'fourty'."),
        ("quotes", "stem_cell_injection.extraction=900 for two", "This price is billed once."),
        ("quotes", "stem_cell_injection.injection=900 for some", "for how many? Write 8,500 for two injections."),
        ("by", "2030-01-01", "This lies beyond the 24 months looked ahead. Look further ahead, or choose sooner."),
        ("plan_year_start", "31-12", "“31-12” is no day of the year up to the 28th. Write January 1 or 1/1."),
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


def test_an_answer_of_the_insurer_needs_a_plan() -> None:
    assert "you pay everything yourself" in told("coverage", "lumbar_fusion=covered", plan="self_pay")


@pytest.mark.parametrize(
    ("text", "value"),
    [("$8,500", 8500), ("8500", 8500), (" 4000 ", 4000), ("8,500.50", 8500.5), ("8500 dollars", 8500), ("$ 12", 12)],
)
def test_money_may_be_written_as_people_write_it(text: str, value: float) -> None:
    assert dollars(text) == value


@pytest.mark.parametrize(("text", "value"), [("20 %", 20), ("20%", 20), ("12.5", 12.5), ("20 percent", 20)])
def test_a_percentage_may_be_written_as_people_write_it(text: str, value: float) -> None:
    assert percent(text) == value


@pytest.mark.parametrize(
    "text",
    [
        "June 12",
        "June 12, 2027",
        "6/12/2027",
        "6/12/27",
        "6/12",
        "2027-06-12",
        "12 June 2027",
        "Jun. 12th",
        "june 12th, 2027",
    ],
)
def test_a_date_may_be_written_as_people_write_it(text: str) -> None:
    assert date_in(text, date(2026, 11, 23)) == date(2027, 6, 12)


def test_a_date_without_a_year_is_the_next_one() -> None:
    assert date_in("December 1", date(2026, 11, 23)) == date(2026, 12, 1)
    assert date_in("November 23", date(2026, 11, 23)) == date(2027, 11, 23)
    assert date_in("Feb 29", date(2026, 11, 23)) == date(2028, 2, 29)


@given(st.dates(date(2000, 1, 1), date(2099, 12, 31)))
def test_a_date_reads_the_same_in_every_way_to_write_it(day: date) -> None:
    for form in (f"{day}", f"{day:%m/%d/%Y}", f"{day:%B} {day.day}, {day.year}", f"{day.day} {day:%b} {day.year}"):
        assert date_in(form, date(2026, 11, 23)) == day


@pytest.mark.parametrize("text", ["01-01", "1/1", "January 1", "Jan 1st", "1 January"])
def test_a_day_of_the_year_may_be_written_as_people_write_it(text: str) -> None:
    assert day_of_year(text) == "01-01"


@pytest.mark.parametrize(
    ("text", "each"),
    [
        ("$8,500 for two injections", 4250),
        ("8500 for 2", 4250),
        ("900", 900),
        ("900 for one", 900),
        ("1,200 for 12 visits", 100),
    ],
)
def test_a_quote_for_several_is_shared_out_among_them(text: str, each: float) -> None:
    assert dollars_each(text, several=True) == each
    if each != dollars(text.split(" for ")[0]):
        with pytest.raises(EntryError, match="billed once"):
            dollars_each(text, several=False)


def test_of_two_lines_the_wrong_one_is_named_and_the_right_one_kept() -> None:
    for more, right, words in (
        (
            "facet_nerve_ablation.relief=30\nrelief",
            ("facet_nerve_ablation.relief", "30"),
            "Line 2: “relief” is not a path",
        ),
        (
            "facet_nerve_ablation.releif=30\npatient.budget=70",
            ("patient.budget", "70"),
            "“facet_nerve_ablation.releif=30”: ",
        ),
        ("study.plan=medicaid\npatient.budget=70", ("patient.budget", "70"), "“study.plan=medicaid”: "),
        ("patient.budget=x\nplan.deductible=70", ("plan.deductible", "70"), "“patient.budget=x”: "),
    ):
        state, problems = ENGINE.read({"more": more, "months": "12"}, START)
        assert (state.more, state.months, [*problems]) == ((right,), 12, ["more"])
        assert words in problems["more"]
        assert f"{right[0]}={right[1]}" not in problems["more"].partition(" Write ")[0]


def test_of_two_quotes_the_wrong_one_is_named_and_the_right_one_kept() -> None:
    text = "stem_cell_injection.injection=$5,500\nstem_cell_injection.extraction=lots"
    state, problems = ENGINE.read({"quotes": text}, START)
    assert state.quotes == (("stem_cell_injection.injection", 5500.0),)
    assert problems == {"quotes": "Line 2: “lots” is no number. Write digits, such as 1500."}


def test_doing_nothing_is_always_compared() -> None:
    state, _ = ENGINE.read({"treatments": "lumbar_fusion"}, START)
    assert state.treatments == ("no_procedure", "lumbar_fusion")
    assert ENGINE.inputs(state).study.usual_care == "no_procedure"
    assert told("treatments", "no_procedure") == "Choose at least one treatment."


def test_what_the_page_asks_first_is_the_kind_of_pain_and_the_experts_fields_come_last() -> None:
    assert next(iter(FIELDS)) == "kind"
    expert = [part.expert for part in PARTS]
    assert expert == sorted(expert)
    assert {name for name, field in FIELDS.items() if field.part.expert} == {"belief", "week_value", "relief", "more"}


def test_the_words_of_the_one_question_are_those_of_the_condition() -> None:
    choices = FIELDS["kind"].choices
    assert choices is not None
    offered = choices(PLACE)
    assert offered.label == LIBRARY.conditions["chronic_low_back_pain"].question
    assert offered.words["nerve_root"] == "Yes, below the knee, or with numbness or weakness."
    state, _ = ENGINE.read({"kind": "nerve_root"}, START)
    assert ENGINE.inputs(state).kind == "nerve_root"


def test_an_answer_of_the_insurer_is_what_the_plan_then_does() -> None:
    state = replace(START, coverage=(("lumbar_fusion", "covered"), ("stem_cell_injection", "unknown")))
    treatments = ENGINE.inputs(state).treatments
    for name, status in (("lumbar_fusion", "covered"), ("stem_cell_injection", "not_known")):
        assert [str(each.status) for each in treatments[name].coverage] == [status]


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
