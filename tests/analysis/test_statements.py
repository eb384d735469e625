"""Statements beside a plan's terms: what differs, what follows from it, and nothing else."""

from __future__ import annotations

import importlib.util
import sys
from datetime import date, timedelta
from pathlib import Path
from random import Random
from types import ModuleType

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import calc
from calc.analysis.explanations import Kind
from calc.analysis.statements import BillCheck, Difference, check_bill
from calc.errors import ParameterFileError
from calc.inputs.load import load_library
from calc.inputs.parameter import Category

REPOSITORY = Path(__file__).resolve().parents[2]
PARAMS = REPOSITORY / "params"
CASES = REPOSITORY / "tests" / "cases" / "statements"
SAMPLES = REPOSITORY / "tests" / "exchange" / "samples"

HEAD = "claim,line,date,category,billed,allowed,plan_paid,deductible,copay,coinsurance,not_covered,you_owe,status,network\n"


def _benchmark() -> ModuleType:
    """Return benchmarks/statements.py, which makes years with a planted fault by arithmetic of its own."""
    spec = importlib.util.spec_from_file_location("statements_benchmark", REPOSITORY / "benchmarks" / "statements.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


years = _benchmark()
LIBRARY = load_library(PARAMS)

PLAN = """\
label: A plan of every kind
short: Every kind
year: {year}
market: commercial
deductible: {{label: Deductible, unit: usd, claims: [{{yours: Card, reading: exact, value: 1000}}]}}
out_of_pocket_maximum: {{label: Most, unit: usd, claims: [{{yours: Card, reading: exact, value: 3000}}]}}
family:
  deductible: {{label: Family, unit: usd, claims: [{{yours: Card, reading: exact, value: 2000}}]}}
  out_of_pocket_maximum: {{label: Family, unit: usd, claims: [{{yours: Card, reading: exact, value: 6000}}]}}
out_of_network:
  coinsurance: {{label: Elsewhere, unit: share, claims: [{{yours: Card, reading: exact, value: 0.4}}]}}
benefits:
  imaging:
    deductible: true
    coinsurance: {{label: Share, unit: share, claims: [{{yours: Card, reading: exact, value: 0.2}}]}}
  specialist_visit:
    deductible: false
    copay: {{label: Copay, unit: usd, claims: [{{yours: Card, reading: exact, value: 40}}]}}
  therapy_visit:
    deductible: false
    copay: {{label: Copay, unit: usd, claims: [{{yours: Card, reading: exact, value: 25}}]}}
    visit_limit: {{label: Visits, unit: sessions, claims: [{{yours: Card, reading: exact, value: 2}}]}}
  inpatient_professional: {{deductible: false}}
"""


def check(tmp_path: Path, *rows: str, year: int = 2026, patient: str = "") -> BillCheck:
    """Check rows of claim, line, date, category, the amounts and the status under the plan above."""
    (tmp_path / "plan.yaml").write_text(PLAN.format(year=year), encoding="utf-8")
    (tmp_path / "s.csv").write_text(HEAD + "\n".join(rows) + "\n", encoding="utf-8")
    someone = None
    if patient:
        (tmp_path / "me.yaml").write_text(patient, encoding="utf-8")
        someone = str(tmp_path / "me.yaml")
    return check_bill([tmp_path / "s.csv"], plan=str(tmp_path / "plan.yaml"), patient=someone, params=PARAMS)


def kinds(done: BillCheck) -> list[tuple[str, Kind]]:
    return [(each.lines[0].claim, each.explanations[0].kind) for each in done.faults]


def test_every_planted_fault_is_found_where_it_stands_and_a_right_year_raises_no_alarm() -> None:
    """A smaller run of what ``benchmarks/statements.py`` prints for 1,000 years of each."""
    table, alarms = years.tally(60, 5, LIBRARY)
    for kind, count in table.items():
        assert count["years"] == 5
        assert {count[each] for each in ("found", "located", "among")} == {5}, kind
    assert alarms == 0


@settings(max_examples=40)
@given(st.randoms(use_true_random=False))
def test_what_is_met_after_a_right_year_is_what_an_insurer_counted_in_cents(draw: Random) -> None:
    year = years.drawn_year(draw, None)
    done = years.checked(year, LIBRARY)
    assert done.differences == ()
    ends = year.design.year(max(line.day for line in year.lines))
    kept = {(each.claim, each.line): each for each in year.lines if (each.amounts["you_owe"] or 0) >= 0}
    mine = [each for each in kept.values() if year.design.year(each.day) == ends]
    assert done.met.deductible == pytest.approx(sum(each.amounts["deductible"] or 0 for each in mine), abs=1e-6)


PLANS = sorted(LIBRARY.plans)


@settings(max_examples=60)
@given(
    st.sampled_from(PLANS),
    st.lists(
        st.tuples(
            st.integers(0, 500),
            st.sampled_from(sorted(Category)),
            st.integers(1, 900_000),
            st.booleans(),
            st.integers(1, 95),
        ),
        min_size=1,
        max_size=9,
    ),
)
def test_what_patient_share_splits_is_right_under_every_shipped_plan(
    tmp_path: Path, plan: str, drawn: list[tuple[int, Category, int, bool, int]]
) -> None:
    """One pass through all bills and a visit at a time, each from the state before it, say the same to the cent."""
    rows = [
        {"date": date(2026, 3, 1) + timedelta(days), "category": str(category), "allowed": cents / 100,
         "charge": cents / 50, "network": "in" if inside else "out", "days": stay, "claim": f"C{at}"}
        for at, (days, category, cents, inside, stay) in enumerate(drawn)
    ]  # fmt: skip
    share = calc.patient_share(pd.DataFrame(rows), plan=plan, params=PARAMS).lines
    told = share.assign(
        claim=range(len(share)), billed=share["charged"] + share["written_off"], you_owe=share["you_pay"]
    )
    told["allowed"] = [rows[row - 1]["allowed"] for row in share["row"]]
    told["days"], told["network"] = ([rows[row - 1][name] for row in share["row"]] for name in ("days", "network"))
    columns = ["claim", "date", "category", "billed", "allowed", "plan_paid", "deductible", "copay", "coinsurance",
               "not_covered", "you_owe", "days", "network"]  # fmt: skip
    told[columns].to_csv(tmp_path / "s.csv", index=False)
    done = check_bill([tmp_path / "s.csv"], plan=plan, params=PARAMS)
    assert done.differences == ()
    limits = [name for name in share.columns if name.endswith("_left")]
    assert (done.lines[limits] - share[limits]).abs().to_numpy().max(initial=0) < 0.005


def test_the_professional_example_is_258_91_and_nothing_of_it_differs(tmp_path: Path) -> None:
    (tmp_path / "plan.yaml").write_text(PLAN.format(year=2020), encoding="utf-8")
    done = check_bill([SAMPLES / "eob_professional_2.json"], plan=str(tmp_path / "plan.yaml"), params=PARAMS)
    assert done.lines["allowed"].sum() == pytest.approx(258.91, abs=1e-9)
    assert done.lines["right_plan_paid"].sum() == pytest.approx(258.91, abs=1e-9)
    assert done.differences == ()
    assert sum("taken back in full" in note for note in done.notes) == 2


def test_later_lines_that_follow_from_the_first_are_no_faults_of_their_own() -> None:
    done = check_bill([CASES / "hdhp_2026.csv"], plan="high_deductible_2026", params=PARAMS)
    assert kinds(done) == [("C5", Kind.DEDUCTIBLE_TWICE)]
    (fault,) = done.faults
    assert [(each.lines[0].claim, each.excess) for each in done.owed_to(fault)] == [("C7", -788.0), ("C8", -12.0)]
    assert fault.excess == 1360.0
    assert fault.right is not None
    assert fault.right.owed == 700.0


def test_two_faults_of_their_own_are_both_named() -> None:
    done = check_bill([CASES / "ppo_2026.csv"], plan="employer_ppo_2026", params=PARAMS)
    assert kinds(done) == [("C4", Kind.DEDUCTIBLE_TWICE), ("C6", Kind.BALANCE_BILL)]
    assert all(not done.owed_to(each) for each in done.faults)


RIGHT = "A,1,2026-02-02,imaging,2000,1500,400,1000,0,100,0,1100,,"


@pytest.mark.parametrize(
    ("row", "kind"),
    [
        ("B,1,2026-03-02,imaging,900,500,0,500,0,0,0,500,,", Kind.DEDUCTIBLE_TWICE),
        ("B,1,2026-03-02,imaging,900,500,250,250,0,50,0,300,,", Kind.OTHER),
        ("B,1,2026-03-02,specialist_visit,300,200,160,0,40,0,0,140,,", Kind.BALANCE_BILL),
        ("B,1,2026-03-02,specialist_visit,300,200,160,0,40,0,100,140,,", Kind.OVER_CONTRACT),
        ("B,1,2026-03-02,specialist_visit,300,200,128,0,40,32,0,72,,", Kind.COPAY_AND_COINSURANCE),
        ("B,1,2026-03-02,specialist_visit,300,200,0,0,0,0,200,200,denied,", Kind.REFUSED),
        ("B,1,2026-03-02,specialist_visit,300,0,0,0,0,0,300,300,denied,", Kind.REFUSED),
        ("B,1,2026-03-02,therapy_visit,90,80,0,0,0,0,80,80,,", Kind.VISIT_LIMIT),
        ("B,1,2026-03-02,imaging,900,500,320,0,0,180,0,180,,", Kind.COINSURANCE_ON_BILLED),
        ("B,1,2026-03-02,imaging,900,500,300,0,0,200,0,200,,", Kind.WRONG_NETWORK),
        ("B,1,2026-03-02,imaging,900,500,460,0,40,0,0,40,,", Kind.WRONG_TIER),
        ("B,1,2026-03-02,specialist_visit,300,200,160,0,40,0,0,45,,", Kind.DOES_NOT_ADD_UP),
        ("B,1,2026-03-02,imaging,900,500,390,0,0,110,0,110,,", Kind.OTHER),
    ],
)
def test_one_line_that_differs_is_called_what_it_looks_like(tmp_path: Path, row: str, kind: Kind) -> None:
    assert kinds(check(tmp_path, RIGHT, row)) == [("B", kind)]


@pytest.mark.parametrize(
    "row",
    [
        "B,1,2026-03-02,imaging,900,500,400,0,0,100,0,100,,",
        "B,1,2026-03-02,imaging,,500,400,,,,,100,,",
        "B,1,2026-03-02,specialist_visit,300,200,160,,40,,,,,",
        "B,1,2026-03-02,imaging,900,500,300,0,0,200,0,200,,out",
        "B,1,2026-03-02,imaging,900,500,300,0,0,200,400,600,,out",
        "B,1,2026-03-02,urgent_care,300,0,0,0,0,0,300,300,denied,",
        "B,1,2026-03-02,urgent_care,300,200,0,0,0,0,300,300,,",
    ],
)
def test_a_line_that_is_right_or_does_not_say_is_no_difference(tmp_path: Path, row: str) -> None:
    assert check(tmp_path, RIGHT, row).differences == ()


def test_a_visit_beyond_the_limit_is_right_when_it_is_refused_and_told_when_it_is_paid(tmp_path: Path) -> None:
    visit = "{},1,2026-0{}-02,therapy_visit,90,80,{},0,{},0,{},{},,"
    first = [visit.format(name, month, 55, 25, 0, 25) for name, month in (("A", 1), ("B", 2))]
    assert check(tmp_path, *first, visit.format("C", 3, 0, 0, 80, 80)).differences == ()
    assert kinds(check(tmp_path, *first, visit.format("C", 3, 55, 25, 0, 25))) == [("C", Kind.VISIT_LIMIT)]


def test_lines_of_one_visit_share_one_copay_whichever_line_prints_it(tmp_path: Path) -> None:
    for first, second in ((25, 0), (0, 25)):
        rows = [f"A,{at},2026-03-02,therapy_visit,60,50,{50 - part},0,{part},0,0,{part},," for at, part in
                ((1, first), (2, second))]  # fmt: skip
        assert check(tmp_path, *rows).differences == ()
    each = [f"A,{at},2026-03-02,therapy_visit,60,50,25,0,25,0,0,25,," for at in (1, 2)]
    assert kinds(check(tmp_path, *each)) == [("A", Kind.COPAY_PER_LINE)]


def test_limits_of_the_family_on_one_persons_card_are_another_tier(tmp_path: Path) -> None:
    done = check(tmp_path, "A,1,2026-02-02,imaging,2000,1500,0,1500,0,0,0,1500,,")
    assert kinds(done) == [("A", Kind.WRONG_TIER)]
    assert done.faults[0].explanations[0].detail == "by the whole family's limits"


@pytest.mark.parametrize(("second", "again"), [("2026-03-20", False), ("2026-06-20", True)])
def test_a_benefit_period_goes_on_until_60_days_without_such_care(tmp_path: Path, second: str, again: bool) -> None:
    deductible = 1736 if again else 0
    rows = [
        "claim,date,category,allowed,deductible,copay,coinsurance,you_owe,days",
        "A,2026-02-02,inpatient_facility,20000,1736,0,0,1736,5",
        f"B,{second},inpatient_facility,9000,{deductible},0,0,{deductible},3",
    ]
    (tmp_path / "s.csv").write_text("\n".join([*rows, ""]), encoding="utf-8")
    assert check_bill([tmp_path / "s.csv"], plan="medicare_2026", params=PARAMS).differences == ()


def test_a_plan_year_that_begins_in_july_does_not_begin_in_january(tmp_path: Path) -> None:
    me = 'label: Me\ndecision_date: 2025-08-01\nplan_year_start: "07-01"\n'
    before = "A,1,2025-11-02,imaging,2000,1500,400,1000,0,100,0,1100,,"
    again = "B,1,2026-01-09,imaging,900,500,0,500,0,0,0,500,,"
    done = check(tmp_path, before, again, patient=me)
    assert kinds(done) == [("B", Kind.PLAN_YEAR)]
    july = "B,1,2026-07-09,imaging,900,500,0,500,0,0,0,500,,"
    assert check(tmp_path, before, july, patient=me).differences == ()


def test_what_the_patient_has_met_before_counts(tmp_path: Path) -> None:
    me = "label: Me\ndecision_date: 2026-02-01\nmet: {deductible: 1000, out_of_pocket: 1000}\n"
    row = "A,1,2026-02-02,imaging,900,500,400,0,0,100,0,100,,"
    assert check(tmp_path, row, patient=me).differences == ()
    assert kinds(check(tmp_path, row)) == [("A", Kind.OTHER)]


def test_what_a_refused_line_would_have_cost_is_not_made_up(tmp_path: Path) -> None:
    (each,) = check(tmp_path, RIGHT, "B,1,2026-03-02,specialist_visit,300,0,0,0,0,0,300,300,denied,").faults
    assert isinstance(each, Difference)
    assert (each.right, each.excess) == (None, None)


def test_everything_that_is_wrong_is_told_at_once(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(f"{HEAD}A,1,03/04/2026,imaging,€5,5,,,,,,,,\n", encoding="utf-8")
    (tmp_path / "b.csv").write_text("nothing\n1\n", encoding="utf-8")
    with pytest.raises(ParameterFileError) as raised:
        check_bill([tmp_path / "a.csv", tmp_path / "b.csv"], plan="employer_pppo_2026", patient="nobody", params=PARAMS)
    told = str(raised.value)
    for words in ("--plan: there is no plan named", "--patient: ", "a.csv:2: date", "a.csv:2: billed", "b.csv:1"):
        assert words in told
    assert len(raised.value.problems) == 5


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        (["A,1,2026-02-02,imaging,-5,-5,-5,0,0,0,0,0,,"], "takes back a line that is not here"),
        (["A,1,2026-02-02,imaging,50,50,55,0,0,0,0,-5,,"], "amounts of both signs"),
        (["A,1,2020-02-02,imaging,5,5,5,0,0,0,0,0,,"], "more than a year from the plan's"),
        ([RIGHT, RIGHT.replace("1500", "1400")], "stands twice with different amounts"),
        ([RIGHT, "A,1,2026-02-02,imaging,-2000,-1500,-400,-1000,0,-100,0,-1100,22,"], "nothing remains"),
    ],
)
def test_what_cannot_be_checked_is_refused(tmp_path: Path, rows: list[str], words: str) -> None:
    with pytest.raises(ParameterFileError, match=words):
        check(tmp_path, *rows)


