"""Every published worked example beside what the benefit engine makes of it.

Run it from the repository: ``python benchmarks/worked_examples.py``. The examples stand in
``tests/cases/benefit_examples.csv`` with their sources; a deductible that a page does not print is met. A Summary of
Benefits rounds to hundreds.
"""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path

import numpy as np

from calc.inputs.load import find_params, load_library
from calc.inputs.parameter import Category
from calc.inputs.patient import Patient
from calc.inputs.plan import Plan
from calc.model.benefits import adjudicate
from calc.model.ledger import Service
from calc.model.terms import stated_terms

CASES = Path(__file__).parents[1] / "tests" / "cases" / "benefit_examples.csv"
DAY = date(2026, 1, 5)


def parameter(unit: str, value: str) -> dict[str, object]:
    return {
        "label": unit,
        "unit": unit,
        "claims": [{"assumption": "As printed.", "reading": "exact", "value": float(value)}],
    }


def plan(case: dict[str, str]) -> Plan:
    """Return the example's card: one benefit with what the page prints of it."""
    benefit: dict[str, object] = {"deductible": bool(case["deductible"])}
    for name, unit in (("copay", "usd"), ("coinsurance", "share")):
        if case[name]:
            benefit[name] = parameter(unit, case[name])
    card: dict[str, object] = {"label": case["case"], "short": "Card", "year": 2026, "market": "commercial"}
    for name, column in (("deductible", "deductible"), ("out_of_pocket_maximum", "maximum")):
        if case[column]:
            card[name] = parameter("usd", case[column])
    return Plan.model_validate(card | {"benefits": {Category.OUTPATIENT_PROCEDURE: benefit}})


def bill(allowed: float, *, covered: bool) -> Service:
    one = np.array([allowed])
    return Service("bill", Category.OUTPATIENT_PROCEDURE, np.zeros(1), one, one, one >= 0, np.array([covered]))


def main() -> None:
    sources = load_library(find_params()).sources
    print(f"{'example':26s}{'bill':>10s}{'published':>12s}{'calc':>10s}")
    for case in csv.DictReader(CASES.read_text("utf-8").splitlines()):
        met = {"deductible": float(case["met"] or 0), "out_of_pocket": float(case["met"] or 0)}
        someone = Patient.model_validate({"label": "Someone", "decision_date": DAY, "met": met})
        terms, _ = stated_terms(plan(case), someone, DAY, 52.0, sources)
        refused = float(case["not_covered"] or 0)
        bills = [bill(float(case["bill"]) - refused, covered=True), bill(refused, covered=False)]
        pays = float(adjudicate(bills, terms, cents=True).out_of_pocket[0])
        print(f"{case['case']:26s}{float(case['bill']):10,.2f}{float(case['patient_pays']):12,.2f}{pays:10,.2f}")


if __name__ == "__main__":
    main()
