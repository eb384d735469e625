"""What the page says about an answer, as HTML: the words, the table, the pictures, what is open, what to ask."""

from __future__ import annotations

import html
import math
from collections.abc import Iterable, Mapping
from typing import Any

import pandas as pd

from ..analysis.compare import Result
from ..report.facts import plain
from ..report.figures import cost_dots, relief_curves
from ..report.figures import timeline as timelines
from ..report.format import if_it_comes, in_100, interval, money, records, series_by, stretch
from ..report.questions import questions
from ..report.screen import screen
from ..report.tables import as_html
from ..report.words import frame
from . import pictures
from .engine import Answer
from .fields import FIELDS, VIEW
from .state import entries_of
from .svg import picture

__all__ = ["asked", "glance", "headline", "opened", "pinned_beside", "shown_costs", "shown_curves", "shown_timeline"]


def _rows(answer: Answer, outcome: str) -> dict[str, dict[str, Any]]:
    return {row["treatment"]: row for row in answer.rows if row["outcome"] == outcome}


def _shorts(answer: Answer) -> dict[str, str]:
    return {name: each.short for name, each in answer.result.inputs.options.items()}


def headline(answer: Answer) -> str:
    """Return the answer in plain words, and what the budget, the deadline and the value of a week make of it."""
    sentences = [*map(plain, screen(answer.result, VIEW).opening), *_asked_for(answer)]
    items = "".join(f"<li>{html.escape(each)}</li>" for each in sentences)
    right = round(100 * answer.state.belief)
    believed = {0: "As if the guidelines were right.", 100: "As if the clinic were right."}.get(
        right, f"As if in {right} of 100 worlds the clinic were right, and in {100 - right} the guidelines."
    )
    return f'<h2>The answer</h2><p>{believed}</p><ul class="answer">{items}</ul>'


def _asked_for(answer: Answer) -> Iterable[str]:
    shorts, state, chances = _shorts(answer), answer.state, records(answer.chances)
    for column, words in (
        ("within_budget", f"stay within {money(state.budget or 0.0)}"),
        ("relief_by", f"have relief by {state.by}"),
    ):
        known = (row for row in chances if not math.isnan(row[column]))
        best = sorted(known, key=lambda row: -row[column])[:3]
        if best:
            told = "; ".join(f"{shorts[row['treatment']]} {in_100(row[column])}" for row in best)
            yield f"Most likely to {words}: {told}."
    if state.week_value is not None and len(answer.worth):
        most = max(records(answer.worth), key=lambda row: row["net"])
        yield (
            f"At {money(state.week_value)} a week of relief, {shorts[most['treatment']]} brings the most for its cost, "
            f"of those that are known: {money(most['net'])} on average after what you pay."
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
            row["Relief by your date"] = in_100(chances[name]["relief_by"])
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
        else "to cost as little a week of relief as the cheapest known"
    )
    rows = []
    for name, simulated in answer.outcomes.treatments.items():
        missing = {
            outcome: ", ".join(result.rests_on) for outcome, result in simulated.outcomes.items() if result.rests_on
        }
        if not missing:
            continue
        known = answer.result.inputs.options[name].parameters()
        paths = dict.fromkeys(path for each in simulated.outcomes.values() for path in each.rests_on)
        what = "; ".join(dict.fromkeys(known[path.removesuffix(".cash")].label for path in paths))
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
            said.append("no relief at all")
        elif each.never:
            said.append("more than the time looked ahead holds")
        else:
            said.append(f"{stretch(each.at_least, 'weeks')} in relief on average")
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
