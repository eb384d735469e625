from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

from calc.analysis.compare import Result
from calc.analysis.table import tables_of
from calc.report.save import save_tables

from .shipped import PARAMS, REPOSITORY, STUDY, shipped

SCRIPT = """
import sys
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from pathlib import Path
from calc.analysis.compare import compare
from calc.report.figures.gallery import slides
from calc.report.save import save_slide, save_tables

workers, params, out = int(sys.argv[1]), Path(sys.argv[2]), Path(sys.argv[3])
settings = {"study.draws": 128}
if workers:
    with ProcessPoolExecutor(workers) as pool:
        result = compare("chronic_low_back_pain", params=params, settings=settings, executor=pool)
else:
    result = compare("chronic_low_back_pain", params=params, settings=settings)
save_tables(result, out / "tables")
save_slide(slides(result, "cost_intervals")[0], out / "figures")
"""


TABLES = tables_of(Result)


def content(folder: Path) -> dict[str, bytes]:
    return {str(file.relative_to(folder)): file.read_bytes() for file in sorted(folder.rglob("*")) if file.is_file()}


def test_tables_and_figures_are_the_same_bytes_on_any_number_of_workers_in_any_process(tmp_path: Path) -> None:
    found = []
    for workers in (0, 2):
        out = tmp_path / str(workers)
        environment = {**os.environ, "PYTHONHASHSEED": str(workers), "LC_ALL": "C", "TZ": f"UTC+{workers}"}
        subprocess.run(
            [sys.executable, "-c", SCRIPT, str(workers), str(PARAMS), str(out)],
            check=True,
            cwd=REPOSITORY,
            env=environment,
        )
        found.append(content(out))
    assert len(found[0]) == len(TABLES) + 3
    assert found[0] == found[1]


def rest_on_something(table: pd.DataFrame) -> bool:
    """Return whether every row rests on something, but for what nobody states and what is so by definition."""
    bare = table[table["basis"] == ""]
    bare = bare[bare["known"] != "not stated"] if "known" in bare else bare
    named = [bare[column] for column in ("treatment", "option", "parameter") if column in bare]
    return bare.empty or bool(named[0].astype(str).str.startswith("no_procedure").all())


@pytest.mark.parametrize("name", TABLES)
def test_every_table_is_written_and_reads_back(name: str, tmp_path: Path) -> None:
    mixed = shipped(views=("guideline", "balanced"))
    save_tables(mixed, tmp_path)
    table: pd.DataFrame = getattr(mixed, name)
    back = pd.read_csv(tmp_path / f"{name}.csv", keep_default_na=False)
    assert list(back.columns) == list(dict.fromkeys([*table.columns, "basis"]))
    assert len(back) == len(table) > 0
    assert rest_on_something(back)


def test_every_outcome_table_says_what_its_numbers_rest_on() -> None:
    comparison = shipped().comparison
    assert rest_on_something(comparison)
    assert set(comparison["treatment"]) == set(shipped().inputs.treatments)
    assert shipped().inputs.name == STUDY
