"""Anyone's bills under a plan, line by line, with what is left of each limit after each line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd

from ..errors import ParameterFileError, Problem
from ..inputs.bills import Bill, bills_of, read_bills
from ..inputs.card import check_days, patient_named, plan_named, sources_under
from ..inputs.cells import sheet_of
from ..inputs.load import find_params
from ..inputs.met import met_misfits
from ..inputs.patient import Met, Patient, Remaining, Tier
from ..inputs.plan import Plan
from ..inputs.source import Source
from ..model.benefits import adjudicate
from ..model.calendar import years_between
from ..model.ledger import COLUMNS, PATIENT, Line, Service
from ..model.terms import stated_terms
from ..units import DAYS_PER_WEEK
from .netting import Entry, netted
from .visits import Visited, as_visits

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
        A CSV file or a table with the columns ``date, category, allowed`` and, if you like, others
        (see :mod:`calc.inputs.bills`), USD. Amounts below 0 take back a line of before (see
        :mod:`calc.analysis.netting`). What is one visit or one stay, and what the federal rule
        on surprise bills covers, is worked out and said where the list does not
        (:mod:`calc.analysis.visits`).
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
        the cash price of what is not covered. A charge below the allowed amount is what is allowed. What a
        provider in network charges above the allowed amount nobody owes; it is ``written_off``.

    Raises
    ------
    ParameterFileError, UnknownNameError
        before anything is worked out; a list of bills tells every wrong cell. A figure of the plan
        that the bills need and nobody knows is named; so is one of the patient that cannot be.
    """
    root = find_params() if params is None else Path(params)
    sources = sources_under(root)
    chosen = plan_named(plan, root, sources)
    every = _listed(bills)
    check_days(chosen, ((each.where, each.day) for each in every))
    kept, taken_back = _net(every)
    listed, notes = as_visits(chosen, sorted(map(Visited, kept), key=lambda each: each.bill.day))
    notes = [*taken_back, *notes]
    first, last = listed[0].bill.day, listed[-1].bill.day
    if patient is None:
        someone = Patient(label="You", decision_date=first)
    else:
        someone = patient_named(patient, root, sources)
        notes += _met_elsewhere(someone, first, last)
    impossible = [
        Problem(patient or "", ".".join(map(str, path)), what, fix) for path, what, fix in met_misfits(chosen, someone)
    ]
    if impossible:
        raise ParameterFileError(impossible)
    needed = _needed(chosen, someone, listed)
    terms, ranges = stated_terms(chosen, someone, first, (last - first).days / DAYS_PER_WEEK + 1, sources, needed)
    if ranges:
        notes.append(f"The plan gives a range for {', '.join(ranges)}; the middle is used.")
    other = _read_otherwise(chosen, someone, listed, sources)
    ledger = adjudicate([_service(each, first) for each in listed], terms, lines=True, cents=True)
    lines = pd.DataFrame([_row(each, line) for each, line in zip(listed, ledger.lines, strict=True)])
    totals = lines[["charged", *COLUMNS, "you_pay", "written_off"]].sum().round(2)
    if other is not None:
        notes.append(f"{other[1]} Read that way, you pay {other[0]:,.2f} and not {totals['you_pay']:,.2f}.")
    return PatientShare(chosen, lines, totals, tuple(notes))


def _listed(bills: pd.DataFrame | Path | str) -> Sequence[Bill]:
    """Return the bills of a file or a table."""
    if not isinstance(bills, pd.DataFrame):
        return read_bills(Path(bills))
    return bills_of(sheet_of(bills.to_dict("records"), list(bills.columns)))


