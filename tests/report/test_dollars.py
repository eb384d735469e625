"""Dollars are dollars wherever a notebook is read: in JupyterLab, in a real browser, and exported by nbconvert."""

from __future__ import annotations

import ast
from pathlib import Path

import nbformat
import pytest
from bs4 import BeautifulSoup
from nbconvert import HTMLExporter

import calc

from ..explore.served import REPOSITORY, STUDY, free_port, needs_browser, running
from .browser import CHROMIUM

NOTEBOOKS = sorted((REPOSITORY / "notebooks").glob("0*.ipynb"))
#: a formula, so that it is known that formulas are typeset by then
FORMULA = "The half of it: $\\frac{1}{2}$."
MARKUP = "each => each.map(one => one.innerHTML)"


def shown_by(page: object, file: Path) -> list[str]:
    """Return as HTML what the cells of a notebook show, figures aside."""
    found = []
    for cell in nbformat.read(file, as_version=4).cells:
        call = cell.source.splitlines()[-1] if cell.cell_type == "code" else ""
        if call.startswith("page.") and not call.startswith(("page.figure", "page.show", "page.explain")):
            method, _, given = call.removeprefix("page.").removesuffix(")").partition("(")
            called = ast.parse(f"f({given})", mode="eval").body
            assert isinstance(called, ast.Call)
            named = {str(each.arg): ast.literal_eval(each.value) for each in called.keywords}
            found.append(str(getattr(page, method)(*map(ast.literal_eval, called.args), **named).data))
    return found


@pytest.fixture(scope="module")
def shown() -> dict[str, list[str]]:
    page = calc.open_page(study=STUDY, params=str(REPOSITORY / "params"), draws=256)
    return {file.stem: shown_by(page, file) for file in NOTEBOOKS}


@pytest.fixture(scope="module")
def notebook(shown: dict[str, list[str]]) -> nbformat.NotebookNode:
    """All that the notebooks show and say, a code cell and a text a notebook, after a cell with a formula."""
    made = nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell(FORMULA)])
    made.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3", "language": "python"}
    for file in NOTEBOOKS:
        texts = [cell for cell in nbformat.read(file, as_version=4).cells if cell.cell_type == "markdown"]
        made.cells.append(nbformat.v4.new_markdown_cell("\n\n".join(cell.source for cell in texts)))
        outputs = [nbformat.v4.new_output("display_data", {"text/html": each}) for each in shown[file.stem]]
        made.cells.append(nbformat.v4.new_code_cell(f"# {file.stem}", outputs=outputs))
    first = (REPOSITORY / "notebooks" / "README.md").read_text("utf-8")  # the page that JupyterLab opens with
    made.cells.append(nbformat.v4.new_markdown_cell(first))
    return made


def words(html: str) -> str:
    return " ".join(BeautifulSoup(html, "html.parser").get_text(" ").split())


def test_every_notebook_that_tells_amounts_tells_them_in_dollars(shown: dict[str, list[str]]) -> None:
    telling = {name for name, outputs in shown.items() if words("".join(outputs)).count("$") > 1}
    assert telling >= {"02_costs", "04_comparison", "05_uncertainty", "06_explore"}


@needs_browser
def test_jupyterlab_typesets_no_dollars(
    notebook: nbformat.NotebookNode, shown: dict[str, list[str]], tmp_path: Path
) -> None:
    from playwright.sync_api import sync_playwright

    (tmp_path / "notebooks").mkdir()
    nbformat.write(notebook, tmp_path / "notebooks" / "money.ipynb")
    port = free_port()
    command = ["jupyterlab", "--no-browser", "--ip=127.0.0.1", f"--port={port}", "--allow-root"]
    command += ["--IdentityProvider.token=word", f"--ServerApp.root_dir={tmp_path / 'notebooks'}"]
    address = f"http://127.0.0.1:{port}/"
    with running(command, tmp_path, f"{address}api"), sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        page = browser.new_page(viewport={"width": 1600, "height": 1000})
        page.set_default_timeout(60_000)
        page.goto(f"{address}lab/tree/money.ipynb?token=word&reset")
        page.locator(".jp-MarkdownCell mjx-container").first.wait_for()
        for place, told in enumerate(shown.values()):
            outputs = page.locator(".jp-CodeCell").nth(place).locator(".jp-RenderedHTML")
            outputs.last.scroll_into_view_if_needed()
            page.wait_for_timeout(300)  # a formula that is to come would come now
            assert [words(each) for each in outputs.evaluate_all(MARKUP)] == [words(each) for each in told]
        assert page.locator("mjx-container").count() == 1
        browser.close()


def test_an_exported_notebook_keeps_mathematics_off_its_dollars(notebook: nbformat.NotebookNode) -> None:
    body, _ = HTMLExporter().from_notebook_node(notebook)
    page = BeautifulSoup(body, "html.parser")
    dollars = [
        text for text in page.find_all(string=lambda text: "$" in text) if text.find_parent(class_="jp-OutputArea")
    ]
    assert len(dollars) > 100
    assert all(text.find_parent(class_="tex2jax_ignore") for text in dollars)
