"""The figures of a decision analysis, as slides with titles and alternative text."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

import pandas as pd
from matplotlib.axes import Axes

from ...analysis.decide import Decision
from . import acceptability_curves, break_even, cost_effect_plane, evppi_bars, expected_loss_curves, tornado
from .gallery import Slide
from .lines import Wording
from .style import page, styled

__all__ = ["DECISION_FIGURES", "decision_slides"]


def decision_slides(decision: Decision, words: Wording) -> tuple[Slide, ...]:
    """Return every figure that the analysis has something for, in the order of :data:`DECISION_FIGURES`."""
    found = []
    with styled():
        for name, (draw, needs_parameters) in DECISION_FIGURES.items():
            if not (needs_parameters and decision.tornado.empty):
                found.append(draw(name, decision, words))
    return tuple(found)


def _footer(decision: Decision, words: Wording, *, at_one_value: bool) -> str:
    value = f"A {words.effect} is taken to be worth {words.money(decision.value)}. " if at_one_value else ""
    return f"{value}{decision.problem.draws:,} draws. Not medical advice, and not a quote."


def _slide(name: str, title: str, alt: str, drawing: Callable[[Axes], Axes], footer: str, *, labels: float) -> Slide:
    figure = page(title, footer, [("", drawing)], labels=labels)
    figure.axes[0].set_position((labels, 0.165, _WIDTHS.get(name, 0.975) - labels, 0.68))
    return Slide(name, title, alt, figure)


#: right ends, where names stand beside the lines
_WIDTHS = {"cost_effect_plane": 0.8, "acceptability": 0.8, "expected_loss": 0.8, "break_even": 0.8}


def _plane(name: str, decision: Decision, words: Wording) -> Slide:
    reference = decision.problem.reference
    drawing = partial(cost_effect_plane.draw, decision.icers, decision.clouds, reference=reference, words=words)
    alt = cost_effect_plane.describe(decision.icers, reference=reference, words=words)
    key = "Marks: means (open: dominated); black line: efficiency frontier; dashed contour: 9 in 10 draws, full: half. "
    title = f"What each option costs and does more than {reference}"
    return _slide(name, title, alt, drawing, key + _footer(decision, words, at_one_value=False), labels=0.1)


def _acceptability(name: str, decision: Decision, words: Wording) -> Slide:
    drawing = partial(acceptability_curves.draw, decision.ceac, words=words)
    alt = acceptability_curves.describe(decision.ceac, words=words)
    key = "Thick and marked: the option with the highest expected net benefit. Ties share their draw. "
    title = f"How sure the best option is, by what a {words.effect} is worth"
    return _slide(name, title, alt, drawing, key + _footer(decision, words, at_one_value=False), labels=0.08)


def _expected_loss(name: str, decision: Decision, words: Wording) -> Slide:
    drawing = partial(expected_loss_curves.draw, decision.expected_loss, decision.evpi, words=words)
    alt = expected_loss_curves.describe(decision.expected_loss, decision.evpi, words=words)
    key = (
        "Loss against the best option of each draw, on average. Grey: the least of them, the EVPI, which is what "
        "knowing everything before choosing is worth (band: its 90 % Monte Carlo interval). "
    )
    title = "What it costs to be unsure: expected loss of each option"
    return _slide(name, title, alt, drawing, key + _footer(decision, words, at_one_value=False), labels=0.1)


def _tornado(name: str, decision: Decision, words: Wording) -> Slide:
    first, second = decision.rivals
    drawing = partial(tornado.draw, decision.tornado, option=first, against=second, words=words)
    alt = tornado.describe(decision.tornado, option=first, against=second, words=words)
    title = f"What the lead of {first} over {second} hangs on"
    key = "All other parameters stay as uncertain as they are. "
    return _slide(name, title, alt, drawing, key + _footer(decision, words, at_one_value=True), labels=0.22)


def _evppi(name: str, decision: Decision, words: Wording) -> Slide:
    rows = _at(decision.evppi, decision.value).sort_values("evppi", ascending=False, kind="stable")
    everything = float(_at(decision.evpi, decision.value)["evpi"].iloc[0])
    drawing = partial(evppi_bars.draw, rows, everything=everything, words=words)
    alt = evppi_bars.describe(rows, everything=everything, words=words)
    title = "What to find out first, and what that is worth"
    return _slide(name, title, alt, drawing, _footer(decision, words, at_one_value=True), labels=0.22)


def _break_even(name: str, decision: Decision, words: Wording) -> Slide:
    most = _at(decision.evppi, decision.value)
    alone = most[most["parameter"].isin(list(decision.problem.parameters))]
    chosen = str(alone["parameter"].iloc[int(alone["evppi"].argmax())])
    rows = decision.one_way[decision.one_way["parameter"] == chosen]
    drawing = partial(break_even.draw, rows, reference=decision.problem.reference, words=words)
    title = f"Where the best option changes with {chosen}"
    key = "Thick: best there; the parameter that is worth most to find out, 5th to 95th percentile. "
    footer = key + _footer(decision, words, at_one_value=True)
    return _slide(name, title, break_even.describe(rows), drawing, footer, labels=0.1)


def _at(table: pd.DataFrame, value: float) -> pd.DataFrame:
    return table[table["wtp"] == value]


#: by name: what draws it, and whether it takes parameters
DECISION_FIGURES: Mapping[str, tuple[Callable[[str, Decision, Wording], Slide], bool]] = {
    "cost_effect_plane": (_plane, False),
    "acceptability": (_acceptability, False),
    "expected_loss": (_expected_loss, False),
    "tornado": (_tornado, True),
    "evppi": (_evppi, True),
    "break_even": (_break_even, True),
}
