"""A plan worked out the slow way: one draw, one service after another, plain floats; and random plans."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from math import inf
from typing import Any

import numpy as np
from hypothesis import strategies as st

from calc.inputs.parameter import Category
from calc.model.ledger import CostSharing, Limit, Service, Terms

#: the last one has no benefit in any of the random plans
CATEGORIES = (
    Category.SPECIALIST_VISIT, Category.OUTPATIENT_PROCEDURE, Category.GENERIC_DRUGS, Category.INPATIENT_FACILITY,
    Category.MEDICAL_EQUIPMENT,
)  # fmt: skip
TURNS = (10.0, 62.25, 114.5)
NAMES = ("deductible", "copay", "coinsurance", "not_covered", "balance_bill", "plan_paid")


@dataclass
class Year:
    """What one draw has left, and how often it has been seen, since the plan year began."""

    left: dict[str, float]
    visits: dict[Category, int] = field(default_factory=dict)


def work_out(services: list[Service], terms: Terms, draw: int) -> tuple[dict[str, float], dict[str, float]]:
    """Return one draw's dollars by column, and the patient's by item."""
    columns = dict.fromkeys(NAMES, 0.0)
    items = {service.item: 0.0 for service in services}
    now, so_far = 0, Year({name: float(limit.left[draw]) for name, limit in terms.limits.items()})
    cared: dict[str, float] = {}
    for service in sorted((each for each in services if each.happens[draw]), key=lambda each: float(each.week[draw])):
        week = float(service.week[draw])
        year = sum(1 for turn in terms.year_turns if turn <= week)
        if year != now:
            now, kept = year, so_far.left
            so_far = Year(
                {
                    name: float(limit.full[draw]) if limit.gap is None else kept[name]
                    for name, limit in terms.limits.items()
                }
            )
        for column, dollars in one(service, terms, draw, so_far, cared, week).items():
            columns[column] += dollars
            items[service.item] += dollars if column != "plan_paid" else 0.0
    return columns, items


def one(  # noqa: C901  slow and obvious, each rule in its turn
    service: Service, terms: Terms, draw: int, so_far: Year, cared: dict[str, float], week: float
) -> dict[str, float]:
    """Return one service's dollars by column."""

    def drawn(values: Any) -> float | None:
        return None if values is None else float(values[draw])

    outside = service.charge is not None
    sharing = (terms.out_of_network if outside else terms.sharing).get(service.category)
    charge = float(service.charge[draw]) if service.charge is not None else None
    covered = sharing is not None and bool(service.covered[draw])
    counted = covered
    if covered and sharing.visit_limit is not None:
        covered = so_far.visits.get(service.category, 0) < float(sharing.visit_limit[draw])
    if not covered:
        return {"not_covered": float(service.cash[draw]) if charge is None else charge}
    seen = so_far.visits.get(service.category, 0)
    if counted:
        so_far.visits[service.category] = seen + 1
    allowed = float(service.allowed[draw])
    paid = dict.fromkeys(NAMES, 0.0)
    paid["balance_bill"] = max(charge - allowed, 0.0) if charge is not None else 0.0
    reference = drawn(sharing.reference_price)
    if reference is not None and allowed > reference:
        paid["balance_bill"] += allowed - reference
        allowed = reference
    days = drawn(service.days)
    if sharing.deductible is not None:
        limit = terms.limits[sharing.deductible]
        if limit.gap is not None:
            last = cared.get(sharing.deductible)
            if last is not None and week - last >= float(limit.gap[draw]):
                so_far.left[sharing.deductible] = float(limit.full[draw])
            cared[sharing.deductible] = week + (days or 0.0) / 7
    for column, dollars in owed(allowed, sharing, draw, days, seen, so_far.left):
        pay = dollars
        if sharing.maximum is not None:
            pay = min(dollars, so_far.left[sharing.maximum])
            so_far.left[sharing.maximum] -= pay
        if column == "deductible" and sharing.deductible is not None:
            so_far.left[sharing.deductible] -= pay
        paid[column] += pay
    paid["plan_paid"] = allowed - paid["deductible"] - paid["copay"] - paid["coinsurance"]
    return paid


def owed(
    allowed: float, sharing: CostSharing, draw: int, days: float | None, seen: int, left: dict[str, float]
) -> list[tuple[str, float]]:
    """Return what the patient owes for one covered service, in order, were there no maximum."""
    copay = float(sharing.copay[draw])
    if sharing.per_day and copay:
        charged = days if days is not None else float("nan")
        if sharing.copay_days is not None:
            charged = min(charged, float(sharing.copay_days[draw]))
        copay *= charged
    copay = min(copay, allowed)
    towards = 0.0
    if sharing.deductible is not None:
        free = sharing.visits_before_deductible
        if free is None or seen >= float(free[draw]):
            towards = min(left[sharing.deductible], allowed)
    if sharing.copay_first:
        towards = min(towards, allowed - copay)
    else:
        copay = min(copay, allowed - towards)
    share = float(sharing.coinsurance[draw]) * (allowed - copay - towards)
    if sharing.coinsurance_most is not None:
        share = min(share, float(sharing.coinsurance_most[draw]))
    first = [("copay", copay), ("deductible", towards)]
    return [*(first if sharing.copay_first else reversed(first)), ("coinsurance", share)]


