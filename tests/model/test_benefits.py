"""Worked examples that insurers print, a slow reference, and laws of every bill under every plan."""

from __future__ import annotations

import csv
from dataclasses import replace
from itertools import pairwise
from math import inf
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from calc.inputs.parameter import Category
from calc.model.benefits import adjudicate
from calc.model.ledger import COLUMNS, CostSharing, Ledger, Limit, Service, Terms

from .plain_benefits import in_year, random_world, work_out, worlds

EXAMPLES = Path(__file__).parents[1] / "cases" / "benefit_examples.csv"
CASES = list(csv.DictReader(EXAMPLES.read_text("utf-8").splitlines()))
CENT = 0.005
#: a Summary of Benefits prints rounded figures (1,200 for a coinsurance of 1,190)
ROUNDING = {"sbc-nvidia-peg": 10.0}
VISIT, PROCEDURE = Category.SPECIALIST_VISIT, Category.OUTPATIENT_PROCEDURE


def service(
    allowed: object, *, week: object = 0.0, cash: object = 0.0, covered: object = True, category: Category = PROCEDURE
) -> Service:
    money, others, weeks, paid = np.broadcast_arrays(*np.atleast_1d(allowed, cash, week, covered))
    everywhere = np.ones(money.shape, dtype=bool)
    return Service("it", category, weeks + 0.0, money + 0.0, others + 0.0, everywhere, paid & everywhere)


def plan(
    *, deductible: float = 0.0, maximum: float = inf, copay: float = 0.0, coinsurance: float = 0.0, size: int = 1,
    turns: tuple[float, ...] = (), met: tuple[float, float] = (0.0, 0.0), **more: object,
) -> Terms:  # fmt: skip
    """Return a plan with one benefit, for procedures; ``more`` is laid over its cost sharing."""
    full = np.ones(size)
    sharing = replace(CostSharing(full * copay, full * coinsurance, "deductible", "maximum"), **more)
    limits = {
        "deductible": Limit(full * deductible, np.maximum(full * (deductible - met[0]), 0.0)),
        "maximum": Limit(full * maximum, np.maximum(full * (maximum - met[1]), 0.0)),
    }
    return Terms(size, limits, {PROCEDURE: sharing}, {}, turns, {}, {})


def columns(ledger: Ledger, draw: int = 0) -> dict[str, float]:
    return {name: float(values[draw]) for name, values in ledger.columns.items() if values[draw]}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["case"])
def test_a_printed_example_comes_out_to_the_cent_or_to_its_rounding(case: dict[str, str]) -> None:
    """Where a page prints no deductible because it is met, none is left; its amounts above allowed are uncovered."""
    figure = {name: float(case[name] or 0.0) for name in CASES[0] if name not in ("case", "source", "maximum")}
    terms = plan(
        deductible=figure["deductible"],
        maximum=float(case["maximum"] or inf),
        copay=figure["copay"],
        coinsurance=figure["coinsurance"],
        met=(figure["met"], figure["met"]),
    )
    bill = service(figure["bill"] - figure["not_covered"])
    ledger = adjudicate([bill, service(0.0, cash=figure["not_covered"], covered=False)], terms)
    tolerance = ROUNDING.get(case["case"], CENT)
    assert float(ledger.out_of_pocket[0]) == pytest.approx(figure["patient_pays"], abs=tolerance)
    assert sum(columns(ledger).values()) == pytest.approx(figure["bill"], abs=CENT)


def test_every_printed_example_is_cited() -> None:
    assert len(CASES) >= 12
    assert all("http" in case["source"] or "github" in case["source"] for case in CASES)


@settings(max_examples=150)
@given(st.integers(0, 2**32 - 1))
def test_thousands_of_plans_pay_as_the_slow_reference_works_out_draw_by_draw(seed: int) -> None:
    services, terms = random_world(seed, draws=24)
    ledger = adjudicate(services, terms)
    for draw in range(terms.size):
        by_column, by_item = work_out(services, terms, draw)
        assert {name: float(each[draw]) for name, each in ledger.columns.items()} == pytest.approx(by_column, abs=1e-6)
        assert {name: float(each[draw]) for name, each in ledger.by_item.items()} == pytest.approx(by_item, abs=1e-6)


