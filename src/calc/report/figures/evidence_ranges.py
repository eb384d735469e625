"""What each source says about one quantity, by stance, on one axis: a forest-style figure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from textwrap import fill
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from ...analysis.compare import Result
from ...analysis.trace import parameter_at
from ...inputs.claim import Claim
from ...inputs.distribution import distribution
from ...units import Unit
from ..format import amount, in_100, records, short_amount, source_name
from ..marks import STANCES
from ..words import footer
from .record import Figure, Made, Slide, Views
from .style import furthest, page, styled

__all__ = ["FIGURES", "pages", "parameter_slide", "table_of"]


#: the unit in which each quantity is shown, one axis a unit
_SHOWN = {
    "price": Unit.USD,
    "onset": Unit.WEEKS,
    "relief": Unit.WEEKS,
    "downtime": Unit.DAYS,
    "coverage": Unit.SHARE,
}
_ROOM = 46  # characters of a row's label in a line
_AXES = {"usd": "US dollars", "share": "Of 100", "weeks": "Weeks", "days": "Days"}


def table_of(result: Result, quantity: str) -> pd.DataFrame:
    """Return the claims about one quantity, a row a claim.

    ``quantity`` is the name of a parameter (``onset``, ``relief`` …), or ``price``: then every
    price item of those treatments that one of the documents prices.

    Columns ``label`` (treatment and who says it), ``stance``, ``basis``, ``unit``, and ``p05``,
    ``p50``, ``p95`` of the claim's own distribution, in ``unit``; NaN where it says that nobody knows.
    """
    rows = []
    for name, treatment in result.inputs.treatments.items():
        own = result.claims["parameter"].str.startswith(f"{name}.{quantity}")
        if quantity == "price" and not (result.claims[own]["basis"] == "document").any():
            continue
        for path, parameter in treatment.parameters().items():
            if path.split(".")[0] == quantity and parameter.measure.dimension == _SHOWN[quantity].dimension:
                about = f"{treatment.short}: {parameter.label}" if "." in path else treatment.short
                claims = records(result.claims[result.claims["parameter"] == f"{name}.{path}"])
                pairs = zip(parameter.claims, claims, strict=True)
                rows += [_row(about, _SHOWN[quantity], claim, row, parameter.measure, result) for claim, row in pairs]
    return pd.DataFrame(rows, columns=["label", "stance", "basis", "unit", "p05", "p50", "p95"]).drop_duplicates()


def _table_at(result: Result, path: str) -> pd.DataFrame:
    """Return the claims about one parameter, and under them the parameter as each view uses it; columns as above."""
    parameter = parameter_at(result.inputs, path)
    owner = f"plans.{result.inputs.study.plan}{path[4:]}" if path.startswith("plan.") else path
    claims = records(result.claims[result.claims["parameter"] == owner])
    pairs = zip(parameter.claims, claims, strict=True)
    rows = [_row("claim", parameter.measure, claim, row, parameter.measure, result) for claim, row in pairs]
    for used in records(result.parameters[result.parameters["parameter"] == path]):
        rows.append(
            {
                "label": f"as used · {result.inputs.views[used['view']].short}",
                "stance": "used",
                "basis": used["known"] if used["known"] != "stated" else used["basis"],
                "unit": parameter.unit,
                **{name: used[name] for name in ("p05", "p50", "p95")},
            }
        )
    return pd.DataFrame(rows, columns=["label", "stance", "basis", "unit", "p05", "p50", "p95"])


def _row(
    about: str, shown: Unit, claim: Claim, row: Mapping[str, Any], unit: Unit, result: Result
) -> dict[str, object]:
    unknown = not claim.reading.known
    read = distribution(claim, unit, range_coverage=result.inputs.study.range_coverage)
    low, half, high = (np.nan,) * 3 if unknown else read(np.array([0.05, 0.5, 0.95])) / shown.in_weeks
    who = source_name(str(row["source"])) or ("no source" if unknown else "assumption")
    return {
        "label": f"{about} · {who}",
        "stance": row["stance"],
        "basis": row["basis"],
        "unit": shown.spelling,
        "p05": low,
        "p50": half,
        "p95": high,
    }


def pages(table: pd.DataFrame) -> Sequence[pd.DataFrame]:
    """Return the rows slide by slide, as many on each as can be read from the back of a room."""
    most = 12 if (table["label"].str.len() > _ROOM).any() else 18
    count = max(1, -(-len(table) // most))
    share = -(-len(table) // count)
    return [table.iloc[place : place + share] for place in range(0, max(1, len(table)), max(1, share))]


def draw(table: pd.DataFrame, ax: Axes, *, most: float | None = None) -> Axes:
    """Draw one row a claim: 90 % interval and middle, shape and colour by stance, hollow if assumed.

    ``most`` is the figure that the axis holds, the table's largest by default.
    """
    if table.empty:
        ax.text(0.5, 0.5, "None of the documents states it.", ha="center", fontsize=18, transform=ax.transAxes)
        ax.set_axis_off()
        return ax
    unit = str(table["unit"].iloc[0])
    reach = 1.0 if unit == "share" else 1.05 * (most or furthest(table["p95"]))
    for y, row in enumerate(table.to_dict("records")):
        style = STANCES[str(row["stance"])]
        if np.isnan(row["p50"]):
            ax.plot([0, reach], [y, y], color=style.colour, linestyle=(0, (1, 3)), linewidth=2)
            ax.annotate(
                _silence(row),
                (reach * 1.025, y),
                va="center",
                fontsize=14,
                color=style.colour,
            )
            continue
        filled = "white" if row["basis"] == "assumption" else style.colour
        ax.plot([row["p05"], row["p95"]], [y, y], color=style.colour, linewidth=4, alpha=0.5)
        ax.plot(
            [row["p50"]],
            [y],
            color=style.colour,
            marker=style.marker,
            markersize=10,
            markerfacecolor=filled,
            linestyle="",
            zorder=4,
            clip_on=False,
        )
        ax.annotate(
            f"{_figures(row)} · {row['basis']}".replace(" + ", " +\n"),
            (reach * 1.025, y),
            va="center",
            fontsize=14,
            color=style.colour,
        )
    ax.set_yticks(range(len(table)), [fill(str(label), _ROOM) for label in table["label"]])
    ax.tick_params(axis="y", length=0, labelsize=14, pad=10)
    ax.set_ylim(len(table) - 0.4, -0.6)
    ax.set_xlim(0, reach * 1.62)
    ax.set_xticks([tick for tick in MaxNLocator(6).tick_values(0, reach) if 0 <= tick <= reach])
    if unit == "share":
        ax.set_xticks(np.linspace(0, 1, 6), [f"{tick:.0f}" for tick in np.linspace(0, 100, 6)])
    elif unit == "usd":
        ax.xaxis.set_major_formatter(lambda value, _: f"${value:,.0f}")
    ax.set_xlabel(_AXES.get(unit, unit.replace("_", " ").capitalize()))
    for stance in dict.fromkeys(table["stance"]):
        style = STANCES[str(stance)]
        ax.plot(
            [],
            [],
            color=style.colour,
            marker=style.marker,
            markersize=10,
            linestyle="",
            label=str(stance or "no source").replace("_", " "),
        )
    ax.legend(loc="lower left", bbox_to_anchor=(0, 1.0), ncols=6, frameon=False, fontsize=14)
    return ax


def _figures(row: Mapping[Any, Any]) -> str:
    """Return the middle of a row with its interval, in words."""
    low, middle, high = (float(row[end]) for end in ("p05", "p50", "p95"))
    if row["unit"] == "share":
        ends = [in_100(each).removesuffix(" in 100") for each in (low, high)]
        return in_100(middle) if ends[0] == ends[1] else f"{in_100(middle)} ({ends[0]} to {ends[1]})"
    unit = "USD" if row["unit"] == "usd" else str(row["unit"])
    ends = [short_amount(each, unit) for each in (low, high)]
    return amount(middle, unit) if ends[0] == ends[1] else f"{amount(middle, unit)} ({ends[0]} to {ends[1]})"


def _silence(row: Mapping[Any, Any]) -> str:
    """Return why a row has no figures."""
    return str(row["basis"]) if row["stance"] == "used" else "nobody knows" if row["stance"] else "not stated"


def describe(table: pd.DataFrame) -> str:
    """Return the alternative text: each claim's middle and interval."""
    parts = ["None of the documents states it"] if table.empty else []
    for row in records(table):
        if np.isnan(row["p50"]):
            parts.append(f"{row['label']}: {_silence(row)}")
        else:
            parts.append(f"{row['label']}: {_figures(row)}, {row['basis']}")
    return "What each source claims, with 90 % intervals as read. " + "; ".join(parts) + "."


