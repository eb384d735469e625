"""Anyone's bills under a plan, line by line, with what is left of each limit after each line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pandas as pd

from ..errors import ParameterFileError, Problem
from ..inputs.bills import Bill, bills_of, read_bills
from ..inputs.card import check_days, patient_named, plan_named
from ..inputs.cells import sheet_of
from ..inputs.load import find_params, load_library
from ..inputs.patient import Met, Patient
from ..inputs.plan import CopayPer, Plan
from ..model.benefits import adjudicate
from ..model.ledger import COLUMNS, PATIENT, Service
from ..model.terms import stated_terms
from ..units import DAYS_PER_WEEK
from .netting import Entry, netted

__all__ = ["PatientShare", "patient_share"]


@dataclass(frozen=True)
class PatientShare:
    """Bills adjudicated: a row a service in date order, the totals, and what to know about them."""

    plan: Plan
    lines: pd.DataFrame
    totals: pd.Series[float]
    notes: tuple[str, ...]


def patient_share(
    bills: pd.DataFrame | Path | str, *, plan: str, patient: str | None = None, params: Path | str | None = None
) -> PatientShare:
    """Adjudicate a dated list of services.

    Parameters
    ----------
    bills
        A CSV file or a table with the columns ``date, category, allowed`` and, if you like,
        ``cash_price, charge, network, covered, description, days, claim, line`` (see
        :mod:`calc.inputs.bills`), USD. Amounts below 0 take back a line of before (see
        :mod:`calc.analysis.netting`).
    plan, patient
        Names under ``params/``, or files of your own that end in ``.yaml``. Without a patient
        nothing is met before the first bill and the plan year begins on 1 January.
    params
        The ``params/`` folder; the nearest here or above by default.

    Returns
    -------
    PatientShare
        To the cent. In each line deductible, copay, coinsurance, not covered, balance bill and plan
        paid add up to ``charged``: the allowed amount in network, the provider's charge out of it,
        the cash price where nothing is covered. What a provider in network charges above the
        allowed amount nobody owes; it is ``written_off``.

    Raises
    ------
    ParameterFileError, UnknownNameError
        before anything is worked out; a list of bills tells every wrong cell.
    """
    library = load_library(find_params() if params is None else Path(params))
    chosen = plan_named(plan, library)
    if isinstance(bills, pd.DataFrame):
        listed = bills_of(sheet_of(bills.to_dict("records"), list(bills.columns)))
    else:
        listed = read_bills(Path(bills))
    check_days(chosen, ((each.where, each.day) for each in listed))
    _lengths_of_stays(chosen, listed)
    listed, taken_back = _net(listed)
    if not listed:
        raise ParameterFileError(
            [Problem("the list", "", "nothing remains: every line is taken back", "Add the others.")]
        )
    listed = tuple(sorted(listed, key=lambda each: each.day))
    first, last = listed[0].day, listed[-1].day
    someone = patient_named(patient, library) if patient is not None else Patient(label="You", decision_date=first)
    someone, notes = _met_by_then(someone, listed)
    notes = [*taken_back, *notes]
    terms, ranges = stated_terms(chosen, someone, first, (last - first).days / DAYS_PER_WEEK + 1, library.sources)
    if ranges:
        notes.append(f"The plan gives a range for {', '.join(ranges)}; the middle is used.")
    ledger = adjudicate([_service(each, listed) for each in listed], terms, lines=True, cents=True)
    rows_out = []
    for bill, line in zip(listed, ledger.lines, strict=True):
        dollars = {name: round(float(line.columns[name][0]), 2) for name in COLUMNS}
        charged = round(sum(dollars.values()), 2)
        rows_out.append(
            {
                "row": bill.row,
                "date": bill.day.isoformat(),
                "category": str(bill.category),
                "description": bill.description,
                "charged": charged,
                **dollars,
                "you_pay": round(sum(dollars[name] for name in PATIENT), 2),
                "written_off": _written_off(bill, dollars["not_covered"] > 0),
                **{f"{name.replace('.', '_')}_left": float(left[0]) for name, left in line.left.items()},
            }
        )
    lines = pd.DataFrame(rows_out)
    totals = lines[["charged", *COLUMNS, "you_pay", "written_off"]].sum().round(2)
    return PatientShare(chosen, lines, totals, tuple(notes))


def _service(bill: Bill, listed: Sequence[Bill]) -> Service:
    def one(value: float) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
        return np.array([value])

    charge = None if bill.in_network else bill.allowed if bill.charge is None else bill.charge
    return Service(
        item=bill.description,
        category=bill.category,
        week=one((bill.day - listed[0].day).days / DAYS_PER_WEEK),
        allowed=one(bill.allowed),
        cash=one(bill.cash_price),
        happens=np.array([True]),
        covered=np.array([bill.covered]),
        charge=None if charge is None else one(charge),
        days=None if bill.days is None else one(bill.days),
    )


def _net(listed: Sequence[Bill]) -> tuple[tuple[Bill, ...], tuple[str, ...]]:
    """Return the bills that remain of those that take others back, and a note on each that does not."""
    entries = [
        Entry(at, each.where, each.claim, each.line, (each.day, each.category, each.in_network),
              (each.allowed, each.cash_price, each.charge), said=each.description)
        for at, each in enumerate(listed)
    ]  # fmt: skip
    done = netted(entries)
    kept = []
    for each in done.entries:
        allowed, cash, charge = each.amounts
        kept.append(replace(listed[each.at], allowed=allowed or 0.0, cash_price=cash or 0.0, charge=charge))
    return tuple(kept), done.notes


def _written_off(bill: Bill, refused: bool) -> float:
    """Return what a provider in network may not collect."""
    if bill.charge is None or not bill.in_network or refused:
        return 0.0
    return round(max(bill.charge - bill.allowed, 0.0), 2)


def _met_by_then(patient: Patient, listed: Sequence[Bill]) -> tuple[Patient, list[str]]:
    """Return the patient with what is met only where the first bill falls into the plan year it was met in."""
    if patient.year_starting_after(listed[0].day) == patient.year_starting_after(patient.decision_date):
        return patient, []
    if patient.met == Met():
        return patient, []
    note = (
        f"What is met counts in the plan year of {patient.decision_date.isoformat()}; the first bill is of another one."
    )
    return patient.model_copy(update={"met": Met()}), [note]


def _lengths_of_stays(plan: Plan, listed: Sequence[Bill]) -> None:
    """Raise for bills that are charged by the day and give no days."""
    daily = {category for category, benefit in plan.benefits.items() if benefit.copay_per is CopayPer.DAY}
    problems = [
        Problem(each.where, "days", f"{plan.label} charges {each.category} by the day", "Give the days.")
        for each in listed
        if each.category in daily and each.days is None and each.covered and each.in_network
    ]
    if problems:
        raise ParameterFileError(problems)
