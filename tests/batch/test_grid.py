"""A batch's file becomes scenarios, and whatever is wrong with any of them is told before anything runs."""

from __future__ import annotations

from decimal import Decimal
from itertools import product
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import settings as tried
from hypothesis import strategies as st

from calc.batch.grid import open_grid
from calc.batch.runner import plan_batch
from calc.batch.task import tasks_of
from calc.errors import ParameterFileError, SettingError, UnknownNameError
from calc.inputs.load import load_study
from calc.inputs.many import Shelf

from .small import world

SHIPPED = Path(__file__).resolve().parent.parent.parent / "params"


def names(folder: Path, batch: str) -> list[str]:
    return [scenario.name for scenario in open_grid(world(folder, batch)).scenarios]


def said(folder: Path, batch: str) -> str:
    with pytest.raises(ParameterFileError) as error:
        open_grid(world(folder, batch))
    return str(error.value)


@pytest.mark.parametrize("file", sorted((SHIPPED / "batches").glob("*.yaml")), ids=lambda file: file.stem)
def test_every_shipped_batch_is_right(file: Path) -> None:
    grid = open_grid(file)
    tasks, named = tasks_of(grid)
    assert len(tasks) == len(named) >= 9


def test_axes_are_crossed_the_last_one_fastest(tmp_path: Path) -> None:
    found = names(tmp_path, "axes: {plan: [insured, self_pay], seed: [1, 2, 3]}\n")
    assert found == [f"{plan}, {seed}" for plan, seed in product(("insured", "self_pay"), (1, 2, 3))]


def test_include_keeps_and_exclude_drops(tmp_path: Path) -> None:
    batch = "axes: {plan: [insured, self_pay], seed: [1, 2]}\ninclude: [{plan: insured}]\nexclude: [{seed: 2}]\n"
    assert names(tmp_path, batch) == ["insured, 1"]


def test_a_named_level_sets_several_paths_at_once(tmp_path: Path) -> None:
    batch = (
        "axes:\n  quote:\n    cheap: {shot.price.needle: 900, shot.sessions: 1}\n    dear: {shot.price.needle: 2000}\n"
    )
    grid = open_grid(world(tmp_path, batch))
    assert [scenario.name for scenario in grid.scenarios] == ["cheap", "dear"]
    cheap, dear = (dict(scenario.columns) for scenario in grid.scenarios)
    assert cheap == {"quote": "cheap", "shot.price.needle": "900", "shot.sessions": "1"}
    assert dear == {"quote": "dear", "shot.price.needle": "2000"}
    assert grid.columns == ("quote", "shot.price.needle", "shot.sessions")
    assert grid.inputs(grid.scenarios[0]).treatments["shot"].price["needle"].claims[0].reading.value == 900


def people(folder: Path, batch: str, table: str) -> Path:
    file = world(folder, f"{batch}table: people.csv\n")
    (file.parent / "people.csv").write_text(table, encoding="utf-8")
    return file


def test_each_row_of_a_table_meets_each_point_of_the_grid_and_scenarios_written_out_stand_beside(
    tmp_path: Path,
) -> None:
    batch = "axes: {seed: [1, 2]}\nscenarios: [{name: mine, set: {plan: self_pay}}]\n"
    grid = open_grid(people(tmp_path, batch, "name,plan,horizon\nAnna,insured,6 months\nBen,,\n"))
    assert [scenario.name for scenario in grid.scenarios] == ["Anna, 1", "Anna, 2", "Ben, 1", "Ben, 2", "mine"]
    assert [grid.inputs(each).study.seed for each in grid.scenarios[:4]] == [1, 2, 1, 2]
    assert [grid.inputs(each).study.horizon == "6 months" for each in grid.scenarios[:4]] == [True, True, False, False]
    assert dict(grid.scenarios[0].columns) == {"name": "Anna", "plan": "insured", "horizon": "6 months", "seed": "1"}


def test_a_hundred_rows_and_three_points_are_three_hundred_scenarios(tmp_path: Path) -> None:
    table = "name,shot.price.needle\n" + "".join(f"p{n},{900 + n}\n" for n in range(100))
    batch = "axes: {plan: [insured, self_pay], seed: [1, 2, 3]}\nexclude: [{plan: self_pay}]\n"
    grid = open_grid(people(tmp_path, batch, table))
    assert len(grid.scenarios) == len({scenario.name for scenario in grid.scenarios}) == 300


def test_a_table_without_axes_has_a_scenario_a_row_called_by_its_name_or_its_values(tmp_path: Path) -> None:
    grid = open_grid(people(tmp_path, "", "name,seed,draws\nAnna,1,128\n,2,\n"))
    assert [scenario.name for scenario in grid.scenarios] == ["Anna", "2"]
    assert [grid.inputs(each).study.draws for each in grid.scenarios] == [128, 64]
    assert grid.columns == ("seed", "draws")