def _pages(figure: Figure, result: Result, _views: Views) -> tuple[Made, ...]:
    every = table_of(result, figure.name.removeprefix("evidence_"))
    parts, most = pages(every), furthest(every["p95"])
    made = []
    for place, table in enumerate(parts, start=1):
        title = figure.title if len(parts) == 1 else f"{figure.title} ({place} of {len(parts)})"
        drawn = page(title, footer(result), [("", partial(draw, table, most=most))], labels=0.34)
        made.append(Made(title, describe(table), drawn))
    return tuple(made)


def parameter_slide(result: Result, path: str) -> Slide:
    """Return the picture of one parameter: its claims as read, and what each view makes of them."""
    table = _table_at(result, path)
    title = f"{parameter_at(result.inputs, path).label}: who says what, and what is used"
    with styled():
        drawn = page(title, footer(result), [("", partial(draw, table))], labels=0.34)
    return Slide(f"parameter_{path.replace('.', '_')}", title, describe(table), drawn)


def _sources(result: Result, _views: Views, *, quantity: str, about: str) -> str:
    own = result.claims[result.claims["parameter"].str.contains(rf"^\w+\.{quantity}(?:\.|$)")]
    named = own[(own["source"] != "") & (own["reading"] != "unknown")]
    silent = own[own["reading"] == "unknown"]["parameter"].str.split(".").str[0].nunique()
    words = f"{named['source'].nunique()} sources say {about}"
    every = result.comparison["treatment"].nunique()
    return words + (
        f"; for {silent} of {every} treatments a source says that nobody knows, or none is found" * (silent > 0)
    )


def _evidence(quantity: str, about: str) -> Figure:
    return Figure(
        f"evidence_{quantity}",
        f"Who says {about}",
        make=_pages,
        message=partial(_sources, quantity=quantity, about=about),
        tables=("claims",),
        notebooks=("01_evidence",),
        at_once=0,
    )


FIGURES = (
    _evidence("price", "what the parts cost"),
    _evidence("onset", "how soon relief begins"),
    _evidence("downtime", "how long recovery takes"),
    _evidence("coverage", "how often insurers refuse"),
    _evidence("relief", "how long relief lasts"),
)
