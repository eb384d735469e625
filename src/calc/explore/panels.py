"""What the page says about an answer, as HTML: the words, the table, the pictures, what is open, what to ask."""

from __future__ import annotations

import html
import math
from collections.abc import Iterator, Mapping
from typing import Any

import pandas as pd

from ..analysis.compare import Result
from ..analysis.effects import Group
from ..report.figures import cost_dots, relief_curves
from ..report.figures import timeline as timelines
from ..report.format import if_it_comes, in_100, interval, money, records, series_by, stretch
from ..report.questions import questions
from ..report.screen import screen
from ..report.screen_html import as_page
from ..report.tables import as_html
from ..report.words import frame
from . import pictures
from .engine import Answer
from .field import VIEW
from .fields import FIELDS, often
from .reading import month_day
from .state import entries_of
from .svg import picture

__all__ = [
    "asked",
    "glance",
    "headline",
    "opened",
    "pinned_beside",
    "shown_costs",
    "shown_curves",
    "shown_timeline",
]


def _rows(answer: Answer, outcome: str) -> dict[str, dict[str, Any]]:
    return {row["treatment"]: row for row in answer.rows if row["outcome"] == outcome}


def _shorts(answer: Answer) -> dict[str, str]:
    return {name: each.short for name, each in answer.result.inputs.options.items()}


def headline(answer: Answer) -> str:
    """Return what was asked first, in one paragraph, then every option at a glance, and whom it believes."""
    sentences = [*_of_quotes(answer), *_of_budget(answer), *_of_date(answer), *_of_worth(answer)]
    first = " ".join(sentences) or "Enter a quote, a budget or a date: what follows from it will stand here."
    right = round(100 * answer.state.belief)
    believed = {0: "As if the guidelines were right.", 100: "As if the clinic were right."}.get(
        right, f"As if in {right} of 100 worlds the clinic were right, and in {100 - right} the guidelines."
    )
    inputs = answer.result.inputs
    pain = f"{inputs.condition.kinds[inputs.kind].label}. Relief means: {inputs.condition.relief[inputs.relief].label}."
    told = "".join(f"<p>{html.escape(each)}</p>" for each in (first, pain))
    return f"<h2>The answer</h2>{told}{as_page(screen(answer.result, VIEW))}<p><small>{believed}</small></p>"


def _cost(row: Mapping[str, Any], column: str) -> str:
    if math.isnan(row[column]):
        return "it is excluded" if column == "cost_if_covered" and row["coverage"] == "excluded" else "not stated"
    low, high = money(row[f"{column}_p05"]), money(row[f"{column}_p95"])
    return money(row[column]) if low == high else f"{money(row[column])} ({low} to {high})"


def _of_quotes(answer: Answer) -> Iterator[str]:
    shorts = _shorts(answer)
    for path, usd in answer.state.quotes:
        name, _, item = path.partition(".")
        if name not in shorts:
            continue
        row = answer.effects[name]
        price = answer.result.inputs.treatments[name].price[item]
        said = f"You were quoted ${usd:,.10g} for {shorts[name]} ({price.label}, {often(price)})."
        refused = _cost(row, "cost_if_refused")
        if row["coverage"] in ("you pay cash", "excluded"):
            yield f"{said} In all you pay {refused}: your plan does not pay for it."
        else:
            covered = _cost(row, "cost_if_covered")
            yield f"{said} In all you pay {covered} if your plan covers it, {refused} if it refuses."


def _of_budget(answer: Answer) -> Iterator[str]:
    budget = answer.result.inputs.patient.budget
    if budget is None:
        return
    shorts = _shorts(answer)
    parts: dict[str, list[str]] = {"enough": [], "open": [], "short": [], "unknown": []}
    for row in records(answer.chances):
        chance, short = row["within_budget"], shorts[row["treatment"]]
        if math.isnan(chance):
            parts["unknown"].append(short)
        elif 0.05 < chance < 0.95:
            parts["open"].append(f"{short} ({in_100(chance)})")
        else:
            parts["enough" if chance > 0.5 else "short"].append(short)
    said = {
        "enough": f"{money(budget)} is enough, in 95 of 100 cases or more, for",
        "open": "It may not be enough for (chance that it is)",
        "short": "It is too little, in 95 of 100 cases or more, for",
        "unknown": "The cost is not known for",
    }
    yield from (f"{words} {', '.join(parts[name])}." for name, words in said.items() if parts[name])


