from __future__ import annotations

import json
from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner, Result
from matplotlib.text import Text

from calc.analysis.decide import DECISION_TABLES, Decision, decide
from calc.cli import main
from calc.errors import DrawsError, UnknownNameError
from calc.report import decide as module
from calc.report.decision_words import headline
from calc.report.figures.gallery import DECISION_FIGURES, decision_slides
from calc.report.figures.lines import Wording
from calc.report.save import save_slide

from ..analysis.decisions import simple
from .looks import assert_apart, assert_inside, assert_legible

WORDS = Wording("$", "week of relief")


def tables(draws: int = 256) -> dict[str, pd.DataFrame]:
    problem = simple(draws=draws)
    return {
        "cost": pd.DataFrame(dict(zip(problem.options, problem.cost, strict=True))),
        "effect": pd.DataFrame(dict(zip(problem.options, problem.effect, strict=True))),
        "parameters": pd.DataFrame(dict(problem.parameters)),
    }


@pytest.fixture
def csv(tmp_path: Path) -> list[str]:
    arguments = []
    for name, table in tables().items():
        table.to_csv(tmp_path / f"{name}.csv", index=False, float_format="%.17g")
        arguments += [f"--{name}", str(tmp_path / f"{name}.csv")]
    return [*arguments, "--wtp", "0:200:50", "--out", str(tmp_path / "results")]


@pytest.fixture(scope="module")
def decision() -> Decision:
    return decide(**tables(1024), wtp=[0, 50, 100, 150, 200], groups={"both": ("a", "c")})


def run(arguments: list[str], *more: str) -> Result:
    return CliRunner().invoke(main, ["decide", *arguments, *more])


def test_the_command_writes_every_table_and_figure_and_says_what_to_choose(csv: list[str], tmp_path: Path) -> None:
    done = run(csv, "--unit", "week of relief", "--group", "both=a,b", "--reference", "pills")
    assert done.exit_code == 0, done.output
    folder = tmp_path / "results"
    assert {file.stem for file in folder.glob("*.csv")} == set(DECISION_TABLES)
    assert {file.name for file in (folder / "figures").iterdir()} == {
        f"{name}.{form}" for name in DECISION_FIGURES for form in ("png", "svg", "pdf")
    }
    assert "highest expected net benefit" in done.output
    assert (folder / "headline.txt").read_text("utf-8").strip() in done.output
    assert set(pd.read_csv(folder / "evppi.csv")["parameter"]) == {"a", "b", "c", "both"}
    found = json.loads((folder / "manifest.json").read_text("utf-8"))
    assert found["reference"] == "pills"
    assert set(found["inputs"]) == {"cost.csv", "effect.csv", "parameters.csv"}


def test_each_step_is_told_of_where_that_is_wanted(csv: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "save_slide", lambda *_: None)
    told = run(csv, "-v").stderr.splitlines()
    assert told[0].startswith("Analysis: ")
    assert told[1:-1] == [f"Figures: {name} ({place} of 6)" for place, name in enumerate(DECISION_FIGURES, start=1)]
    assert run(csv, "-q").stderr == ""


def test_the_tables_are_those_of_the_functions(csv: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "decision_slides", lambda *_: ())
    assert run(csv).exit_code == 0
    ours = decide(**tables(), wtp=np.arange(5) * 50.0)
    for name in ("icers", "ceac", "evpi", "expected_loss", "evppi"):
        written = pd.read_csv(tmp_path / "results" / f"{name}.csv", keep_default_na=name != "icers")
        for column in ours.tables()[name].select_dtypes("number"):
            theirs = pd.to_numeric(written[column], errors="coerce")
            np.testing.assert_allclose(theirs, ours.tables()[name][column], rtol=1e-12, atol=1e-9)


def test_the_same_inputs_give_the_same_bytes(csv: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "save_slide", partial(save_slide, formats=("svg",)))
    contents = []
    for _ in range(2):
        assert run(csv).exit_code == 0
        contents.append({file.name: file.read_bytes() for file in (tmp_path / "results").rglob("*") if file.is_file()})
    assert len(contents[0]) == len(DECISION_TABLES) + len(DECISION_FIGURES) + 2
    assert contents[0] == contents[1]


