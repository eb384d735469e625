"""A table of one's own: a code and a price a row, every wrong cell told."""

from __future__ import annotations

from pathlib import Path

import pytest

from calc.errors import ParameterFileError
from calc.exchange.price import Spread
from calc.exchange.price_table import read_price_table
from calc.inputs.bundle import Part, Place

CODES = frozenset(["CPT 62323", "MS-DRG 451", "HCPCS G0463"])


def table(folder: Path, text: str) -> Path:
    file = folder / "own.csv"
    file.write_text(text, encoding="utf-8")
    return file


def test_a_code_and_a_price_are_enough(tmp_path: Path) -> None:
    read = read_price_table(table(tmp_path, "code,price\n62323,900\nMS-DRG 451,30000\nG0463,120\n1234,5\n"), CODES)
    assert [(each.code, each.spread, each.part, each.place) for each in read.prices] == [
        ("CPT 62323", Spread.exact(900), Part.BOTH, None),
        ("MS-DRG 451", Spread.exact(30000), Part.BOTH, None),
        ("HCPCS G0463", Spread.exact(120), Part.BOTH, None),
    ]


def test_a_row_may_say_more(tmp_path: Path) -> None:
    text = (
        "Code, Price ,part,place,modifiers,from,low,high,count\n62323,900,facility,hospital,50|26,a call,400,2000,12\n"
    )
    (price,) = read_price_table(table(tmp_path, text), CODES).prices
    assert (price.spread, price.part, price.place) == (Spread(400, 900, 2000, 12), Part.FACILITY, Place.HOSPITAL)
    assert (price.modifiers, price.said) == (frozenset(["50", "26"]), "a call")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("code\n62323\n", "own.csv:1: price: this column is missing"),
        ("code,price,prize\n62323,1,2\n", "own.csv:1: prize: there is no such column. Did you mean 'price'?"),
        ("code,price,price\n62323,9,9\n", "own.csv:1: price: this column stands twice"),
        ("code,price\n62323,cheap\n", "own.csv:2: price: 'cheap' is no amount"),
        ("code,price\n62323,\n", "own.csv:2: price: no price: an empty cell"),
        ("code,price\n62323,1\n", "own.csv:2: price: no price: a price of 1"),
        ("code,price\n62323,1,200\n", "own.csv:2: 3 cells below 2 columns"),
        ("code,price,part\n62323,900,all\n", "own.csv:2: part: 'all' is no part. Write 'both', 'facility' or"),
        ("code,price,place\n62323,900,home\n", "own.csv:2: place: 'home' is no place. Write 'hospital', 'office' or"),
        ("code,price,low\n62323,900,1000\n", "own.csv:2: low: low, price and high are out of order"),
        ("code,price,count\n62323,900,ten\n", "own.csv:2: count: 'ten' is no count"),
        ('code,price\n62323,"900\n', "own.csv:2: this is no CSV"),
    ],
)
def test_a_wrong_cell_is_told_with_its_row_and_column(tmp_path: Path, text: str, told: str) -> None:
    with pytest.raises(ParameterFileError) as raised:
        read_price_table(table(tmp_path, text), CODES)
    assert told in str(raised.value)