def _of_date(answer: Answer) -> Iterator[str]:
    if answer.state.by is None:
        return
    shorts, usual = _shorts(answer), answer.own.usual_care
    shares = {row["treatment"]: row["relief_on"] for row in records(answer.chances)}
    told = f"On {month_day(answer.state.by)}, of 100 people, in relief"
    known = {
        name: share
        for name, share in shares.items()
        if not math.isnan(share) and name != usual and answer.effects[name]["group"] != Group.NOT_RECOMMENDED
    }
    best = sorted(known, key=lambda name: -known[name])[:3]
    if best:
        yield f"{told}: {', '.join(f'{round(100 * known[name])} with {shorts[name]}' for name in best)}."
    if usual in shares and not math.isnan(shares[usual]):
        yield f"With nothing done: {round(100 * shares[usual])}."


def _of_worth(answer: Answer) -> Iterator[str]:
    value = answer.state.week_value
    if value is None or not len(answer.worth):
        return
    most = max(records(answer.worth), key=lambda row: row["net"])
    name = most["treatment"]
    if most["net"] <= 0 or name == answer.own.usual_care:
        yield f"At {money(value)} a week of relief, none of those that are known is worth more than it costs."
        return
    sure = answer.effects[name]["certainty"]
    yield (
        f"At {money(value)} a week of relief, {_shorts(answer)[name]} is worth the most beyond doing nothing, of those "
        f"that are known: {money(most['net'])} on average after what you pay"
        f"{f'; how sure the evidence is: {sure}' if sure else ''}."
    )


def glance(answer: Answer) -> str:
    """Return the comparison as a table: a row a treatment."""
    cost, first, relief = (_rows(answer, each) for each in ("out_of_pocket", "weeks_to_relief", "weeks_in_relief"))
    state, shorts = answer.state, _shorts(answer)
    chances = {row["treatment"]: row for row in records(answer.chances)}
    rows = []
    for name, short in shorts.items():
        row = {"Treatment": short, "You pay": interval(cost[name])}
        if answer.result.inputs.patient.budget is not None:
            row["Within your budget"] = in_100(chances[name]["within_budget"])
        row["Relief at all"] = in_100(first[name]["happens"])
        if state.by is not None:
            row["In relief on your date"] = in_100(chances[name]["relief_on"])
        row["Weeks to relief, if it comes"] = if_it_comes(first[name])
        row["Weeks in relief"] = interval(relief[name])
        row["Rests on"] = cost[name]["basis"]
        rows.append(row)
    table = as_html(pd.DataFrame(rows), "Comparison of treatments")
    return f"<h2>Side by side</h2>{table}<p><small>{html.escape(frame(answer.result))}</small></p>"


def shown_costs(answer: Answer, pinned: Answer | None) -> str:
    """Return the picture of costs; with a pinned state, its middle values as diamonds."""
    rows, shorts = _rows(answer, "out_of_pocket"), _shorts(answer)
    usd = series_by(answer.result.costs.dots, "treatment", "usd")
    before = {} if pinned is None else {
        name: float(row["p50"]) for name, row in _rows(pinned, "out_of_pocket").items()
        if name in shorts and row["known"] == "stated"
    }  # fmt: skip
    wide, narrow = (
        pictures.costs(usd, rows, shorts, width=width, budget=answer.result.inputs.patient.budget, pinned=before)
        for width in (pictures.WIDE, pictures.NARROW)
    )
    open_ = {shorts[name]: interval(row) for name, row in rows.items() if row["known"] != "stated"}
    alt = cost_dots.describe({shorts[name]: each for name, each in usd.items()}, open_=open_)
    title = "What you may pay: each dot is 5 in 100. Hatched: not known, anywhere in it."
    return picture(wide, narrow, title=title + (" Diamond: middle of the pinned state." if before else ""), alt=alt)


