"""Bills that were once worked out wrongly, each with two more of its kind: what is right, to the cent."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

import calc
from calc.errors import ParameterFileError

from ..inputs.mini import write

SHIPPED = Path(__file__).resolve().parents[2] / "params"


def figure(name: str, unit: str, value: float) -> str:
    said = (
        "reading: unknown, note: Nobody says."
        if value != value
        else f"assumption: Card., reading: exact, value: {value}"
    )
    return f"{name}: {{label: {name}, unit: {unit}, claims: [{{{said}}}]}}"


UNKNOWN = float("nan")


def usd(name: str, value: float) -> str:
    return figure(name, "usd", value)


def share(value: float) -> str:
    return figure("coinsurance", "share", value)


HEAD = "label: A card\nshort: Card\nyear: 2026\nmarket: commercial\n"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return write(tmp_path / "params")


def worked(root: Path, plan: str, *rows: dict[str, object], patient: str = "") -> calc.PatientShare:
    (root / "plans" / "card.yaml").write_text(HEAD + plan, encoding="utf-8")
    if patient:
        (root / "patients" / "mine.yaml").write_text(f"label: Me\n{patient}", encoding="utf-8")
    return calc.patient_share(pd.DataFrame(rows), plan="card", patient="mine" if patient else None, params=root)


def pays(root: Path, plan: str, *rows: dict[str, object], patient: str = "") -> list[float]:
    return worked(root, plan, *rows, patient=patient).lines["you_pay"].tolist()


def bill(day: str, category: str, allowed: float, **more: object) -> dict[str, object]:
    return {"date": day, "category": category, "allowed": allowed, **more}


@pytest.mark.parametrize(
    ("plan", "field"),
    [
        (f"benefits:\n  imaging: {{deductible: false, {share(UNKNOWN)}}}", "benefits.imaging.coinsurance"),
        (f"benefits:\n  imaging: {{deductible: false, {usd('copay', UNKNOWN)}}}", "benefits.imaging.copay"),
        (f"{usd('deductible', UNKNOWN)}\nbenefits:\n  imaging: {{deductible: true}}", "deductible"),
        (
            f"{usd('out_of_pocket_maximum', UNKNOWN)}\nbenefits:\n  imaging: {{deductible: false}}",
            "out_of_pocket_maximum",
        ),
        (
            f"benefits:\n  imaging: {{deductible: false, {share(0.2)}, {usd('coinsurance_most', UNKNOWN)}}}",
            "benefits.imaging.coinsurance_most",
        ),
    ],
)
def test_a_bill_that_needs_what_nobody_knows_is_refused_with_the_fields_name(root: Path, plan: str, field: str) -> None:
    with pytest.raises(ParameterFileError, match=rf"A card: {field}: nobody knows"):
        pays(root, plan, bill("2026-03-02", "imaging", 1000))


def test_an_unknown_that_the_bill_does_not_meet_stops_nothing(root: Path) -> None:
    plan = f"benefits:\n  imaging: {{deductible: false, {share(UNKNOWN)}}}\n  urgent_care: {{deductible: false, {share(0.2)}}}"
    assert pays(root, plan, bill("2026-03-02", "urgent_care", 1000)) == [200]


@pytest.mark.parametrize(("cash", "charge", "owed"), [(300, None, 300), (300, 500, 300), (None, 500, 500)])
def test_what_is_refused_out_of_network_costs_the_cash_price(
    root: Path, cash: float | None, charge: float | None, owed: float
) -> None:
    plan = f"benefits:\n  imaging: {{deductible: false, {share(0.2)}}}"
    line = bill("2026-03-02", "imaging", 100, network="out", cash_price=cash, charge=charge)
    assert pays(root, plan, line) == [owed]


EMERGENCY = f"""{usd("deductible", 1000)}
benefits:
  emergency_room: {{deductible: true, {share(0.3)}}}
  outpatient_professional: {{deductible: true, {share(0.3)}}}
