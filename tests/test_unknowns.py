"""An unknown never turns into a number: each figure of the shipped files set to unknown, and every table looked at."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import zip_longest
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from calc.analysis.compare import Result
from calc.cache import Cache
from calc.inputs.load import StudyInputs
from calc.inputs.many import Shelf
from calc.inputs.quantity import Quantity
from calc.model.outcomes import Known
from calc.model.simulate import Outcomes, simulate, simulate_views

STUDY, PATIENT = "chronic_low_back_pain", "with_travel_work_and_loan"
BASE: Mapping[str, object] = {"study.draws": 64, "study.views": ["guideline"], "study.patient": PATIENT}
#: two values of each dimension, far apart; a count cannot be unknown
ENDS = {"money": (1, 9000), "share": (0.02, 0.98), "time": (1, 40), "interest": (0.01, 0.3), "score": (1, 9)}
STATED = str(Known.STATED)
#: what a table tells of things whose outcome is stated, without a column of its own that says so
OF_STATED = ("costs_by_item", "by_component", "dots", "cash_flow", "limits_left", "by_date", "paid_by_week")
#: shipped plans beside the study's own that have other kinds of figures
PLANS = ("employer_ppo_2026", "high_deductible_2026", "medicare_2026", "silver_hmo_texas", "bronze_hdhp_alabama")

Group = Mapping[str, Quantity]


@pytest.fixture(scope="module")
def shelf() -> Shelf:
    return Shelf(Path(__file__).parents[1] / "params")


@pytest.fixture(scope="module")
def cache() -> Cache:
    return Cache()


def asked(shelf: Shelf, settings: Mapping[str, object]) -> StudyInputs:
    return shelf.study(STUDY, {**BASE, **settings})


def outcomes(shelf: Shelf, settings: Mapping[str, object]) -> Outcomes:
    return simulate(asked(shelf, settings), "guideline")


def tables(shelf: Shelf, settings: Mapping[str, object], cache: Cache) -> tuple[Result, dict[str, pd.DataFrame]]:
    with cache.in_use():
        inputs = asked(shelf, settings)
        result = Result(inputs, simulate_views(inputs), cache)
        return result, {**result.tables(), **result.costs.tables()}


def of_treatments(inputs: StudyInputs) -> list[Group]:
    """Return settings that each set one figure of every treatment: what one treatment rests on moves no other."""
    own = [
        [
            (f"{name}.{path}", each)
            for path, each in treatment.quantities().items()
            if not path.startswith("coverage.") and (path != "effect" or treatment.effects)
        ]
        for name, treatment in inputs.treatments.items()
    ]
    return [dict(each for each in row if each is not None) for row in zip_longest(*own)]


def held_at(path: str, quantity: Quantity, end: int) -> object:
    """Return the one or the other far end of a figure."""
    return ("excluded", "covered")[end] if path.endswith(".coverage") else ENDS[quantity.measure.dimension][end]


def unknown_at(path: str) -> str:
    """Return where an outcome lists a setting's path: at the option, but for plan and natural course."""
    head, _, inner = path.partition(".")
    if head == "condition":
        return f"natural.{'share' if '.share.' in inner else inner.split('.')[-1]}"
    return path if head == "plan" else inner


def faults_of(name: str, table: pd.DataFrame) -> Iterator[str]:
    """Yield rows that say a number is stated and have none, or have a number of what is not."""
    numbers = [each for each in ("p05", "p50", "p95", "mean", "used_up") if each in table]
    for row in table.to_dict("records") if "known" in table else ():
        missing = [each for each in numbers if pd.isna(row[each])]
        if row["known"] == STATED and "p50" in missing:
            yield f"{name}: stated and no number: {row}"
        if row["known"] in (str(Known.UNKNOWN), str(Known.NOT_STATED)) and len(missing) < len(numbers):
            yield f"{name}: a number of what is {row['known']}: {row}"
    for column in [each for each in table if each.endswith("_known") and each.removesuffix("_known") in table]:
        for known, value in zip(table[column], table[column.removesuffix("_known")], strict=True):
            if (known == STATED) != pd.notna(value):
                yield f"{name}: {column} is {known}, and the number {value}"


