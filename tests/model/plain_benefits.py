"""A plan worked out the slow way: one draw, one service after another, plain floats; and random plans."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from math import inf
from typing import Any

import numpy as np
from hypothesis import strategies as st

from calc.inputs.benefit import LimitPer
from calc.inputs.parameter import Category
from calc.model.ledger import CostSharing, Limit, LongStays, Service, Terms

#: the last one has no benefit in any of the random plans
CATEGORIES = (
    Category.SPECIALIST_VISIT, Category.OUTPATIENT_PROCEDURE, Category.GENERIC_DRUGS, Category.INPATIENT_FACILITY,
    Category.MEDICAL_EQUIPMENT,
)  # fmt: skip
TURNS = (10.0, 62.25, 114.5)
STAY = "benefit_period.deductible"
NAMES = ("deductible", "copay", "coinsurance", "not_covered", "balance_bill", "plan_paid")


@dataclass
class State:
    """What one draw has left, what it has used, and which visits it has begun."""

    left: dict[str, float]
    visits: dict[Category, int] = field(default_factory=dict)  # within the limit's period
    this_year: dict[Category, int] = field(default_factory=dict)
    days: dict[Category, float] = field(default_factory=dict)
    dollars: dict[Category, float] = field(default_factory=dict)
    since: dict[Category, int] = field(default_factory=dict)
    in_period: float = 0.0
    reserve: float = 0.0
    cared: dict[str, float] = field(default_factory=dict)
    begun: dict[tuple[Any, ...], dict[str, Any]] = field(default_factory=dict)

    def forget(self, category: Category) -> None:
        for counts in (self.visits, self.days, self.dollars):
            counts.pop(category, None)


def day_of(week: float) -> int:
    return round(week * 7)


def work_out(services: list[Service], terms: Terms, draw: int) -> tuple[dict[str, float], dict[str, float]]:
    """Return one draw's dollars by column, and the patient's by item."""
    columns = dict.fromkeys(NAMES, 0.0)
    items = {service.item: 0.0 for service in services}
    now = 0
    state = State(
        {
            name: float((limit.left if terms.met_in == 0 or limit.gap is not None else limit.full)[draw])
            for name, limit in terms.limits.items()
        }
    )
    for name, limit in terms.limits.items():
        if limit.last != inf:
            state.cared[name] = day_of(limit.last)
    if terms.long_stays is not None:
        state.in_period, state.reserve = terms.long_stays.used, terms.long_stays.reserve_used
    for service in sorted(
        (each for each in services if each.happens[draw]), key=lambda each: day_of(float(each.week[draw]))
    ):
        day = day_of(float(service.week[draw]))
        year = sum(1 for turn in terms.year_turns if day_of(turn) <= day)
        while now < year:
            now += 1
            begin_year(state, terms, draw, now)
        for column, dollars in one(service, terms, draw, state, day).items():
            columns[column] += dollars
            items[service.item] += dollars if column != "plan_paid" else 0.0
    return columns, items


def begin_year(state: State, terms: Terms, draw: int, year: int) -> None:
    for name, limit in terms.limits.items():
        if limit.gap is None:
            state.left[name] = float((limit.left if year == terms.met_in else limit.full)[draw])
    state.this_year = {}
    periods = any(limit.gap is not None for limit in terms.limits.values())
    for category in CATEGORIES:
        per = limit_per(terms, category)
        if per is LimitPer.YEAR or (per is LimitPer.BENEFIT_PERIOD and not periods):
            state.forget(category)


def limit_per(terms: Terms, category: Category) -> LimitPer:
    kinds = (terms.sharing, terms.second_tier, terms.out_of_network)
    found = [kind[category].limit_per for kind in kinds if category in kind and kind[category].counted]
    return found[-1] if found else LimitPer.YEAR


def one(  # noqa: C901  slow and obvious, each rule in its turn
    service: Service, terms: Terms, draw: int, state: State, day: int
) -> dict[str, float]:
    """Return one service's dollars by column."""
    cash, category = float(service.cash[draw]), service.category
    sharing = terms.sharing.get(category)
    if service.charge is not None:
        sharing = terms.out_of_network.get(category)
    elif service.tier == 2:
        sharing = terms.second_tier.get(category, sharing)
    if sharing is None or not service.covered[draw]:
        return {"not_covered": cash}
    stay = float(service.days[draw]) if service.days is not None else None
    period(sharing, terms, draw, state, day, stay)
    place = "out" if service.charge is not None else service.tier
    visit = state.begun.setdefault((service.visit, category, place), {}) if service.visit is not None else {}
    if "part" not in visit:
        visit |= counted(sharing, terms, draw, state, category, day, stay)
    part = visit["part"]
    if part <= 0.0:
        return {"not_covered": cash}
    allowed, paid = float(service.allowed[draw]), dict.fromkeys(NAMES, 0.0)
    if service.charge is not None:
        charge = float(service.charge[draw])
        paid["balance_bill"] = max(charge - allowed, 0.0) * part
        allowed = min(allowed, charge)
    paid["not_covered"] = (1.0 - part) * cash
    allowed *= part
    if sharing.reference_price is not None:
        above = max(allowed - float(sharing.reference_price[draw]), 0.0)
        paid["balance_bill"] += above
        allowed -= above
    for column, dollars in owed(service, allowed, sharing, draw, stay, visit, state):
        pay = dollars
        if sharing.maximum is not None:
            pay = min(dollars, state.left[sharing.maximum])
            state.left[sharing.maximum] -= pay
        if column == "deductible" and sharing.deductible is not None:
            by_year = terms.limits[sharing.deductible].gap is None
            state.left[sharing.deductible] -= pay if by_year else dollars
        paid["deductible" if column == "admission" else column] += pay
    paid["plan_paid"] = allowed - paid["deductible"] - paid["copay"] - paid["coinsurance"]
    if sharing.dollar_limit is not None:
        spent = state.dollars.get(category, 0.0)
        over = max(paid["plan_paid"] - max(float(sharing.dollar_limit[draw]) - spent, 0.0), 0.0)
        paid["plan_paid"] -= over
        paid["not_covered"] += over
        state.dollars[category] = spent + paid["plan_paid"]
    return paid


