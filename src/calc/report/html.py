"""An executed notebook → one self-contained page: no code, no request to anywhere."""

from __future__ import annotations

import html
import re
from functools import cache
from importlib import resources

import nbformat
from nbconvert.exporters import HTMLExporter, TemplateExporter

__all__ = ["report_page"]

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
    body = _BARE.sub(f'<img alt="{_UNTOLD}"', body)
    body, contents = _with_places(body)
    style = (resources.files("calc.report") / "report.css").read_text("utf-8")
    return (
        "<!DOCTYPE html>\n"
        f'<html lang="{html.escape(lang, quote=True)}">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{html.escape(title)}</title>\n<style>\n{style}</style>\n</head>\n"
        '<body>\n<a class="skip" href="#main">Skip to the answer</a>\n'
        f'<header><nav aria-label="Contents"><ul>{contents}</ul></nav></header>\n'
        f'<main id="main">\n{body}\n</main>\n<footer><p>{html.escape(footer)}</p></footer>\n</body>\n</html>\n'
    )


@cache
def _exporter() -> HTMLExporter:
    """Return what turns outputs into HTML; its filters are registered, and its templates compiled, once a process."""
    exporter = HTMLExporter(
        template_name="basic", exclude_input=True, exclude_input_prompt=True, exclude_output_prompt=True
    )
    exporter.exclude_anchor_links = True
    exporter.from_notebook_node(nbformat.v4.new_notebook())
    return exporter


def _with_places(body: str) -> tuple[str, str]:
    """Return the body with a name at every second-level heading, and a list of links to them."""
    links = []

    def named(found: re.Match[str]) -> str:
        text = found[1]
        place = re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")
        links.append(f'<li><a href="#{place}">{text}</a></li>')
        return f'<h2 id="{place}">{text}</h2>'

    body = re.sub(r"<h2>(.*?)</h2>", named, body)
    return body, "".join(links)