def shown_timeline(answer: Answer) -> str:
    """Return the picture of time with its dates."""
    result, shorts = answer.result, _shorts(answer)
    phases = timelines.by_phase(result.phases, "treatment")
    shares = series_by(result.relief_by_week, "treatment", "in_relief")
    wide, narrow = (
        pictures.timeline(
            phases, shares, shorts, width=width, horizon=result.inputs.study.weeks,
            start=result.inputs.patient.decision_date, by=answer.state.by,
        )
        for width in (pictures.WIDE, pictures.NARROW)
    )  # fmt: skip
    told = [(shorts[name], each, shares.get(name)) for name, each in phases.items()]
    title = (
        "When relief comes and how it fades. Grey: waiting. Crossed: recovery after a session. Bracket: when relief "
        "begins, 90 %. Blue: the stronger, the more people are in relief that week."
    )
    return picture(
        wide,
        narrow,
        title=title,
        alt=timelines.describe(told),
    )


def shown_curves(answer: Answer) -> str:
    """Return the picture of relief by week."""
    result, shorts = answer.result, _shorts(answer)
    shares = series_by(result.relief_by_week, "treatment", "in_relief")
    order = list(dict.fromkeys([*answer.own.treatments, *shorts]))
    wide, narrow = (
        pictures.curves(shares, shorts, order=order, width=width, horizon=result.inputs.study.weeks)
        for width in (pictures.WIDE, pictures.NARROW)
    )
    open_ = tuple(short for name, short in shorts.items() if name not in shares)
    alt = relief_curves.describe({shorts[name]: each for name, each in shares.items()}, open_=open_)
    left_out = f" No line, because what it needs is not known: {', '.join(open_)}." if open_ else ""
    title = f"How many of 100 people who choose a treatment are in relief, week by week.{left_out}"
    return picture(wide, narrow, title=title, alt=alt)


def opened(answer: Answer) -> str:
    """Return what is not known, and from which value on it would be worth it."""
    shorts, ends = _shorts(answer), answer.break_evens()
    value = answer.state.week_value
    goal = (
        f"to be worth as much as the best of the known ones, at {money(value)} a week"
        if value is not None
        else "to cost as little a week gained as the cheapest known"
    )
    rows = []
    for name, simulated in answer.outcomes.treatments.items():
        paths = dict.fromkeys(path for each in simulated.outcomes.values() for path in each.rests_on)
        if not paths:
            continue
        what = "; ".join(dict.fromkeys(answer.result.inputs.quantity(name, path).label for path in paths))
        rows.append(
            {"Treatment": shorts[name], "Nobody knows or states": what, "It would need": _needed(ends.get(name), goal)}
        )
    if not rows:
        return ""
    table = as_html(pd.DataFrame(rows), "What is not known, and what it would have to be")
    return f"<h2>Not known</h2>{table}"


def _needed(ends: Any, goal: str) -> str:
    if ends is None:
        return "cannot be said: too much is open"
    said = []
    for each in ends:
        if each.always:
            said.append("nothing at all")
        elif each.never:
            said.append("more than the time looked ahead holds")
        else:
            said.append(f"{stretch(each.at_least, 'weeks')} of relief beyond doing nothing, on average")
    words = said[0] if said[0] == said[1] else f"{said[0]}, if it costs least; {said[1]}, if it costs most"
    return f"{words}, {goal}"


def asked(result: Result) -> str:
    """Return what to ask first."""
    return f"<h2>What to ask first</h2>{as_html(questions(result), 'Questions to ask before deciding')}"


def pinned_beside(answer: Answer, pinned: Answer | None) -> str:
    """Return the pinned state beside the present one: what was entered otherwise, and what that moves."""
    if pinned is None:
        return ""
    now, then = entries_of(answer.state, answer.own), entries_of(pinned.state, answer.own)
    differ = [
        {"Entered": field.title, "Pinned": then.get(name, "as in the file"), "Now": now.get(name, "as in the file")}
        for name, field in FIELDS.items()
        if getattr(answer.state, name) != getattr(pinned.state, name)
    ]
    rows = []
    sides: Mapping[str, Answer] = {"pinned": pinned, "now": answer}
    for name, short in _shorts(answer).items():
        row = {"Treatment": short}
        for title, outcome in (("You pay", "out_of_pocket"), ("Weeks in relief", "weeks_in_relief")):
            for side, each in sides.items():
                found = _rows(each, outcome).get(name)
                row[f"{title}, {side}"] = interval(found) if found else "not chosen"
        rows.append(row)
    entered = as_html(pd.DataFrame(differ), "Entered otherwise") if differ else "<p>Both states are the same.</p>"
    return f"<h2>Beside the pinned state</h2>{entered}{as_html(pd.DataFrame(rows), 'Pinned and now')}"
