"""The grammar of cost-share strings, and the pairs that they come in."""

from __future__ import annotations

import csv
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from calc.exchange.cost_share import CostShare, Shared, readings_of

from ..model.test_marketplace_rules import CONTRARY, RULES

REPOSITORY = Path(__file__).resolve().parents[2]
ORACLE = REPOSITORY.parent / "shared" / "oracles" / "puf"
COPAYS = [
    "", "Not Applicable", "No Charge", "No Charge after deductible", "$0.00", "$1,250.00", "$35.00 Copay",
    "$40.00 Copay after deductible", "$40.00 Copay with deductible", "$40.00 Copay before deductible",
    "$3000.00 Copay per Day", "$100.00 Copay per Day after deductible", "$100.00 Copay per Day with deductible",
    "$100.00 Copay per Day before deductible", "$1000.00 Copay per Stay", "$2000.00 Copay per Stay with deductible",
    "$250.00 Copay per Stay after deductible", "$250.00 Copay per Stay before deductible",
]  # fmt: skip
SHARES = ["20.00%", "0.00%", "50.00% Coinsurance after deductible", "33.33% Coinsurance after deductible"]


@pytest.mark.parametrize("text", [*COPAYS, *SHARES])
def test_a_string_is_printed_back_as_it_was_read(text: str) -> None:
    assert str(CostShare.parse(text)) == text


@given(
    st.decimals(0, 99_999, places=2),
    st.booleans(),
    st.sampled_from(["", " Copay", " Copay per Day", " Copay per Stay"]),
    st.sampled_from(["", " after deductible", " with deductible", " before deductible"]),
)
def test_every_amount_in_every_wording_comes_back(amount: Decimal, grouped: bool, worded: str, when: str) -> None:
    money = f"${amount:,f}" if grouped else f"${amount:f}"
    text = f"{money}{worded}{when if worded else ''}"
    found = CostShare.parse(text)
    assert found is not None
    assert str(found) == text
    assert found.amount == amount


@pytest.mark.parametrize(
    "text",
    ["$", "20", "$20 copay", "$20 Copay after  deductible", "20% Coinsurance before deductible", "No charge", "N/A",
     "$1,00.00", "$20.00 Copay per Week", " $20.00", "20.00% Copay"],
)  # fmt: skip
def test_another_string_is_no_cost_share(text: str) -> None:
    assert CostShare.parse(text) is None


def test_every_string_of_the_public_plans_comes_back() -> None:
    if not ORACLE.is_dir():
        pytest.skip("the oracle files are not beside the repository")
    seen = set()
    for name in ("plans_cost_sharing_2026", "plans_cost_sharing_2026_raw", "standard_design_2026_cost_sharing"):
        for row in csv.DictReader((ORACLE / f"{name}.csv").read_text("utf-8").splitlines()):
            seen |= {row["CopayInnTier1"], row["CoinsInnTier1"]} - {"not seen"}
    assert len(seen) > 140
    assert [text for text in seen if str(CostShare.parse(text)) != text] == []


def cell(option: str, amount: str) -> CostShare:
    text = option if option.startswith("No") else f"{amount} {option}".strip()
    found = CostShare.parse(text)
    assert found is not None, text
    return found


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: f"{rule['copay_option']}, {rule['coinsurance_option']}")
def test_a_pair_means_what_cms_says_and_keeps_its_own_words_beside_where_they_differ(rule: dict[str, str]) -> None:
    copay, coinsurance = cell(rule["copay_option"], "$40.00"), cell(rule["coinsurance_option"], "20.00%")
    first, *others = readings_of(copay, coinsurance)
    assert first.deductible == (rule["subject_to_deductible"] == "true")
    assert (first.copay is not None) == (rule["uses_copay"] == "true")
    assert (first.coinsurance is not None) == (rule["uses_coinsurance"] == "true")
    assert first.copay_first == (rule["copay_before_deductible"] == "true")
    assert bool(others) == ((rule["copay_option"], rule["coinsurance_option"]) in CONTRARY)


def test_with_the_deductible_is_read_as_after_it() -> None:
    (found,) = readings_of(cell("Copay with deductible", "$30.00"), cell("Not Applicable", ""))
    assert found == Shared(deductible=True, copay=Decimal("30.00"))


def test_a_pair_that_the_table_does_not_have_means_nothing() -> None:
    assert readings_of(cell("Copay per Day after deductible", "$30.00"), cell("No Charge", "")) == ()


def test_the_rules_in_use_are_the_published_ones() -> None:
    used = REPOSITORY / "src" / "calc" / "exchange" / "copay_coinsurance_rules.csv"
    assert list(csv.DictReader(used.read_text("utf-8").splitlines())) == RULES
