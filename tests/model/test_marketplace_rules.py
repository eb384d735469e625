"""The 53 pairs of copay and coinsurance options that US marketplaces use: each as a plan file, each held to its rule."""

from __future__ import annotations

import csv
from datetime import date
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from calc.inputs.load import Library, load_library
from calc.inputs.parameter import Category
from calc.inputs.patient import Patient
from calc.model.benefits import adjudicate
from calc.model.ledger import Service
from calc.model.terms import stated_terms

from ..inputs.mini import write

FILE = Path(__file__).parents[1] / "cases" / "copay_coinsurance_rules.csv"
RULES = list(csv.DictReader(FILE.read_text("utf-8").splitlines()))
COPAY, SHARE, DEDUCTIBLE, MAXIMUM = 40.0, 0.2, 300.0, 500.0
STAY = Category.INPATIENT_FACILITY
#: pairs of which the published rule uses other parts than the two options say
CONTRARY = {
    ("Copay before deductible", ""),
    ("Copay before deductible", "Coinsurance after deductible"),
    ("Copay per Day before deductible", "Coinsurance after deductible"),
    ("Copay per Day before deductible", "Not Applicable"),
    ("Copay per Stay", ""),
    ("Copay per Stay before deductible", "Coinsurance after deductible"),
}


def says(rule: dict[str, str], what: str) -> bool:
    return rule[what] == "true"


def figure(name: str, unit: str, value: float) -> str:
    return f"{name}: {{label: {name}, unit: {unit}, claims: [{{assumption: Card., reading: exact, value: {value}}}]}}"


def as_plan_file(rule: dict[str, str]) -> str:
    benefit = [f"deductible: {rule['subject_to_deductible']}"]
    if says(rule, "uses_copay"):
        benefit += [figure("copay", "usd", COPAY), f"copay_first: {rule['copay_before_deductible']}"]
        if "per Day" in rule["copay_option"]:
            benefit.append("copay_per: day")
        if "per Stay" in rule["copay_option"]:
            benefit.append("copay_per: stay")
    if says(rule, "uses_coinsurance"):
        benefit.append(figure("coinsurance", "share", SHARE))
    lines = "\n    ".join(benefit)
    limits = f"{figure('deductible', 'usd', DEDUCTIBLE)}\n{figure('out_of_pocket_maximum', 'usd', MAXIMUM)}"
    head = "label: Rule\nshort: Rule\nyear: 2026\nmarket: commercial"
    return f"{head}\n{limits}\nbenefits:\n  {STAY}:\n    {lines}\n"


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Library:
    root = write(tmp_path_factory.mktemp("rules") / "params")
    for number, rule in enumerate(RULES):
        (root / "plans" / f"rule_{number}.yaml").write_text(as_plan_file(rule), encoding="utf-8")
    return load_library(root)


def by_the_rule(rule: dict[str, str], allowed: float, left: float, room: float, days: float) -> float:
    """Return what the patient owes, from the rule's flags alone."""
    copay = COPAY if says(rule, "uses_copay") else 0.0
    if "per Day" in rule["copay_option"]:
        copay *= days
    share = SHARE if says(rule, "uses_coinsurance") else 0.0
    left = left if says(rule, "subject_to_deductible") else 0.0
    if says(rule, "copay_before_deductible"):
        first = min(copay, allowed)
        second = min(left, allowed - first)
    else:
        second = min(left, allowed)
        first = min(copay, allowed - second)
    owed = first + second + share * (allowed - first - second)
    return min(owed, room) if says(rule, "counts_to_moop") else owed


@cache
def someone(met: float, paid: float) -> Patient:
    limits = {"deductible": met, "out_of_pocket": paid}
    return Patient.model_validate({"label": "Someone", "decision_date": "2026-03-01", "met": limits})


@pytest.mark.parametrize("number", range(len(RULES)), ids=lambda n: f"{n}: {RULES[n]['copay_option'] or 'copay'}")
def test_a_pair_of_options_costs_what_its_rule_says(library: Library, number: int) -> None:
    rule, plan = RULES[number], library.plans[f"rule_{number}"]
    for met, paid in ((0.0, 0.0), (200.0, 200.0), (300.0, 300.0), (300.0, 470.0), (100.0, 500.0)):
        terms, ranges = stated_terms(plan, someone(met, paid), date(2026, 3, 1), 52.0, library.sources)
        assert ranges == ()
        for allowed in (0.0, 25.0, 40.0, 120.5, 340.0, 2_000.0):
            for days in (1.0, 3.0):
                one = np.array([allowed])
                everywhere = np.array([True])
                bill = Service("stay", STAY, np.zeros(1), one, one, everywhere, everywhere, None, np.array([days]))
                paid_now = float(adjudicate([bill], terms).out_of_pocket[0])
                expected = by_the_rule(rule, allowed, max(DEDUCTIBLE - met, 0.0), MAXIMUM - paid, days)
                assert paid_now == pytest.approx(expected, abs=1e-9), (met, paid, allowed, days)


def test_all_53_rules_are_there_and_each_counts_towards_the_maximum() -> None:
    assert len({(rule["copay_option"], rule["coinsurance_option"]) for rule in RULES}) == 53
    assert all(says(rule, "counts_to_moop") for rule in RULES)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: f"{rule['copay_option']}, {rule['coinsurance_option']}")
def test_the_words_of_a_pair_say_the_same_as_its_rule_but_for_six(rule: dict[str, str]) -> None:
    copay, coinsurance = rule["copay_option"], rule["coinsurance_option"]
    told = {
        "uses_copay": copay.startswith("Copay") or copay == "",
        "uses_coinsurance": coinsurance in ("", "Coinsurance after deductible"),
        "subject_to_deductible": "deductible" in copay + coinsurance,
        "copay_before_deductible": "before" in copay,
    }
    agrees = all(says(rule, name) == value for name, value in told.items())
    assert agrees == ((copay, coinsurance) not in CONTRARY)
