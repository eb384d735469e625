"""Result tables → tables to read: one row a treatment, in a terminal or as accessible HTML."""

from __future__ import annotations

import html
import io

import pandas as pd

from ..analysis.compare import Result
from ..analysis.evidence import words_of
from ..model.outcomes import OUTCOMES
from .format import in_100, interval, records, source_name

__all__ = [
    "as_html",
    "as_text",
    "bills_in_words",
    "claims_in_words",
    "paired_headline",
    "unknowns_in_words",
]


def paired_headline(result: Result, view: str, outcome: str) -> pd.DataFrame:
    """Return the differences from the reference within each draw, and who does best, in words."""
    table = result.paired
    mine = table[(table["view"] == view) & (table["outcome"] == outcome)]
    rows = []
    for row in records(mine):
        if row["reference"] and row["treatment"] != row["reference"]:
            known = "not stated" if pd.isna(row["p50"]) else "stated"
            difference = interval({**row, "known": known})
        else:
            difference = "reference" if row["reference"] else "no stated reference"
        rows.append(
            {
                "Treatment": result.inputs.options[row["treatment"]].label,
                "Difference": difference,
                "Better than the reference": in_100(row["better"]) if row["reference"] else "not known",
                "Best of all compared": in_100(row["best"]),
                "…of these, tied": in_100(row["best"] - row["best_alone"]),
            }
        )
    return pd.DataFrame(rows)


def unknowns_in_words(result: Result) -> pd.DataFrame:
    """Return which quantities are missing, in whose view, who says so, and what that leaves open."""
    rows = []
    by_quantity = result.unknowns.groupby(["treatment", "label", "said_by", "known"], sort=False)
    for (treatment, label, said_by, known), group in by_quantity:
        views = list(dict.fromkeys(group["view"]))
        everywhere = len(views) == len(result.inputs.views)
        rows.append(
            {
                "Treatment": result.inputs.options[str(treatment)].label,
                "What is missing": label,
                "Why": _why(str(said_by), str(known)),
                "In which view": "every view" if everywhere else ", ".join(result.inputs.views[v].short for v in views),
                "So this is open": ", ".join(OUTCOMES[each].label.lower() for each in dict.fromkeys(group["outcome"])),
            }
        )
    return pd.DataFrame(rows, columns=["Treatment", "What is missing", "Why", "In which view", "So this is open"])


def bills_in_words(result: Result) -> pd.DataFrame:
    """Return what a treatment costs under each reading of its price, one column a view."""
    rows = []
    for (treatment, bill, items), group in result.bills.groupby(["treatment", "bill", "items"], sort=False):
        used = " (used here)" if bool(group["used"].iloc[0]) else ""
        row = {"Treatment": result.inputs.options[str(treatment)].label}
        row["Price read as"] = f"{str(bill).replace('_', ' ')}{used}"
        row["Made of"] = str(items)
        for each in records(group):
            text = "depends on coverage" if each["known"] == "not known" else interval({**each, "unit": "USD"})
            row[f"You pay: {result.inputs.views[each['view']].short}"] = text
        rows.append(row)
    return pd.DataFrame(rows)


def claims_in_words(result: Result, only: pd.Series[bool] | None = None) -> pd.DataFrame:
    """Return claims as lines to read: what about, what it says, how that is read, who says it and where.

    ``only`` marks the rows of the claims table to show; all of them by default.
    """
    rows, says = [], words_of(result.inputs)
    for row in records(result.claims if only is None else result.claims[only]):
        who = source_name(str(row["source"])) or "no source"
        dated = f" ({row['dated'][:4]})" if row["dated"] else ""
        rows.append(
            {
                "About": f"{_owner(result, str(row['parameter']))}: {row['label']}",
                "Says": says[str(row["parameter"]), int(row["claim"])],
                "Read as": str(row["reading"]).replace("_", " ") + (f", {row['market']}" if row["market"] else ""),
                "Who": who + dated,
                "Where": row["section"],
                "Stance": str(row["stance"]).replace("_", " "),
                "Basis": row["basis"],
                "Grounds": row["reason"] or row["evidence"] or row["note"],
            }
        )
    return pd.DataFrame(rows)


def _owner(result: Result, parameter: str) -> str:
    name = parameter.split(".")[0]
    if name in result.inputs.options:
        return result.inputs.options[name].short
    return "You" if name == "patients" else result.inputs.plan.short


def _why(said_by: str, known: str) -> str:
    if said_by:
        return f"{', '.join(map(source_name, said_by.split()))}: nobody knows"
    return "not stated by a source believed" if known == "not stated" else "no source found states it"


def as_text(table: pd.DataFrame, *, width: int = 118) -> str:
    """Return a table for a terminal, wrapped into ``width`` columns."""
    from rich.box import SIMPLE_HEAD  # it takes a tenth of a second to import, and a notebook prints no such table
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    shown = Table(box=SIMPLE_HEAD, show_edge=False, padding=(0, 1, 0, 0))
    for name in table.columns:
        shown.add_column(Text(str(name)), overflow="fold")
    for values in table.itertuples(index=False):
        shown.add_row(*(Text(str(value)) for value in values))
    page = io.StringIO()
    Console(file=page, width=width, color_system=None).print(shown)
    return "\n".join(line.rstrip() for line in page.getvalue().splitlines())


def as_html(table: pd.DataFrame, caption: str) -> str:
    """Return an accessible HTML table: caption, column scopes, the first cell of a row as its header."""
    head = "".join(f'<th scope="col">{html.escape(str(name))}</th>' for name in table.columns)
    rows = []
    for values in table.itertuples(index=False):
        first, *rest = (html.escape("" if pd.isna(value) else str(value)) for value in values)
        cells = "".join(f"<td>{cell}</td>" for cell in rest)
        rows.append(f'<tr><th scope="row">{first}</th>{cells}</tr>')
    body = "\n".join(rows)
    return (
        f'<div class="table" tabindex="0" role="region" aria-label="{html.escape(caption, quote=True)}">'
        f"<table><caption>{html.escape(caption)}</caption><thead><tr>{head}</tr></thead>"
        f"<tbody>{body}</tbody></table></div>"
    )
