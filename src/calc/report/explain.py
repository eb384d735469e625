"""One number in words: what it means, who says what about it, what is made of that, and where it matters."""

from __future__ import annotations

import math
from collections.abc import Mapping
from textwrap import fill

import numpy as np
import pandas as pd

from ..analysis.compare import Result
from ..analysis.trace import parameter_at
from ..inputs.attributed import Said
from ..inputs.distribution import distribution
from ..inputs.parameter import Parameter
from ..inputs.quantity import Quantity
from ..model.outcomes import OUTCOMES
from .format import records, source_name
from .tables import as_text, claims_in_words

__all__ = ["chain", "explained", "meaning"]


def chain(result: Result, path: str) -> Mapping[str, pd.DataFrame]:
    """Return the chain of one number, a table a link: claims, readings, views, results, spread.

    Beside a parameter it can be an option's ``effect`` or ``coverage``, or the natural course (``natural.share``).

    Raises
    ------
    UnknownNameError
        naming the nearest paths.
    """
    quantity, owner = _at(result, path)
    said = claims_in_words(result, result.claims["parameter"] == owner)
    links = {"Who says what": said if said.empty else said.drop(columns="About")}
    if isinstance(quantity, Parameter):
        links["Read as"] = _quantiles(result, quantity)
    uses = _uses(result, path, owner)
    links["Which claim each view believes"] = _believed(result, uses, quantity)
    links["Results that rest on it"] = _resting(result, owner)
    links["How much of their spread it carries"] = _carried(result, uses)
    for title, table in links.items():
        if table.empty:
            links[title] = pd.DataFrame({"Nothing": ["no result of this study uses this number"]})
    return links


def meaning(result: Result, path: str) -> str:
    """Return what a parameter is: its path, its label, its unit, and its note."""
    quantity, _ = _at(result, path)
    unit = quantity.measure.spelling.replace("_", " ")
    return f"{path}: {quantity.label}, in {unit}." + (f" {quantity.note}" if quantity.note else "")


def _at(result: Result, path: str) -> tuple[Quantity, str]:
    """Return what stands at a path, and where its claims are listed."""
    option, _, inner = path.partition(".")
    if option in result.inputs.options:
        known = result.inputs.quantities(option)
        if inner in known:
            return known[inner], result.inputs.address(option, inner)
    owner = f"plans.{result.inputs.study.plan}{path[4:]}" if path.startswith("plan.") else path
    return parameter_at(result.inputs, path), owner


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
        unknown = not claim.reading.known
        row = {"Claim": f"{index}, {_who(claim)}"}
        row |= {f"{share:.0%}": "?" if unknown else f"{value:,.4g}" for share, value in zip(at, values, strict=True)}
        rows.append(row)
    return pd.DataFrame(rows)


def _who(claim: Said) -> str:
    return source_name(claim.source) if claim.source else "yours" if claim.yours else "no source"


def _uses(result: Result, path: str, owner: str) -> pd.DataFrame:
    """Return the rows of every trace in which a parameter stands, with ``treatment`` and ``outcome``."""
    of_plan = path.startswith("plan.")
    names = list(result.inputs.options) if of_plan else [path.split(".")[0]]
    found = []
    for name in names:
        for outcome in ("out_of_pocket",) if of_plan else OUTCOMES:
            table = result.trace(name, outcome)
            rows = table[table["parameter"].isin([path, owner, f"{path}.cash", f"{owner}.cash"])]
            found.append(rows.assign(treatment=name, outcome=outcome))
    return pd.concat(found, ignore_index=True)


def _believed(result: Result, uses: pd.DataFrame, parameter: Quantity) -> pd.DataFrame:
    rows = []
    for row in records(uses):
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


def _carried(result: Result, uses: pd.DataFrame) -> pd.DataFrame:
    """Return the outcomes that need the parameter and the share of their spread that it carries alone."""
    rows = []
    for row in records(uses):
        text = (
            "not stated or not known" if math.isnan(row["carries"]) else f"{100 * row['carries']:.0f} % of its spread"
        )
        rows.append(
            {
                "Of": result.inputs.options[row["treatment"]].short,
                "Outcome": row["outcome"].replace("_", " "),
                "View": result.inputs.views[row["view"]].short,
                "As": "cash price" if str(row["parameter"]).endswith(".cash") else "parameter",
                "Carries alone": text,
            }
        )
    return pd.DataFrame(rows)