@settings(max_examples=50)
@given(worlds())
def test_the_columns_of_each_service_add_up_to_its_charge(world: tuple[list[Service], Terms]) -> None:
    services, terms = world
    ledger = adjudicate(services, terms, lines=True)
    for line in ledger.lines:
        service = line.service
        allowed = service.allowed if service.charge is None else service.charge
        paid = sum(line.columns.values())
        low, high = (
            np.minimum(service.cash, allowed),
            np.maximum(service.cash, allowed),
        )  # a stay may be covered in part
        assert (((low - 1e-6 <= paid) & (paid <= high + 1e-6)) | ~service.happens).all()
        sharing = terms.sharing_of(service)
        if sharing is not None and not sharing.counted and terms.long_stays is None:
            covered = service.covered & service.happens
            assert paid[covered] == pytest.approx(allowed[covered], abs=1e-6)
        assert all((values >= -1e-9).all() for values in line.columns.values())
    for name in COLUMNS:
        kept = sum((line.columns[name] for line in ledger.lines), start=np.zeros(terms.size))
        assert kept == pytest.approx(ledger.columns[name], abs=1e-6)
    mine = sum(ledger.by_item.values(), start=np.zeros(terms.size))
    assert mine == pytest.approx(ledger.out_of_pocket, abs=1e-6)


@settings(max_examples=50)
@given(worlds())
def test_no_plan_year_takes_more_than_its_deductible_or_its_maximum(world: tuple[list[Service], Terms]) -> None:
    services, terms = world
    lines = adjudicate(services, terms, lines=True).lines
    edges = (-inf, *terms.year_turns, inf)
    for name, limit in terms.limits.items():
        for year, (start, end) in enumerate(pairwise(edges)):
            taken = np.zeros(terms.size)
            for line in lines:
                sharing = terms.sharing_of(line.service)
                day = np.rint(line.service.week * 7)
                inside = (day >= np.rint(start * 7)) & (day < np.rint(end * 7))
                if sharing is not None and sharing.deductible == name and sharing.admission_deductible is None:
                    taken += np.where(inside, line.columns["deductible"], 0.0)
                elif sharing is not None and sharing.maximum == name:
                    counted = sum(line.columns[each] for each in ("deductible", "copay", "coinsurance"))
                    taken += np.where(inside, counted, 0.0)
            if limit.gap is None:
                assert (taken <= (limit.left if year == terms.met_in else limit.full) + 1e-6).all()


@settings(max_examples=50)
@given(worlds(yearly=True))
def test_a_plan_year_owes_nothing_to_another(world: tuple[list[Service], Terms]) -> None:
    """Benefit periods, lifetimes, and visits that a year's end cuts in two are left out."""
    services, terms = world
    whole = adjudicate(services, terms)
    summed = dict.fromkeys(COLUMNS, 0.0)
    for year in range(len(terms.year_turns) + 1):
        ledger = adjudicate(in_year(services, terms, year), terms)
        summed = {name: summed[name] + ledger.columns[name] for name in COLUMNS}
    for name in COLUMNS:
        assert whole.columns[name] == pytest.approx(summed[name], abs=1e-6)


@settings(max_examples=50)
@given(worlds(least=1), st.data())
def test_a_higher_price_never_costs_the_patient_less_nor_more_than_itself(
    world: tuple[list[Service], Terms], data: st.DataObject
) -> None:
    services, terms = world
    index = data.draw(st.integers(0, len(services) - 1))
    one = services[index]
    charge = None if one.charge is None else one.charge + 100
    dearer = replace(one, allowed=one.allowed + 100, cash=one.cash + 100, charge=charge)
    before = adjudicate(services, terms).out_of_pocket
    added = adjudicate([*services[:index], dearer, *services[index + 1 :]], terms).out_of_pocket - before
    assert (added >= -1e-6).all()
    assert (added <= 100 + 1e-6).all()


@settings(max_examples=50)
@given(worlds(copays=False, counts=False, least=1), st.sampled_from([0.0, 0.25, 0.5]))
def test_under_coinsurance_only_a_bill_in_two_parts_costs_the_same(
    world: tuple[list[Service], Terms], part: float
) -> None:
    (first, *others), terms = world
    one, two = (
        replace(
            first,
            allowed=first.allowed * share,
            cash=first.cash * share,
            charge=None if first.charge is None else first.charge * share,
        )
        for share in (part, 1 - part)
    )
    whole, split = adjudicate([first, *others], terms), adjudicate([one, two, *others], terms)
    for name in COLUMNS:
        assert split.columns[name] == pytest.approx(whole.columns[name], abs=1e-6)


@settings(max_examples=50)
@given(worlds(met=False, counts=False))
def test_a_year_that_turns_never_makes_it_cheaper_where_nothing_was_met(world: tuple[list[Service], Terms]) -> None:
    services, terms = world
    one_year = adjudicate(services, replace(terms, year_turns=())).out_of_pocket
    assert (adjudicate(services, terms).out_of_pocket >= one_year - 1e-6).all()


@settings(max_examples=50)
@given(worlds(), st.data())
def test_what_is_not_covered_leaves_the_rest_alone(world: tuple[list[Service], Terms], data: st.DataObject) -> None:
    services, terms = world
    size = terms.size
    week = data.draw(st.lists(st.sampled_from([0.0, 9.75, 10.0]), min_size=size, max_size=size))
    extra = service(777.0, week=week, cash=500.0, covered=False, category=VISIT)
    before, after = adjudicate(services, terms), adjudicate([extra, *services], terms)
    assert after.columns["not_covered"] == pytest.approx(before.columns["not_covered"] + 500.0, abs=1e-6)
    for name in set(COLUMNS) - {"not_covered"}:
        assert after.columns[name] == pytest.approx(before.columns[name], abs=1e-6)


