"""What a study's decision analysis says, in sentences: every figure is one of its tables'."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import pandas as pd

from ..analysis.compare import Result
from ..analysis.decide import Decision
from ..analysis.evppi import beyond_error
from ..analysis.spread import LUCK
from .decision_words import turns
from .figures.variance_bars import whose
from .format import in_100, money, records, source_name, stretch

__all__ = ["asked_for", "said"]

_MOST = 3
_Z90 = 1.645


def said(result: Result, name: str, view: str) -> Sequence[str]:
    """Return the sentences that belong to a table of :class:`calc.analysis.decisions.Decisions`, in one view.

    Where nothing can be weighed they say why.
    """
    problem = result.decisions.problems[view]
    if problem.decision is None:
        if result.inputs.study.value_of_week is None:
            return ("The study names no value of a week in relief, so nothing can be weighed.",)
        return ("There is nothing to choose between: no option's cost and weeks in relief are both known here.",)
    write = _SENTENCES.get(name)
    return tuple(write(result, view, problem.decision)) if write else ()


def _rows(result: Result, name: str, view: str) -> pd.DataFrame:
    table: pd.DataFrame = getattr(result.decisions, name)
    return table[table["view"] == view]


def _short(result: Result, name: str) -> str:
    return result.inputs.options[name].short


def _given(result: Result, row: Mapping[str, Any]) -> str:
    """Return the answer of a row: the best option, or the unknown one that beats it even if it brings nothing."""
    return _short(result, row["surely"] or row["treatment"])


def _choice(result: Result, view: str, decision: Decision) -> Iterator[str]:
    table = _rows(result, "choice", view)
    [row] = records(table[table["at"]])
    value, best = money(row["value_of_week"]), _short(result, row["treatment"])
    ahead = f", {money(row['lead'])} ahead of {_short(result, row['second'])} on average" if row["second"] else ""
    if row["surely"]:
        better = _short(result, row["surely"])
        yield (
            f"If a week in relief is worth {value} to you, {better} is better than all of the {row['among']} options "
            "whose cost and relief are both known, even if it brings no relief at all. "
            f"Of those {row['among']}, {best} is the best{ahead}."
        )
    else:
        yield (
            f"If a week in relief is worth {value} to you, {best} comes out ahead on average among the {row['among']} "
            f"options whose cost and relief are both known{ahead}."
        )
    loses = f"{money(row['evpi'])} on average (± {money(_Z90 * row['evpi_error'])} Monte Carlo)"
    sure = _sure(result, view, row["treatment"])
    yield (
        f"The chance that it really is the best of them is {in_100(row['chance'])}{sure}; "
        f"choosing it loses {loses} against knowing everything first."
    )
    yield from _advised(result, view, row["treatment"])
    yield from _nothing(result, view, decision)
    yield from _hanging(result, view, best)
    yield _by_value(result, table)
    yield turns(decision)
    dark = [_short(result, name) for name in result.decisions.problems[view].unknown]
    if dark:
        yield f"Not weighed, because cost or relief is not known: {', '.join(dark)}; what they would need stands below."


def _sure(result: Result, view: str, option: str) -> str:
    """Return how certain the evidence for an option is, to stand beside a chance."""
    certainty = _effect(result, view, option)["certainty"]
    return f", on evidence of {certainty} certainty" if certainty else ", on evidence that nobody has graded"


def _effect(result: Result, view: str, option: str) -> Mapping[str, Any]:
    table = result.effects
    [row] = records(table[(table["view"] == view) & (table["treatment"] == option)])
    return row


def _advised(result: Result, view: str, option: str) -> Iterator[str]:
    """Say so where guidelines advise against what comes out ahead, or plans cover it on conditions alone."""
    row = _effect(result, view, option)
    if row["recommendation"] == "against":
        strongly = "strongly " * (row["strength"] == "strong")
        yield f"Guidelines {strongly}advise against {_short(result, option)} for this pain, which no average outweighs."
    if row["coverage"] == "on conditions":
        refused = money(row["cost_if_refused"])
        yield f"This counts on your plan to pay for it. If it refuses, you pay about {refused} in the middle case."


def _nothing(result: Result, view: str, decision: Decision) -> Iterator[str]:
    """Say how often doing nothing is the best of all that was weighed."""
    usual, labels = result.inputs.study.usual_care, result.decisions.problems[view].labels
    if usual is None or usual not in labels:
        yield "Doing nothing was not weighed, so nothing here can be called the best."
        return
    chance = float(decision.found.acceptability[decision.place, decision.problem.index(labels[usual])])
    yield f"Doing nothing was weighed too: the chance that it is the best is {in_100(chance)}."


def _hanging(result: Result, view: str, best: str) -> Iterator[str]:
    """Name each assumption of ours that alone could turn the answer."""
    rows = records(_rows(result, "tornado", view))
    turning = [row for row in rows if row["switches"] and "assumption" in str(row["basis"])]
    if turning:
        named = "; ".join(str(row["label"]) for row in turning[:_MOST])
        what = "an assumption" if len(turning) == 1 else "assumptions"
        yield f"That {best} is ahead hangs on {what} of ours: {named}. Each of them alone could turn the answer."


def _by_value(result: Result, table: pd.DataFrame) -> str:
    """Say over which values of a week in relief which option is the answer."""
    table = table.assign(_answer=[_given(result, row) for row in records(table)])
    runs = records(table[table["_answer"] != table["_answer"].shift()])
    low, high = (money(float(table["value_of_week"].iloc[place])) for place in (0, -1))
    parts = [
        f"{row['_answer']}{' whatever relief it brings' if row['surely'] else ''}"
        + (f" from {money(row['value_of_week'])}" if place else "")
        for place, row in enumerate(runs)
    ]
    if len(parts) == 1:
        return f"That holds at every value of a week from {low} to {high}: {parts[0]}."
    return f"As a week in relief goes from {low} to {high}, the answer is {', then '.join(parts)}."


def asked_for(parameter: str, label: str) -> str:
    """Return how a parameter is found out, in words.

    >>> asked_for("needle.coverage", "Needle: chance that the plan covers it")
    'asking your insurer whether it covers Needle'
    """
    option = label.split(": ")[0]
    if parameter.startswith("plans."):
        return f"reading your plan's papers on {label}"
    if parameter.endswith(".coverage"):
        return f"asking your insurer whether it covers {option}"
    if parameter.endswith(".effect"):
        return f"better trials ({label})"
    if parameter.endswith(".cash"):
        return f"asking the clinic for a price ({label})"
    if ".price." in parameter:
        return f"asking your insurer what it allows ({label})"
    return f"another opinion ({label})"


def _find_out(result: Result, view: str, decision: Decision) -> Iterator[str]:
    table = beyond_error(_rows(result, "find_out", view))
    table = table[(table["value_of_week"] == decision.value) & (table["evppi"] >= 0.5)]
    alone, whole = (records(table[table["kind"] == kind])[:_MOST] for kind in ("parameter", "source"))
    if not alone:
        yield "Finding out any one of the numbers would not change the choice, as far as the draws can tell."
    else:
        worth = [f"{asked_for(row['parameter'], row['label'])} is worth up to {_worth(row)} to you" for row in alone]
        choice = _rows(result, "choice", view)
        [surely] = choice[choice["at"]]["surely"]
        among = f", among the options that are known ({_short(result, surely)} beats them all)" if surely else ""
        yield f"What to find out first{among}: {'; '.join(worth)}."
    if whole:
        told = [f"{source_name(row['source'])} {_worth(row)}" for row in whole]
        yield f"All that one source states, checked at once, would be worth up to: {'; '.join(told)}."


def _worth(row: Mapping[str, Any]) -> str:
    return f"{money(row['evppi'])} (± {money(_Z90 * row['error'])})"


def _spread(result: Result, view: str, decision: Decision) -> Iterator[str]:
    table, best = _rows(result, "variance_by_source", view), decision.rivals[0]
    name = result.decisions.problems[view].names[best]
    for outcome, words in (
        ("out_of_pocket", "what you would pay for"),
        ("weeks_in_relief", "your weeks in relief with"),
    ):
        rows = records(table[(table["treatment"] == name) & (table["outcome"] == outcome)])
        if not rows:
            yield f"There is no spread in {words} {best}."
            continue
        luck = next(row["share"] for row in rows if row["source"] == LUCK)
        known = sorted((row for row in rows if row["source"] != LUCK), key=lambda row: -row["share"])
        rest = (
            f"; most of the rest comes from {whose(known[0]['source'])}, {in_100(known[0]['share'])} parts"
            if known
            else ""
        )
        yield f"Of the spread of {words} {best}, {in_100(luck)} parts are one person's luck{rest}."


def _tornado(result: Result, view: str, decision: Decision) -> Iterator[str]:
    rows = records(_rows(result, "tornado", view))
    if not rows or not rows[0]["clear"]:
        yield "No number that is unsure moves the lead by more than Monte Carlo error."
        return
    row, (first, second) = rows[0], decision.rivals
    yield (
        f"The lead of {first} over {second} hangs most on {row['label']}: "
        f"it goes from {money(row['least'])} to {money(row['most'])} as that goes from its 5th to its 95th percentile."
    )


def _break_even(result: Result, view: str, decision: Decision) -> Iterator[str]:
    table = _rows(result, "break_even", view)
    table = table[table["value_of_week"] == decision.value]
    choice = _rows(result, "choice", view)
    [surely] = choice[choice["at"]]["surely"]
    for name, rows in table.groupby("treatment", sort=False):
        found = records(rows)
        if name == surely:
            yield f"{_short(result, surely)} beats {found[0]['against_label']} even if it brings no relief at all."
        else:
            yield _needed(found)
    if table.empty:
        yield "No option that is not known could be weighed."


def _needed(rows: Sequence[Mapping[str, Any]]) -> str:
    """Return what one option would need: a share to be helped before anything else, else weeks, else its price."""
    first = min(rows, key=lambda row: (row["others"] == "worst", row["parameter"] == "", row["unit"] != "share"))
    rival = first["against_label"] + ("" if first["against_known"] else " (even if that brought no relief)")
    to_beat = f"beat {rival} at {money(first['value_of_week'])} a week in relief"
    even = ", even if everything else about it that nobody knows were as good as can be" * (first["others"] == "best")
    name, what = first["label"], f"{first['parameter_label'][0].lower()}{first['parameter_label'][1:]}"
    if first["never"]:
        return f"{name} could not {to_beat}, whatever the {what}{even}."
    if first["always"]:
        sure = "" if first["others"] == "best" else ", whatever is found out"
        return f"{name} would {to_beat} with any {what}{even or sure}."
    if str(first["parameter"]).endswith(".effect") and pd.notna(first["at_least"]):
        return f"{name} would have to work in at least {_people(first['at_least'])} people like you to {to_beat}{even}."
    word = _amount(first)
    if first["parameter"] == "":
        need = "cost you at most" if first["unit"] == "usd" else "bring at least"
        end = " on average" if first["unit"] == "usd" else " in relief on average"
        return f"{name} would have to {need} {word}{end} to {to_beat}."
    return f"{name} would {to_beat} only with {word} ({what}){even}."


def _people(share: float) -> str:
    return in_100(share).replace(" in ", " of ")


def _amount(row: Mapping[str, Any]) -> str:
    least = row["at_least"] if pd.notna(row["at_least"]) else row["at_most"]
    if row["unit"] == "usd":
        return money(least)
    word = _people(least) if row["unit"] == "share" else stretch(least, "weeks")
    return word if row["parameter"] == "" else f"at {'least' if pd.notna(row['at_least']) else 'most'} {word}"


def _flips(result: Result, view: str, _decision: Decision) -> Iterator[str]:
    rows = records(_rows(result, "flips", view))
    asked, others = rows[0], rows[1:]
    turned = [row for row in others if row["flips"]]
    close = [row for row in others if not row["clear"] and not row["surely"]]
    told = "; ".join(f"{row['varied']} {row['level']} ({_given(result, row)})" for row in turned)
    if turned:
        ways = f"Of {len(others)} other ways to put the question, {len(turned)} give another answer than"
        yield f"{ways} {_given(result, asked)}: {told}."
    else:
        yield f"{_given(result, asked)} stays the answer in all of {len(others)} other ways to put the question."
    if close:
        near = "; ".join(f"{row['varied']} {row['level']}".strip() for row in close)
        yield f"Too close to call with these draws: {near}."


def _bounds(result: Result, view: str, decision: Decision) -> Iterator[str]:
    table, best = _rows(result, "bounds", view), decision.rivals[0]
    name = result.decisions.problems[view].names[best]
    for row in records(table[table["treatment"] == name]):
        pay = row["outcome"] == "out_of_pocket"
        what = "cost" if pay else "weeks in relief"
        low, high, p05, p95 = (
            money(row[key]) if pay else stretch(row[key], "weeks") for key in ("low", "high", "p05", "p95")
        )
        if pd.isna(row["low"]):
            yield f"{best}: its average {what} has too many ranges to be bounded."
        else:
            alone = f"the stated ranges alone put its average {what} between {low} and {high}"
            yield f"{best}: {alone}, whatever lies within them; the draws say {p05} to {p95} (90 %)."


def _convergence(result: Result, view: str, _decision: Decision) -> Iterator[str]:
    rows = {row["figure"]: row for row in records(_rows(result, "convergence", view))}
    lead, chance = rows["lead of the best over the second"], rows["chance that the best is the best"]
    yield (
        f"With {lead['draws']:,} draws the lead of {money(lead['value'])} is known to ± {money(_Z90 * lead['error'])}, "
        f"and the chance of {in_100(chance['value'])} to ± {100 * _Z90 * chance['error']:.1f} in 100."
    )
    wanted = [row["needed"] for row in rows.values() if pd.notna(row["needed"])]
    if wanted:
        yield f"To know every headline to 1 % of itself would take {max(wanted):,.0f} draws at the most."


def _outlook(result: Result, view: str, decision: Decision) -> Iterator[str]:
    rows = {row["label"]: row for row in records(_rows(result, "outlook", view))}
    best, careful = rows[decision.rivals[0]], next(row for row in rows.values() if row["careful_choice"])
    yield (
        f"{best['label']} is cheapest for {_people(best['cheapest'])} people, and {_people(best['relieved'])} have had "
        f"relief by {best['by']}."
    )
    worst = (
        f"In the worst tenth of cases it costs {money(best['cost_worst_tenth'])} and brings "
        f"{stretch(best['weeks_worst_tenth'], 'weeks')} in relief"
    )
    if careful is best:
        yield f"{worst}; nobody does better in the worst tenth of cases."
    else:
        yield (
            f"{worst}. In its own worst tenth {careful['label']} does better: "
            f"{money(careful['cost_worst_tenth'])} and {stretch(careful['weeks_worst_tenth'], 'weeks')}."
        )


_SENTENCES: Mapping[str, Callable[[Result, str, Decision], Iterator[str]]] = {
    "choice": _choice,
    "outlook": _outlook,
    "find_out": _find_out,
    "tornado": _tornado,
    "variance_by_source": _spread,
    "break_even": _break_even,
    "flips": _flips,
    "bounds": _bounds,
    "convergence": _convergence,
}
