"""What is met, taken from statements: by the plan's terms, in the plan year of the decision, up to its day."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from calc.analysis.met import met_from
from calc.cli import main
from calc.errors import CalcError
from calc.inputs.load import load_study

REPOSITORY = Path(__file__).resolve().parents[2]
PARAMS = REPOSITORY / "params"
CASES = REPOSITORY / "tests" / "cases" / "statements"
STUDY = "chronic_low_back_pain"


def test_accumulators_are_those_after_the_last_statement_before_the_decision() -> None:
    """The example decides on 23 November: the last of the nine lines, of December, does not count yet."""
    inputs = load_study(STUDY, root=PARAMS, settings={"study.plan": "high_deductible_2026"})
    found, notes = met_from([CASES / "hdhp_2026.csv"], inputs)
    assert found["patient.met.deductible"] == 1700
    assert found["patient.met.out_of_pocket"] == 180 + 1400 + 110 + 308 + 700 + 30 + 5200
    assert set(found.values()) == {1700.0, 7928.0, 0.0}
    assert notes[0].startswith("1 line is not of the plan year up to 2026-11-23")
    assert any("calc check-bill" in note for note in notes)


def test_statements_of_another_plan_year_count_for_nothing() -> None:
    inputs = load_study(STUDY, root=PARAMS, settings={"patient.plan_year_start": "11-01"})
    found, _ = met_from([CASES / "ppo_2026.csv"], inputs)
    assert set(found.values()) == {0.0}


def test_a_patients_file_that_says_nothing_of_what_is_met_takes_it_too(params: Path) -> None:
    (params / "patients" / "someone.yaml").write_text("label: Someone\ndecision_date: 2026-03-01\n", encoding="utf-8")
    rows = "date,category,allowed\n2026-02-02,outpatient_procedure,2000\n"
    file = params.parent / "s.csv"
    file.write_text(rows, encoding="utf-8")
    found, _ = met_from([file], load_study("question", root=params))
    changed = load_study("question", root=params, settings=found)
    assert (changed.patient.met.deductible, changed.patient.met.out_of_pocket) == (1500, 1600)


def test_one_limit_may_be_set_where_the_file_names_none(params: Path) -> None:
    (params / "patients" / "someone.yaml").write_text("label: Someone\ndecision_date: 2026-03-01\n", encoding="utf-8")
    met = {"patient.met.deductible": 100, "patient.met.out_of_pocket": 120}
    assert load_study("question", root=params, settings=met).patient.met.out_of_pocket == 120


@pytest.mark.parametrize("met", ["met: all of it", "met: {family: some}", "met: [1, 2]"])
def test_a_file_that_says_nonsense_of_what_is_met_is_told_so(params: Path, met: str) -> None:
    (params / "patients" / "someone.yaml").write_text(f"label: Someone\ndecision_date: 2026-03-01\n{met}\n", "utf-8")
    with pytest.raises(CalcError, match="met"):
        load_study("question", root=params, settings={"patient.met.deductible": 100, "patient.met.out_of_pocket": 100})


def test_compare_takes_what_is_met_from_statements_and_says_so() -> None:
    arguments = ["compare", STUDY, "--params", str(PARAMS), "--draws", "64", "--plan", "high_deductible_2026"]
    plain = CliRunner().invoke(main, arguments)
    met = CliRunner().invoke(main, [*arguments, "--met-from", str(CASES / "hdhp_2026.csv")])
    typed = CliRunner().invoke(
        main, [*arguments, "--set", "patient.met.deductible=1700", "--set", "patient.met.out_of_pocket=7928"]
    )
    assert met.exit_code == 0, met.output
    assert "Met by then, from your statements: deductible 1,700.00, out of pocket 7,928.00." in met.stderr
    assert met.stdout == typed.stdout != plain.stdout


@pytest.mark.parametrize("text", ["x\n1\n", "date,category,allowed\n01/02/2026,imaging,€5\n"])
def test_wrong_statements_stop_the_comparison(tmp_path: Path, text: str) -> None:
    (tmp_path / "s.csv").write_text(text, encoding="utf-8")
    done = CliRunner().invoke(main, ["compare", STUDY, "--params", str(PARAMS), "--met-from", str(tmp_path / "s.csv")])
    assert done.exit_code == 2
    assert "s.csv:" in done.stderr
    assert done.stdout == ""
