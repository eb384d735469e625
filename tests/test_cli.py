"""The command as its users meet it: what it prints, where errors go, what the exit codes mean."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from calc.cli import main

REPOSITORY = Path(__file__).resolve().parent.parent
PARAMS = REPOSITORY / "params"
STUDY = "chronic_low_back_pain"


def calc(*arguments: str) -> Result:
    return CliRunner().invoke(main, list(arguments), env={"COLUMNS": "140"})


def compare(*arguments: str) -> Result:
    return calc("compare", STUDY, "--params", str(PARAMS), "--draws", "256", *arguments)


def test_help_names_every_command() -> None:
    text = calc("--help").output
    assert all(name in text for name in ("check", "compare", "report"))


def test_check_counts_what_is_there() -> None:
    done = calc("check", str(PARAMS))
    assert done.exit_code == 0
    assert "1 condition, 16 treatments, 8 plans" in done.output


def test_compare_prints_both_views_side_by_side_and_the_unknowns() -> None:
    done = compare()
    assert done.exit_code == 0
    for words in ("Guideline", "Clinic", "not known", "What is not known", "Not medical advice", "256 draws"):
        assert words in done.output


def test_compare_takes_plan_views_horizon_and_seed() -> None:
    done = compare("--plan", "self_pay", "--view", "documents_only", "--horizon", "6 months", "--seed", "0")
    assert done.exit_code == 0
    assert "6 months" in done.output
    assert "not stated" in done.output


def test_a_quote_changes_the_answer_and_is_marked_as_yours() -> None:
    quote = [
        "stem_cell_injection.price.injection=5500",
        "stem_cell_injection.sessions=1",
        "stem_cell_injection.price.extraction=2000",
    ]
    done = compare("--plan", "self_pay", *(part for each in quote for part in ("--set", each)))
    assert done.exit_code == 0
    assert "yours" in done.output


def test_a_study_can_be_named_by_its_path(tmp_path: Path) -> None:
    shutil.copytree(PARAMS, tmp_path / "params")
    done = calc("compare", str(tmp_path / "params" / "studies" / f"{STUDY}.yaml"), "--draws", "64")
    assert done.exit_code == 0


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--plan", "employer_pp_2026"], ["no plan named 'employer_pp_2026'", "employer_ppo_2026"]),
        (["--view", "guidline"], ["no view named 'guidline'", "guideline"]),
        (["--horizon", "two years"], ["'two years' is no stretch of time", "24 months"]),
        (["--set", "plan.deductable=3"], ["setting plan.deductable", "'deductible'"]),
        (["--set", "plan.deductible"], ["not PATH=VALUE"]),
        (
            ["--set", "stem_cell_injection.effect=20"],
            ["setting stem_cell_injection.effect", "lies outside 0 to 1", "Write 0.2"],
        ),
        (["--set", "study.draws=1000"], ["setting study.draws", "no power of two"]),
        (["--set", "study.treatments=x"], ["no treatment named 'x'"]),
    ],
)
def test_wrong_options_say_what_would_be_right_and_exit_with_2(arguments: list[str], words: list[str]) -> None:
    done = compare(*arguments)
    assert done.exit_code == 2
    assert all(word in done.stderr for word in words), done.stderr
    assert done.stdout == ""


def test_an_unknown_study_offers_the_nearest() -> None:
    done = calc("compare", "chronic_low_back", "--params", str(PARAMS))
    assert done.exit_code == 2
    assert STUDY in done.stderr


def test_a_wrong_file_gives_every_problem_with_its_place(tmp_path: Path) -> None:
    shutil.copytree(PARAMS, tmp_path / "params")
    file = tmp_path / "params" / "plans" / "self_pay.yaml"
    file.write_text(file.read_text("utf-8") + "colour: red\nsize: 3\n", encoding="utf-8")
    lines = len(file.read_text("utf-8").splitlines())
    done = calc("check", str(tmp_path / "params"))
    assert done.exit_code == 2
    assert f"self_pay.yaml:{lines - 1}:1: colour" in done.stderr
    assert f"self_pay.yaml:{lines}:1: size" in done.stderr
    assert "2 problems; nothing was written." in done.stderr


def test_check_reads_the_batches_too(tmp_path: Path) -> None:
    shutil.copytree(PARAMS, tmp_path / "params")
    (tmp_path / "params" / "batches" / "quotes.yaml").write_text("label: x\nstudy: y\naxis: {}\n", encoding="utf-8")
    done = calc("check", str(tmp_path / "params"))
    assert done.exit_code == 2
    assert "quotes.yaml:3:1: axis: 'axis' is not a key here" in done.stderr
