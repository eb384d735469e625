"""What each source says about one quantity, by stance, on one axis: a forest-style figure."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from ...analysis.compare import Result
from ...inputs.distribution import distribution
from ...units import Unit
from ..format import in_100, records, source_name
from .style import GREY, Look, furthest

__all__ = ["describe", "draw", "table_of"]

_LOOKS = {
    "guideline": Look("#0072B2", "o"),
    "clinic": Look("#D55E00", "s"),
    "public_data": Look("#007a59", "D"),
    "editorial": Look("#8a4b78", "^"),
    "news": Look("#000000", "v"),
    "": Look(GREY, "x"),
}


def table_of(result: Result, quantity: str) -> pd.DataFrame:
    """Return the claims about one quantity (``response``, ``relief`` …), a row a claim.

    Columns ``label`` (treatment and who says it), ``stance``, ``basis``, ``unit``, and ``p05``,
    ``p50``, ``p95`` of the claim's own distribution; NaN where it says that nobody knows.
    """
    rows = []
    middle = np.array([0.05, 0.5, 0.95])
    claims = result.claims
    for name, treatment in result.inputs.treatments.items():
        parameter = treatment.parameters()[quantity]
        about = claims[claims["parameter"] == f"{name}.{quantity}"]
        for claim, row in zip(parameter.claims, records(about), strict=True):
            unknown = claim.reading == "unknown"
            read = distribution(claim, parameter.measure, range_coverage=result.inputs.study.range_coverage)
            low, half, high = (np.nan,) * 3 if unknown else read(middle)
            who = source_name(str(row["source"])) or ("no source" if unknown else "assumption")
            rows.append(
                {
                    "label": f"{treatment.short} · {who}",
                    "stance": row["stance"],
                    "basis": row["basis"],
                    "unit": "share" if parameter.measure is Unit.SHARE else "weeks",
                    "p05": low,
                    "p50": half,
                    "p95": high,
                }
            )
    return pd.DataFrame(rows)


def draw(table: pd.DataFrame, ax: Axes) -> Axes:
    """Draw one row a claim: 90 % interval and middle, shape and colour by stance, hollow if assumed."""
    share = table["unit"].iloc[0] == "share"
    reach = 1.0 if share else 1.05 * furthest(table["p95"])
    for y, row in enumerate(table.to_dict("records")):
        style = _LOOKS[str(row["stance"])]
        if np.isnan(row["p50"]):
            ax.plot([0, reach], [y, y], color=style.colour, linestyle=(0, (1, 3)), linewidth=2)
            ax.annotate(
                "nobody knows" if row["stance"] else "not stated",
                (reach * 1.01, y),
                va="center",
                fontsize=11.5,
                color=style.colour,
            )
            continue
        filled = style.colour if row["basis"] in ("document", "public", "yours") else "white"
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
        )
        ax.annotate(str(row["basis"]), (reach * 1.01, y), va="center", fontsize=11.5, color=style.colour)
    ax.set_yticks(range(len(table)), list(table["label"]))
    ax.tick_params(axis="y", length=0, labelsize=11.5 if len(table) < 26 else 10)
    ax.set_ylim(len(table) - 0.4, -0.6)
    ax.set_xlim(0, reach * 1.12)
    if share:
        ax.set_xticks(np.linspace(0, 1, 6), [f"{tick:.0f}" for tick in np.linspace(0, 100, 6)])
    ax.set_xlabel("Of 100 people" if share else "Weeks")
    for stance in dict.fromkeys(table["stance"]):
        style = _LOOKS[str(stance)]
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


def describe(table: pd.DataFrame) -> str:
    """Return the alternative text: each claim's middle and interval."""
    parts = []
    for row in records(table):
        if np.isnan(row["p50"]):
            parts.append(f"{row['label']}: {'nobody knows' if row['stance'] else 'not stated'}")
        elif row["unit"] == "share":
            parts.append(
                f"{row['label']}: {in_100(row['p50'])} ({in_100(row['p05'])} to {in_100(row['p95'])}), {row['basis']}"
            )
        else:
            parts.append(
                f"{row['label']}: {row['p50']:.0f} weeks ({row['p05']:.0f} to {row['p95']:.0f}), {row['basis']}"
            )
    return "What each source claims, with 90 % intervals as read. " + "; ".join(parts) + "."
