"""The answer in plain words: natural frequencies, both frames, what is not known said first-hand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ..analysis.compare import Result
from ..analysis.summary import compared
from .format import amount, if_it_comes, interval

__all__ = ["answer"]

Rows = list[dict[str, Any]]


def answer(result: Result, view: str) -> Sequence[str]:
    """Return a handful of sentences for one view, each figure with its interval."""
    rows: dict[str, Rows] = {name: [] for name in ("out_of_pocket", "weeks_to_relief", "weeks_in_relief")}
    for row in compared(result.inputs, {view: result.views[view]}):
        if row["outcome"] in rows:
            rows[str(row["outcome"])].append(row)
    found = [_cost(rows["out_of_pocket"]), _people(rows["weeks_to_relief"]), _lasting(rows["weeks_in_relief"])]
    return [sentence for sentence in (*found, _open(rows)) if sentence]


def _stated(rows: Rows, by: str, *, least: bool = True) -> Rows:
    """Return the rows whose outcome is stated, ordered by a column, the least (or the most) first."""
    return sorted((row for row in rows if row["known"] == "stated"), key=lambda row: row[by] * (1 if least else -1))


def _cost(rows: Rows) -> str:
    stated = _stated(rows, "p50")
    paid = [row for row in stated if row["p50"] > 0]
    free = [row for row in stated if row["p50"] == 0]
    if not paid:
        return "What you would pay is not stated for any treatment."
    words = (
        f"You would pay least for {_name(paid[0])}, {_spread(paid[0])}; "
        f"most for {_name(paid[-1])}, {_spread(paid[-1])}."
    )
    return words + (f" Nothing is billed for {_joined(free)}." if free else "")


def _spread(row: Mapping[str, Any]) -> str:
    """Return a cost with its interval as a frequency."""
    unit = str(row["unit"])
    low, middle, high = (amount(float(row[name]), unit) for name in ("p05", "p50", "p95"))
    if low == high:
        return f"about {middle}"
    return f"about {middle} (90 chances in 100: {low} to {high})"


def _people(rows: Rows) -> str:
    known = _stated(rows, "happens", least=False)
    if not known:
        return "How many people get relief is not stated for any treatment."
    most, *others = known
    words = [f"Of 100 people who choose {_name(most)}, {_counted(most['happens'])}{_when(most)}."]
    if others:
        least = others[-1]
        words.append(f"Of 100 who choose {_name(least)}, {_counted(least['happens'])}.")
    return " ".join(words)


def _counted(share: float) -> str:
    """Return both frames: those who get relief, and those who do not."""
    count = round(100 * share)
    return f"{count} get relief and {100 - count} do not"


def _when(row: Mapping[str, Any]) -> str:
    return f"; where it comes, it begins after {if_it_comes(row)}"


def _lasting(rows: Rows) -> str:
    known = _stated(rows, "mean")
    if not known:
        return "How long relief lasts is not stated for any treatment."
    longest = known[-1]
    return f"The most weeks in relief, on average, go with {_name(longest)}: {interval(longest)}."


def _open(rows: Mapping[str, Rows]) -> str:
    parts = []
    for outcome, words in (
        ("out_of_pocket", "what you pay"),
        ("weeks_to_relief", "whether and when relief comes"),
        ("weeks_in_relief", "how long relief lasts"),
    ):
        gaps = [row for row in rows[outcome] if row["known"] != "stated"]
        if gaps:
            parts.append(f"{words}: {_joined(gaps)}")
    return f"Not known or not stated, so nobody can tell you: {'; '.join(parts)}." if parts else ""


def _name(row: Mapping[str, Any]) -> str:
    label = str(row["label"])
    return label if label[1:2].isupper() else label[0].lower() + label[1:]


def _joined(rows: Rows) -> str:
    return ", ".join(map(_name, rows))