@pytest.mark.parametrize(
    ("header", "cell", "where", "words"),
    [
        ("name,age", "30", "people.csv:1:2: age", "takes no 'age' from a batch"),
        ("name,patient.age", "30", "people.csv:2:1: there is nothing at 'age'", "(and in 99 more rows)"),
        ("name,plan", "insurd", "people.csv:2:1: study.plan", "(and in 99 more rows)"),
        ("name,draws", "100", "people.csv:2:1: ", "(and in 99 more rows)"),
    ],
)
def test_what_is_wrong_in_each_of_a_hundred_rows_is_told_once(
    tmp_path: Path, header: str, cell: str, where: str, words: str
) -> None:
    table = f"{header}\n" + "".join(f"p{n},{cell}\n" for n in range(100))
    with pytest.raises(ParameterFileError) as error:
        open_grid(people(tmp_path, "", table))
    [said] = str(error.value).splitlines()
    assert where in said
    assert words in said


@pytest.mark.parametrize("axes", ["{plan: [insured]}", "{offer: {one: {plan: insured, seed: 2}}}"])
def test_a_column_that_an_axis_varies_too_is_told_at_its_head(tmp_path: Path, axes: str) -> None:
    with pytest.raises(ParameterFileError, match=r"people.csv:1:2: plan: an axis varies what the table sets"):
        open_grid(people(tmp_path, f"axes: {axes}\n", "name,plan\nA,self_pay\nB,insured\n"))


@pytest.mark.parametrize("name", ["two words", "Größe µ 痛", "a/b/../c", "n" * 300, "'; rm -rf /", "<b>&"])
def test_any_name_will_do_for_a_scenario(tmp_path: Path, name: str) -> None:
    file = world(tmp_path, "table: t.csv\n")
    (file.parent / "t.csv").write_text(f'name,seed\n"{name}",1\n', encoding="utf-8")
    plan = plan_batch(open_grid(file), tmp_path / "out")
    assert [scenario.name for scenario, _ in plan.scenarios] == [name]
    assert all(run.isalnum() for run in plan.tasks)


def test_equal_scenarios_share_one_run(tmp_path: Path) -> None:
    batch = "scenarios: [{name: a, set: {plan: insured}}, {name: b, set: {study.plan: insured}}, {name: c, set: {plan: self_pay}}]\n"
    tasks, named = tasks_of(open_grid(world(tmp_path, batch)))
    assert len(tasks) == 2
    assert named[0][1] == named[1][1] != named[2][1]


@pytest.mark.parametrize(
    ("batch", "words"),
    [
        ("axes: {plan: [insurd]}\n", ["some.yaml:5:15", "no plan named 'insurd'", "Did you mean 'insured'?"]),
        ("axes: {plon: [insured]}\n", ["plon", "takes no 'plon' from a batch", "Did you mean 'plan'?"]),
        ("scenarios: [{set: {draws: 100}}]\n", ["some.yaml:5:20", "no power of two", "64 or 128"]),
        ("scenarios: [{set: {draws: many}}]\n", ["'many' is not the int that tiny.ipynb takes"]),
        ("axes: {shot.sesions: [1]}\n", ["some.yaml:5:23", "Did you mean 'sessions'?"]),
        ("axes: {out: [here]}\n", ["takes no 'out' from a batch"]),
        ("axes: {seed: [1, 1]}\n", ["some.yaml:5:8: axes.seed: a value stands twice"]),
        ("axes: {seed: []}\n", ["the axis has no value"]),
        ("axes: {seed: 3}\n", ["3 is no axis", "Give a list of values"]),
        ("axes: {seed: [[1]]}\n", ["[1] is no single value"]),
        ("axes: {draws: [64]}\n", ["'set' fixes what an axis varies"]),
        ("axes: {seed: [1]}\nexclude: [{sead: 1}]\n", ["there is no axis 'sead'", "Did you mean 'seed'?"]),
        ("axes: {seed: [1]}\ninclude: [{seed: 2}]\n", ["2 is not on the axis 'seed'"]),
        ("axes: {seed: [1]}\nexclude: [{seed: 1}]\n", ["no scenario is left"]),
        ("", ["the batch holds no scenario"]),
        ("axes: {seed: [1]}\naxis: 3\n", ["'axis' is not a key here", "Did you mean 'axes'?"]),
        ("scenarios: [{name: a, set: {seed: 1}}, {name: a, set: {seed: 2}}]\n", ["a scenario before is 'a' too"]),
        ("scenarios: [{set: {formats: 'png,gif'}}]\n", ["some.yaml:5:20: formats: there is no 'gif'", "'png'"]),
        ("axes: {overlays: [quote.yaml]}\n", ["there is no file 'quote.yaml' beside the batch"]),
        ("table: none.csv\n", ["none.csv:1:1", "cannot be read"]),
        ("axes: {study: [questoin]}\n", ["no study named 'questoin'", "Did you mean 'question'?"]),
    ],
)
def test_what_is_wrong_is_told_with_its_place_and_what_would_be_right(
    tmp_path: Path, batch: str, words: list[str]
) -> None:
    text = said(tmp_path, batch)
    assert [word for word in words if word not in text] == [], text


