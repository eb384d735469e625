"""Two runs' folders told apart: the claim that was changed, the results that moved."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from calc.analysis.compare import compare
from calc.cli import main
from calc.errors import SettingError
from calc.report.moves import told
from calc.report.save import save_tables

from .shipped import PARAMS, STUDY


def run(params: Path, out: Path) -> Path:
    save_tables(compare(STUDY, params=params, settings={"study.draws": 128}), out / "tables")
    return out


def test_one_changed_claim_is_told_with_the_results_that_moved(tmp_path: Path) -> None:
    params = Path(shutil.copytree(PARAMS, tmp_path / "params"))
    before = run(params, tmp_path / "before")
    file = params / "treatments" / "stem_cell_injection.yaml"
    text = file.read_text("utf-8")
    assert text.count("high: 7000") == 1
    file.write_text(text.replace("high: 7000", "high: 9000"), encoding="utf-8")
    after = run(params, tmp_path / "after")
    said = told(before, after, width=160)
    assert "stem_cell_injection.price.injection" in said
    assert "7000" in said
    assert "9000" in said
    moved = said[said.index("Results that moved") :]
    assert "stem cell injection  out of pocket" in moved
    assert "epidural" not in moved
    shown = CliRunner().invoke(main, ["moved", str(before), str(after)])
    assert shown.exit_code == 0
    assert "Results that moved" in shown.output


def test_a_run_beside_itself_has_nothing_to_tell(tmp_path: Path) -> None:
    before = run(PARAMS, tmp_path / "before")
    assert told(before, before) == "The two runs make the same claims and have the same results."


def test_a_folder_that_is_no_run_s_is_told_table_by_table(tmp_path: Path) -> None:
    with pytest.raises(SettingError) as caught:
        told(tmp_path, tmp_path)
    assert len(caught.value.problems) == 6
    assert "tables/claims.csv" in str(caught.value)