"""


@pytest.mark.parametrize(
    ("plan", "line", "owed", "off"),
    [
        (EMERGENCY, bill("2026-03-02", "emergency_room", 2000, charge=9000, network="out"), 1300, 7000),
        (
            EMERGENCY,
            bill("2026-03-02", "outpatient_professional", 2000, charge=2500, network="out", protected="yes"),
            1300,
            500,
        ),
        (EMERGENCY, bill("2026-03-02", "emergency_room", 2000, charge=9000, network="out", protected="no"), 9000, 0),
        (
            f"surprise_bills_banned: false\n{EMERGENCY}",
            bill("2026-03-02", "emergency_room", 2000, charge=9000, network="out"),
            9000,
            0,
        ),
    ],
)
def test_emergencies_and_hidden_providers_out_of_network_have_in_network_terms_and_no_balance_bill(
    root: Path, plan: str, line: dict[str, object], owed: float, off: float
) -> None:
    done = worked(root, plan, line)
    assert done.totals[["you_pay", "written_off"]].tolist() == [owed, off]


THERAPY = (
    f"benefits:\n  therapy_visit: {{deductible: false, {usd('copay', 30)}, {figure('visit_limit', 'sessions', 2)}}}"
)


def test_lines_of_one_day_are_one_visit_with_one_copay(root: Path) -> None:
    day = [bill("2026-03-02", "therapy_visit", each) for each in (60, 50, 40)]
    done = worked(root, THERAPY, *day, bill("2026-03-09", "therapy_visit", 60), bill("2026-03-16", "therapy_visit", 60))
    assert done.lines["you_pay"].tolist() == [30, 0, 0, 30, 60]  # the third visit is beyond the limit
    assert "Rows 1, 2, 3 (therapy_visit) were taken for one visit" in done.notes[0]


def test_a_copay_that_the_first_line_does_not_fill_goes_on_to_the_next(root: Path) -> None:
    assert pays(root, THERAPY, *(bill("2026-03-02", "therapy_visit", each) for each in (20, 50, 40))) == [20, 10, 0]


@pytest.mark.parametrize("column", ["visit", "claim"])
def test_a_column_keeps_visits_of_one_day_apart(root: Path, column: str) -> None:
    rows = [bill("2026-03-02", "therapy_visit", 60, **{column: each}) for each in ("morning", "evening", "evening")]
    assert pays(root, THERAPY, *rows) == [30, 30, 0]


def test_two_prescriptions_of_one_day_are_two(root: Path) -> None:
    plan = f"benefits:\n  generic_drugs: {{deductible: false, {usd('copay', 10)}}}"
    assert pays(root, plan, *(bill("2026-03-02", "generic_drugs", 25) for _ in range(2))) == [10, 10]


@pytest.mark.parametrize(
    ("more", "rows", "owed"),
    [
        ("copay_per: stay", [("2026-03-02", None), ("2026-03-02", None)], [500, 0]),
        ("copay_per: day", [("2026-03-02", 3), ("2026-03-02", None), ("2026-03-03", None)], [1500, 0, 0]),
        ("copay_per: day", [("2026-03-02", 3), ("2026-05-02", 1)], [1500, 500]),
    ],
)
def test_lines_of_one_stay_pay_its_copay_once(
    root: Path, more: str, rows: list[tuple[str, float | None]], owed: list[float]
) -> None:
    plan = f"benefits:\n  inpatient_facility: {{deductible: false, {usd('copay', 500)}, {more}}}"
    assert pays(root, plan, *(bill(day, "inpatient_facility", 5000, days=days) for day, days in rows)) == owed


OUTSIDE = f"out_of_network: {{{share(0.4)}}}\n{usd('deductible', 1000)}\nbenefits:\n  therapy_visit:\n    "


@pytest.mark.parametrize(
    ("benefit", "allowed", "owed"),
    [
        (f"deductible: false\n    {figure('visit_limit', 'sessions', 2)}", 100, [40, 40, 100, 100]),
        (f"deductible: false\n    {usd('reference_price', 50)}", 100, [70, 70, 70, 70]),
        (f"deductible: false\n    {share(0.1)}\n    {usd('coinsurance_most', 25)}", 100, [25, 25, 25, 25]),
        ("deductible: true", 400, [400, 400, 280, 160]),
    ],
)
def test_a_plans_limits_hold_out_of_network_too(root: Path, benefit: str, allowed: float, owed: list[float]) -> None:
    days = ("2026-03-02", "2026-03-09", "2026-03-16", "2026-03-23")
    lines = [bill(day, "therapy_visit", allowed, network="out") for day in days]
    assert pays(root, OUTSIDE + benefit, *lines) == owed


def test_visits_out_of_network_use_up_the_limit_of_those_in_it(root: Path) -> None:
    plan = f"{OUTSIDE}deductible: false\n    {figure('visit_limit', 'sessions', 2)}"
    lines = [
        bill(day, "therapy_visit", 100, network=network)
        for day, network in (("2026-03-02", "out"), ("2026-03-09", "in"), ("2026-03-16", "in"))
    ]
    assert pays(root, plan, *lines) == [40, 0, 100]


@pytest.mark.parametrize(
    ("network", "charge", "owed"), [("in", 200, 60), ("out", 200, 80), ("in", 1500, 450), ("in", 2000, 450)]
)
def test_a_charge_below_the_allowed_amount_is_what_is_allowed(
    root: Path, network: str, charge: float, owed: float
) -> None:
    plan = f"out_of_network: {{{share(0.4)}}}\nbenefits:\n  imaging: {{deductible: false, {share(0.3)}}}"
    done = worked(root, plan, bill("2026-03-02", "imaging", 1500, charge=charge, network=network))
    assert done.totals["you_pay"] == owed
    assert any("columns may be swapped" in note for note in done.notes) == (charge < 1500)


def medicare(*rows: dict[str, object], patient: str | None = None) -> list[float]:
    done = calc.patient_share(pd.DataFrame(rows), plan="medicare_2026", patient=patient, params=SHIPPED)
    return done.lines["you_pay"].tolist()


def test_medicare_takes_no_more_for_an_outpatient_procedure_than_the_hospital_deductible() -> None:
    met = bill("2026-01-05", "specialist_visit", 283)
    procedures = [bill(day, "outpatient_procedure", 18_000) for day in ("2026-02-02", "2026-03-02")]
    small = bill("2026-04-02", "outpatient_procedure", 1_000)
    assert medicare(met, *procedures, small) == [283, 1736, 1736, 200]


@pytest.mark.parametrize(
    ("days", "owed"),
    [
        (60, 1736),
        (75, 1736 + 15 * 434),
        (91, 1736 + 30 * 434 + 868),
        (160, 1736 + 30 * 434 + 60 * 868 + 10 / 160 * 320_000),
    ],
)
def test_long_stays_under_medicare_cost_by_the_day(days: int, owed: float) -> None:
    assert medicare(bill("2026-01-05", "inpatient_facility", 320_000, days=days)) == [owed]


def test_days_of_two_stays_in_one_benefit_period_add_up_and_a_new_period_begins_anew() -> None:
    stays = [("2026-01-05", 50), ("2026-03-20", 20), ("2026-09-01", 10)]
    found = medicare(*(bill(day, "inpatient_facility", 90_000, days=days) for day, days in stays))
    assert found == [1736, 10 * 434, 1736]


PERIOD = f"""{usd("out_of_pocket_maximum", 1000)}
benefit_period: {{{usd("deductible", 1736)}, {figure("days", "days", 60)}}}
benefits:
  inpatient_facility: {{deductible: true}}
