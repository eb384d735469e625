"""A table of statements is read strictly: what it leaves out is not 0, and every wrong cell is told at once."""

from __future__ import annotations

from pathlib import Path

import pytest

from calc.errors import ParameterFileError
from calc.exchange.lines import StatementLine, Status
from calc.exchange.statement_files import read_statements
from calc.inputs.parameter import Category

HEAD = (
    "claim,line,date,code,category,billed,allowed,plan_paid,deductible,copay,coinsurance,not_covered,you_owe,status\n"
)


def read(tmp_path: Path, text: str) -> tuple[StatementLine, ...]:
    (tmp_path / "s.csv").write_text(text, encoding="utf-8")
    return read_statements([tmp_path / "s.csv"]).lines


def told(tmp_path: Path, text: str) -> list[str]:
    with pytest.raises(ParameterFileError) as raised:
        read(tmp_path, text)
    return [str(each).removeprefix(str(tmp_path)) for each in raised.value.problems]


def test_a_row_is_a_line_and_a_blank_is_not_0(tmp_path: Path) -> None:
    (line,) = read(tmp_path, f"{HEAD}C1,2,2026-03-02,72148,imaging,2400,1400,0,1400,,,(12.50),1400,22\n")
    assert (line.claim, line.line, line.categories, line.status) == ("C1", "2", (Category.IMAGING,), Status.REVERSED)
    assert line.amounts["not_covered"] == -12.5
    assert line.amounts["plan_paid"] == 0.0
    assert line.amounts["copay"] is None


def test_the_columns_of_a_remittance_in_a_table_are_known(tmp_path: Path) -> None:
    head = "Claim ID,Service Date,Procedure,Modifiers,Billed,Allowed,Paid,PR-1,PR-2,PR-3,CO-45,Status\n"
    (line,) = read(tmp_path, f"{head}A,2026-03-02,97110,GP,120,60,30,0,0,30,60,1\n")
    assert line.categories == (Category.THERAPY_VISIT,)
    assert {name: line.amounts[name] for name in ("plan_paid", "deductible", "coinsurance", "copay")} == {
        "plan_paid": 30.0, "deductible": 0.0, "coinsurance": 0.0, "copay": 30.0,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("code", "place", "names"),
    [
        ("72148", "", "imaging"), ("72100", "", "diagnostic_test"), ("97140", "", "therapy_visit"),
        ("99213", "", "primary_care_visit specialist_visit"), ("99284", "", "emergency_room"), ("L0650", "", "medical_equipment"),
        ("64493", "22", "outpatient_professional"), ("62323", "21", "inpatient_professional"),
        ("64493", "", "outpatient_procedure outpatient_professional ambulatory_surgery_center"), ("Q9967", "", ""),
    ],
)  # fmt: skip
def test_a_code_says_which_benefits_it_may_fall_under(tmp_path: Path, code: str, place: str, names: str) -> None:
    (line,) = read(tmp_path, f"date,code,place,allowed\n2026-03-02,{code},{place},100\n")
    assert " ".join(line.categories) == names


def test_columns_that_name_somebody_are_not_read(tmp_path: Path) -> None:
    (tmp_path / "s.csv").write_text("Patient Name,date,category,allowed\nSomebody,2026-03-02,imaging,5\n", "utf-8")
    done = read_statements([tmp_path / "s.csv"])
    assert "Somebody" not in repr(done)
    assert done.notes == ("Columns that name somebody are not read: Patient Name.",)


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ("C,1,03/04/2026,,imaging,,5,,,,,,,", "nobody can tell its month from its day"),
        ("C,1,2026-03-02,,imaging,,€5,,,,,,,", "another currency"),
        ("C,1,2026-03-02,,imagin,,5,,,,,,,", "mean 'imaging'"),
        ("C,1,2026-03-02,,,,5,,,,,,,", "there is no category ''"),
        ("C,1,2026-03-02,,imaging,,,,,,,,,", "neither billed nor allowed"),
        ("C,1,2026-03-02,,imaging,,5,,,,,,,lost", "status: 'lost' is no answer here"),
        ("C,1,2026-03-02,,imaging,,5", "fewer cells than columns"),
        ("C,1,2026-03-02,,imaging,,5,,,,,,,,,", "more cells than columns"),
    ],
)
def test_a_wrong_cell_is_told_with_its_line(tmp_path: Path, row: str, words: str) -> None:
    (problem,) = told(tmp_path, f"{HEAD}{row}\n")
    assert problem.startswith("/s.csv:2: ")
    assert words in problem


def test_dates_of_three_ways_and_currencies_of_two_are_told_at_once(tmp_path: Path) -> None:
    rows = "\n".join(f",,{day},,imaging,,{amount},,,,,,," for day, amount in
                     [("01/31/2026", "5"), ("31.01.2026", "€5"), ("2026-01-31", "5 CAD"), ("31/01/26", "-5 USD")])  # fmt: skip
    assert len(told(tmp_path, f"{HEAD}{rows}\n")) == 5


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("a,b\n1,2\n", "this is no table of statements: its columns are a, b"),
        ("date;code;allowed\n", "separated by semicolons"),
        ("date,category,allowed\n", "holds no line"),
        ("date,allowed\n2026-01-01,5\n", "category: this column is missing"),
        ("date,category,billed,charge\n2026-01-01,imaging,5,6\n", "billed: this column stands twice"),
        ("date,category,allowed,colour\n2026-01-01,imaging,5,red\n", "colour: there is no such column"),
        ("%PDF-1.7", "this looks like a PDF"),
        ('{"resourceType": "Patient"}', "this looks like Patient"),
        ("{", "this is no JSON"),
    ],
)
def test_what_is_no_statement_is_named_for_what_it_seems(tmp_path: Path, text: str, words: str) -> None:
    assert words in told(tmp_path, text)[0]


def test_all_files_are_told_of_at_once(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("x\n1\n", encoding="utf-8")
    with pytest.raises(ParameterFileError) as raised:
        read_statements([tmp_path / "a.csv", tmp_path / "not_there.csv"])
    assert len(raised.value.problems) == 2
