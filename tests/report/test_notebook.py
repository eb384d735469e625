from __future__ import annotations

from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook

from calc.errors import RunError, SettingError
from calc.report.notebook import MOST_OUTPUT, TooMuchOutputError, checked, refuse_flood, signature


def written(path: Path, *sources: str) -> Path:
    cells = [new_code_cell(source, metadata={"tags": ["parameters"]}) for source in sources]
    file = path / "some.ipynb"
    nbformat.write(new_notebook(cells=cells), file)
    return file


@pytest.fixture
def notebook(tmp_path: Path) -> Path:
    return written(
        tmp_path, '# Parameters\nstudy: str = "x"  # which\ndraws: int = 64\nshare: float = 0.5\nfast: bool = True'
    )


def test_the_signature_is_read_without_running_the_cell(tmp_path: Path) -> None:
    found = signature(written(tmp_path, 'study: str = "x"  # a name'))
    assert found["study"].default == "x"
    assert found["study"].help == "a name"
    assert found["study"].type is str
    with pytest.raises(RunError, match="plain default"):
        signature(written(tmp_path, 'study: str = open("/etc/passwd").read()'))


def test_every_unknown_name_and_wrong_type_is_told_at_once(notebook: Path) -> None:
    with pytest.raises(SettingError) as caught:
        checked(notebook, {"studdy": "y", "draws": "many", "fast": 1})
    text = str(caught.value)
    assert len(caught.value.problems) == 3
    assert "no run parameter 'studdy'" in text
    assert "Did you mean 'study'?" in text
    assert "'many' is not the int" in text
    assert "1 is not the bool" in text


def test_a_format_that_does_not_exist_is_told_before_any_kernel_starts(tmp_path: Path) -> None:
    file = written(tmp_path, 'formats: str = ""  # of saved figures')
    assert checked(file, {"formats": "png, svg"}) == {"formats": "png, svg"}
    with pytest.raises(SettingError, match=r"formats pgn: there is no 'pgn'. Did you mean 'png'?"):
        checked(file, {"formats": "pgn,svg"})


def test_right_run_parameters_pass_unchanged(notebook: Path) -> None:
    given = {"study": "y", "draws": 128, "share": 1, "fast": False}
    assert checked(notebook, given) == given


@pytest.mark.parametrize("source", ["study = 'x'", "study: str", "study: list = []", "draws: int = 1.5", "import os"])
def test_an_untyped_line_in_the_cell_is_refused(tmp_path: Path, source: str) -> None:
    with pytest.raises(RunError, match="parameters cell"):
        signature(written(tmp_path, source))


@pytest.mark.parametrize("sources", [(), ("a: int = 1", "b: int = 2")])
def test_exactly_one_cell_is_tagged(tmp_path: Path, sources: tuple[str, ...]) -> None:
    with pytest.raises(RunError, match="Tag exactly one"):
        signature(written(tmp_path, *sources))


@pytest.mark.parametrize("sizes", [(MOST_OUTPUT + 1,), (MOST_OUTPUT // 2, MOST_OUTPUT // 2, 1)])
def test_cells_that_printed_too_much_are_refused_and_the_beginning_of_each_print_is_kept(
    sizes: tuple[int, ...],
) -> None:
    cells = [
        new_code_cell("1", outputs=[nbformat.v4.new_output("stream", name="stdout", text="x" * size)]) for size in sizes
    ]
    with pytest.raises(TooMuchOutputError, match="more than 20,000,000 characters were printed"):
        refuse_flood(cells)
    assert [len(cell.outputs[0].text) for cell in cells] == [min(size, 10_000) for size in sizes]
    refuse_flood(cells)