def period(sharing: CostSharing, terms: Terms, draw: int, state: State, day: int, stay: float | None) -> None:
    """Begin a benefit period where this care comes long enough after the one before."""
    limit = terms.limits[sharing.deductible] if sharing.deductible is not None else None
    if limit is None or limit.gap is None:
        return
    last = state.cared.get(sharing.deductible)
    if last is not None and day - last >= day_of(float(limit.gap[draw])):
        state.left[sharing.deductible] = float(limit.full[draw])
        state.in_period = 0.0
        for category in CATEGORIES:
            if limit_per(terms, category) is LimitPer.BENEFIT_PERIOD:
                state.forget(category)
    ends = day + (stay or 0.0)
    state.cared[sharing.deductible] = ends if last is None else max(last, ends)


def counted(  # noqa: C901  slow and obvious, each limit in its turn
    sharing: CostSharing, terms: Terms, draw: int, state: State, category: Category, day: int, stay: float | None
) -> dict[str, Any]:
    """Return the part of a visit that is covered, whether it is free of the deductible, and what its days cost."""
    free, part, long = False, 1.0, stay or 1.0
    if limit_per(terms, category) is LimitPer.SIX_MONTHS and day - state.since.get(category, -inf) >= 183:
        state.forget(category)
        state.since[category] = day
    if sharing.visits_before_deductible is not None:
        free = state.this_year.get(category, 0) < float(sharing.visits_before_deductible[draw])
    if sharing.visit_limit is not None and state.visits.get(category, 0) >= float(sharing.visit_limit[draw]):
        part = 0.0
    if sharing.day_limit is not None:
        before = 0.0 if limit_per(terms, category) is LimitPer.STAY else state.days.get(category, 0.0)
        part = min(part, max(float(sharing.day_limit[draw]) - before, 0.0) / long)
    if sharing.dollar_limit is not None and state.dollars.get(category, 0.0) >= float(sharing.dollar_limit[draw]):
        part = 0.0
    if part > 0.0:
        state.visits[category] = state.visits.get(category, 0) + 1
        state.this_year[category] = state.this_year.get(category, 0) + 1
        state.days[category] = state.days.get(category, 0.0) + part * long
    daily = 0.0
    rules = terms.long_stays
    if rules is not None and sharing.deductible == "benefit_period.deductible":
        lost = 0
        for _ in range(round(long)):  # day after day
            state.in_period += 1
            if state.in_period <= float(rules.full[draw]):
                continue
            if state.in_period <= float(rules.full[draw] + rules.daily_days[draw]):
                daily += float(rules.daily[draw])
            elif state.reserve < float(rules.reserve_days[draw]):
                state.reserve += 1
                daily += float(rules.reserve[draw])
            else:
                lost += 1
        part = min(part, 1.0 - lost / long)
    return {"part": part, "free": free, "daily": daily, "paid": {}}


