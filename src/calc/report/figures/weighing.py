"""What figures of decision analysis share: a panel that stands on any page, and the page of a study around it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure as Drawing

from ...analysis.compare import Result
from ...analysis.decide import Decision
from ..format import records
from ..marks import GREY
from ..words import footer
from .lines import Wording
from .record import Figure, Made, Views
from .style import page

__all__ = [
    "IN_MESSAGE",
    "NOTHING",
    "WORDING",
    "DecisionFigure",
    "Panel",
    "chosen",
    "decision_rows",
    "nothing_to_weigh",
    "of_decision",
    "weighed",
    "weighed_as",
]

#: characters of a name in a message
IN_MESSAGE = 64
WORDING = Wording("$", "week in relief")
NOTHING = "nothing can be weighed"


@dataclass(frozen=True)
class Panel:
    """One figure without its page: title, alternative text, the drawing, and the key for the footer.

    ``labels`` is the share of the width that row labels take, ``names`` that of names beside the lines;
    ``at_one_value`` says that it stands for one value of a unit of effect.
    """

    title: str
    alt: str
    drawing: Callable[[Axes], Axes]
    key: str
    labels: float
    names: float = 0.0
    at_one_value: bool = False

    def page(self, footer: str, *, heading: str = "") -> Drawing:
        """Return the finished page, with room for the names beside the lines."""
        made = page(self.title, f"{self.key}{footer}", [(heading, self.drawing)], labels=self.labels)
        axes = made.axes[0]
        box = axes.get_position()
        axes.set_position((self.labels, box.y0, 0.975 - self.names - self.labels, box.height))
        return made


@dataclass(frozen=True)
class DecisionFigure:
    """A figure of anyone's decision analysis; some have something to show only where parameters are known."""

    name: str
    panel: Callable[[Decision, Wording], Panel]
    needs_parameters: bool = False


def weighed(panel: Callable[[Result, str, Decision], Panel]) -> Callable[[Figure, Result, Views], Made]:
    """Return what puts a panel of one view on a page; a sentence where there is nothing to choose between."""
    return partial(_on_its_page, panel=panel)


def weighed_as(about: DecisionFigure) -> Callable[[Figure, Result, Views], Made]:
    """Return what puts a figure of anyone's decision analysis on a page of a study."""
    return weighed(lambda _result, _view, decision: of_decision(about, decision))


def of_decision(about: DecisionFigure, decision: Decision) -> Panel:
    """Return a figure's panel for a study; a sentence where it needs parameters and nothing is unsure."""
    if about.needs_parameters and decision.tornado.empty:
        words = "Nothing about these options is unsure but one person's luck."
        return Panel("What the choice hangs on", words, partial(_says, words=words), "", labels=0.06)
    return about.panel(decision, WORDING)


def _on_its_page(
    figure: Figure, result: Result, views: Views, *, panel: Callable[[Result, str, Decision], Panel]
) -> Made:
    [view] = views
    decision = result.decisions.problems[view].decision
    label = result.inputs.views[view].label
    if decision is None:
        return nothing_to_weigh(result, figure.title, label)
    made = panel(result, view, decision)
    worth = f"A {WORDING.effect} is taken to be worth {WORDING.money(decision.value)}. " if made.at_one_value else ""
    known = f"Options whose cost and relief are both known, one person's luck averaged out. {worth}"
    return Made(made.title, f"{label}. {made.alt}", made.page(known + footer(result), heading=label))


def nothing_to_weigh(result: Result, title: str, label: str) -> Made:
    """Return a page that says why there is nothing to choose between."""
    words = "There is nothing to choose between: no option's cost and weeks in relief are both known here."
    if result.inputs.study.value_of_week is None:
        words = "The study names no value of a week in relief, so nothing can be weighed."
    drawing = partial(_says, words=words)
    return Made(title, f"{label}. {words}", page(title, footer(result), [(label, drawing)], labels=0.06))


def _says(ax: Axes, *, words: str) -> Axes:
    ax.set_axis_off()
    ax.text(0.5, 0.5, words, ha="center", va="center", fontsize=18, color=GREY, transform=ax.transAxes)
    return ax


def decision_rows(result: Result, name: str, view: str) -> pd.DataFrame:
    """Return the rows of one view of a table of the study's decision analysis."""
    table: pd.DataFrame = getattr(result.decisions, name)
    return table[table["view"] == view] if not table.empty else table


def chosen(result: Result, view: str) -> Mapping[str, Any]:
    """Return the row of the choice at the value looked at, empty where there is none."""
    rows = decision_rows(result, "choice", view)
    return {} if rows.empty else records(rows[rows["at"]])[0]