def _net(listed: Sequence[Bill]) -> tuple[tuple[Bill, ...], tuple[str, ...]]:
    """Return the bills that remain of those that take others back, and a note on each that does not."""
    entries = [
        Entry(at, each.where, each.claim, each.line, (each.day, each.category, each.in_network),
              (each.allowed, each.cash_price, each.charge), said=each.description)
        for at, each in enumerate(listed)
    ]  # fmt: skip
    done = netted(entries)
    if not done.entries:
        fix = "Add the others."
        raise ParameterFileError([Problem("the list", "", "nothing remains: every line is taken back", fix)])
    kept = []
    for each in done.entries:
        allowed, cash, charge = each.amounts
        kept.append(replace(listed[each.at], allowed=allowed or 0.0, cash_price=cash or 0.0, charge=charge))
    return tuple(kept), done.notes


def _needed(plan: Plan, patient: Patient, listed: Sequence[Visited]) -> frozenset[str]:
    """Return the plan's figures that these bills meet."""
    places = {"second_tier"} if any(each.bill.tier == 2 for each in listed) else set()
    places |= {"out_of_network"} if any(each.charge is not None for each in listed) else set()
    covered = {each.bill.category for each in listed if each.bill.covered}
    return frozenset(plan.figures_for(covered, family=patient.tier is Tier.FAMILY, places=places))


def _read_otherwise(
    plan: Plan, patient: Patient, listed: Sequence[Visited], sources: Mapping[str, Source]
) -> tuple[float, str] | None:
    """Return what the patient pays under the other reading of the plan's papers, and why there is one."""
    other = plan.as_otherwise_read()
    if other is None or plan.other_reading is None:
        return None
    if not {plan.benefit_for(each.bill.category) for each in listed} & set(plan.other_reading.benefits):
        return None
    first, last = listed[0].bill.day, listed[-1].bill.day
    weeks = (last - first).days / DAYS_PER_WEEK + 1
    terms, _ = stated_terms(other, patient, first, weeks, sources, _needed(other, patient, listed))
    ledger = adjudicate([_service(each, first) for each in listed], terms, cents=True)
    return round(float(ledger.out_of_pocket[0]), 2), plan.other_reading.why


def _row(each: Visited, line: Line) -> dict[str, object]:
    """Return one line of the result."""
    bill = each.bill
    dollars = {name: round(float(line.columns[name][0]), 2) for name in COLUMNS}
    return {
        "row": bill.row,
        "date": bill.day.isoformat(),
        "category": str(bill.category),
        "description": bill.description,
        "charged": round(sum(dollars.values()), 2),
        **dollars,
        "you_pay": round(sum(dollars[name] for name in PATIENT), 2),
        "written_off": _written_off(each, dollars["not_covered"] > 0),
        **{f"{name.replace('.', '_')}_left": float(left[0]) for name, left in line.left.items()},
    }


def _service(each: Visited, first: date) -> Service:
    def one(value: float) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
        return np.array([value])

    bill = each.bill
    return Service(
        item=bill.description,
        category=bill.category,
        week=one((bill.day - first).days / DAYS_PER_WEEK),
        allowed=one(each.allowed),
        cash=one(bill.cash_price),
        happens=np.array([True]),
        covered=np.array([bill.covered]),
        charge=None if each.charge is None else one(each.charge),
        days=None if each.days is None else one(each.days),
        visit=each.visit,
        tier=bill.tier or 1,
        admitted=each.admitted,
    )


def _written_off(each: Visited, refused: bool) -> float:
    """Return what a provider may not collect."""
    if each.bill.charge is None or each.charge is not None or refused:
        return 0.0
    return round(max(each.bill.charge - each.allowed, 0.0), 2)


def _met_elsewhere(patient: Patient, first: date, last: date) -> list[str]:
    """Return what to know where some bills are of another plan year than what is met."""
    if patient.met == Met() and patient.remaining == Remaining():
        return []
    told = f"What is met counts in the plan year of {patient.decision_date.isoformat()}"
    before, after = (years_between(patient, patient.decision_date, day) for day in (first, last))
    if before > 0 or after < 0:
        return [f"{told}; no bill is of that year, so here it counts nowhere."]
    if before < 0 or after > 0:
        return [f"{told}; in the bills of other years nothing is met before them."]
    return []
