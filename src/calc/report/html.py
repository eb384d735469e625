"""An executed notebook → one self-contained page: no code, no request to anywhere."""

from __future__ import annotations

import html
from importlib import resources

import nbformat
from nbconvert.exporters import HTMLExporter

__all__ = ["report_page"]


def report_page(notebook: nbformat.NotebookNode, *, title: str, footer: str) -> str:
    """Return the page.

    Parameters
    ----------
    notebook
        An executed notebook; its inputs, prompts and error-free outputs' code are left out.
    title
        The page's title.
    footer
        A line of text at the end: what made it, and that it is no advice.
    """
    exporter = HTMLExporter(
        template_name="basic", exclude_input=True, exclude_input_prompt=True, exclude_output_prompt=True
    )
    exporter.exclude_anchor_links = True
    body, _ = exporter.from_notebook_node(notebook)
    style = (resources.files("calc.report") / "report.css").read_text("utf-8")
    return (
        "<!DOCTYPE html>\n"
        '<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{html.escape(title)}</title>\n<style>\n{style}</style>\n</head>\n"
        f"<body>\n<main>\n{body}\n</main>\n<footer><p>{html.escape(footer)}</p></footer>\n</body>\n</html>\n"
    )
