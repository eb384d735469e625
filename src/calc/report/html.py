"""An executed notebook → one self-contained page: no code, no request to anywhere."""

from __future__ import annotations

import re
from functools import cache
from importlib import resources

import nbformat
from jinja2 import Environment, PackageLoader, StrictUndefined
from nbconvert.exporters import HTMLExporter, TemplateExporter
from nbconvert.preprocessors import CoalesceStreamsPreprocessor

__all__ = ["rendered", "report_page"]

_BARE, _UNTOLD = re.compile(r"<img\b(?![^>]*\salt=)"), "No description has been provided for this image"


def report_page(notebook: nbformat.NotebookNode, *, title: str, footer: str, lang: str = "en") -> str:
    """Return the page.

    Parameters
    ----------
    notebook
        An executed notebook; its inputs, prompts and error-free outputs' code are left out.
    title
        The page's title.
    footer
        A line of text at the end: what made it, and that it is no advice.
    lang
        The language of the text, for those who have it read out.
    """
    # nbconvert's HTMLExporter would take the page apart once more to look for images without alternative text
    body, _ = TemplateExporter.from_notebook_node(_exporter(), notebook)
    body, contents = _with_places(_BARE.sub(f'<img alt="{_UNTOLD}"', body))
    return rendered("page.html", lang=lang, title=title, footer=footer, body=body, contents=contents)


def rendered(template: str, *, lang: str = "en", **values: object) -> str:
    """Return a page made of one of our templates, in the house style."""
    style = (resources.files("calc.report") / "report.css").read_text("utf-8")
    return _templates().get_template(template).render(lang=lang, style=style, **values)


@cache
def _templates() -> Environment:
    return Environment(
        loader=PackageLoader("calc.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )


@cache
def _exporter() -> HTMLExporter:
    """Return what turns outputs into HTML; its filters are registered, and its templates compiled, once a process."""
    exporter = HTMLExporter(
        template_name="basic", exclude_input=True, exclude_input_prompt=True, exclude_output_prompt=True
    )
    exporter.exclude_anchor_links = True
    exporter.register_preprocessor(CoalesceStreamsPreprocessor, enabled=True)  # a bar of progress is its last line
    exporter.from_notebook_node(nbformat.v4.new_notebook())
    return exporter


def _with_places(body: str) -> tuple[str, list[tuple[str, str]]]:
    """Return the body with a name at every second-level heading, and these names with the headings."""
    contents: list[tuple[str, str]] = []

    def named(found: re.Match[str]) -> str:
        text = found[1]
        contents.append((re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-"), text))
        return f'<h2 id="{contents[-1][0]}">{text}</h2>'

    return re.sub(r"<h2>(.*?)</h2>", named, body), contents
