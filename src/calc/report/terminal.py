"""What is printed on a terminal: the comparison, and adjudicated bills to the cent, as pages of text."""

from __future__ import annotations

import math
from collections.abc import Iterator
from textwrap import fill

import pandas as pd

from ..analysis.compare import Result
from ..analysis.moves_nothing import moves_nothing
from ..analysis.patient_share import PatientShare
from ..inputs.met import met_misfits
from ..inputs.under_plan import benefits_missing
from ..model.ledger import COLUMNS
from .format import in_100, records
from .screen import screen
from .screen_text import as_pages
from .tables import as_text, unknowns_in_words
from .words import frame, limits

__all__ = ["printed", "statement"]

LIMITS = {
    "deductible_left": "Deductible left",
    "out_of_pocket_maximum_left": "Maximum left",
    "drugs_deductible_left": "Drug deductible left",
    "drugs_out_of_pocket_maximum_left": "Drug maximum left",
    "second_tier_deductible_left": "Deductible left, second tier",
    "second_tier_out_of_pocket_maximum_left": "Maximum left, second tier",
    "out_of_network_deductible_left": "Deductible left, out of network",
    "out_of_network_out_of_pocket_maximum_left": "Maximum left, out of network",
    "benefit_period_deductible_left": "Hospital deductible left",
}


def printed(result: Result, *, width: int = 118, before: Result | None = None) -> str:
    """Return the first screen, what is not known, and the frame, as text; ``before`` as for a screen."""
    parts = [fill(result.inputs.study.question, width), as_pages(screen(result, before=before), width=width)]
    parts += [part for name in result.inputs.views for part in _by_date(result, name, width)]
    gaps = unknowns_in_words(result)
    if not gaps.empty:
        parts += ["── What is not known ──", as_text(gaps, width=width)]
    if missing := benefits_missing(result.inputs.plan, result.inputs.treatments):
        parts.append(fill(missing, width))
    for path, what, _ in met_misfits(result.inputs.plan, result.inputs.patient):
        parts.append(fill(f"patient.{'.'.join(map(str, path))}: {what}. Here no more counts than there is.", width))
    if idle := list(moves_nothing(result.inputs)):
        what = (
            f"{', '.join(idle)}: changes nothing here. Twice as much (or half) gives the same result for every option."
        )
        parts.append(fill(what, width))
    return "\n\n".join([*parts, fill(frame(result), width), fill(limits(), width)])


def _by_date(result: Result, view: str, width: int) -> Iterator[str]:
    """Yield the chances by the study's own date, nothing where it has none within the horizon."""
    rows = [row for row in records(result.chances) if row["view"] == view and row["by"] == "your date"]
    table = [
        {
            "Treatment": result.inputs.options[row["treatment"]].short,
            "Relief has come": in_100(row["relieved"]),
            "In relief on the day": in_100(row["in_relief"]),
            "Back at work": in_100(row["back_at_work"]),
        }
        for row in rows
    ]
    if rows:
        told = f"By your date, {rows[0]['date']} ({result.inputs.views[view].label}):"
        yield f"{told}\n{as_text(pd.DataFrame(table), width=width)}"


def statement(done: PatientShare, *, width: int = 140) -> str:
    """Return every line with what is left of each limit after it, the totals, and what to know."""
    limits = [name for name in LIMITS if name in done.lines.columns]
    paid = [
        name for name in COLUMNS if name in ("deductible", "copay", "coinsurance", "plan_paid") or done.totals[name]
    ]
    rows = []
    for line in records(done.lines):
        row = {"Date": line["date"], "Service": line["description"] or str(line["category"]).replace("_", " ")}
        row["Charged"] = _cents(line["charged"])
        row |= {name.replace("_", " ").capitalize(): _cents(line[name]) for name in paid}
        row["You pay"] = _cents(line["you_pay"])
        rows.append(row | {LIMITS[name]: _cents(line[name]) for name in limits})
    total = {"Date": "Total", "Service": "", "Charged": _cents(done.totals["charged"])}
    total |= {name.replace("_", " ").capitalize(): _cents(done.totals[name]) for name in paid}
    rows.append(total | {"You pay": _cents(done.totals["you_pay"]), **{LIMITS[name]: "" for name in limits}})
    notes = [*done.notes]
    if done.totals["written_off"]:
        off = _cents(done.totals["written_off"])
        notes.append(f"Charged above the allowed amounts in network and owed by nobody: {off}.")
    head = f"{done.plan.label}: of {_cents(done.totals['charged'])} you pay {_cents(done.totals['you_pay'])}."
    return "\n\n".join([head, as_text(pd.DataFrame(rows), width=width), *(fill(each, width) for each in notes)])


def _cents(value: float) -> str:
    return "none" if math.isinf(value) else f"{value:,.2f}"
