"""What the comparison in the terminal says of the card that it was made with."""

from __future__ import annotations

from pathlib import Path

import pytest

import calc
from calc.report.terminal import printed

from ..inputs.mini import FILES, spoil, write

OTHER = """other_reading:
  why: The card does not say whether the deductible applies to procedures.
  benefits:
    outpatient_procedure: {deductible: false}
"""


def page(root: Path, **settings: object) -> str:
    given = {name.replace("__", "."): value for name, value in settings.items()}
    return " ".join(printed(calc.compare("question", params=root, settings=given)).split())


def test_a_benefit_that_is_billed_and_not_listed_is_named(tmp_path: Path) -> None:
    root = write(tmp_path / "params")
    assert "lists no benefit" not in page(root)
    spoil(root, "plans/insured", "  outpatient_procedure:", "  urgent_care:")
    assert "A plan of an employer lists no benefit for outpatient_procedure, which is billed here" in page(root)


def test_one_line_of_the_card_feeds_the_other_and_a_benefit_that_is_not_covered_is_no_gap(tmp_path: Path) -> None:
    root = write(tmp_path / "params")
    spoil(root, "plans/insured", "  outpatient_procedure:", "  ambulatory_surgery_center:")
    assert "lists no benefit" not in page(root)
    other = write(tmp_path / "other", plans_insured=FILES["plans/self_pay"].replace("cash", "commercial")
                  + "benefits:\n  outpatient_procedure: {covered: false}\n")  # fmt: skip
    assert "lists no benefit" not in page(other)


@pytest.mark.parametrize(("met", "told"), [(1500, False), (1501, True)])
def test_more_met_than_there_is_is_told(tmp_path: Path, met: float, told: bool) -> None:
    root = write(tmp_path / "params")
    said = page(root, patient__met__deductible=met, patient__met__out_of_pocket=met)
    assert ("patient.met.deductible: 1,501.00 met of a limit of 1,500.00" in said) == told


def test_a_card_that_can_be_read_in_two_ways_stands_twice_among_the_plans(tmp_path: Path) -> None:
    root = write(tmp_path / "params", plans_insured=FILES["plans/insured"] + OTHER)
    given = {"study.plans": ["insured", "self_pay"]}
    table = calc.compare("question", params=root, settings=given).costs.by_plan
    shown = table[(table["treatment"] == "shot") & (table["view"] == "clinic")]
    by = {str(row.plan): row.mean for row in shown.itertuples()}
    assert set(by) == {"insured", "insured.otherwise", "self_pay"}
    labels = dict(zip(shown["plan"], shown["plan_label"], strict=True))
    assert labels["insured.otherwise"] == "Employer plan (2nd way)"
