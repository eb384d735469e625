"""A folder of files → one checked library; a study → everything it names and nothing else."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from calc.errors import ParameterFileError, UnknownNameError
from calc.inputs.load import FOLDERS, find_params, load_library, load_study

from .mini import FILES, problems, spoil


def places(root: Path) -> list[str]:
    return [problem.where.removeprefix(f"{root}/") for problem in problems(root)]


def test_the_library_holds_every_file_by_its_name(params: Path) -> None:
    library = load_library(params)
    for folder in FOLDERS:
        names = {name.partition("/")[2] for name in FILES if name.startswith(f"{folder}/")}
        names = {"sources": {"page", "survey"}, "contradictions": {"how_long"}}.get(folder, names)
        assert set(getattr(library, folder)) == names
    assert library.treatments["shot"].price["needle"].claims[0].reading.high == 3000
    assert library.plans["insured"].parameters().keys() >= {"deductible", "benefits.specialist_visit.copay"}


def test_what_is_loaded_cannot_be_changed(params: Path) -> None:
    library = load_library(params)
    with pytest.raises(TypeError):
        library.treatments["other"] = library.treatments["shot"]  # type: ignore[index]


def test_all_problems_of_all_files_are_told_at_once(params: Path) -> None:
    spoil(params, "treatments/shot", "low: 1000", "low: $1000")
    spoil(params, "treatments/shot", "events: 14", "events: 66")
    spoil(params, "plans/insured", "year: 2026", "year: 1026")
    spoil(params, "patients/someone", "2026-03-01", "soon")
    spoil(params, "views/clinic", "clinic: 3", "clinic: -3")
    assert set(places(params)) == {
        "treatments/shot.yaml:14:9", "treatments/shot.yaml:21:185", "plans/insured.yaml:3:1",
        "patients/someone.yaml:2:1", "views/clinic.yaml:4:1",
    }  # fmt: skip


def test_problems_of_one_file_come_in_the_order_of_its_lines(params: Path) -> None:
    for old, new in (
        ("status: covered", "status: coverd"),
        ("low: 1000", "low: x"),
        ("events: 14", "events: 66"),
        ("unit: usd", "unit: dollar"),
    ):
        spoil(params, "treatments/shot", old, new)
    found = [tuple(map(int, place.split(":")[1:])) for place in places(params)]
    assert len(found) == 4
    assert found == sorted(found)


def test_a_file_that_cannot_be_read_is_not_called_missing_too(params: Path) -> None:
    (params / "treatments" / "shot.yaml").write_text("a: [\n", encoding="utf-8")
    assert [place.split(":")[0] for place in places(params)] == ["treatments/shot.yaml"]


def test_sources_that_cannot_be_read_are_not_called_missing_too(params: Path) -> None:
    spoil(params, "sources/documents", "title: A page", "title: A page: of two")
    assert [place.split(":")[0] for place in places(params)] == ["sources/documents.yaml"]


def test_a_file_that_is_wrong_inside_is_not_called_missing_too(params: Path) -> None:
    spoil(params, "sources/documents", "kind: document", "kind: documents")
    spoil(params, "plans/insured", "year: 2026", "year: 1026")
    assert places(params) == ["sources/documents.yaml:2:3", "plans/insured.yaml:3:1"]


def test_a_source_listed_in_two_files_is_refused(params: Path) -> None:
    (params / "sources" / "more.yaml").write_text(FILES["sources/documents"].partition("survey:")[0], encoding="utf-8")
    (said,) = map(str, problems(params))
    assert "sources/more.yaml:1:1: page: this source is listed twice" in said
    assert "documents.yaml:1:1" in said


@pytest.mark.parametrize(
    "name", ["Shot.yaml", "2shot.yaml", "shot-2.yaml", "sh ot.yaml", "schön.yaml", f"{'a' * 61}.yaml", "..yaml"]
)
def test_a_file_of_another_name_is_refused(params: Path, name: str) -> None:
    (params / "treatments" / name).write_text(FILES["treatments/shot"], encoding="utf-8")
    (said,) = map(str, problems(params))
    assert f"{name}:1:1" in said
    assert "is no name for a parameter file" in said or "no parameter file" in said


@pytest.mark.parametrize("name", ["notes.txt", "shot2.yml", "shot.json", ".hidden"])
def test_another_kind_of_file_is_refused(params: Path, name: str) -> None:
    (params / "treatments" / name).touch()
    assert "Name it NAME.yaml" in str(problems(params)[0])


def test_a_folder_in_a_folder_and_an_unknown_folder_are_refused(params: Path) -> None:
    (params / "treatments" / "old").mkdir()
    (params / "treatment").mkdir()
    said = "\n".join(map(str, problems(params)))
    assert "treatments/old:1:1: this is no parameter file" in said
    assert "treatment:1:1: this folder is not one of params/. Did you mean 'treatments'?" in said


def test_schemas_may_lie_beside_the_files(params: Path) -> None:
    (params / "schema").mkdir()
    (params / "schema" / "treatment.json").touch()
    assert problems(params) == ()


@pytest.mark.parametrize("whole_folder", [False, True])
def test_a_link_out_of_the_folder_is_refused(params: Path, whole_folder: bool) -> None:
    inside, outside = params / "plans" / "insured.yaml", params.parent / "elsewhere"
    if whole_folder:
        inside = params / "plans"
    inside.rename(outside)
    inside.symlink_to(outside)
    assert "the link leads out of params/" in str(problems(params)[0])


def test_a_link_inside_the_folder_is_read(params: Path) -> None:
    (params / "plans" / "same.yaml").symlink_to(params / "plans" / "insured.yaml")
    assert "same" in load_library(params).plans


@pytest.mark.parametrize("target", ["loop.yaml", "nothing.yaml"])
def test_a_link_to_nothing_or_to_itself_is_refused(params: Path, target: str) -> None:
    (params / "plans" / "loop.yaml").symlink_to(params / "plans" / target)
    assert "plans/loop.yaml:1:1" in str(problems(params)[0])


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    assert "there is no such folder" in str(problems(tmp_path / "none")[0])


def test_places_are_relative_to_where_one_is(params: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    spoil(params, "plans/insured", "year: 2026", "year: 1026")
    monkeypatch.chdir(params.parent)
    assert problems(params)[0].where == os.path.join("params", "plans", "insured.yaml:3:1")  # noqa: PTH118
    monkeypatch.chdir(params / "studies")
    assert problems(params)[0].where == f"{params}/plans/insured.yaml:3:1"


def test_the_nearest_params_folder_is_found(params: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    deep = params.parent / "a" / "b"
    deep.mkdir(parents=True)
    assert find_params(deep) == find_params(params.parent) == find_params(params / "plans") == params
    monkeypatch.chdir(deep)
    assert find_params() == params
    assert load_study("question").name == "question"
    with pytest.raises(UnknownNameError, match=r"params"):
        find_params(Path("/"))


def test_a_study_brings_what_it_names_in_its_order(params: Path) -> None:
    found = load_study("question", root=params)
    assert list(found.treatments) == ["shot", "rest"]
    assert list(found.views) == ["guideline", "clinic"]
    assert (found.plan.label, found.patient.label) == ("A plan of an employer", "Someone")
    names = {str(file.relative_to(params)) for file in found.files}
    assert names == {f"{name}.yaml" for name in FILES if name != "plans/self_pay"}  # a plan that it does not name
    assert all(file.is_file() for file in found.files)
    assert load_study(str(params / "studies" / "question.yaml")) == found


def test_an_unknown_study_offers_the_nearest(params: Path) -> None:
    with pytest.raises(UnknownNameError, match="Did you mean 'question'"):
        load_study("qestion", root=params)
    with pytest.raises(UnknownNameError, match=r"question\.yaml"):
        load_study(str(params / "studies" / "qestion.yaml"))


def test_a_study_is_not_loaded_while_a_file_that_it_names_is_wrong(params: Path) -> None:
    spoil(params, "treatments/shot", "label: Wait, unit: weeks", "label: Wait, unit: fortnights")
    with pytest.raises(ParameterFileError, match="shot"):
        load_study("question", root=params)


def test_a_study_has_its_usual_options(params: Path) -> None:
    spoil(params, "studies/question", "draws: 256\n", "")
    study = load_library(params).studies["question"]
    assert (study.draws, study.seed, study.range_coverage) == (16_384, 0, 0.8)
    assert study.weeks == pytest.approx(2 * 365.25 / 7)


@pytest.mark.parametrize(
    "line",
    [
        "draws: 64",
        "draws: 1048576",
        "seed: 0",
        "seed: 9223372036854775807",
        "range_coverage: 0.5",
        "range_coverage: 0.98",
    ],
)
def test_study_options_are_taken_up_to_their_limits(params: Path, line: str) -> None:
    spoil(params, "studies/question", "draws: 256", line)
    name, _, value = line.partition(": ")
    assert getattr(load_library(params).studies["question"], name) == (float(value) if "." in value else int(value))


@pytest.mark.parametrize(
    "line",
    ["draws: 32", "draws: 2097152", "draws: 100", "draws: '256'", "draws: true", "seed: -1", "seed: 9223372036854775808",
     "seed: 1.5", "range_coverage: 0.49", "range_coverage: 1", "draws: 0", "draws: 256\nhorizons: 1"],
)  # fmt: skip
def test_study_options_beyond_their_limits_are_refused(params: Path, line: str) -> None:
    spoil(params, "studies/question", "draws: 256", line)
    assert len(problems(params)) == 1