def test_every_problem_of_every_scenario_is_told_once(tmp_path: Path) -> None:
    text = said(tmp_path, "axes: {plan: [insurd, insured], seed: [-5, 1, 2], views: [guidline, clinic]}\n")
    assert len(text.splitlines()) == 3, text


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ("name,plan\nAnna\n", ["t.csv:2:1", "1 cells under 2 keys"]),
        ("name,plan\nAnna,insurd\n", ["t.csv:2:1", "no plan named 'insurd'"]),
        ("plan,plan\nx,y\n", ["t.csv:1:1", "repeated key"]),
        ("name,seed\nA,1\nA,2\n", ["t.csv:3:1", "'A' stands at"]),
        ("name,seed\n", ["no row stands below the header"]),
        ("", ["empty or repeated key"]),
    ],
)
def test_a_wrong_table_is_told_row_by_row(tmp_path: Path, rows: str, words: list[str]) -> None:
    file = world(tmp_path, "table: t.csv\n")
    (file.parent / "t.csv").write_text(rows, encoding="utf-8")
    with pytest.raises(ParameterFileError) as error:
        open_grid(file)
    assert [word for word in words if word not in str(error.value)] == [], str(error.value)


def test_an_unknown_batch_offers_the_nearest() -> None:
    with pytest.raises(UnknownNameError, match="plans_views_horizons"):
        open_grid("plans_view_horizon", params=SHIPPED)


def test_a_grid_can_be_given_as_a_mapping(tmp_path: Path) -> None:
    world(tmp_path, "axes: {seed: [1]}\n")
    content = {"label": "x", "study": "question", "notebook": "tiny", "axes": {"seed": [1, 2], "draws": [64]}}
    assert len(open_grid(content, params=tmp_path / "params").scenarios) == 2


def test_a_mapping_may_hold_values_of_any_library_and_paths_may_be_text(tmp_path: Path) -> None:
    world(tmp_path, "axes: {seed: [1]}\n")
    content = {"label": "Mine", "study": "question", "notebook": "tiny"}
    values: list[list[object]] = [[128, 256], [np.int64(128), np.int32(256)], [Decimal(128), Decimal(256)]]
    folder = str(tmp_path / "params")
    runs = [list(tasks_of(open_grid({**content, "axes": {"draws": each}}, params=folder))[0]) for each in values]
    assert runs[0] == runs[1] == runs[2]
    with pytest.raises(ParameterFileError, match="None is no single value"):
        open_grid({**content, "axes": {"draws": [pd.NaT]}}, params=folder)


def test_only_takes_columns_and_names(tmp_path: Path) -> None:
    grid = open_grid(world(tmp_path, "axes: {plan: [insured, self_pay], seed: [1, 2]}\n"))
    assert len(plan_batch(grid, tmp_path, only=["plan=self*"]).scenarios) == 2
    assert len(plan_batch(grid, tmp_path, only=["plan=self*", "*1"]).scenarios) == 1
    assert len(plan_batch(grid, tmp_path, only=["name=self_pay, *"]).scenarios) == 2
    with pytest.raises(SettingError, match="Did you mean 'name'"):
        plan_batch(grid, tmp_path, only=["nam=x"])
    with pytest.raises(SettingError, match="Did you mean 'plan'"):
        plan_batch(grid, tmp_path, only=["plam=self*"])
    with pytest.raises(SettingError, match="no scenario fits"):
        plan_batch(grid, tmp_path, only=["plan=x"])


SETTINGS = {
    "study.plan": ["self_pay", "medicare_2026"],
    "study.views": [["guideline"], ["clinic", "balanced"]],
    "study.horizon": ["12 months", "6 months"],
    "plan.deductible": ["3000", "1000..2000"],
    "patient.met.deductible": ["0"],
    "stem_cell_injection.price.injection": ["5500", "unknown"],
    "stem_cell_injection.bill": ["total_per_course"],
    "lumbar_fusion.coverage": ["1"],
}


@tried(max_examples=25)
@given(st.fixed_dictionaries({}, optional={key: st.sampled_from(values) for key, values in SETTINGS.items()}))
def test_the_shelf_gives_what_loading_the_study_afresh_gives(settings: dict[str, object]) -> None:
    if settings.get("study.plan") in ("self_pay", "medicare_2026"):
        settings = {key: value for key, value in settings.items() if key != "plan.deductible"}
    study = "chronic_low_back_pain"
    assert SHELF.study(study, settings) == load_study(study, root=SHIPPED, settings=settings)


SHELF = Shelf(SHIPPED)


def test_only_takes_the_name_of_a_row_of_the_table(tmp_path: Path) -> None:
    grid = open_grid(people(tmp_path, "axes: {seed: [1, 2]}\n", "name,plan\nAnna,insured\nBen,self_pay\n"))
    named = {pattern: plan_batch(grid, tmp_path, only=[f"name={pattern}"]).scenarios for pattern in ("Anna", "Ben, 2")}
    assert [each.name for each, _ in named["Anna"]] == ["Anna, 1", "Anna, 2"]
    assert [each.name for each, _ in named["Ben, 2"]] == ["Ben, 2"]