def test_without_parameters_there_is_nothing_to_find_out(
    csv: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown: list[str] = []
    monkeypatch.setattr(module, "save_slide", lambda slide, _: shown.append(slide.name))
    done = run([*csv[:4], *csv[6:]])
    assert done.exit_code == 0, done.output
    assert pd.read_csv(tmp_path / "results" / "evppi.csv").empty
    assert shown == ["cost_effect_plane", "acceptability", "expected_loss"]


@pytest.mark.parametrize(
    ("more", "words"),
    [
        (["--reference", "pils"], ["no option named 'pils'", "Did you mean 'pills'?"]),
        (["--group", "both=a,d"], ["no parameter named 'd'"]),
        (["--group", "a=b,c"], ["a parameter has this name already"]),
        (["--group", "both"], ["this is not NAME=A,B"]),
        (["--at", "77"], ["77 is none of the values", "The nearest is 100"]),
        (["--wtp", "200:0:5"], ["FROM up to TO"]),
    ],
)
def test_wrong_options_are_refused_and_nothing_is_written(
    csv: list[str], tmp_path: Path, more: list[str], words: list[str]
) -> None:
    done = run(csv, *more)
    assert done.exit_code == 2
    assert all(word in done.stderr for word in words), done.stderr
    assert not (tmp_path / "results").exists()


def test_wrong_cells_are_all_told_with_their_place(csv: list[str], tmp_path: Path) -> None:
    file = tmp_path / "cost.csv"
    lines = file.read_text("utf-8").splitlines()
    lines[3], lines[5] = "1,x,3", "1,2"
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    done = run(csv)
    assert done.exit_code == 2
    assert f"{file}:4:2: pills: 'x' is not a number" in done.stderr
    assert f"{file}:6:3: 2 figures, but 3 names" in done.stderr
    assert "2 problems; nothing was written." in done.stderr


def test_a_run_that_fails_midway_leaves_the_earlier_results(
    csv: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "save_slide", lambda *_: None)
    assert run(csv).exit_code == 0
    before = (tmp_path / "results" / "manifest.json").read_bytes()

    def full(*_: object) -> None:
        raise OSError("no space left")

    monkeypatch.setattr(module, "save_slide", full)
    done = run(csv)
    assert done.exit_code == 1
    assert "no space left" in done.stderr
    assert (tmp_path / "results" / "manifest.json").read_bytes() == before
    assert not [file for file in tmp_path.iterdir() if file.name.startswith(".")]


def test_a_folder_of_something_else_is_left_alone(csv: list[str], tmp_path: Path) -> None:
    (tmp_path / "results").mkdir()
    (tmp_path / "results" / "thesis.txt").write_text("ten years")
    done = run(csv)
    assert done.exit_code == 1
    assert "holds something else" in done.stderr
    assert (tmp_path / "results" / "thesis.txt").read_text() == "ten years"


def test_every_figure_has_a_title_alt_text_and_the_size_of_a_slide(decision: Decision) -> None:
    slides = decision_slides(decision, WORDS)
    assert [slide.name for slide in slides] == list(DECISION_FIGURES)
    for slide in slides:
        assert slide.title
        assert len(slide.alt) > 40
        assert slide.figure.get_size_inches().tolist() == [16, 9]
        assert_legible(slide.figure)


def test_money_axes_of_losses_and_worths_start_at_zero(decision: Decision) -> None:
    axes = {slide.name: slide.figure.axes[0] for slide in decision_slides(decision, WORDS)}
    assert axes["expected_loss"].get_ylim()[0] == 0
    assert axes["evppi"].get_xlim()[0] == 0
    low, high = axes["tornado"].get_xlim()
    assert low < 0 < high


def test_the_alternative_text_names_every_option_and_parameter(decision: Decision) -> None:
    alt = {slide.name: slide.alt for slide in decision_slides(decision, WORDS)}
    assert all(option in alt["cost_effect_plane"] for option in decision.problem.options)
    assert all(name in alt["evppi"] for name in ("a", "b", "c", "both"))


def test_the_headline_is_computed(decision: Decision) -> None:
    text = headline(decision, WORDS)
    best, second = decision.rivals
    assert text.startswith(f"If a week of relief is worth $100, {best} has the highest expected net benefit")
    assert f"ahead of {second}" in text
    assert "What to find out first: both is worth up to $" in text


def test_a_lead_that_nothing_turns_is_said() -> None:
    zero = np.zeros(64)
    x = np.linspace(-1, 1, 64)
    made = decide({"a": zero, "b": zero}, {"a": zero, "b": 5 + x}, wtp=[1.0], parameters={"x": x})
    text = headline(made, WORDS)
    assert "No parameter alone" in text
    assert "would not change the choice" in text
    assert "stays the choice at every value" in text


def test_options_that_are_level_and_a_single_draw_are_said_as_they_are() -> None:
    text = headline(decide({"a": [1.0], "b": [1.0]}, {"a": [2.0], "b": [2.0]}, wtp=[1.0]), WORDS)
    assert "a has the highest expected net benefit, level with b. One draw does not say how sure that is." in text
    assert "nan" not in text
    assert "in 100" not in text


@pytest.mark.parametrize("options", [1, 2, 12])
def test_any_number_of_options_can_be_drawn(options: int) -> None:
    generator = np.random.default_rng(0)
    names = [f"option with a long name {place}" for place in range(options)]
    cost = {name: generator.normal(size=64) for name in names}
    made = decide(
        cost, {name: np.zeros(64) for name in names}, wtp=[0.0, 1.0], parameters={"p": generator.normal(size=64)}
    )
    found = decision_slides(made, WORDS)
    assert len(found) == 6
    for slide in found:
        assert_inside(slide.figure)
        assert_apart(slide.figure)


def test_groups_that_cannot_be_are_refused() -> None:
    with pytest.raises(DrawsError, match="the group is empty"):
        decide(**tables(), wtp=[1.0], groups={"none": ()})
    with pytest.raises(UnknownNameError, match="no parameter named 'z'"):
        decide(**tables(), wtp=[1.0], groups={"some": ("z",)})


@pytest.mark.parametrize("kind", ["counts", "levels", "normal"])
def test_the_headline_never_names_noise_as_what_to_find_out_first(kind: str) -> None:
    generator = np.random.default_rng(4)
    zero, effect = np.zeros(2000), generator.normal(size=2000)
    column = {"counts": generator.poisson(20, 2000), "levels": generator.integers(0, 9, 2000)}.get(kind, effect[::-1])
    made = decide({"a": zero, "b": zero}, {"a": zero, "b": effect}, wtp=[1.0], parameters={"column": column})
    text = headline(made, WORDS)
    assert "find out first" not in text
    assert "would not change the choice, as far as 2,000 draws can tell (± $0.0" in text
    assert made.evppi["check"].tolist() == ["noise"]
    slides = {slide.name: slide for slide in decision_slides(made, WORDS)}
    printed = " ".join(" ".join(text.get_text().split()) for text in slides["break_even"].figure.findobj(Text))
    assert "the parameter that moves the lead most" in printed


@pytest.mark.parametrize(("draws", "words"), [(1, "One draw does not say"), (2, "2 draws"), (19, "19 draws")])
def test_few_draws_promise_nothing(draws: int, words: str) -> None:
    generator = np.random.default_rng(1)
    zero, effect, x = np.zeros(draws), 1 + generator.random(draws), generator.random(draws)
    made = decide({"a": zero, "b": zero}, {"a": zero, "b": effect}, wtp=[1.0], parameters={"x": x})
    text = headline(made, WORDS)
    assert words in text
    assert "too few to say what to find out first" in text
    assert "would not change" not in text
    assert "nan" not in text
    assert ("100 in 100 (± " in text) == (draws > 1)
    assert len(decision_slides(made, WORDS)) == 6


def test_equals_are_level_whatever_the_order_of_their_sums() -> None:
    x, y, z = np.random.default_rng(0).normal(size=(3, 500))
    zero = np.zeros(500)
    made = decide({"b": zero, "c": zero}, {"b": x + y + z, "c": z + y + x}, wtp=np.arange(9.0), parameters={"x": x})
    text = headline(made, WORDS)
    assert "b has the highest expected net benefit, level with c" in text
    assert "b stays the choice at every value" in text
    assert "choosing it loses $0 on average" in text
    assert "there is no lead that a parameter could turn" in text
    assert "e-" not in text


def test_a_study_that_could_be_done_is_worth_more_the_larger_and_never_more_than_knowing(
    csv: list[str], tmp_path: Path
) -> None:
    done = run(csv, "--future-study", "a=2.5:1,10,1000000", "--future-study", "b=0.1:5")
    assert done.exit_code == 0, done.output
    table = pd.read_csv(tmp_path / "results" / "evsi.csv")
    assert list(table["parameter"].unique()) == ["a", "b"]
    known = pd.read_csv(tmp_path / "results" / "evppi.csv").query("parameter == 'a' and wtp == 100")["evppi"].iloc[0]
    worth = table.query("parameter == 'a' and wtp == 100")["evsi"].tolist()
    assert worth == sorted(worth)
    assert worth[-1] == pytest.approx(known, rel=0.02)


@pytest.mark.parametrize(
    ("design", "words"),
    [
        ("a", "this is not NAME=share:SIZES"),
        ("a=share:", "this is not NAME=share:SIZES"),
        ("a=-1:50", "this is not NAME=share:SIZES"),
        ("a=share:0", "this is not NAME=share:SIZES"),
        ("=share:50", "this is not NAME=share:SIZES"),
        ("z=2:50", "no parameter named 'z'"),
        ("a=share:50", "it is no chance"),
    ],
)
def test_a_study_that_cannot_be_done_is_told_and_nothing_written(
    design: str, words: str, csv: list[str], tmp_path: Path
) -> None:
    done = run(csv, "--future-study", design)
    assert done.exit_code == 2
    assert words in done.output
    assert not (tmp_path / "results").exists()