"""


def test_a_hospital_deductible_met_in_december_is_not_owed_again_in_january(root: Path) -> None:
    stays = [bill(day, "inpatient_facility", 9000, days=2) for day in ("2026-12-10", "2027-01-10")]
    assert pays(root, PERIOD, *stays) == [1000, 0]  # the maximum of December paid the rest of it


@pytest.mark.parametrize(("ended", "owed"), [("2025-12-10", 0), ("2025-11-01", 1736)])
def test_a_patients_benefit_period_goes_on_for_60_days(root: Path, ended: str, owed: float) -> None:
    plan = PERIOD.replace("1000", "5000", 1)
    met = f"decision_date: 2026-01-05\nmet: {{benefit_period: {{deductible: 1736, days: 4, ended: {ended}}}}}\n"
    assert pays(root, plan, bill("2026-01-10", "inpatient_facility", 9000, days=2), patient=met) == [owed]


FAMILY = f"""{usd("deductible", 2000)}
{usd("out_of_pocket_maximum", 8000)}
family: {{rule: aggregate, {usd("deductible", 4000)}, {usd("out_of_pocket_maximum", 16000)}}}
benefits:
  outpatient_procedure: {{deductible: true, {share(0.5)}}}
"""


@pytest.mark.parametrize(
    ("plan", "owed"),
    [
        (FAMILY, 8000),
        (FAMILY.replace("family: {", f"family: {{{usd('person_out_of_pocket_maximum', 7000)}, "), 7000),
        (FAMILY.replace("rule: aggregate, ", f"rule: embedded, {usd('person_deductible', 3000)}, "), 8000),
    ],
)
def test_no_member_of_a_family_pays_more_than_one_persons_maximum(root: Path, plan: str, owed: float) -> None:
    someone = "decision_date: 2026-01-05\ntier: family\n"
    assert pays(root, plan, bill("2026-03-02", "outpatient_procedure", 90_000), patient=someone) == [owed]


def test_under_an_aggregate_rule_one_member_meets_the_familys_whole_deductible(root: Path) -> None:
    someone = "decision_date: 2026-01-05\ntier: family\n"
    assert pays(root, FAMILY, bill("2026-03-02", "outpatient_procedure", 5_000), patient=someone) == [4500]


def test_a_wrong_plan_file_stops_nobody_elses_bill(root: Path) -> None:
    (root / "plans" / "broken.yaml").write_text("label: [", encoding="utf-8")
    (root / "treatments" / "broken.yaml").write_text("label: 3\n", encoding="utf-8")
    table = pd.DataFrame([bill("2026-03-02", "specialist_visit", 100)])
    assert calc.patient_share(table, plan="insured", params=root).totals["you_pay"] == 40
    with pytest.raises(ParameterFileError, match="broken"):
        calc.patient_share(table, plan="broken", params=root)


@pytest.mark.parametrize("missing", ["date", "category", "allowed"])
def test_all_three_columns_that_a_list_needs_are_named(root: Path, missing: str) -> None:
    table = pd.DataFrame([bill("2026-03-02", "specialist_visit", 100)]).drop(columns=missing)
    with pytest.raises(ParameterFileError, match="'date', 'category' and 'allowed'"):
        calc.patient_share(table, plan="insured", params=root)


MET = "decision_date: 2026-06-01\nmet: {deductible: 800, out_of_pocket: 800}\n"
YEARS = f"{usd('deductible', 1000)}\nbenefits:\n  imaging: {{deductible: true}}"


def test_what_is_met_counts_in_its_own_plan_year_whatever_year_the_first_bill_is_of(root: Path) -> None:
    days = ("2025-12-01", "2026-07-01", "2027-01-02")
    done = worked(root, YEARS, *(bill(day, "imaging", 900) for day in days), patient=MET)
    assert done.lines["you_pay"].tolist() == [900, 200, 900]
    assert "in the bills of other years nothing is met" in done.notes[0]
    assert pays(root, YEARS, bill("2025-12-01", "imaging", 900), patient=MET) == [900]


def test_what_is_left_is_taken_as_well_as_what_is_met(root: Path) -> None:
    left = "decision_date: 2026-06-01\nremaining: {deductible: 200}\n"
    assert pays(root, YEARS, bill("2026-07-01", "imaging", 900), patient=left) == [200]
    with pytest.raises(ParameterFileError, match="told as met and as what is left"):
        pays(root, YEARS, bill("2026-07-01", "imaging", 900), patient=MET + "remaining: {deductible: 200}\n")


@pytest.mark.parametrize(
    "benefits",
    [
        "benefits:\n  imaging: {deductible: true}",
        f"family: {{{usd('deductible', 4000)}}}\nbenefits:\n  imaging: {{deductible: true}}",
        f"drugs: {{{usd('deductible', 400)}}}\nbenefits:\n  imaging: {{deductible: true}}",
        f"out_of_network: {{{share(0.5)}, {usd('deductible', 400)}}}\nbenefits:\n  imaging: {{deductible: true}}",
    ],
)
def test_a_deductible_that_applies_and_has_no_amount_is_refused(root: Path, benefits: str) -> None:
    with pytest.raises(ParameterFileError, match="applies to 'imaging', and its amount stands nowhere"):
        pays(root, benefits, bill("2026-03-02", "imaging", 1200))


LIMITS = f"{usd('deductible', 2000)}\n{usd('out_of_pocket_maximum', 8000)}\nbenefits:\n  imaging: {{deductible: true}}"


@pytest.mark.parametrize(
    ("told", "said"),
    [
        ("met: {deductible: 2500, out_of_pocket: 2500}", "met.deductible: 2,500.00 met of a limit of 2,000.00"),
        ("met: {deductible: 0, out_of_pocket: 9000}", "met.out_of_pocket: 9,000.00 met of a limit of 8,000.00"),
        ("remaining: {deductible: 2500}", "remaining.deductible: 2,500.00 left of a limit of 2,000.00"),
        ("met: {drugs: {deductible: 100, out_of_pocket: 100}}", "met.drugs.deductible: 100.00 met, and A card has no"),
        ("met: {out_of_network: {out_of_pocket: 100}}", "met.out_of_network.out_of_pocket: 100.00 met, and A card"),
        ("met: {family: {deductible: 100, out_of_pocket: 100}}", "a family's figures for somebody alone"),
        ("met: {benefit_period: {deductible: 100}}", "met.benefit_period: A card has no benefit period"),
    ],
)
def test_met_above_a_limit_or_where_nothing_can_be_met_is_refused(root: Path, told: str, said: str) -> None:
    with pytest.raises(ParameterFileError, match=said):
        pays(root, LIMITS, bill("2026-07-01", "imaging", 900), patient=f"decision_date: 2026-06-01\n{told}\n")


@pytest.mark.parametrize(
    ("listed", "billed"),
    [
        ("ambulatory_surgery_center", "outpatient_procedure"),
        ("outpatient_procedure", "ambulatory_surgery_center"),
        ("diagnostic_test", "laboratory"),
    ],
)
def test_one_line_of_a_card_feeds_every_category_that_it_means(root: Path, listed: str, billed: str) -> None:
    plan = f"benefits:\n  {listed}: {{deductible: false, {usd('copay', 250)}}}"
    assert pays(root, plan, bill("2026-03-02", billed, 900)) == [250]


def test_a_bill_that_the_plan_lists_no_benefit_for_says_so(root: Path) -> None:
    plan = "benefits:\n  imaging: {deductible: false}\n  acupuncture: {covered: false}"
    done = worked(root, plan, bill("2026-03-02", "chiropractic", 90), bill("2026-03-02", "acupuncture", 80))
    assert done.totals["you_pay"] == 170
    assert [note for note in done.notes if "lists no benefit for chiropractic:" in note]


def test_a_plan_whose_papers_can_be_read_in_two_ways_tells_both(root: Path) -> None:
    plan = f"""{usd("deductible", 500)}