def owed(
    service: Service, allowed: float, sharing: CostSharing, draw: int, stay: float | None, visit: dict[str, Any],
    state: State,
) -> list[tuple[str, float]]:  # fmt: skip
    """Return what the patient owes for one covered service, in order, were there no maximum."""
    before = visit["paid"]

    def once(what: str, whole: float, rest: float) -> float:
        due = min(max(whole - before.get(what, 0.0), 0.0), rest)
        before[what] = before.get(what, 0.0) + due
        return due

    admission = sharing.admission_deductible
    first = once("admission", float(admission[draw]), allowed) if admission is not None else 0.0
    rest = allowed - first
    copay = float(sharing.copay[draw])
    if service.admitted and sharing.waived_if_admitted:
        copay = 0.0
    if sharing.per_day and copay:
        charged = stay if stay is not None else float("nan")
        if sharing.copay_days is not None:
            charged = min(charged, float(sharing.copay_days[draw]))
        copay *= charged
    copay += visit["daily"]
    left = 0.0 if sharing.deductible is None or visit["free"] else state.left[sharing.deductible]
    if sharing.copay_first:
        copay = once("copay", copay, rest)
        towards = min(left, rest - copay)
    else:
        towards = min(left, rest)
        copay = once("copay", copay, rest - towards)
    share = float(sharing.coinsurance[draw]) * (rest - copay - towards)
    if sharing.coinsurance_most is not None:
        share = once("coinsurance", float(sharing.coinsurance_most[draw]), share)
    both = [("copay", copay), ("deductible", towards)]
    ordered = both if sharing.copay_first else both[::-1]
    return [("admission", first), *ordered, ("coinsurance", share)]


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
    seed: int,
    *,
    draws: int = 4,
    least: int = 0,
    met: bool = True,
    copays: bool = True,
    counts: bool = True,
    yearly: bool = False,
) -> tuple[list[Service], Terms]:
    """Return random bills and a random plan, each draw another one.

    Without ``counts`` nothing in the plan depends on how many services a bill has; under a ``yearly``
    one nothing of one plan year is remembered in another.
    """
    dice = Dice(seed, draws)
    plan = _plan(dice, met=met, copays=copays, counts=counts, yearly=yearly)
    return _bills(dice, least, visits=counts and not yearly), plan


def _limits(dice: Dice, *, met: bool) -> dict[str, Limit]:
    """Return some limits: one of each, several, or none."""
    found = {}
    for name in ("deductible", "drugs.deductible", STAY, "maximum", "drugs.maximum"):
        if dice.once_in(3):
            continue
        full = dice.usd(3000 if "maximum" not in name else 6000)
        if "maximum" in name:
            full = np.where(dice.flags(0.3), inf, full)
        left = np.maximum(full - dice.usd(2000), 0.0) if met else full
        found[name] = Limit(full, left, dice.of(4.0, 8.5) if name == STAY else None)
    return found


