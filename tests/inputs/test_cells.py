"""Cells as people and programs write them: amounts with signs, days, and the types of Python, numpy and pandas."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from calc.inputs.cells import AmissError, day_of, python_of, text_of, usd_of


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("34.80", 34.8), ("-34.80", -34.8), ("(34.80)", -34.8), ("34.80-", -34.8), ("−34.80", -34.8),
        ("$1,250.50", 1250.5), ("-$5", -5.0), ("$-5", -5.0), ("($1,250)", -1250.0), ("USD 12", 12.0), ("12 USD", 12.0),
        ("0", 0.0), ("US$7.00", 7.0),
    ],
)  # fmt: skip
def test_an_amount_is_read_with_its_sign(text: str, amount: float) -> None:
    assert usd_of(text) == amount


@given(st.integers(0, 10**9 - 1))
def test_every_way_to_print_a_sign_means_the_same(cents: int) -> None:
    plain, grouped = f"{cents / 100:.2f}", f"{cents / 100:,.2f}"
    assert {usd_of(f"-{plain}"), usd_of(f"({plain})"), usd_of(f"{plain}-"), usd_of(f"(${grouped})")} == {-cents / 100}
    assert usd_of(grouped) == cents / 100


@pytest.mark.parametrize(
    "text", ["(5", "5)", "-(5)", "(-5)", "--5", "-5-", "1.250,50", "12,34", "1e3", "five", "", "-", "5 %"]
)
def test_what_is_no_amount_is_refused(text: str) -> None:
    with pytest.raises(AmissError, match="is no amount"):
        usd_of(text)


@pytest.mark.parametrize("text", ["€5", "5 EUR", "£12.00", "CAD 5", "C$5", "5 CHF"])
def test_another_currency_is_named_as_such(text: str) -> None:
    with pytest.raises(AmissError, match="another currency"):
        usd_of(text)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("01/31/2026", "month, day, year"), ("31.01.2026", "day, month, year"), ("03/04/26", "nobody can tell"),
        ("2026-02-30", "of the calendar"), ("20260131", "no date"), ("", "no date"),
    ],
)  # fmt: skip
def test_a_day_written_another_way_is_named_for_what_it_seems(text: str, words: str) -> None:
    with pytest.raises(AmissError, match=words):
        day_of(text)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (np.datetime64("2026-05-04"), "2026-05-04"), (np.datetime64("2026-05-04T00:00:00", "ns"), "2026-05-04"),
        (pd.Timestamp("2026-05-04"), "2026-05-04"), (datetime(2026, 5, 4), "2026-05-04"), (date(2026, 5, 4), "2026-05-04"),
        (datetime(2026, 5, 4, 9, 30), "2026-05-04 09:30:00"), (pd.NaT, ""), (np.datetime64("NaT"), ""), (None, ""),
        (float("nan"), ""), (pd.NA, ""), (np.float64("nan"), ""), (Decimal("NaN"), ""), (Decimal("1E+3"), "1000"),
        (Decimal("34.80"), "34.80"), (1e7, "10000000"), (np.float64(100.1), "100.1"), (np.int64(5), "5"), (0.00001, "0.00001"),
        (np.bool_(True), "True"), (" MRI ", "MRI"),
    ],
)  # fmt: skip
def test_a_cell_of_any_type_is_the_text_it_stands_for(value: object, text: str) -> None:
    assert text_of(value) == text


def test_values_of_any_library_become_pythons_own_wherever_they_stand() -> None:
    given = {"a": [np.int64(5), np.float32(0.5), np.bool_(True)], "b": {"c": Decimal("3"), "d": Decimal("3.50")},
             "e": pd.NaT, "f": pd.Timestamp("2026-05-04"), "g": date(2026, 5, 4), "h": "as it is"}  # fmt: skip
    assert python_of(given) == {"a": [5, 0.5, True], "b": {"c": 3, "d": 3.5}, "e": None, "f": "2026-05-04",
                                "g": "2026-05-04", "h": "as it is"}  # fmt: skip
    assert type(python_of(np.int64(5))) is int
    assert type(python_of(Decimal("3"))) is int