benefits:
  imaging: {{deductible: false, {usd("copay", 100)}}}
other_reading:
  why: The card does not say whether the deductible applies to imaging.
  benefits:
    imaging: {{deductible: true, {usd("copay", 100)}}}
"""
    done = worked(root, plan, bill("2026-03-02", "imaging", 900))
    assert done.totals["you_pay"] == 100
    assert "Read that way, you pay 600.00 and not 100.00." in done.notes[0]


ER = f"benefits:\n  emergency_room: {{deductible: false, {usd('copay', 350)}, copay_waived_if_admitted: true}}\n  inpatient_facility: {{deductible: false}}"


@pytest.mark.parametrize(
    ("rows", "owed"),
    [
        ([bill("2026-03-02", "emergency_room", 2000), bill("2026-03-03", "inpatient_facility", 9000, days=2)], 0),
        ([bill("2026-03-02", "emergency_room", 2000), bill("2026-03-09", "inpatient_facility", 9000, days=2)], 350),
        ([bill("2026-03-02", "emergency_room", 2000, admitted="yes")], 0),
    ],
)
def test_the_copay_of_an_emergency_is_waived_on_admission(
    root: Path, rows: list[dict[str, object]], owed: float
) -> None:
    assert worked(root, ER, *rows).totals["you_pay"] == owed


TIERS = f"""{usd("deductible", 100)}
{usd("out_of_pocket_maximum", 500)}
second_tier: {{{usd("deductible", 300)}, {usd("out_of_pocket_maximum", 900)}}}
benefits:
  imaging:
    deductible: true
    {share(0.1)}
    second_tier: {{deductible: true, {share(0.5)}}}
    out_of_network: {{deductible: false, {usd("copay", 200)}}}
  acupuncture:
    deductible: false
    counts_to_maximum: false
    {usd("copay", 60)}
    out_of_network: {{covered: false}}
