"""Letters of one course: alone they each use the whole deductible, together there is one."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from calc.analysis.estimates import Estimates, estimates
from calc.cli import main
from calc.errors import ParameterFileError
from calc.inputs.claim import Basis
from calc.inputs.load import basis_of, load_study

REPOSITORY = Path(__file__).resolve().parents[2]
PARAMS = REPOSITORY / "params"
LETTERS = REPOSITORY / "tests" / "cases" / "statements" / "letters.csv"

PLAN = """\
label: A plan for letters
short: Letters
year: 2026
market: commercial
deductible: {label: Deductible, unit: usd, claims: [{yours: Card, reading: exact, value: 2000}]}
out_of_pocket_maximum: {label: Most, unit: usd, claims: [{yours: Card, reading: exact, value: 5000}]}
benefits:
  outpatient_procedure:
    deductible: true
    coinsurance: {label: Share, unit: share, claims: [{yours: Card, reading: exact, value: 0.2}]}
  therapy_visit:
    deductible: false
    copay: {label: Copay, unit: usd, claims: [{yours: Card, reading: exact, value: 30}]}
    visit_limit: {label: Visits, unit: sessions, claims: [{yours: Card, reading: exact, value: 1}]}
"""


@pytest.fixture
def plan(tmp_path: Path) -> str:
    (tmp_path / "plan.yaml").write_text(PLAN, encoding="utf-8")
    return str(tmp_path / "plan.yaml")


def added(tmp_path: Path, *rows: str, head: str = "estimate,date,category,allowed") -> Estimates:
    (tmp_path / "plan.yaml").write_text(PLAN, encoding="utf-8")
    (tmp_path / "letters.csv").write_text("\n".join([head, *rows, ""]), encoding="utf-8")
    return estimates([tmp_path / "letters.csv"], plan=str(tmp_path / "plan.yaml"), params=PARAMS)


def test_4000_9000_and_1500_alone_are_7300_and_together_4500(plan: str) -> None:
    done = estimates([LETTERS], plan=plan, params=PARAMS)
    assert done.lines["alone"].tolist() == [2400, 3400, 1500]
    assert done.lines["together"].tolist() == [2400, 1800, 300]
    assert (done.alone, done.together, done.arises) == (7300, 4500, 1)
    assert done.letters["said"].tolist() == [2400, 3400, 1500]


def test_a_file_a_letter_says_the_same_as_one_table_with_a_column(tmp_path: Path, plan: str) -> None:
    rows = LETTERS.read_text("utf-8").splitlines()
    for at, row in enumerate(rows[1:]):
        text = f"{rows[0].partition(',')[2]}\n{row.partition(',')[2]}\n"
        (tmp_path / f"letter{at}.csv").write_text(text, encoding="utf-8")
    files = [tmp_path / f"letter{at}.csv" for at in (2, 0, 1)]
    done = estimates(files, plan=plan, params=PARAMS)
    assert (done.alone, done.together) == (7300, 4500)
    assert done.lines["estimate"].tolist() == ["letter0", "letter1", "letter2"]


def test_the_maximum_is_one_for_all_and_a_new_plan_year_has_its_own(tmp_path: Path) -> None:
    done = added(tmp_path, "A,2026-11-02,outpatient_procedure,20000", "B,2026-12-02,outpatient_procedure,9000",
                 "C,2027-01-05,outpatient_procedure,9000")  # fmt: skip
    assert done.lines["together"].tolist() == [5000, 0, 3400]
    assert done.lines["alone"].tolist() == [5000, 3400, 3400]
    assert done.lines["why"].tolist()[1] == "the deductible is met and the maximum is reached"


def test_visits_beyond_a_limit_that_letters_share_cost_more_together(tmp_path: Path) -> None:
    done = added(tmp_path, "A,2026-03-02,therapy_visit,100", "B,2026-04-02,therapy_visit,100")
    assert done.lines["together"].tolist() == [30, 100]
    assert done.alone - done.together == -70
    assert "used up" in done.lines["why"].tolist()[1]


def test_one_letter_is_the_same_alone_and_together(tmp_path: Path) -> None:
    done = added(tmp_path, "A,2026-03-02,outpatient_procedure,4000", "A,2026-04-02,outpatient_procedure,9000")
    assert (done.alone, done.together, done.arises) == (4200, 4200, None)


@settings(max_examples=40)
@given(st.lists(st.tuples(st.sampled_from("ABC"), st.integers(1, 360), st.integers(1, 9_000)), min_size=1, max_size=7))
def test_together_is_what_one_deductible_and_one_maximum_leave_of_the_sum(
    tmp_path: Path, drawn: list[tuple[str, int, int]]
) -> None:
    """By hand: under one benefit a year's total alone decides, whatever the letters and their order."""
    rows = [
        f"{letter},2026-{1 + day // 31:02d}-{1 + day % 28:02d},outpatient_procedure,{price}"
        for letter, day, price in drawn
    ]
    done = added(tmp_path, *dict.fromkeys(rows))
    total = float(done.lines["allowed"].sum())
    by_hand = min(min(total, 2000) + 0.2 * max(total - 2000, 0), 5000)
    assert done.together == pytest.approx(by_hand, abs=0.005 * len(rows) + 1e-6)
    assert done.alone >= done.together


