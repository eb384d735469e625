"""One number in words: what it means, who says what about it, what is made of that, and where it matters."""

from __future__ import annotations

import math
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

__all__ = ["explained"]


def explained(result: Result, path: str, *, width: int = 118) -> str:
    """Return the chain of one parameter as text.

    Raises
    ------
    UnknownNameError
        naming the nearest paths.
    """
    parameter = parameter_at(result.inputs, path)
    parts = [f"{path}: {parameter.label}, in {parameter.measure.spelling.replace('_', ' ')}"]
    if parameter.note:
        parts.append(fill(parameter.note, width))
    owner = f"plans.{result.inputs.study.plan}{path[4:]}" if path.startswith("plan.") else path
    mine = result.claims["parameter"] == owner
    parts += ["── Who says what ──", as_text(claims_in_words(result, mine).drop(columns="About"), width=width)]
    parts += ["── Read as ──", as_text(_quantiles(result, parameter), width=width)]
    if not path.startswith("plan."):
        parts += ["── Which claim each view believes ──", as_text(_believed(result, path, parameter), width=width)]
        parts += ["── Where it matters ──", as_text(_carried(result, path), width=width)]
    return "\n\n".join(parts)


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
