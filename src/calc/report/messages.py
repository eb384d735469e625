"""What a figure says, in one sentence computed from its table: the title of its slide."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

import pandas as pd

from ..analysis.compare import Result
from ..units import DAYS_PER_WEEK
from .cost_messages import COST_MESSAGES
from .decision_messages import DECISION_MESSAGES
from .format import amount, if_it_comes, in_100, interval, money, records, short_amount

__all__ = ["message"]


def message(result: Result, figure: str, views: Sequence[str]) -> str:
    """Return the sentence for a figure of the gallery or a chart that shows some views.

    Empty where none is computed for that figure.
    """
    write = _MESSAGES.get(figure)
    return write(result, views) if write else ""


def _by_view(result: Result, views: Sequence[str], *, head: str, sentence: Callable[[Result, str], str]) -> str:
    """Return what each view says, once where they say the same."""
    said = {result.inputs.views[view].short: sentence(result, view) for view in views}
    if len(set(said.values())) == 1 and len(said) > 1:
        return f"{head}: {next(iter(said.values()))}"
    return f"{head}: {'; '.join(f'{short}, {text}' for short, text in said.items())}"


def _rows(result: Result, outcome: str, view: str) -> pd.DataFrame:
    """Return one outcome in one view, with the treatments' short names as ``label``."""
    table = result.comparison
    return _named(result, table[(table["outcome"] == outcome) & (table["view"] == view)])


def _named(result: Result, table: pd.DataFrame) -> pd.DataFrame:
    known = result.inputs.options
    labels = [known[name].short if name in known else label for name, label in table[["treatment", "label"]].values]
    return table.assign(label=labels)


def _stated(result: Result, outcome: str, view: str) -> pd.DataFrame:
    rows = _rows(result, outcome, view)
    return rows[rows["known"] == "stated"]


def _last(rows: pd.DataFrame, column: str) -> Mapping[str, Any]:
    return records(rows.sort_values(column, kind="stable"))[-1]


def _most(result: Result, view: str, *, outcome: str) -> str:
    stated = _stated(result, outcome, view)
    if stated.empty:
        return "not stated for any treatment"
    most = _last(stated, "p50")
    return f"{most['label']} {interval(most)}"


def _soonest(result: Result, view: str) -> str:
    rows = _stated(result, "weeks_to_relief", view)
    coming = rows[rows["happens"] > 0]
    if coming.empty:
        return "not known for any treatment"
    first = records(coming.sort_values("if_p50", kind="stable"))[0]
    return f"{first['label']} {if_it_comes(first)}"


def _people(result: Result, view: str) -> str:
    curves = result.relief_by_week[result.relief_by_week["view"] == view]
    if curves.empty:
        return "no treatment's course is known"
    best = records(curves)[int(curves["in_relief"].argmax())]
    names = _rows(result, "weeks_in_relief", view).set_index("treatment")["label"]
    return f"{in_100(best['in_relief'])} with {names[best['treatment']]} at week {int(best['week'])}"


def _worth(result: Result, view: str) -> str:
    cost = _stated(result, "out_of_pocket", view).set_index("treatment")
    relief = _stated(result, "weeks_in_relief", view).set_index("treatment")
    both = relief[relief.index.isin(cost.index)]
    if both.empty:
        return "no treatment has both stated"
    best = str(both["mean"].idxmax())
    weeks, paid = (records(table.loc[[best]])[0] for table in (both, cost))
    return f"{weeks['label']}, {interval(weeks)} for {interval(paid)}"


def _relieved(result: Result, view: str) -> str:
    rows = _stated(result, "weeks_to_relief", view)
    if rows.empty:
        return "not stated for any treatment"
    best = _last(rows, "happens")
    count = round(100 * best["happens"])
    return f"{best['label']}, {count} of 100 ({100 - count} are not)"


def _longest(result: Result, view: str) -> str:
    rows, every = _stated(result, "weeks_in_relief", view), _rows(result, "weeks_in_relief", view)
    unknown = f"open for {len(every) - len(rows)} of {len(every)}"
    if rows.empty:
        return unknown
    best = _last(rows, "mean")
    return f"{best['label']} {interval(best)}, {unknown}"


def _at_the_end(result: Result, view: str) -> str:
    table = result.states_by_week
    rows = table[(table["view"] == view) & (table["week"] == table["week"].max())]
    if rows.empty:
        return "no treatment's course is known"
    best = _last(rows, "in_relief")
    return f"{in_100(best['in_relief'])} with {_short(result, best)}"


