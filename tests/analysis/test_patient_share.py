"""Anyone's bills to the cent: against whole-cent arithmetic, from the command line and from a table alike."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

import calc
from calc.cli import main
from calc.errors import ParameterFileError, UnknownNameError
from calc.model.ledger import COLUMNS

from ..inputs.mini import write

PLAN = """\
label: A plan to the cent
short: Cents
year: 2026
market: commercial
deductible: {label: Deductible, unit: usd, claims: [{assumption: Card., reading: exact, value: 512.35}]}
out_of_pocket_maximum: {label: Most, unit: usd, claims: [{assumption: Card., reading: exact, value: 1234.56}]}
benefits:
  outpatient_procedure:
    deductible: true
    coinsurance: {label: Share, unit: share, claims: [{assumption: Card., reading: exact, value: 0.333}]}
  specialist_visit:
    deductible: false
    copay: {label: Copay, unit: usd, claims: [{assumption: Card., reading: exact, value: 40.25}]}
"""
CENT = Decimal("0.01")
#: hypothesis likes small amounts; these leave something to share above the deductible
CENTS = st.one_of(st.integers(0, 60_000), st.sampled_from(range(60_003, 160_000, 1_111)))


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = write(tmp_path_factory.mktemp("share") / "params")
    (folder / "plans" / "cents.yaml").write_text(PLAN, encoding="utf-8")
    return folder


def in_whole_cents(bills: list[tuple[date, str, Decimal]]) -> list[tuple[Decimal, Decimal]]:
    """Return what each bill costs and what is left of the maximum, by the plan above in exact decimals."""
    found, year = [], None
    for day, category, allowed in bills:
        if day.year != year:
            year, deductible, maximum = day.year, Decimal("512.35"), Decimal("1234.56")
        if category == "specialist_visit":
            owed = min(Decimal("40.25"), allowed, maximum)
        else:
            towards = min(deductible, allowed, maximum)
            share = (Decimal("0.333") * (allowed - min(deductible, allowed))).quantize(CENT, ROUND_HALF_UP)
            deductible -= towards
            owed = towards + min(share, maximum - towards)
        maximum -= owed
        found.append((owed, maximum))
    return found


@settings(max_examples=60)
@given(st.lists(st.tuples(st.integers(0, 500), st.booleans(), CENTS), min_size=1, max_size=9))
def test_every_line_is_exact_to_the_cent(root: Path, rows: list[tuple[int, bool, int]]) -> None:
    bills = [
        (date(2026, 3, 1) + timedelta(days=day), "specialist_visit" if visit else "outpatient_procedure", cents * CENT)
        for day, visit, cents in sorted(rows, key=lambda row: row[0])
    ]
    table = pd.DataFrame(bills, columns=["date", "category", "allowed"])
    table["visit"] = [str(number) for number in range(len(bills))]  # each row a visit of its own
    lines = calc.patient_share(table, plan="cents", params=root).lines
    expected = in_whole_cents(bills)
    assert [Decimal(repr(each)).quantize(CENT) for each in lines["you_pay"]] == [owed for owed, _ in expected]
    assert lines["out_of_pocket_maximum_left"].tolist() == [float(left) for _, left in expected]
    assert lines["charged"].tolist() == [float(amount) for _, _, amount in bills]
    assert (lines[list(COLUMNS)].sum(axis=1).round(2) == lines["charged"]).all()


ROWS = "date,category,allowed,charge,network,covered,description\n" + "\n".join(
    [
        "2026-05-04,outpatient_procedure,800,950,in,,Blocks",
        "2026-03-02,specialist_visit,180,,,,Clinic",
        "2026-05-05,outpatient_procedure,1000,4000,out,,Elsewhere",
        "2026-06-01,imaging,300,,,,No benefit",
        "2026-06-02,outpatient_procedure,700.10,,,no,Refused",
    ]
)


def test_a_table_and_a_file_give_the_same_lines_in_date_order(root: Path, tmp_path: Path) -> None:
    (tmp_path / "bills.csv").write_text(ROWS, encoding="utf-8")
    out = tmp_path / "lines.csv"
    arguments = ["patient-share", "--plan", "cents", "--services", str(tmp_path / "bills.csv"), "--params", str(root)]
    done = CliRunner().invoke(main, [*arguments, "--out", str(out)], env={"COLUMNS": "180"})
    assert done.exit_code == 0, done.output
    table = pd.read_csv(tmp_path / "bills.csv", parse_dates=["date"])
    share = calc.patient_share(table, plan="cents", params=root)
    written = pd.read_csv(out)
    shown = ["date", "charged", *COLUMNS, "you_pay", "written_off", "deductible_left"]
    assert written[shown].to_numpy().tolist() == share.lines[shown].to_numpy().tolist()
    assert written["row"].tolist() == [3, 2, 4, 5, 6]
    assert written["you_pay"].tolist() == [40.25, 512.35 + 95.79, 4000, 300, 700.10]
    assert written["not_covered"].tolist() == [0, 0, 4000, 300, 700.10]
    assert share.totals["written_off"] == 150
    for words in ("Blocks", "608.14", "Total", "5,648.49", "owed by nobody: 150.00"):
        assert words in done.output


def test_what_is_met_counts_in_the_plan_year_it_was_met_in(root: Path) -> None:
    table = pd.DataFrame({"date": ["2026-05-04"], "category": "outpatient_procedure", "allowed": 1000})
    met = calc.patient_share(table, plan="cents", patient="someone", params=root)  # 200 of the deductible are met
    assert met.lines["deductible"].tolist() == [312.35]
    later = calc.patient_share(table.assign(date="2027-05-04"), plan="cents", patient="someone", params=root)
    assert later.lines["deductible"].tolist() == [512.35]
    assert "no bill is of that year" in later.notes[0]


def test_a_plan_of_ones_own_may_lie_anywhere(root: Path, tmp_path: Path) -> None:
    (tmp_path / "mine.yaml").write_text(PLAN.replace("512.35", "0"), encoding="utf-8")
    table = pd.DataFrame({"date": ["2026-05-04"], "category": "outpatient_procedure", "allowed": 1000})
    assert calc.patient_share(table, plan=str(tmp_path / "mine.yaml"), params=root).totals["you_pay"] == 333
    (tmp_path / "mine.yaml").write_text(PLAN.replace("benefits", "benefit"), encoding="utf-8")
    with pytest.raises(ParameterFileError, match="or 'benefits'"):
        calc.patient_share(table, plan=str(tmp_path / "mine.yaml"), params=root)
    for name in ("cent", str(tmp_path / "min.yaml")):
        with pytest.raises(UnknownNameError, match=r"mean .*(cents|mine\.yaml)"):
            calc.patient_share(table, plan=name, params=root)


def test_bad_rows_are_told_at_once_with_exit_2_and_nothing_is_written(root: Path, tmp_path: Path) -> None:
    (tmp_path / "bills.csv").write_text(ROWS.replace("800", "800,50").replace("imaging", "imagine"), encoding="utf-8")
    out = tmp_path / "lines.csv"
    arguments = ["patient-share", "--plan", "cents", "--services", str(tmp_path / "bills.csv"), "--params", str(root)]
    done = CliRunner().invoke(main, [*arguments, "--out", str(out)])
    assert done.exit_code == 2
    assert done.stdout == ""
    assert "bills.csv:2: " in done.stderr
    assert "bills.csv:5: category" in done.stderr
    assert "2 problems; nothing was written." in done.stderr
    assert not out.exists()
    table = pd.DataFrame({"date": ["x", "2026-01-01"], "category": "imaging", "allowed": [1, np.nan]})
    with pytest.raises(ParameterFileError, match=r"(?s)row 1: date.*row 2: allowed"):
        calc.patient_share(table, plan="cents", params=root)


def test_a_range_in_the_plan_is_named_and_read_at_its_middle(root: Path, tmp_path: Path) -> None:
    text = PLAN.replace("reading: exact, value: 40.25", "reading: bounds, low: 30, high: 50")
    (tmp_path / "mine.yaml").write_text(text, encoding="utf-8")
    table = pd.DataFrame({"date": ["2026-05-04"], "category": "specialist_visit", "allowed": 1000})
    done = calc.patient_share(table, plan=str(tmp_path / "mine.yaml"), params=root)
    assert done.totals["you_pay"] == 40
    assert "benefits.specialist_visit.copay" in done.notes[0]


def test_a_stay_charged_by_the_day_needs_its_days(root: Path, tmp_path: Path) -> None:
    text = PLAN.replace("  specialist_visit:\n", "  inpatient_facility:\n    copay_per: day\n")
    (tmp_path / "mine.yaml").write_text(text, encoding="utf-8")
    table = pd.DataFrame({"date": ["2026-05-04"], "category": "inpatient_facility", "allowed": 9000})
    with pytest.raises(ParameterFileError, match="row 1: days"):
        calc.patient_share(table, plan=str(tmp_path / "mine.yaml"), params=root)
    share = calc.patient_share(table.assign(days=3), plan=str(tmp_path / "mine.yaml"), params=root)
    assert share.totals["you_pay"] == 120.75


#: the lines of CARIN's EOBProfessional2: reversals stand among them with their signs
SIGNED = ["34.80", "{}", "34.80", "224.11", "224.11", "{}"]


@pytest.mark.parametrize("written", ["-{}", "({})", "{}-", "−{}", "-${}"])
def test_signed_lines_are_netted_to_258_91_however_the_sign_is_written(
    root: Path, tmp_path: Path, written: str
) -> None:
    back = iter([written.format("34.80"), written.format("224.11")])
    rows = [f"2026-08-04,outpatient_procedure,{next(back) if each == '{}' else each}" for each in SIGNED]
    (tmp_path / "bills.csv").write_text("\n".join(["date,category,allowed", *rows, ""]), encoding="utf-8")
    done = calc.patient_share(tmp_path / "bills.csv", plan="cents", params=root)
    assert done.totals["charged"] == 258.91
    assert sum("taken back in full" in note for note in done.notes) == 2


def test_lines_of_a_claim_are_taken_back_by_their_number(root: Path) -> None:
    table = pd.DataFrame({"date": "2026-05-04", "category": "specialist_visit", "allowed": [100, 100, -100, 60],
                          "claim": "A", "line": [1, 2, 2, 2]})  # fmt: skip
    done = calc.patient_share(table, plan="cents", params=root)
    assert done.lines["charged"].tolist() == [100, 60]
    assert done.lines["row"].tolist() == [1, 4]


@pytest.mark.parametrize(
    ("table", "words"),
    [
        ({"date": ["2026-05-04"], "allowed": [-5]}, "takes back a line that is not here"),
        ({"date": ["2026-05-04"] * 2, "allowed": [5, -5]}, "nothing remains"),
        ({"date": ["2020-05-04"], "allowed": [5]}, "more than a year from the plan's"),
        ({"date": ["2030-05-04"], "allowed": [5]}, "more than a year from the plan's"),
        ({"date": ["0206-05-04"], "allowed": [5]}, "more than a year from the plan's"),
        ({"date": [pd.NaT], "allowed": [5]}, "'' is no date"),
        ({"date": ["2026-05-04"], "allowed": [pd.NA]}, "the allowed amount is missing"),
    ],
)
def test_lines_that_cannot_be_are_told_with_their_place(root: Path, table: dict[str, list[object]], words: str) -> None:
    with pytest.raises(ParameterFileError, match=words):
        calc.patient_share(pd.DataFrame(table).assign(category="specialist_visit"), plan="cents", params=root)


def test_a_line_that_is_printed_twice_is_asked_about_and_counted_once_where_its_number_says_so(root: Path) -> None:
    table = pd.DataFrame({"date": ["2026-05-04"] * 2, "category": "specialist_visit", "allowed": 100})
    asked = calc.patient_share(table, plan="cents", params=root)
    assert asked.totals["charged"] == 200
    assert "row 2 says the same as row 1" in asked.notes[0]
    once = calc.patient_share(table.assign(claim="A", line=1), plan="cents", params=root)
    assert once.totals["charged"] == 100
    assert "printed twice" in once.notes[0]


@pytest.mark.parametrize(
    ("day", "amount"),
    [
        (np.datetime64("2026-05-04"), np.int64(1000)), (date(2026, 5, 4), Decimal("1E+3")), ("2026-05-04", 1e3),
        (pd.Timestamp("2026-05-04"), np.float32(1000)), ("2026-05-04", "$1,000.00"),
    ],
)  # fmt: skip
def test_days_and_amounts_of_any_type_give_the_same(root: Path, day: object, amount: object) -> None:
    rows = [{"date": day, "category": "outpatient_procedure", "allowed": amount, "days": np.int64(1)}]
    done = calc.patient_share(pd.DataFrame(rows, dtype=object), plan="cents", params=root)
    assert done.totals["you_pay"] == 674.74  # 512.35 and a third of the rest, to the cent


def test_paths_may_be_text(root: Path, tmp_path: Path) -> None:
    (tmp_path / "bills.csv").write_text(ROWS, encoding="utf-8")
    done = calc.patient_share(str(tmp_path / "bills.csv"), plan="cents", params=str(root))
    assert done.totals["you_pay"] == 5648.49