def _plan(dice: Dice, *, met: bool, copays: bool, counts: bool, yearly: bool) -> Terms:
    limits = {name: each for name, each in _limits(dice, met=met).items() if not yearly or name != STAY}

    def named(*names: str) -> str | None:
        return dice.any_of(None, *(name for name in names if name in limits))

    per = {category: dice.any_of(*((LimitPer.YEAR,) if yearly else LimitPer)) for category in CATEGORIES}

    def sharing(category: Category) -> CostSharing:
        deductible = named(*(("drugs.deductible",) * 2 if category.is_drug else ("deductible", STAY)))
        return CostSharing(
            copay=dice.usd(200) if copays and not dice.once_in(3) else np.zeros(dice.draws),
            coinsurance=dice.of(0.0, 0.1, 0.2, 0.5, 1.0),
            deductible=deductible,
            maximum=named("drugs.maximum" if category.is_drug else "maximum", "maximum"),
            copay_first=copays and deductible is not None and dice.once_in(2),
            per_day=copays and dice.once_in(4),
            copay_days=dice.of(1.0, 2.0, 4.0) if dice.once_in(3) else None,
            coinsurance_most=dice.usd(300) if counts and dice.once_in(3) else None,
            admission_deductible=dice.usd(300) if counts and dice.once_in(5) else None,
            waived_if_admitted=dice.once_in(2),
            visits_before_deductible=dice.of(0.0, 1.0, 2.0) if counts and dice.once_in(3) else None,
            visit_limit=dice.of(0.0, 1.0, 3.0) if counts and dice.once_in(3) else None,
            day_limit=dice.of(0.0, 2.0, 6.0) if counts and dice.once_in(4) else None,
            dollar_limit=dice.usd(2000) if counts and dice.once_in(4) else None,
            limit_per=per[category],
            reference_price=dice.usd(3000) if counts and dice.once_in(3) else None,
        )

    return Terms(
        size=dice.draws,
        limits=limits,
        sharing={category: sharing(category) for category in CATEGORIES[:-1]},
        out_of_network={category: sharing(category) for category in CATEGORIES[: int(dice.random.integers(5))]},
        second_tier={category: sharing(category) for category in CATEGORIES[: int(dice.random.integers(3))]},
        year_turns=TURNS[: int(dice.random.integers(len(TURNS) + 1))],
        denied={},
        delay={},
        long_stays=_long_stays(dice) if counts and not yearly and dice.once_in(2) else None,
        met_in=dice.any_of(0, 0, 1, -1) if counts and met and not yearly else 0,
    )


def _long_stays(dice: Dice) -> LongStays:
    return LongStays(
        full=dice.of(1.0, 3.0), daily=dice.usd(100), daily_days=dice.of(1.0, 2.0), reserve=dice.usd(200),
        reserve_days=dice.of(0.0, 1.0, 4.0), used=dice.any_of(0.0, 2.0), reserve_used=dice.any_of(0.0, 1.0),
    )  # fmt: skip


def _bills(dice: Dice, least: int, *, visits: bool) -> list[Service]:
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
            visit=dice.any_of(None, None, "a", "b") if visits else None,
            tier=dice.any_of(1, 1, 2),
            admitted=dice.once_in(4),
        )
        for index in range(int(dice.random.integers(least, 8)))
    ]


def worlds(**kind: Any) -> st.SearchStrategy[tuple[list[Service], Terms]]:
    """Return random bills under random plans, eight draws at a time."""
    return st.integers(0, 2**32 - 1).map(lambda seed: random_world(seed, draws=8, **kind))


def in_year(services: list[Service], terms: Terms, year: int) -> list[Service]:
    """Return the services as if only those of one plan year happened."""
    edges = (-inf, *(round(turn * 7) for turn in terms.year_turns), inf)
    return [
        replace(
            each,
            happens=each.happens & (np.rint(each.week * 7) >= edges[year]) & (np.rint(each.week * 7) < edges[year + 1]),
        )
        for each in services
    ]