def hold(shelf: Shelf, cache: Cache, given: Mapping[str, object], group: Group) -> int:
    """Hold one group of figures, unknown, against the same at two ends; return how many outcomes it opens."""
    settings = {**given, **dict.fromkeys(group, "unknown")}
    with cache.in_use():
        found = outcomes(shelf, settings).treatments
        low, high = (
            outcomes(shelf, {**given, **{path: held_at(path, each, end) for path, each in group.items()}})
            for end in (0, 1)
        )
    opened = 0
    for name, simulated in found.items():
        mine = {unknown_at(path) for path in group if path.split(".")[0] in (name, "plan", "condition")}
        mine |= {"effect"} if any(path.endswith(".effect") for path in group) else set()  # that of a rival
        for outcome, estimate in simulated.outcomes.items():
            one, two = (each.treatments[name].outcomes[outcome] for each in (low, high))
            if one.known is Known.STATED is two.known and not np.array_equal(one.values, two.values):
                opened += 1
                assert estimate.known is not Known.STATED, f"{mine}: {name}, {outcome} is stated"
                assert mine & {each.removesuffix(".cash") for each in estimate.rests_on}, f"{mine}: {name}, {outcome}"
            if estimate.known is Known.UNKNOWN:
                assert estimate.envelope is not None
                assert not np.isnan(estimate.envelope).any()
    return opened


def look(shelf: Shelf, cache: Cache, given: Mapping[str, object], group: Group) -> None:
    """Look at every table with some figures unknown."""
    result, made = tables(shelf, {**given, **dict.fromkeys(group, "unknown")}, cache)
    found = result.views["guideline"].treatments
    for name, table in made.items():
        assert not list(faults_of(name, table))
    unpriced = [name for name, each in found.items() if each.outcomes["out_of_pocket"].known is not Known.STATED]
    for name in OF_STATED:
        assert not made[name]["treatment"].isin(unpriced).any(), name


def without_counts(group: Group) -> Group:
    return {path: each for path, each in group.items() if each.measure.dimension != "count"}


def test_each_figure_of_each_treatment_unknown_opens_what_it_moves(shelf: Shelf, cache: Cache) -> None:
    groups = of_treatments(asked(shelf, {}))
    assert sum(map(len, groups)) > 200
    assert sum(hold(shelf, cache, {}, wanted) for each in groups if (wanted := without_counts(each))) > 400


def test_no_table_has_a_number_of_a_treatments_unknown(shelf: Shelf, cache: Cache) -> None:
    for each in of_treatments(asked(shelf, {})):
        look(shelf, cache, {"study.plans": ["employer_ppo_2026"]}, without_counts(each))


@pytest.mark.parametrize("plan", PLANS)
def test_each_figure_of_a_plan_unknown_opens_what_it_moves(shelf: Shelf, cache: Cache, plan: str) -> None:
    given = {"study.plan": plan}
    opened = {
        path: hold(shelf, cache, given, {f"plan.{path}": each})
        for path, each in without_counts(asked(shelf, given).plan.parameters()).items()
        if path != "premium"  # it is no part of what a treatment costs
    }
    assert any(opened.values())


def test_no_table_has_a_number_of_a_plans_unknown(shelf: Shelf, cache: Cache) -> None:
    groups: dict[str, dict[str, Quantity]] = {}
    for path, each in without_counts(asked(shelf, {}).plan.parameters()).items():
        groups.setdefault(path.split(".")[-1], {})[f"plan.{path}"] = each
    for group in groups.values():
        look(shelf, cache, {"study.plans": ["employer_ppo_2026"]}, group)


def test_each_figure_of_the_condition_unknown_opens_what_it_moves(shelf: Shelf, cache: Cache) -> None:
    inputs = asked(shelf, {})
    course = f"condition.natural_course.{inputs.kind}"
    for path in (f"share.{inputs.relief}", "onset", "relief"):
        name = "natural.share" if path.startswith("share") else f"natural.{path}"
        group = {f"{course}.{path}": inputs.natural[name]}
        assert hold(shelf, cache, {}, group) > 10
        look(shelf, cache, {"study.plans": ["employer_ppo_2026"]}, group)


@pytest.mark.parametrize(("path", "line"), [("travel.per_mile", "travel"), ("financing.apr", "interest_if_late")])
def test_a_patients_unknown_leaves_its_line_without_a_number(shelf: Shelf, cache: Cache, path: str, line: str) -> None:
    _, made = tables(shelf, {f"patient.{path}": "unknown"}, cache)
    beside = made["beside"]
    assert not list(faults_of("beside", beside))
    assert (beside[beside["line"] == line]["known"] != STATED).all()
