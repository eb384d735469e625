"""The figures by name, collected from their modules, and the slides that each becomes.

A slide holds one view, two beside each other, or all; the others make further slides.
"""

from __future__ import annotations

from collections.abc import Mapping

from ...analysis.compare import Result
from ...analysis.decide import Decision
from . import (
    acceptability_curves,
    break_even,
    cash_flow,
    chances_of_options,
    cost_dots,
    cost_effect_plane,
    cost_intervals,
    cost_relief,
    cost_stacks,
    days_lost,
    evidence_effects,
    evidence_ranges,
    evppi_bars,
    expected_loss_curves,
    first_days,
    flips,
    harms,
    kinds,
    of_100,
    paid_curves,
    relief_curves,
    relieved,
    settling,
    source_ages,
    states,
    timeline,
    tornado,
    unknowns_needed,
    variance_bars,
)
from .lines import Wording
from .record import Figure, Slide, brief
from .style import styled
from .weighing import DecisionFigure, Panel

__all__ = ["DECISION_FIGURES", "FIGURES", "decision_slides", "slides"]

#: by name, in the order in which they are shown
FIGURES: Mapping[str, Figure] = {
    figure.name: figure
    for module in (
        of_100,
        harms,
        cost_intervals,
        timeline,
        relief_curves,
        cost_relief,
        states,
        relieved,
        paid_curves,
        days_lost,
        first_days,
        kinds,
        evidence_effects,
        evidence_ranges,
        source_ages,
        cost_stacks,
        cost_dots,
        cash_flow,
        cost_effect_plane,
        acceptability_curves,
        chances_of_options,
        tornado,
        evppi_bars,
        variance_bars,
        unknowns_needed,
        flips,
        settling,
    )
    for figure in module.FIGURES
}

#: by name, the figures of anyone's decision analysis
DECISION_FIGURES: Mapping[str, DecisionFigure] = {
    module.DECISION_FIGURE.name: module.DECISION_FIGURE
    for module in (cost_effect_plane, acceptability_curves, expected_loss_curves, tornado, evppi_bars, break_even)
}


def slides(result: Result, name: str, *, size: tuple[float, float] = (16.0, 9.0)) -> tuple[Slide, ...]:
    """Return the slides of the figure ``name``, one of :data:`FIGURES`, drawn for a size in inches."""
    figure = FIGURES[name]
    views = list(result.inputs.views)
    step = figure.at_once or len(views)
    drawn: list[Slide] = []
    with styled(size):
        for group in (tuple(views[place : place + step]) for place in range(0, len(views), step)):
            for each in figure.pages(result, group):
                called = f"{name}_{len(drawn) + 1}" if drawn else name
                drawn.append(Slide(called, each.title, brief(each.alt), each.figure, group))
    return tuple(drawn)


def decision_slides(decision: Decision, words: Wording) -> tuple[Slide, ...]:
    """Return every figure that the analysis has something for, in the order of :data:`DECISION_FIGURES`."""
    drawn = []
    with styled():
        for name, figure in DECISION_FIGURES.items():
            if not (figure.needs_parameters and decision.tornado.empty):
                made = figure.panel(decision, words)
                drawn.append(Slide(name, made.title, brief(made.alt), made.page(_footer(decision, words, made))))
    return tuple(drawn)


def _footer(decision: Decision, words: Wording, made: Panel) -> str:
    value = f"A {words.effect} is taken to be worth {words.money(decision.value)}. " if made.at_one_value else ""
    return f"{value}{decision.problem.draws:,} draws. Not medical advice, and not a quote."