def test_what_is_met_before_the_first_letter_counts_for_all(tmp_path: Path, plan: str) -> None:
    me = tmp_path / "me.yaml"
    me.write_text(
        "label: Me\ndecision_date: 2026-03-01\nmet: {deductible: 2000, out_of_pocket: 4900}\n", encoding="utf-8"
    )
    done = estimates([LETTERS], plan=plan, patient=str(me), params=PARAMS)
    assert (done.alone, done.together) == (300, 100)


def test_quoted_prices_become_a_study_s_own_marked_as_yours_with_their_letter(tmp_path: Path, plan: str) -> None:
    overlay = tmp_path / "quote.yaml"
    arguments = ["estimates", str(LETTERS), "--plan", plan, "--params", str(PARAMS), "--as-overlay", str(overlay)]
    done = CliRunner().invoke(main, arguments)
    assert done.exit_code == 0, done.output
    for words in ("$7,300.00", "$4,500.00", "arises first at Clinic B, 2026-04-10: the deductible is met"):
        assert words in " ".join(done.output.split())
    inputs = load_study("chronic_low_back_pain", root=PARAMS, overlays=[overlay])
    (claim,) = inputs.treatments["facet_nerve_ablation"].price["ablation"].claims
    assert (claim.reading.value, claim.yours) == (9000, "Estimate Clinic B of 2026-04-10")
    assert basis_of(claim, inputs.sources) is Basis.YOURS


def test_letters_that_disagree_on_a_price_give_its_bounds(tmp_path: Path) -> None:
    done = added(tmp_path, "A,2026-03-02,outpatient_procedure,3000,facet_nerve_ablation,ablation",
                 "B,2026-04-02,outpatient_procedure,4000,facet_nerve_ablation,ablation",
                 head="estimate,date,category,allowed,treatment,item")  # fmt: skip
    (quoted,) = done.quoted
    assert (quoted.low, quoted.high, quoted.said) == (3000, 4000, "Estimate A of 2026-03-02, B of 2026-04-02")


def test_a_letter_with_any_text_in_its_name_still_makes_an_overlay(tmp_path: Path, plan: str) -> None:
    file = tmp_path / "letters.csv"
    text = LETTERS.read_text("utf-8").replace("Clinic B", '"Dr. ""X"": {a, b} # c"')
    file.write_text(text, encoding="utf-8")
    out = tmp_path / "q.yaml"
    done = CliRunner().invoke(
        main, ["estimates", str(file), "--plan", plan, "--params", str(PARAMS), "--as-overlay", str(out)]
    )
    assert done.exit_code == 0, done.output
    (claim,) = yaml.safe_load(out.read_text("utf-8"))["facet_nerve_ablation"]["price"]["ablation"]["claims"]
    assert claim["yours"] == 'Estimate Dr. "X": {a, b} # c of 2026-04-10'


def test_treatments_and_prices_that_there_are_not_are_told_at_once_and_nothing_is_written(
    tmp_path: Path, plan: str
) -> None:
    file, out = tmp_path / "l.csv", tmp_path / "q.yaml"
    rows = ["2026-03-02,outpatient_procedure,3000,facet_nerv_ablation,", "2026-03-02,outpatient_procedure,3000,facet_nerve_ablation,ablaton",
            "2026-03-02,outpatient_procedure,3000,facet_nerve_ablation,"]  # fmt: skip
    file.write_text("\n".join(["date,category,allowed,treatment,item", *rows, ""]), encoding="utf-8")
    done = CliRunner().invoke(
        main, ["estimates", str(file), "--plan", plan, "--params", str(PARAMS), "--as-overlay", str(out)]
    )
    assert done.exit_code == 2
    for words in (
        "there is no treatment 'facet_nerv_ablation'. Did you mean",
        "mean 'ablation'",
        "which price of the treatment is open",
        "3 problems",
    ):
        assert words in done.stderr
    assert not out.exists()


def test_an_overlay_of_letters_that_quote_no_treatment_is_refused(tmp_path: Path, plan: str) -> None:
    file = tmp_path / "l.csv"
    file.write_text("date,category,allowed\n2026-03-02,outpatient_procedure,3000\n", encoding="utf-8")
    arguments = [
        "estimates",
        str(file),
        "--plan",
        plan,
        "--params",
        str(PARAMS),
        "--as-overlay",
        str(tmp_path / "q.yaml"),
    ]
    done = CliRunner().invoke(main, arguments)
    assert done.exit_code == 2
    assert "no line says which treatment's price it quotes" in done.stderr


def test_a_letter_without_a_price_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ParameterFileError, match="what the plan allows is not given"):
        added(tmp_path, "A,2026-03-02,outpatient_procedure,0,300", head="estimate,date,category,allowed,not_covered")
