"""A Summary of Benefits typed in: what each cell's words mean, and what silence means."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from click.testing import CliRunner

import calc
from calc.cli import main
from calc.exchange.summary import QUESTIONS, amounts_in, plan_of_answers, terms_in
from calc.inputs.parameter import Category
from calc.inputs.plan import Plan

from ..inputs.mini import write


@pytest.mark.parametrize(
    ("cell", "copay", "per", "share", "deductible"),
    [
        ("$40", 40, "visit", None, None),
        ("$40 copay/visit, deductible does not apply", 40, "visit", None, False),
        ("20% coinsurance after deductible", None, "visit", 0.2, True),
        ("20 %", None, "visit", 0.2, None),
        ("$350 copay/visit then 20% coinsurance", 350, "visit", 0.2, None),
        ("$500 copay per day after deductible", 500, "day", None, True),
        ("$1,250.50 copayment per admission", 1250.5, "stay", None, None),
        ("No charge", None, "visit", None, None),
        ("No charge after deductible", None, "visit", None, True),
        ("30% coinsurance; no deductible", None, "visit", 0.3, False),
    ],
)
def test_a_cell_means_what_it_says(
    cell: str, copay: float | None, per: str, share: float | None, deductible: bool | None
) -> None:
    found = terms_in(cell)
    assert found.covered
    assert (None if found.copay is None else float(found.copay)) == copay
    assert (None if found.coinsurance is None else float(found.coinsurance)) == share
    assert (found.per, found.deductible) == (per, deductible)


def test_not_covered_is_not_free() -> None:
    assert not terms_in("Not covered").covered
    assert terms_in("No charge").covered


@pytest.mark.parametrize(
    ("cell", "words"),
    [
        ("forty dollars", "'forty dollars' is not understood"),
        ("$40 or so", "'or so' is not understood"),
        ("$40 $50", "a second figure of its kind"),
        ("120%", "more than the whole"),
        ("after deductible", "nothing is said of what you pay"),
        ("$4 after deductible, deductible does not apply", "cannot both apply"),
    ],
)
def test_a_cell_that_cannot_be_read_says_why(cell: str, words: str) -> None:
    with pytest.raises(ValueError, match=words.replace("$", r"\$")):
        terms_in(cell)


@pytest.mark.parametrize(
    ("text", "found"),
    [("$1,500 / $3,000", (1500, 3000)), ("0", (0, None)), ("2000", (2000, None)), ("$500/1,000", (500, 1000))],
)
def test_amounts_of_a_person_and_a_family(text: str, found: tuple[float, float | None]) -> None:
    one, family = amounts_in(text)
    assert (float(one), None if family is None else float(family)) == found


def test_where_the_page_is_silent_on_the_deductible_both_readings_are_kept() -> None:
    answers = {
        "deductible": "$500 / $1,000", "specialist_visit": "$40", "imaging": "20% after deductible",
        "therapy_visit": "not covered",
    }  # fmt: skip
    found = plan_of_answers(answers, label="Mine", year=2026)
    plan = Plan.model_validate(found.data)
    other = plan.as_otherwise_read()
    assert other is not None
    assert [each.benefits[Category.SPECIALIST_VISIT].deductible for each in (plan, other)] == [False, True]
    assert set(plan.other_reading.benefits) == {"specialist_visit"}  # type: ignore[union-attr]
    assert not plan.benefits[Category.THERAPY_VISIT].covered
    assert any("specialist_visit" in note for note in found.notes)
    assert len(found.not_held) == len(QUESTIONS) - 4


def test_without_a_deductible_silence_has_one_reading() -> None:
    plan = Plan.model_validate(plan_of_answers({"deductible": "0", "imaging": "$90"}, label="Mine", year=2026).data)
    assert plan.as_otherwise_read() is None


def test_a_deductible_left_open_is_not_known() -> None:
    found = plan_of_answers({"imaging": "20% after deductible"}, label="Mine", year=2026)
    plan = Plan.model_validate(found.data)
    assert plan.deductible is not None
    assert not plan.deductible.claims[0].reading.known


def test_the_questions_are_asked_in_order_until_the_answer_can_be_read(tmp_path: Path) -> None:
    root = write(tmp_path / "params")
    said = {
        "deductible": "$500",
        "specialist_visit": "fourty\n$40 deductible does not apply",
        "imaging": "20% after deductible",
    }
    lines = ["My PPO", "2026", *(said.get(each.name, "") for each in QUESTIONS)]
    done = CliRunner().invoke(
        main, ["new", "plan", "mine", "--ask", "--params", str(root)], input="\n".join(lines) + "\n"
    )
    assert done.exit_code == 0, done.output
    assert "'fourty' is not understood" in done.output
    assert done.output.index("overall deductible") < done.output.index("Specialist visit") < done.output.index("Rehab")
    bills = pd.DataFrame({"date": "2026-03-02", "category": ["specialist_visit", "imaging"], "allowed": [100, 1000]})
    assert calc.patient_share(bills, plan="mine", params=root).lines["you_pay"].tolist() == [40, 600]


def test_only_a_plan_has_such_a_page(tmp_path: Path) -> None:
    root = write(tmp_path / "params")
    done = CliRunner().invoke(main, ["new", "study", "mine", "--ask", "--params", str(root)])
    assert done.exit_code == 2
    assert "--ask is for a plan" in done.stderr
