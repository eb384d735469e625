"""A list of bills is read strictly: every wrong cell with its line, all at once."""

from __future__ import annotations

from pathlib import Path

import pytest

from calc.errors import ParameterFileError
from calc.inputs.bills import read_bills

HEAD = "date,category,allowed,cash_price,charge,network,covered,description,days\n"


def read(tmp_path: Path, text: str | bytes) -> object:
    file = tmp_path / "bills.csv"
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    try:
        return read_bills(file)
    except ParameterFileError as error:
        return [str(problem).removeprefix(str(tmp_path)) for problem in error.problems]


def test_a_row_says_what_it_leaves_out_by_what_it_gives(tmp_path: Path) -> None:
    first, second = read(tmp_path, f"{HEAD}2026-01-31,imaging,100.50,,,,,,\n2026-02-01,imaging,5,,9.25,OUT,No,MRI,2\n")
    assert (first.allowed, first.cash_price, first.charge) == (100.5, 100.5, None)
    assert (first.in_network, first.covered, first.days) == (True, True, None)
    assert (second.cash_price, second.charge, second.in_network, second.covered) == (9.25, 9.25, False, False)
    assert (second.description, second.days) == ("MRI", 2)


def test_lines_are_counted_as_an_editor_counts_them(tmp_path: Path) -> None:
    text = 'date,category,allowed,description\r\n2026-01-31,imaging,1,"two\r\nlines"\r\n2026-01-31,imaging,x,\r\n'
    assert read(tmp_path, b"\xef\xbb\xbf" + text.encode()) == [
        "/bills.csv:4: allowed: 'x' is no amount. Write dollars as 1250 or 1250.50; what is taken back as -1250.50 or (1250.50)."
    ]


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ("2026-02-30,imaging,1,,,,,,", ["date: '2026-02-30' is no date"]),
        ("01/31/2026,imaging,1,,,,,,", ["date: '01/31/2026' is no date", "2026-01-31"]),
        ("2026-01-31,imagin,1,,,,,,", ["category: there is no category 'imagin'", "mean 'imaging'?"]),
        ("2026-01-31,imaging,,,,,,,", ["allowed: the allowed amount is missing"]),
        ("2026-01-31,imaging,-(5),,,,,,", ["allowed: '-(5)' is no amount"]),
        ("2026-01-31,imaging,nan,,,,,,", ["the allowed amount is missing"]),
        ("2026-01-31,imaging,1e3,,,,,,", ["'1e3' is no amount"]),
        ("2026-01-31,imaging,99999999999,,,,,,", ["is above 10,000,000"]),
        ("2026-01-31,imaging,1.005,,,,,,", ["1.005 has a fraction of a cent"]),
        ("2026-01-31,imaging,1,€5,,,,,", ["cash_price: '€5' is in another currency"]),
        ("2026-01-31,imaging,1,5 CAD,,,,,", ["cash_price: '5 CAD' is in another currency"]),
        ("31/01/2026,imaging,1,,,,,,", ["it seems to be day, month, year"]),
        ("01/31/2026,imaging,1,,,,,,", ["it seems to be month, day, year"]),
        ("03/04/2026,imaging,1,,,,,,", ["nobody can tell its month from its day"]),
        ("2026-01-31,imaging,400", ["there are fewer cells than columns"]),
        ("2026-01-31,imaging,1,,,maybe,,,", ["network: 'maybe' is no answer", "'in', 'out', 'tier 1' or 'tier 2'"]),
        ("2026-01-31,imaging,1,,,,perhaps,,", ["covered: 'perhaps' is no answer"]),
        ("2026-01-31,imaging,1,,,,,,0.5", ["days: '0.5' is no length of a stay"]),
        ("2026-01-31,imaging,1,,,,,,,extra", ["more cells than columns"]),
    ],
)
def test_a_wrong_cell_is_told_with_what_would_be_right(tmp_path: Path, row: str, words: list[str]) -> None:
    (problem,) = read(tmp_path, f"{HEAD}{row}\n")
    assert problem.startswith("/bills.csv:2: ")
    assert all(word in problem for word in words), problem


def test_all_that_is_wrong_is_told_at_once(tmp_path: Path) -> None:
    told = read(tmp_path, "date,category,allowed,colour\nx,imaging,1,red\n2026-01-31,y,z,blue\n")
    assert [each.split(": ")[:2] for each in told] == [
        ["/bills.csv:1", "colour"], ["/bills.csv:2", "date"], ["/bills.csv:3", "category"], ["/bills.csv:3", "allowed"],
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "column is missing"),
        ("date,category\n2026-01-31,imaging\n", "allowed: this column is missing"),
        ("date,category,allowed,allowed\n2026-01-31,imaging,1,2\n", "this column stands twice"),
        ("date,category,allowed\n", "holds no service"),
        ("date;category;allowed\n2026-01-31;imaging;1\n", "columns are separated by semicolons"),
        ("date\tcategory\tallowed\n", "columns are separated by tabs"),
        ("description,code|1,standard_charge|gross\nA,1,2\n", "this is no list of services"),
        (b"date,category,allowed\n\xff\n", "cannot be read"),
        (
            '{"resourceType": "ExplanationOfBenefit"}',
            "this looks like JSON. A statement in it is read by calc check-bill",
        ),
        ("ISA*00*", "this looks like X12. A statement in it is read by calc check-bill"),
        (b"PK\x03\x04\x14", "this looks like a workbook"),
        ('date,category,allowed\n2026-01-31,imaging,"1\n', "this is no CSV"),
    ],
)
def test_a_list_that_is_none_says_so(tmp_path: Path, text: str | bytes, words: str) -> None:
    assert words in read(tmp_path, text)[0]


def test_a_list_that_is_not_there_says_so(tmp_path: Path) -> None:
    with pytest.raises(ParameterFileError, match="cannot be read"):
        read_bills(tmp_path / "nothing.csv")
