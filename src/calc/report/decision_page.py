"""The decision page: one file with every prepared state, turned in the hands without a server or a request."""

from __future__ import annotations

import base64
import hashlib
import html
import json
from collections.abc import Sequence
from importlib import resources

from .decision_axes import Axis
from .decision_states import States, without_inline
from .facts import marked
from .manifest import identity
from .questions import five
from .screen_html import table
from .words import limits

__all__ = ["decision_page"]


def decision_page(axes: Sequence[Axis], states: States) -> str:
    """Return the page as one HTML file, its first state written out for readers without scripts."""
    css = "\n".join(map(_file, ("screen.css", "decision_page.css"))) + _widths()
    script = _file("decision_page.js")
    title = html.escape(f"{states.first.inputs.condition.label}: what are my options?")
    policy = (
        f"default-src 'none'; script-src {_hash(script)}; style-src {_hash(css)}; img-src data:; "
        "base-uri 'none'; form-action 'none'"
    )
    return (
        f'<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">\n'
        f'<meta name="viewport" content="width=device-width, initial-scale=1">\n<title>{title}</title>\n'
        f"<style>{css}</style>\n</head>\n<body>\n<main>\n<h1>{title}</h1>\n{_controls(axes, states)}\n"
        f"{_shown(axes, states)}\n{_mine()}\n{_foot(states)}\n</main>\n"
        f'<script type="application/json" id="calc-prepared">{_data(axes, states)}</script>\n'
        f"<script>{script}</script>\n</body>\n</html>\n"
    )


def _file(name: str) -> str:
    return (resources.files("calc.report") / name).read_text("utf-8")


def _widths() -> str:
    return "".join(f'[data-width="{each}"]{{width:{each}%}}' for each in range(101))


def _hash(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def _data(axes: Sequence[Axis], states: States) -> str:
    """Return what the script reads; no ``<`` in it, so that nothing in it can end the element."""
    told = {
        "axes": [
            {"name": each.name, "label": each.label, "first": each.first, "choices": list(each.choices.items())}
            for each in axes
        ],
        "texts": states.texts,
        "rows": states.rows,
        "states": states.states,
    }
    return json.dumps(told, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")


def _controls(axes: Sequence[Axis], states: States) -> str:
    selects = "".join(
        f'<div><label for="calc-{axis.name}">{html.escape(axis.label)}</label>'
        f'<select id="calc-{axis.name}" autocomplete="off">{_choices(axis)}</select></div>'
        for axis in axes
    )
    usual = states.first.inputs.study.usual_care or ""
    boxes = "".join(
        f'<label><input type="checkbox" value="{row.treatment}" autocomplete="off">{html.escape(row.name)}</label>'
        for row in states.shown.rows
        if row.treatment != usual
    )
    return (
        "<noscript><p>Scripts are off, so this page shows one prepared answer. With scripts on it shows "
        f"{len(states.states)}.</p></noscript>"
        f'<form id="calc-controls" class="calc-controls" hidden>{selects}'
        "<details><summary>Pick up to three options to see side by side</summary>"
        f'<fieldset id="calc-options" data-usual="{usual}"><legend>Doing nothing stays beside them</legend>{boxes}'
        '</fieldset></details><div class="calc-buttons"><button type="button" id="calc-all">Show all options</button>'
        '<button type="button" id="calc-print">Print</button></div></form>'
        '<label class="calc-size"><input type="checkbox" id="calc-larger" autocomplete="off">Larger text</label>'
    )


def _choices(axis: Axis) -> str:
    return "".join(
        f'<option value="{html.escape(name, quote=True)}"{" selected" * (name == axis.first)}>'
        f"{html.escape(words)}</option>"
        for name, words in axis.choices.items()
    )


def _shown(axes: Sequence[Axis], states: States) -> str:
    """Return the first state, each part in the element that the script fills for the others."""
    shown = states.shown
    status = " ".join(f"{axis.label}: {axis.choices[axis.first]}." for axis in axes)
    opening, notes = ("".join(f"<p>{marked(each)}</p>" for each in part) for part in (shown.opening, shown.notes))
    differences = "".join(f"<li>{marked(each)}</li>" for each in shown.differences)
    asked = "".join(f"<li>{html.escape(f'{each.whom}: {each.ask}')}</li>" for each in five(states.first))
    return (
        f'<p id="calc-status" role="status" aria-live="polite">{html.escape(status)}</p>'
        f'<section class="calc-screen" aria-label="The options">'
        f'<div id="calc-opening" class="calc-answer">{opening}</div>'
        f'<div id="calc-table">{without_inline(table(shown))}</div>'
        f'<div id="calc-differ"{"" if differences else " hidden"}><h2>Where the sides differ</h2>'
        f'<ul id="calc-differences">{differences}</ul></div>'
        f'<div id="calc-said" class="calc-notes">{notes}</div>'
        f'<h2>Questions to ask</h2><ol id="calc-questions">{asked}</ol></section>'
    )


def _mine() -> str:
    return (
        '<div class="calc-notes-of-mine"><label for="calc-my-notes">My notes</label>'
        '<textarea id="calc-my-notes" rows="4" autocomplete="off"></textarea>'
        '<p class="calc-offer">Notes are printed. They are not saved and go nowhere.</p></div>'
    )


def _foot(states: States) -> str:
    return (
        '<footer><p class="calc-offer">Every answer here was worked out before, for the choices above. For another '
        "plan, a quote, or another date, have a new page made.</p>"
        f"<p>{html.escape(limits())}</p><p>{html.escape(identity(states.first.inputs))}, "
        f"{states.first.inputs.study.draws:,} draws</p></footer>"
    )
