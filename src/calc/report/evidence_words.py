"""The evidence in words: contradictions, old sources, what rests on a claim, how words were coded."""

from __future__ import annotations

import math

import pandas as pd

from ..analysis.compare import Result
from ..inputs.source import SourceKind
from .format import if_it_comes, interval, records, source_name
from .tables import claims_in_words

__all__ = [
    "codings_in_words",
    "contradictions_in_words",
    "old_sources_in_words",
    "resting_in_words",
    "stances_in_words",
]

_RULES = {
    "parts_and_total": "parts against total",
    "session_and_course": "session against course",
    "disjoint": "ranges that do not meet",
    "known_and_unknown": "figure against unknown",
    "follow_up": "longer than was watched",
}


def contradictions_in_words(result: Result) -> pd.DataFrame:
    """Return each contradiction as a line to read: who says what, how far apart, what the model does."""
    rows = []
    for row in records(result.contradictions):
        found = ", ".join(_RULES.get(rule, rule) for rule in str(row["found"]).split(", "))
        rows.append(
            {
                "Contradiction": row["topic"],
                "Bears on": row["bears_on"],
                "Who says what": _sides(result, str(row["sides"])),
                "How far apart": row["size"],
                "What is done with it": row["handled"],
                "How it was found": found if row["found"] == "read" else f"computed: {found}",
            }
        )
    return pd.DataFrame(rows)


def _sides(result: Result, sides: str) -> str:
    """Return the sides with each document named as people name it."""
    for name, source in result.inputs.sources.items():
        if source.kind is SourceKind.DOCUMENT or name in sides:
            sides = sides.replace(name, source_name(name))
    return sides


def old_sources_in_words(result: Result) -> pd.DataFrame:
    """Return the sources that claims rest on and that are older than the study allows, the oldest first."""
    rows = []
    table = result.sources
    for row in records(table[table["old"] & (table["claims"] > 0)].sort_values("age_years", ascending=False)):
        about = result.claims[result.claims["source"] == row["source"]]["parameter"].str.split(".").str[0]
        shorts = [result.inputs.options[each].short for each in dict.fromkeys(about) if each in result.inputs.options]
        rows.append(
            {
                "Source": source_name(str(row["source"])),
                "Title": row["title"],
                "Dated": row["dated"],
                "Years old": "not known" if math.isnan(row["age_years"]) else f"{row['age_years']:.0f}",
                "Claims": row["claims"],
                "About": ", ".join(shorts) or "the plan",
            }
        )
    return pd.DataFrame(rows, columns=["Source", "Title", "Dated", "Years old", "Claims", "About"])


def resting_in_words(result: Result) -> pd.DataFrame:
    """Return, claim by claim, which results would move with it, and in whose view."""
    words = claims_in_words(result)
    rows = []
    resting = result.resting.groupby(["parameter", "claim"], sort=False)
    groups = dict(iter(resting))
    for (parameter, claim), line in zip(
        result.claims[["parameter", "claim"]].itertuples(index=False), records(words), strict=True
    ):
        group = groups.get((parameter, claim))
        rows.append(
            {
                "Claim": f"{line['About']}: {line['Says']}",
                "Who": line["Who"],
                "Basis": line["Basis"],
                "Results that rest on it": "none in these views" if group is None else _moved(result, group),
            }
        )
    return pd.DataFrame(rows)


def _moved(result: Result, group: pd.DataFrame) -> str:
    parts = []
    for outcome, mine in group.groupby("outcome", sort=False):
        views = list(dict.fromkeys(mine["view"]))
        whose = (
            ""
            if len(views) == len(result.inputs.views)
            else f" ({', '.join(result.inputs.views[v].short for v in views)})"
        )
        treatments = mine["treatment"].nunique()
        many = f" of {treatments} treatments" if treatments > 1 else ""
        parts.append(f"{str(outcome).replace('_', ' ')}{many}{whose}")
    return "; ".join(parts)


def codings_in_words(result: Result) -> pd.DataFrame:
    """Return the claims that code a source's words, and the most that their parameter moves any outcome."""
    coded = (result.claims["source"] != "") & (result.claims["basis"] == "assumption")
    most = _most_carried(result)
    lines = claims_in_words(result, coded)
    parameters = result.claims[coded]["parameter"]
    rows = [
        {
            "About": line["About"],
            "Coded as": line["Says"],
            "Whose words": line["Who"],
            "How": line["Grounds"],
            "Moves at most": most.get(str(parameter), "nothing that is stated"),
        }
        for line, parameter in zip(records(lines), parameters, strict=True)
    ]
    return pd.DataFrame(rows, columns=["About", "Coded as", "Whose words", "How", "Moves at most"])


def _most_carried(result: Result) -> dict[str, str]:
    """Return by parameter the largest share of any stated outcome's spread that it carries alone, in words."""
    best: dict[str, tuple[float, str]] = {}
    for treatment in result.inputs.options:
        for outcome in ("out_of_pocket", "weeks_to_relief", "weeks_in_relief", "downtime_days"):
            for row in records(result.trace(treatment, outcome)):
                name, carried = str(row["parameter"]).removesuffix(".cash"), float(row["carries"])
                if not math.isnan(carried) and carried > best.get(name, (-1.0, ""))[0]:
                    best[name] = carried, outcome.replace("_", " ")
    return {name: f"{100 * carried:.0f} % of the spread of {outcome}" for name, (carried, outcome) in best.items()}


def stances_in_words(result: Result) -> pd.DataFrame:
    """Return what each mixed view holds, given the stance drawn, wherever the stances do not say the same."""
    rows = []
    disagreement = {
        (row["view"], row["treatment"], row["outcome"]): row["between"] for row in records(result.disagreement)
    }
    table = result.by_stance
    if table.empty:
        return pd.DataFrame()
    shown = table[table["outcome"].isin(["out_of_pocket", "weeks_to_relief", "weeks_in_relief"])]
    for (view, treatment, outcome), group in shown.groupby(["view", "treatment", "outcome"], sort=False):
        row = {
            "View": result.inputs.views[str(view)].short,
            "Treatment": result.inputs.options[str(treatment)].label,
            "Outcome": str(outcome).replace("_", " "),
        }
        for each in records(group):
            words = if_it_comes(each) if outcome == "weeks_to_relief" else interval(each)
            row[f"If {str(each['stance']).replace('_', ' ')} ({100 * each['weight']:.0f} %)"] = words
        if len({text for title, text in row.items() if title.startswith("If ")}) == 1:
            continue
        between = disagreement[view, treatment, outcome]
        row["Spread that is disagreement"] = "not known" if math.isnan(between) else f"{100 * between:.0f} %"
        rows.append(row)
    return pd.DataFrame(rows)
