"""The figures of a study's decision analysis: which finished tables each takes, and the page it becomes."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial

from matplotlib.axes import Axes

from ...analysis.compare import Result
from ...analysis.decide import Decision
from ..format import source_name
from ..words import footer
from . import chances_of_options, flips, settling, unknowns_needed, variance_bars
from .decision_gallery import DECISION_FIGURES, Panel
from .evppi_bars import describe as describe_worths
from .evppi_bars import draw as draw_worths
from .lines import Wording
from .style import GREY, Made, page

__all__ = ["UNCERTAINTY_FIGURES", "WORDING"]

WORDING = Wording("$", "week in relief")


def _on_its_page(
    result: Result, views: Sequence[str], panel: Callable[[Result, str, Decision], Panel], what: str
) -> Made:
    """Return a panel of one view on a page of the study; a sentence where there is nothing to choose between."""
    [view] = views
    decision = result.decisions.problems[view].decision
    label = result.inputs.views[view].label
    if decision is None:
        return _nothing(result, what, label)
    made = panel(result, view, decision)
    worth = f"A {WORDING.effect} is taken to be worth {WORDING.money(decision.value)}. " if made.at_one_value else ""
    known = f"Options whose cost and relief are both known, one person's luck averaged out. {worth}"
    return Made(made.title, f"{label}. {made.alt}", made.page(known + footer(result), heading=label))


def _nothing(result: Result, what: str, label: str) -> Made:
    words = "There is nothing to choose between: no option's cost and weeks in relief are both known here."
    if result.inputs.study.value_of_week is None:
        words = "The study names no value of a week in relief, so nothing can be weighed."

    def written(ax: Axes) -> Axes:
        ax.set_axis_off()
        ax.text(0.5, 0.5, words, ha="center", va="center", fontsize=18, color=GREY, transform=ax.transAxes)
        return ax

    return Made(what, f"{label}. {words}", page(what, footer(result), [(label, written)], labels=0.06))


def _of_decision(_result: Result, _view: str, decision: Decision, name: str) -> Panel:
    panel, needs_parameters = DECISION_FIGURES[name]
    if needs_parameters and decision.tornado.empty:
        words = "Nothing about these options is unsure but one person's luck."
        return Panel("What the choice hangs on", words, partial(_says, words=words), "", labels=0.06)
    return panel(decision, WORDING)


def _says(ax: Axes, *, words: str) -> Axes:
    ax.set_axis_off()
    ax.text(0.5, 0.5, words, ha="center", va="center", fontsize=18, color=GREY, transform=ax.transAxes)
    return ax


def _find_out(result: Result, view: str, decision: Decision, kind: str) -> Panel:
    table = result.decisions.find_out
    rows = table[(table["view"] == view) & (table["value_of_week"] == decision.value) & (table["kind"] == kind)]
    if rows.empty:
        return _of_decision(result, view, decision, "evppi")
    named = [source_name(label) if kind == "source" else label for label in rows["label"]]
    rows = rows.assign(parameter=named)
    everything = float(decision.found.evpi[decision.place])
    title = "What to find out first, and what that is worth" if kind == "parameter" else "Whose word is worth checking"
    return Panel(
        title,
        describe_worths(rows, everything=everything, words=WORDING),
        partial(draw_worths, rows, everything=everything, words=WORDING),
        "",
        labels=0.31,
        at_one_value=True,
    )


def _chances(result: Result, view: str, _decision: Decision) -> Panel:
    rows = result.decisions.outlook[result.decisions.outlook["view"] == view]
    return Panel(
        "How likely each option is to be the best, the cheapest, the longest in relief",
        chances_of_options.describe(rows),
        partial(chances_of_options.draw, rows),
        "Chances of 100. Best: on average over people like you. The others: for one person, luck included; ties are "
        "shared. ",
        labels=0.2,
        at_one_value=True,
    )


def _settling(result: Result, view: str, decision: Decision) -> Panel:
    rows = result.decisions.settling[result.decisions.settling["view"] == view]
    first, second = decision.rivals
    return Panel(
        "Are there draws enough? The lead as draws are added",
        settling.describe(rows, words=WORDING),
        partial(settling.draw, rows, option=first, against=second, words=WORDING),
        "Band: 90 % Monte Carlo interval. ",
        labels=0.09,
        at_one_value=True,
    )


def _needed(result: Result, view: str, _decision: Decision) -> Panel:
    one, two = (
        table[table["view"] == view] for table in (result.decisions.break_even, result.decisions.break_even_two_way)
    )
    rival = str(one["against_label"].iloc[0]) if len(one) else "the best known option"
    return Panel(
        f"What it would take to beat {rival}",
        unknowns_needed.describe(one, two),
        partial(unknowns_needed.draw, one, two, horizon=result.inputs.study.weeks),
        "Nobody knows how many these options help, or for how long. Above its line, or right of it, an option wins; "
        "what else is not known of it is taken as good as can be. ",
        labels=0.08,
        names=0.2,
        at_one_value=True,
    )


def _variance(result: Result, views: Sequence[str]) -> Made:
    [view] = views
    table = result.decisions.variance_by_source
    rows = table[table["view"] == view]
    title, label = "Where the spread comes from: luck, and whose word", result.inputs.views[view].label
    if rows.empty:
        return _nothing(result, title, label)
    shorts = {name: each.short for name, each in result.inputs.options.items()}
    rows = rows.assign(label=[shorts[name] for name in rows["treatment"]])
    panels = [
        (
            heading,
            partial(variance_bars.draw, rows[rows["outcome"] == outcome], order=tuple(dict.fromkeys(rows["label"]))),
        )
        for outcome, heading in (("out_of_pocket", "What you pay"), ("weeks_in_relief", "Weeks in relief"))
    ]
    key = f"{label}. Shares of the variance of one person's outcome; hatched: luck. "
    figure = page(title, key + footer(result), panels, labels=0.19)
    return Made(title, f"{label}. {variance_bars.describe(rows)}", figure)


def _flips(result: Result, views: Sequence[str]) -> Made:
    table, title = result.decisions.flips, "Does the answer stand if the question is put otherwise?"
    if table.empty:
        return _nothing(result, title, " and ".join(result.inputs.views[view].short for view in views))
    options = {name: each.short for name, each in result.inputs.options.items()} | {"": ""}
    table = table.assign(surely_label=table["surely"].map(options))
    shorts = {view: result.inputs.views[view].short for view in views}
    drawing = partial(flips.draw, table[table["view"].isin(views)], views=shorts, words=WORDING)
    key = "Each row changes one thing. In each cell the best option, its lead over the second, and ± 90 % of that. "
    figure = page(title, key + footer(result), [("", drawing)], labels=0.34, top=0.86)
    return Made(title, flips.describe(table, views=shorts), figure)


def _panel(make: Callable[[Result, str, Decision], Panel], what: str) -> Callable[[Result, Sequence[str]], Made]:
    return partial(_on_its_page, panel=make, what=what)


#: by name: what draws it, and how many views a slide shows (0: all)
UNCERTAINTY_FIGURES: Mapping[str, tuple[Callable[[Result, Sequence[str]], Made], int]] = {
    "cost_effect_plane": (_panel(partial(_of_decision, name="cost_effect_plane"), "What more relief costs"), 1),
    "acceptability": (_panel(partial(_of_decision, name="acceptability"), "How sure the best option is"), 1),
    "best_chances": (_panel(_chances, "How likely each option is to be the best"), 1),
    "tornado": (_panel(partial(_of_decision, name="tornado"), "What the choice hangs on"), 1),
    "find_out": (_panel(partial(_find_out, kind="parameter"), "What to find out first"), 1),
    "find_out_sources": (_panel(partial(_find_out, kind="source"), "Whose word is worth checking"), 1),
    "variance_by_source": (_variance, 1),
    "unknowns_needed": (_panel(_needed, "What unknowns would have to be"), 1),
    "flips": (_flips, 2),
    "convergence": (_panel(_settling, "Are there draws enough?"), 1),
}