"""


def test_each_tier_has_its_own_terms_and_limits_and_a_benefit_may_lie_outside_the_maximum(root: Path) -> None:
    lines = [
        bill(f"2026-03-0{day}", "imaging", 1000, network=network)
        for day, network in ((2, "tier 2"), (3, "in"), (4, "out"), (5, "tier 2"))
    ]
    assert pays(root, TIERS, *lines) == [300 + 350, 100 + 90, 200, 250]
    later = [bill(f"2026-04-{day:02d}", "acupuncture", 80) for day in range(1, 12)]
    assert worked(root, TIERS, *later).totals["you_pay"] == 660
    assert pays(root, TIERS, bill("2026-03-02", "acupuncture", 80, network="out")) == [80]


@pytest.mark.parametrize(
    ("limit", "rows", "owed"),
    [
        (f"{figure('visit_limit', 'sessions', 1)}, limit_per: six_months", ["2026-01-05", "2026-03-01", "2026-08-01"], [20, 100, 20]),
        (f"{figure('visit_limit', 'sessions', 1)}, limit_per: lifetime", ["2026-01-05", "2027-03-01"], [20, 100]),
        (f"{figure('visit_limit', 'sessions', 1)}, limit_per: benefit_period", ["2026-01-05", "2027-03-01"], [20, 20]),
        (usd("dollar_limit", 100), ["2026-01-05", "2026-02-01", "2026-03-01", "2027-01-05"], [20, 80, 100, 20]),
    ],
)  # fmt: skip
def test_limits_count_within_their_period(root: Path, limit: str, rows: list[str], owed: list[float]) -> None:
    plan = f"benefits:\n  chiropractic: {{deductible: false, {share(0.2)}, {limit}}}"
    assert pays(root, plan, *(bill(day, "chiropractic", 100) for day in rows)) == owed


def test_days_of_a_stay_beyond_their_limit_are_not_covered(root: Path) -> None:
    plan = f"benefits:\n  skilled_nursing: {{deductible: false, {figure('day_limit', 'days', 30)}, limit_per: stay, {usd('admission_deductible', 200)}}}"
    assert pays(root, plan, bill("2026-03-02", "skilled_nursing", 40_000, days=40)) == [10_000 + 200]
