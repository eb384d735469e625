"""One number in words: what it means, who says what about it, what is made of that, and where it matters."""

from __future__ import annotations

import math
from collections.abc import Mapping
from textwrap import fill

import numpy as np
import pandas as pd

from ..analysis.compare import Result
from ..analysis.trace import parameter_at
from ..inputs.claim import Claim, Reading
from ..inputs.distribution import distribution
from ..inputs.parameter import Parameter
from ..model.outcomes import OUTCOMES
from .format import records, source_name
from .tables import as_text, claims_in_words

__all__ = ["chain", "explained", "meaning"]


def chain(result: Result, path: str) -> Mapping[str, pd.DataFrame]:
    """Return the chain of one parameter, a table a link: claims, readings, views, results, spread.

    Raises
    ------
    UnknownNameError
        naming the nearest paths.
    """
    parameter = parameter_at(result.inputs, path)
    owner = f"plans.{result.inputs.study.plan}{path[4:]}" if path.startswith("plan.") else path
    links = {
        "Who says what": claims_in_words(result, result.claims["parameter"] == owner).drop(columns="About"),
        "Read as": _quantiles(result, parameter),
    }
    if not path.startswith("plan."):
        links["Which claim each view believes"] = _believed(result, path, parameter)
    links["Results that rest on it"] = _resting(result, owner)
    if not path.startswith("plan."):
        links["How much of their spread it carries"] = _carried(result, path)
    return links


def meaning(result: Result, path: str) -> str:
    """Return what a parameter is: its path, its label, its unit, and its note."""
    parameter = parameter_at(result.inputs, path)
    unit = parameter.measure.spelling.replace("_", " ")
    return f"{path}: {parameter.label}, in {unit}." + (f" {parameter.note}" if parameter.note else "")


def explained(result: Result, path: str, *, width: int = 118) -> str:
    """Return the chain of one parameter as text (see :func:`chain`)."""
    links = chain(result, path)
    parts = [fill(meaning(result, path), width)]
    for title, table in links.items():
        parts += [f"── {title} ──", as_text(table, width=width)]
    return "\n\n".join(parts)


def _resting(result: Result, owner: str) -> pd.DataFrame:
    """Return the results that would move with the parameter's claims."""
    table = result.resting[result.resting["parameter"] == owner]
    rows = []
    for (claim, outcome), group in table.groupby(["claim", "outcome"], sort=False):
        shorts = [result.inputs.options[str(name)].short for name in dict.fromkeys(group["treatment"])]
        rows.append(
            {
                "Claim": str(claim),
                "Outcome": str(outcome).replace("_", " "),
                "Of": ", ".join(shorts),
                "Views": ", ".join(result.inputs.views[str(view)].short for view in dict.fromkeys(group["view"])),
            }
        )
    return pd.DataFrame(rows, columns=["Claim", "Outcome", "Of", "Views"])


def _quantiles(result: Result, parameter: Parameter) -> pd.DataFrame:
    """Return five quantiles of each claim's distribution, in the parameter's own unit."""
    at = (0.05, 0.25, 0.5, 0.75, 0.95)
    rows = []
    for index, claim in enumerate(parameter.claims):
        read = distribution(claim, parameter.measure, range_coverage=result.inputs.study.range_coverage)
        values = read(np.array(at)) / parameter.measure.in_weeks
        unknown = claim.reading is Reading.UNKNOWN
        row = {"Claim": f"{index}, {_who(claim)}"}
        row |= {f"{share:.0%}": "?" if unknown else f"{value:,.4g}" for share, value in zip(at, values, strict=True)}
        rows.append(row)
    return pd.DataFrame(rows)


def _who(claim: Claim) -> str:
    return source_name(claim.source) if claim.source else "yours" if claim.yours else "no source"


def _believed(result: Result, path: str, parameter: Parameter) -> pd.DataFrame:
    rows = []
    table = result.parameters
    for row in records(table[table["parameter"].isin([path, f"{path}.cash"])]):
        used = [int(index) for index in str(row["claims"]).split()]
        middle = (
            f"{row['p50']:,.4g} ({row['p05']:,.4g} to {row['p95']:,.4g})" if row["known"] == "stated" else row["known"]
        )
        rows.append(
            {
                "View": result.inputs.views[row["view"]].short,
                "Market": row["market"],
                "Claims": ", ".join(f"{index} ({_who(parameter.claims[index])})" for index in used) or "none",
                f"So, in {parameter.unit.replace('_', ' ')}": middle,
            }
        )
    return pd.DataFrame(rows).drop_duplicates(ignore_index=True)


def _carried(result: Result, path: str) -> pd.DataFrame:
    """Return the outcomes that need the parameter and the share of their spread that it carries alone."""
    treatment = path.split(".")[0]
    rows = []
    for outcome in OUTCOMES:
        table = result.trace(treatment, outcome)
        for row in records(table[table["parameter"].isin([path, f"{path}.cash"])]):
            text = (
                "not stated or not known"
                if math.isnan(row["carries"])
                else f"{100 * row['carries']:.0f} % of its spread"
            )
            rows.append(
                {
                    "Outcome": outcome.replace("_", " "),
                    "View": result.inputs.views[row["view"]].short,
                    "As": "cash price" if str(row["parameter"]).endswith(".cash") else "parameter",
                    "Carries alone": text,
                }
            )
    return pd.DataFrame(rows, columns=["Outcome", "View", "As", "Carries alone"])
