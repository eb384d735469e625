"""The figures of a decision analysis: what each draws, what it is called, how it is described."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from ...analysis.decide import Decision
from . import acceptability_curves, break_even, cost_effect_plane, evppi_bars, expected_loss_curves, tornado
from .lines import Wording
from .style import Slide, page, styled

__all__ = ["DECISION_FIGURES", "Panel", "decision_slides"]


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

    def page(self, footer: str, *, heading: str = "") -> Figure:
        """Return the finished page, with room for the names beside the lines."""
        made = page(self.title, f"{self.key}{footer}", [(heading, self.drawing)], labels=self.labels)
        axes = made.axes[0]
        box = axes.get_position()
        axes.set_position((self.labels, box.y0, 0.975 - self.names - self.labels, box.height))
        return made


def decision_slides(decision: Decision, words: Wording) -> tuple[Slide, ...]:
    """Return every figure that the analysis has something for, in the order of :data:`DECISION_FIGURES`."""
    found = []
    with styled():
        for name, (panel, needs_parameters) in DECISION_FIGURES.items():
            if not (needs_parameters and decision.tornado.empty):
                made = panel(decision, words)
                found.append(Slide(name, made.title, made.alt, made.page(_footer(decision, words, made))))
    return tuple(found)


def _footer(decision: Decision, words: Wording, made: Panel) -> str:
    value = f"A {words.effect} is taken to be worth {words.money(decision.value)}. " if made.at_one_value else ""
    return f"{value}{decision.problem.draws:,} draws. Not medical advice, and not a quote."


def _plane(decision: Decision, words: Wording) -> Panel:
    reference = decision.problem.reference
    return Panel(
        f"What each option costs and does more than {reference}",
        cost_effect_plane.describe(decision.icers, reference=reference, words=words),
        partial(cost_effect_plane.draw, decision.icers, decision.clouds, reference=reference, words=words),
        "Marks: means (open: dominated); black line: efficiency frontier; dashed contour: 9 in 10 draws, full: half. ",
        labels=0.1,
        names=0.21,
    )


def _acceptability(decision: Decision, words: Wording) -> Panel:
    return Panel(
        f"How sure the best option is, by what a {words.effect} is worth",
        acceptability_curves.describe(decision.ceac, words=words),
        partial(acceptability_curves.draw, decision.ceac, words=words),
        "Thick and marked: the option with the highest expected net benefit. Ties share their draw. ",
        labels=0.08,
        names=0.175,
    )


def _expected_loss(decision: Decision, words: Wording) -> Panel:
    return Panel(
        "What it costs to be unsure: expected loss of each option",
        expected_loss_curves.describe(decision.expected_loss, decision.evpi, words=words),
        partial(expected_loss_curves.draw, decision.expected_loss, decision.evpi, words=words),
        "Loss against the best option of each draw, on average. Grey: the least of them, the EVPI, which is what "
        "knowing everything before choosing is worth (band: its 90 % Monte Carlo interval). ",
        labels=0.1,
        names=0.175,
    )


def _tornado(decision: Decision, words: Wording) -> Panel:
    first, second = decision.rivals
    return Panel(
        f"What the lead of {first} over {second} hangs on",
        tornado.describe(decision.tornado, option=first, against=second, words=words),
        partial(tornado.draw, decision.tornado, option=first, against=second, words=words),
        "Full: the parameter at its 5th percentile; hatched: at its 95th; diamond: the choice turns; (noise): within "
        "Monte Carlo error. All other parameters stay as uncertain as they are. ",
        labels=0.31,
        at_one_value=True,
    )


def _evppi(decision: Decision, words: Wording) -> Panel:
    rows = _at(decision.evppi, decision.value).sort_values("evppi", ascending=False, kind="stable")
    everything = float(_at(decision.evpi, decision.value)["evpi"].iloc[0])
    return Panel(
        "What to find out first, and what that is worth",
        evppi_bars.describe(rows, everything=everything, words=words),
        partial(evppi_bars.draw, rows, everything=everything, words=words),
        "",
        labels=0.31,
        at_one_value=True,
    )


def _break_even(decision: Decision, words: Wording) -> Panel:
    most = _at(decision.evppi, decision.value)
    alone = most[most["parameter"].isin(list(decision.problem.parameters))]
    moves = bool(alone["evppi"].any())
    chosen = str(
        (alone.sort_values("evppi", ascending=False, kind="stable") if moves else decision.tornado)["parameter"].iloc[0]
    )
    which = "is worth most to find out" if moves else "moves the lead most"
    rows = decision.one_way[decision.one_way["parameter"] == chosen]
    return Panel(
        f"Where the best option changes with {chosen}",
        break_even.describe(rows),
        partial(break_even.draw, rows, reference=decision.problem.reference, words=words),
        f"Thick: best there; the parameter that {which}, 5th to 95th percentile. ",
        labels=0.1,
        names=0.175,
        at_one_value=True,
    )


def _at(table: pd.DataFrame, value: float) -> pd.DataFrame:
    return table[table["wtp"] == value]


#: by name: what makes its panel, and whether it takes parameters
DECISION_FIGURES: Mapping[str, tuple[Callable[[Decision, Wording], Panel], bool]] = {
    "cost_effect_plane": (_plane, False),
    "acceptability": (_acceptability, False),
    "expected_loss": (_expected_loss, False),
    "tornado": (_tornado, True),
    "evppi": (_evppi, True),
    "break_even": (_break_even, True),
}
