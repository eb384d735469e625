"""A starting file is valid as it stands, can be computed with, and overwrites nothing."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from calc.analysis.compare import compare
from calc.cli import main
from calc.errors import SettingError, UnknownNameError
from calc.inputs.load import load_library
from calc.model.outcomes import Known
from calc.report.starters import KINDS, start

from .shipped import PARAMS


@pytest.fixture
def params(tmp_path: Path) -> Path:
    return Path(shutil.copytree(PARAMS, tmp_path / "params"))


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_a_starting_file_is_valid_and_commented(kind: str, params: Path) -> None:
    file = start(kind, "a_new_one", load_library(params), year=2026)
    text = file.read_text("utf-8")
    assert text.startswith("# yaml-language-server: $schema=../schema/")
    assert text.count("#") > 3
    library = load_library(params)
    assert "a_new_one" in getattr(library, KINDS[kind][0])


def test_new_files_make_a_study_that_computes_and_says_what_is_not_stated(params: Path) -> None:
    start("treatment", "a_new_one", load_library(params), year=2026)
    start("plan", "my_card", load_library(params), year=2026)
    study = start("study", "my_question", load_library(params), year=2026)
    result = compare("my_question", params=params, settings={"study.draws": 64, "study.plan": "my_card"})
    assert study.stem == result.inputs.name
    for outcomes in result.views.values():
        assert outcomes.treatments["a_new_one"].outcomes["out_of_pocket"].known is Known.NOT_STATED
        assert outcomes.treatments["a_new_one"].outcomes["weeks_in_relief"].known is Known.UNKNOWN


def test_a_file_that_is_there_is_left_alone(params: Path) -> None:
    library = load_library(params)
    before = (params / "treatments" / "lumbar_fusion.yaml").read_bytes()
    with pytest.raises(SettingError, match="there is such a file already"):
        start("treatment", "lumbar_fusion", library, year=2026)
    assert (params / "treatments" / "lumbar_fusion.yaml").read_bytes() == before


@pytest.mark.parametrize("name", ["A Name", "../outside", "", "1st", "x" * 61])
def test_a_name_that_cannot_be_a_file_s_is_refused(name: str, params: Path) -> None:
    with pytest.raises(SettingError, match="no name for a parameter file"):
        start("plan", name, load_library(params), year=2026)


def test_an_unknown_kind_names_the_known_ones(params: Path) -> None:
    with pytest.raises(UnknownNameError, match="treatment"):
        start("treatmnet", "x", load_library(params), year=2026)


def test_the_command_writes_the_file_and_says_what_to_do_next(params: Path) -> None:
    done = CliRunner().invoke(main, ["new", "plan", "my_card", "--params", str(params)])
    assert done.exit_code == 0
    assert "calc check" in done.output
    again = CliRunner().invoke(main, ["new", "plan", "my_card", "--params", str(params)])
    assert again.exit_code == 2
    assert "Choose another name" in again.output
