"""The notebooks: clean, thin, typed, and every one of them runs and shows what it should."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable
from pathlib import Path

import nbformat
import pandas as pd
import pytest

from calc.report.figures.gallery import FIGURES
from calc.report.notebook import signature

REPOSITORY = Path(__file__).resolve().parent.parent.parent
NOTEBOOKS = sorted((REPOSITORY / "notebooks").glob("*.ipynb"))
EXPECTED = {"01_evidence", "02_costs", "03_timelines", "04_comparison", "05_uncertainty", "06_explore"}


def code(file: Path) -> list[nbformat.NotebookNode]:
    return [cell for cell in nbformat.read(file, as_version=4).cells if cell.cell_type == "code"]


def test_the_suite_is_complete() -> None:
    assert {file.stem for file in NOTEBOOKS} == EXPECTED


@pytest.mark.parametrize("file", NOTEBOOKS, ids=lambda file: file.stem)
def test_a_notebook_is_committed_clean(file: Path) -> None:
    notebook = nbformat.read(file, as_version=4)
    nbformat.validate(notebook)
    assert all(cell.outputs == [] and cell.execution_count is None for cell in code(file))
    assert set(notebook.metadata) == {"kernelspec", "language_info"}
    assert notebook.metadata.kernelspec.name == "python3"
    assert [cell.id for cell in notebook.cells] == [str(place) for place in range(len(notebook.cells))]


@pytest.mark.parametrize("file", NOTEBOOKS, ids=lambda file: file.stem)
def test_a_notebook_is_thin(file: Path) -> None:
    sources = [cell.source for cell in code(file)]
    assert sum(len(source.splitlines()) for source in sources) <= 60
    for source in sources[1:]:
        for node in ast.walk(ast.parse(source)):
            assert not isinstance(node, ast.FunctionDef | ast.ClassDef | ast.Lambda)
            assert not (isinstance(node, ast.Constant) and isinstance(node.value, int | float))


@pytest.mark.parametrize("file", NOTEBOOKS, ids=lambda file: file.stem)
def test_a_notebook_begins_with_title_purpose_and_typed_parameters_with_help(file: Path) -> None:
    first = nbformat.read(file, as_version=4).cells[0]
    assert re.match(r"# .+\?\n\n.{80,}", first.source)
    assert "not medical advice" in first.source.lower()
    assert all(parameter.help for parameter in signature(file).values())


@pytest.mark.parametrize("file", NOTEBOOKS, ids=lambda file: file.stem)
def test_a_notebook_runs_and_saves_what_it_shows(file: Path, ran: Callable[[str], Path]) -> None:
    run = ran(file.stem)
    shown = set(re.findall(r'page\.figure\("(\w+)"\)', "\n".join(cell.source for cell in code(file))))
    assert shown <= set(FIGURES)
    pictures = [each.stem for each in (run / "figures").glob("*.png")]
    assert {re.sub(r"_\d$", "", each) for each in pictures} == shown
    claims = pd.read_csv(run / "tables" / "claims.csv")
    quote = claims[claims["parameter"] == "stem_cell_injection.price.injection"]
    assert quote[["basis", "value"]].to_numpy().tolist() == [["yours", 5500.0]]
    executed = nbformat.read(run / "notebook.ipynb", as_version=4)
    assert all(output.output_type != "error" for cell in executed.cells for output in cell.get("outputs", []))
    assert (run / "report.html").read_text("utf-8").count("<figure>") == len(pictures)
