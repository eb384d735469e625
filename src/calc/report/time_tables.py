"""Tables about time, for reading: chances by date, first relief, days, states, what is beyond usual care."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import pandas as pd

from ..analysis.compare import Result
from .format import in_100, interval, records, stretch

__all__ = ["chances_in_words", "first_relief_in_words", "harms_in_words", "usual_care_in_words"]


def chances_in_words(result: Result, view: str) -> pd.DataFrame:
    """Return, a row a treatment, how many of 100 are relieved by, in relief at and back at work by each date."""
    rows = []
    for name, option in result.inputs.options.items():
        table = result.chances
        row = {"Treatment": option.label}
        for each in records(table[(table["view"] == view) & (table["treatment"] == name)]):
            row[f"By {each['date']} ({each['by']})"] = (
                f"relieved {_chance(each, 'relieved')}; in relief that day {_chance(each, 'in_relief')}; "
                f"first time off work over {_chance(each, 'back_at_work')}"
            )
        rows.append(row)
    return pd.DataFrame(rows)


def _chance(row: Mapping[str, Any], name: str) -> str:
    return in_100(row[name]) if row[f"{name}_known"] == "stated" else str(row[f"{name}_known"])


def first_relief_in_words(result: Result, view: str) -> pd.DataFrame:
    """Return, a row a treatment, who gets as far as relief and when; a middle not reached is said to be that."""
    rows = []
    more = result.comparison[result.comparison["view"] == view].set_index(["treatment", "outcome"])
    for each in records(result.first_relief[result.first_relief["view"] == view]):
        name, stated = each["treatment"], each["known"] == "stated"
        longest, courses = (more.loc[(name, outcome)].to_dict() for outcome in ("longest_without_relief", "courses"))
        still = more.loc[(name, "in_relief_at_horizon")].to_dict()
        rows.append(
            {
                "Treatment": result.inputs.options[name].label,
                "Get a first session": in_100(each["treated"]),
                "Relieved, of those who start": in_100(each["relieved"]) if stated else each["known"],
                "…of those treated": in_100(each["relieved_of_treated"]) if stated else each["known"],
                "Half are relieved by": _reached(each["p50"]) if stated else each["known"],
                "Mean weeks without a first relief": (
                    f"{each['restricted_mean']:.0f} of {result.inputs.study.weeks:.0f}" if stated else each["known"]
                ),
                "Longest stretch without relief": interval(longest),
                "Courses": interval(courses).removesuffix(" courses"),
                "Still in relief at the horizon": in_100(still["mean"])
                if still["known"] == "stated"
                else still["known"],
            }
        )
    return pd.DataFrame(rows)


def _reached(weeks: float) -> str:
    return "not reached" if weeks == float("inf") else stretch(weeks, "weeks")


def usual_care_in_words(result: Result, view: str) -> pd.DataFrame:
    """Return, a row a treatment, the weeks in relief beyond those of usual care."""
    table = result.against_usual_care
    return pd.DataFrame(
        {"Treatment": result.inputs.options[row["treatment"]].label, "Weeks in relief beyond usual care": interval(row)}
        for row in records(table[table["view"] == view])
    )


def harms_in_words(result: Result, view: str) -> pd.DataFrame:
    """Return the harms with a stated rate, a row each, and what follows from them as far as it is stated."""
    table = result.harms
    return pd.DataFrame(
        {
            "Treatment": result.inputs.options[row["treatment"]].label,
            "Harm": row["label"],
            "Of 100 treated": _rate(row),
            "When": "not stated" if math.isnan(row["within"]) else f"within {stretch(row['within'], 'weeks')}",
            "Of 100 who choose it, within the horizon": in_100(row["met"]),
            "What it costs and how long it takes": "not stated",
        }
        for row in records(table[table["view"] == view])
    )


def _rate(row: Mapping[str, Any]) -> str:
    if row["known"] != "stated":
        return str(row["known"])
    low, middle, high = (in_100(row[name]) for name in ("p05", "p50", "p95"))
    return middle if low == high else f"{middle} ({low.split(' ')[0]} to {high.split(' ')[0]})"