def test_the_expected_cost_under_a_maximum_is_not_the_cost_of_the_expected_bill() -> None:
    sure, unsure = np.array([5_000.0, 5_000.0]), np.array([0.0, 10_000.0])
    terms = plan(coinsurance=0.5, maximum=3_000.0, size=2)
    assert adjudicate([service(sure)], terms).out_of_pocket.mean() == 2_500.0
    assert adjudicate([service(unsure)], terms).out_of_pocket.mean() == 1_500.0


def test_a_service_on_the_day_the_year_turns_belongs_to_the_new_year() -> None:
    terms = plan(deductible=100.0, turns=(10.0,), size=3)
    ledger = adjudicate([service(100.0, week=[0.0, 0.0, 0.0]), service(100.0, week=[9.9, 10.0, 10.01])], terms)
    assert ledger.columns["deductible"].tolist() == [100.0, 200.0, 200.0]


def test_what_is_met_already_counts_in_the_running_year_only() -> None:
    terms = plan(deductible=100.0, maximum=150.0, coinsurance=0.5, turns=(10.0,), met=(60.0, 90.0))
    assert columns(adjudicate([service(1_000.0)], terms)) == {
        "deductible": 40.0, "coinsurance": 20.0, "plan_paid": 940.0,
    }  # fmt: skip
    assert columns(adjudicate([service(1_000.0, week=10.0)], terms)) == {
        "deductible": 100.0, "coinsurance": 50.0, "plan_paid": 850.0,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("copay_first", "expected"),
    [
        (True, {"copay": 30.0, "deductible": 100.0, "coinsurance": 14.0, "plan_paid": 56.0}),
        (False, {"copay": 30.0, "deductible": 100.0, "coinsurance": 14.0, "plan_paid": 56.0}),
    ],
)
def test_a_copay_is_taken_off_before_the_coinsurance(copay_first: bool, expected: dict[str, float]) -> None:
    terms = plan(deductible=100.0, copay=30.0, coinsurance=0.2, copay_first=copay_first)
    assert columns(adjudicate([service(200.0)], terms)) == pytest.approx(expected)


def test_before_the_deductible_a_copay_is_owed_and_after_it_none_on_a_bill_the_deductible_swallows() -> None:
    first, last = (plan(deductible=100.0, copay=30.0, copay_first=order) for order in (True, False))
    assert columns(adjudicate([service(80.0)], first)) == {"copay": 30.0, "deductible": 50.0}
    assert columns(adjudicate([service(80.0)], last)) == {"deductible": 80.0}


def test_the_same_services_in_another_order_of_dates_meet_the_deductible_in_that_order() -> None:
    terms = plan(deductible=100.0, coinsurance=0.5, size=2)
    needle = replace(service(100.0, week=[1.0, 2.0]), item="needle")
    scan = replace(service(100.0, week=[2.0, 1.0]), item="scan")
    by_item = adjudicate([needle, scan], terms).by_item
    assert by_item["needle"].tolist() == [100.0, 50.0]
    assert by_item["scan"].tolist() == [50.0, 100.0]


@pytest.mark.parametrize("crossing", [False, True])
def test_on_the_same_day_services_are_taken_in_the_order_given_whatever_other_draws_do(crossing: bool) -> None:
    terms = plan(deductible=100.0, coinsurance=0.5, size=2)
    needle = replace(service(100.0, week=[2.0, 3.0]), item="needle")
    scan = replace(service(100.0, week=[1.0, 3.0]), item="scan")
    later = [service(0.0, week=[9.0, 10.0]), service(0.0, week=[10.0, 9.0])] if crossing else []
    by_item = adjudicate([needle, scan, *later], terms).by_item
    assert by_item["needle"].tolist() == [50.0, 100.0]
    assert by_item["scan"].tolist() == [100.0, 50.0]


def test_a_price_not_stated_leaves_the_total_not_stated_only_where_it_is_charged() -> None:
    terms = plan(deductible=100.0, coinsurance=0.5, size=3, turns=(1.0,))
    bill = service([np.nan, 300.0, np.nan], cash=[5.0, np.nan, 5.0], covered=[True, True, False])
    later = service(400.0, week=[2.0, 2.0, 2.0])
    owes = adjudicate([bill, later], terms).out_of_pocket
    assert np.isnan(owes[0])
    assert owes[1:].tolist() == [200.0 + 250.0, 5.0 + 250.0]


def test_no_service_costs_nothing() -> None:
    assert not adjudicate([], plan(deductible=100.0)).out_of_pocket.any()