class Dice:
    """Random numbers in the shapes that plans and bills have: boundaries are met exactly and often."""

    def __init__(self, seed: int, draws: int) -> None:
        self.random, self.draws = np.random.default_rng(seed), draws

    def usd(self, most: int) -> np.ndarray:
        """Whole dollars and quarters, often 0."""
        quarters = self.random.integers(0, 4 * most, self.draws) / 4
        return np.where(
            self.random.random(self.draws) < 0.2, 0.0, np.where(quarters % 2 < 1, np.floor(quarters), quarters)
        )

    def of(self, *values: float) -> np.ndarray:
        return self.random.choice(values, self.draws)

    def flags(self, share: float) -> np.ndarray:
        return self.random.random(self.draws) < share

    def once_in(self, times: int) -> bool:
        return bool(self.random.integers(times) == 0)

    def any_of(self, *values: Any) -> Any:
        return values[self.random.integers(len(values))]


def random_world(
    seed: int, *, draws: int = 4, least: int = 0, met: bool = True, copays: bool = True, counts: bool = True
) -> tuple[list[Service], Terms]:
    """Return random bills and a random plan, each draw another one.

    Without ``counts`` nothing in the plan depends on how many services a bill has.
    """
    dice = Dice(seed, draws)
    return _bills(dice, least), _plan(dice, met=met, copays=copays, counts=counts)


def _limits(dice: Dice, *, met: bool) -> dict[str, Limit]:
    """Return some limits: one of each, several, or none."""
    found = {}
    for name in ("deductible", "drugs.deductible", "stay", "maximum", "drugs.maximum"):
        if dice.once_in(3):
            continue
        full = dice.usd(3000 if "maximum" not in name else 6000)
        if "maximum" in name:
            full = np.where(dice.flags(0.3), inf, full)
        left = np.maximum(full - dice.usd(2000), 0.0) if met else full
        found[name] = Limit(full, left, dice.of(4.0, 8.5) if name == "stay" else None)
    return found


def _plan(dice: Dice, *, met: bool, copays: bool, counts: bool) -> Terms:
    limits = _limits(dice, met=met)

    def named(*names: str) -> str | None:
        return dice.any_of(None, *(name for name in names if name in limits))

    def sharing(category: Category) -> CostSharing:
        deductible = named(*(("drugs.deductible",) * 2 if category.is_drug else ("deductible", "stay")))
        return CostSharing(
            copay=dice.usd(200) if copays and not dice.once_in(3) else np.zeros(dice.draws),
            coinsurance=dice.of(0.0, 0.1, 0.2, 0.5, 1.0),
            deductible=deductible,
            maximum=named("drugs.maximum" if category.is_drug else "maximum", "maximum"),
            copay_first=copays and deductible is not None and dice.once_in(2),
            per_day=copays and dice.once_in(4),
            copay_days=dice.of(1.0, 2.0, 4.0) if dice.once_in(3) else None,
            coinsurance_most=dice.usd(300) if counts and dice.once_in(3) else None,
            visits_before_deductible=dice.of(0.0, 1.0, 2.0) if counts and dice.once_in(3) else None,
            visit_limit=dice.of(0.0, 1.0, 3.0) if counts and dice.once_in(3) else None,
            reference_price=dice.usd(3000) if counts and dice.once_in(3) else None,
        )

    return Terms(
        size=dice.draws,
        limits=limits,
        sharing={category: sharing(category) for category in CATEGORIES[:-1]},
        out_of_network={category: sharing(category) for category in CATEGORIES[: int(dice.random.integers(5))]},
        year_turns=TURNS[: int(dice.random.integers(len(TURNS) + 1))],
        denied={},
        delay={},
    )


def _bills(dice: Dice, least: int) -> list[Service]:
    """Return dated services: each draw has its own dates and prices, some on the very day a year turns."""
    return [
        Service(
            item=f"item {index % 4}",
            category=dice.any_of(*CATEGORIES),
            week=np.where(dice.flags(0.3), dice.of(0.0, *TURNS), dice.random.integers(0, 640, dice.draws) / 4),
            allowed=dice.usd(5000),
            cash=dice.usd(5000),
            happens=dice.flags(0.5) | (not dice.once_in(3)),
            covered=dice.flags(0.5) | (not dice.once_in(3)),
            charge=dice.usd(6000) if dice.once_in(4) else None,
            days=dice.of(1.0, 2.0, 5.0),
        )
        for index in range(int(dice.random.integers(least, 8)))
    ]


def worlds(**kind: Any) -> st.SearchStrategy[tuple[list[Service], Terms]]:
    """Return random bills under random plans, eight draws at a time."""
    return st.integers(0, 2**32 - 1).map(lambda seed: random_world(seed, draws=8, **kind))


def in_year(services: list[Service], terms: Terms, year: int) -> list[Service]:
    """Return the services as if only those of one plan year happened."""
    edges = (-inf, *terms.year_turns, inf)
    return [
        replace(each, happens=each.happens & (each.week >= edges[year]) & (each.week < edges[year + 1]))
        for each in services
    ]