def _paid(result: Result, view: str) -> str:
    table = result.paid_by_week
    rows = table[(table["view"] == view) & (table["week"] == min(26, table["week"].max()))]
    if rows.empty:
        return "cost not known or not stated"
    most = _last(rows, "paid")
    return f"{_short(result, most)}, {money(most['paid'])} by week {int(most['week'])}"


def _sore(result: Result, view: str) -> str:
    phases = result.phases
    rows = phases[(phases["view"] == view) & (phases["phase"] == "downtime") & (phases["known"] == "stated")]
    if rows.empty:
        return "not stated for any treatment"
    most = _last(rows, "p50")
    days = {end: most[end] * DAYS_PER_WEEK for end in ("p05", "p50", "p95")}
    return f"{_short(result, most)} {interval({**most, **days, 'unit': 'days'})}"


def _open_average(result: Result, view: str) -> str:
    parts = []
    for outcome, words in (("out_of_pocket", "cost of"), ("weeks_in_relief", "relief with")):
        table = result.kinds
        rows = table[(table["view"] == view) & (table["outcome"] == outcome) & (table["known"] == "stated")]
        rows = rows[rows["mean_p95"] > rows["mean_p05"]]
        if len(rows):
            most = _last(rows.assign(width=rows["mean_p95"] - rows["mean_p05"]), "width")
            unit = str(most["unit"])
            ends = f"{short_amount(most['mean_p05'], unit)} to {amount(most['mean_p95'], unit)}"
            parts.append(f"{words} {_short(result, most)}, {ends}")
    return "; ".join(parts) or "not stated for any treatment"


def _short(result: Result, row: Mapping[str, Any]) -> str:
    return result.inputs.options[str(row["treatment"])].short


def _claims(result: Result, _views: Sequence[str], *, quantity: str, about: str) -> str:
    own = result.claims[result.claims["parameter"].str.contains(rf"^\w+\.{quantity}(?:\.|$)")]
    named = own[(own["source"] != "") & (own["reading"] != "unknown")]
    silent = own[own["reading"] == "unknown"]["parameter"].str.split(".").str[0].nunique()
    words = f"{named['source'].nunique()} sources say {about}"
    every = result.comparison["treatment"].nunique()
    return words + (
        f"; for {silent} of {every} treatments a source says that nobody knows, or none is found" * (silent > 0)
    )


def _ages(result: Result, _views: Sequence[str]) -> str:
    table = result.sources
    undated = int(table["age_years"].isna().sum())
    old = int(table["old"].sum()) - undated
    return f"Of {len(table)} sources, {old} are older than {result.inputs.study.stale_after} and {undated} bear no date"


_MESSAGES: Mapping[str, Callable[[Result, Sequence[str]], str]] = {
    "out_of_pocket": partial(
        _by_view, head="You pay most, where stated", sentence=partial(_most, outcome="out_of_pocket")
    ),
    "happens": partial(_by_view, head="Most people helped", sentence=_relieved),
    "weeks_in_relief": partial(_by_view, head="Longest in relief on average", sentence=_longest),
    "cost_intervals": partial(
        _by_view, head="You pay most, where stated", sentence=partial(_most, outcome="out_of_pocket")
    ),
    "timeline": partial(_by_view, head="Soonest relief, where it comes", sentence=_soonest),
    "relief_curves": partial(_by_view, head="Most people in relief at once", sentence=_people),
    "cost_relief": partial(_by_view, head="Most weeks in relief for what you pay", sentence=_worth),
    "states": partial(_by_view, head="Most people in relief at the end", sentence=_at_the_end),
    "relieved": partial(_by_view, head="Most people relieved at some time", sentence=_relieved),
    "paid_curves": partial(_by_view, head="Most is paid early for", sentence=_paid),
    "days_lost": partial(_by_view, head="Most days of recovery", sentence=partial(_most, outcome="downtime_days")),
    "first_days": partial(_by_view, head="Longest recovery after a session", sentence=_sore),
    "kinds": partial(_by_view, head="Averages known least", sentence=_open_average),
    **{name: partial(_by_view, head=head, sentence=said) for name, (head, said) in COST_MESSAGES.items()},
    "evidence_response": partial(_claims, quantity="response", about="how many people are helped"),
    "evidence_price": partial(_claims, quantity="price", about="what the parts cost"),
    "evidence_onset": partial(_claims, quantity="onset", about="how soon relief begins"),
    "evidence_downtime": partial(_claims, quantity="downtime", about="how long recovery takes"),
    "evidence_coverage": partial(_claims, quantity="coverage", about="how likely insurers pay"),
    "evidence_relief": partial(_claims, quantity="relief", about="how long relief lasts"),
    "source_ages": _ages,
    **{name: partial(_by_view, head=head, sentence=each) for name, (head, each) in DECISION_MESSAGES.items()},
}