def test_a_code_that_does_not_settle_the_benefit_is_asked_about_until_a_table_says(tmp_path: Path) -> None:
    (tmp_path / "plan.yaml").write_text(PLAN.format(year=2026), encoding="utf-8")
    (tmp_path / "s.csv").write_text("date,code,allowed,copay\n2026-03-02,99213,200,40\n", encoding="utf-8")
    (tmp_path / "codes.csv").write_text("code,category\n99213,specialist_visit\n", encoding="utf-8")
    plan = str(tmp_path / "plan.yaml")
    with pytest.raises(ParameterFileError, match="primary_care_visit or specialist_visit"):
        check_bill([tmp_path / "s.csv"], plan=plan, params=PARAMS)
    done = check_bill([tmp_path / "s.csv"], plan=plan, codes=tmp_path / "codes.csv", params=PARAMS)
    assert done.differences == ()


def test_a_line_may_be_taken_back_in_another_file(tmp_path: Path) -> None:
    rows = (CASES / "ppo_2026.csv").read_text("utf-8").splitlines()
    for name, mine in (("winter", rows[1:5]), ("spring", rows[5:8]), ("summer", rows[8:])):
        (tmp_path / f"{name}.csv").write_text("\n".join([rows[0], *mine, ""]), encoding="utf-8")
    files = [tmp_path / f"{name}.csv" for name in ("summer", "winter", "spring")]
    whole = check_bill([CASES / "ppo_2026.csv"], plan="employer_ppo_2026", params=PARAMS)
    parts = check_bill(files, plan="employer_ppo_2026", params=PARAMS)
    assert parts.lines.equals(whole.lines)


def test_what_is_left_of_each_limit_stands_after_each_visit() -> None:
    done = check_bill([CASES / "hdhp_2026.csv"], plan="high_deductible_2026", params=PARAMS)
    assert done.lines["deductible_left"].tolist() == [1520, 120, 10, 0, 0, 0, 0, 0]
    assert done.lines["out_of_pocket_maximum_left"].tolist() == [8320, 6920, 6810, 6502, 5802, 5772, 572, 560]


def test_calc_itself_offers_the_check() -> None:
    done = calc.check_bill([str(CASES / "ppo_2026.csv")], plan="employer_ppo_2026", params=PARAMS)
    assert len(done.faults) == 2
