"""Checked statements and added-up estimates as pages of text, to the cent."""

from __future__ import annotations

from textwrap import fill

import pandas as pd

from ..analysis.estimates import Estimates
from ..analysis.statements import BillCheck, Difference
from .difference_words import asked_of, dollars, looks_like, plan_says, short, which
from .format import records
from .tables import as_text
from .terminal import LIMITS

__all__ = ["added_up", "checked"]


def checked(done: BillCheck, *, width: int = 140) -> str:
    """Return every visit beside the terms, the first that differs with what later ones owe to it, and what is left."""
    parts = [fill(_head(done), width), as_text(_visits(done), width=width)]
    for number, fault in enumerate(done.faults, start=1):
        parts.append("\n".join(fill(each, width, subsequent_indent="  ") for each in _told(done, fault, number)))
    left = _left(done)
    if len(left.columns) > 2:
        parts.append(f"What is left by the terms:\n{as_text(left, width=width)}")
    return "\n\n".join([*parts, *(fill(each, width) for each in done.notes)])


def _head(done: BillCheck) -> str:
    count, visits = len(done.faults), len(done.lines)
    if not count:
        return f"{done.plan.label}: all {visits} visits are split as the plan's terms give."
    later = len(done.differences) - count
    first = which(done.faults[0])
    told = f"{count} of {visits} visits {'differ' if count > 1 else 'differs'} from what the plan's terms give"
    follow = f", and {later} later {'ones follow' if later > 1 else 'one follows'} from that" if later else ""
    return f"{done.plan.label}: {told}{follow}. The first: {first[0].lower()}{first[1:]}."


def _visits(done: BillCheck) -> pd.DataFrame:
    differences = iter(done.differences)
    rows = []
    for line in records(done.lines):
        differs = bool(line["kind"]) or not pd.isna(line["follows_from"])
        said = line["description"] or line["code"] or str(line["category"]).replace("_", " ")
        row = {"Date": line["date"], "Claim": line["claim"], "Lines": line["lines"], "Service": said}
        row |= {"Allowed": dollars(line["allowed"]), "Statement: you owe": dollars(line["asked"])}
        row["Terms: you owe"] = "not known" if pd.isna(line["right_owed"]) else dollars(line["right_owed"])
        row["Differs by"] = "" if not differs or pd.isna(line["differs_by"]) else dollars(line["differs_by"])
        row["What"] = short(next(differences)) if differs else ""
        rows.append(row)
    table = pd.DataFrame(rows)
    return table.loc[:, (table != "").any()]


def _told(done: BillCheck, fault: Difference, number: int) -> list[str]:
    """Return one difference in full."""
    first, *others = looks_like(fault)
    columns = ", ".join(name.replace("_", " ") for name in fault.columns)
    told = [f"{number}. {which(fault)} differs from what the plan's terms give ({columns}). {first}"]
    told += [f"   The same figures would come of this: {each}" for each in others]
    told += [f"   The plan says: {each}" for each in plan_says(done.plan, fault)]
    if fault.right is not None:
        told.append(f"   By these terms you would owe {dollars(fault.right.owed)}, not {dollars(fault.visit.asked)}.")
    if later := done.owed_to(fault):
        amount = sum(each.excess or 0.0 for each in later)
        told.append(
            f"   {len(later)} later {'visits owe' if len(later) > 1 else 'visit owes'} to it that "
            f"{'they are' if len(later) > 1 else 'it is'} split otherwise, by {dollars(amount)} in all."
        )
    told.append(f"   Ask {asked_of(fault)}.")
    return told


def _left(done: BillCheck) -> pd.DataFrame:
    """Return what the terms leave of each limit after each visit."""
    limits = [name for name in LIMITS if name in done.lines.columns]
    return pd.DataFrame(
        {"After": line["date"], "Claim": line["claim"], **{LIMITS[name]: dollars(line[name]) for name in limits}}
        for line in records(done.lines)
    )


def added_up(done: Estimates, *, width: int = 140) -> str:
    """Return the letters line by line, alone and together, and where the difference arises."""
    rows = []
    for line in records(done.lines):
        said = line["description"] or str(line["category"]).replace("_", " ")
        row = {"Estimate": line["estimate"], "Date": line["date"], "Service": said, "Price": dollars(line["allowed"])}
        if done.lines["said"].notna().any():
            row["The letter says"] = dollars(line["said"])
        row |= {"Alone": dollars(line["alone"]), "Together": dollars(line["together"])}
        rows.append(row | {"Less by": dollars(line["saved"]) if line["saved"] else "", "Why": line["why"]})
    letters = len(done.letters)
    less = round(done.alone - done.together, 2)
    head = (
        f"{done.plan.label}: {letters} {'estimate' if letters == 1 else 'estimates'}; each alone, they add up to "
        f"{dollars(done.alone)}; together, in the order of their dates, you pay {dollars(done.together)}"
    )
    if done.arises is not None:
        at = done.lines.iloc[done.arises]
        head += f". The difference of {dollars(less)} arises first at {at['estimate']}, {at['date']}: {at['why']}"
    parts = [fill(f"{head}.", width), as_text(pd.DataFrame(rows), width=width)]
    return "\n\n".join([*parts, *(fill(each, width) for each in done.notes)])
