"""A treatment's drawn parameters → its timeline and its dated, priced services."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial

import numpy as np

from ..inputs.claim import Market
from ..inputs.distribution import Vector
from ..inputs.parameter import Category, Parameter, Per, PriceItem
from ..inputs.recovery import KindOfWork
from ..inputs.source import Source
from ..inputs.study import View
from ..inputs.treatment import RepeatPolicy, Treatment
from ..units import DAYS_PER_WEEK, WEEKS_PER_MONTH
from .draws import Block, Drawn, Mask, block_of, draw
from .ledger import Service, Terms
from .memory import Memory, kept
from .recall import recalled
from .timeline import Path, Timeline

__all__ = [
    "LUCK",
    "Setting",
    "chances_of",
    "coverage_limits",
    "drawn_treatment",
    "path_of",
    "services_of",
    "treatment_block",
]

LUCK = ("passes", "responds", "covered")


@dataclass(frozen=True)
class Setting:
    """What one simulation holds fixed: who is believed, how many draws, how ranges are read.

    With a ``memory``, what was drawn before is found there; the draws are the same.
    """

    view: View
    sources: Mapping[str, Source]
    range_coverage: float
    draws: int
    seed: int
    memory: Memory | None = field(default=None, compare=False, repr=False)

    def block(self, name: str, parameters: Iterable[str], luck: Iterable[str] = ()) -> Block:
        """Return a block's uniforms (see :func:`calc.model.draws.block_of`)."""
        names, chances = tuple(parameters), tuple(luck)
        return kept(
            self.memory,
            "block",
            lambda: block_of(name, names, chances, draws=self.draws, seed=self.seed),
            *(name, names, chances, self.draws, self.seed),
        )

    def drawn(
        self, name: str, parameter: Parameter, block: Block, market: Market, pins: Mapping[str, float] | None = None
    ) -> Drawn:
        """Draw one parameter (see :func:`calc.model.draws.draw`)."""
        drawing = draw if self.memory is None else partial(recalled, self.memory)
        return drawing(
            name,
            parameter,
            block,
            view=self.view,
            market=market,
            sources=self.sources,
            range_coverage=self.range_coverage,
            pins=pins,
        )


def treatment_block(name: str, treatment: Treatment, setting: Setting) -> Block:
    """Return a treatment's uniforms; they depend on its own name and parameters only."""
    return setting.block(f"treatments.{name}", treatment.parameters(), LUCK)


def drawn_treatment(treatment: Treatment, block: Block, setting: Setting, market: Market) -> Mapping[str, Drawn]:
    """Draw every parameter of a treatment by its dotted path.

    A price item gives two: ``price.X`` as the plan's market allows it, and ``price.X.cash``. Both
    come from the same uniforms, so that an expensive place is expensive for everybody.
    """

    def made() -> dict[str, Drawn]:
        found = {}
        for name, parameter in treatment.parameters().items():
            found[name] = setting.drawn(name, parameter, block, market)
            if isinstance(parameter, PriceItem):
                found[f"{name}.cash"] = setting.drawn(name, parameter, block, Market.CASH)
        # where a view draws nothing else of a treatment, what was drawn is the very same
        return kept(setting.memory, "together", lambda: found, tuple(found), *found.values())

    read = (setting.view, setting.range_coverage, str(market))
    return kept(setting.memory, "drawn treatment", made, treatment, block, *read)


def chances_of(treatment: Treatment, drawn: Mapping[str, Drawn]) -> tuple[Vector, Vector]:
    """Return the chances to pass the test steps and to respond, shape (n,); NaN where not stated."""
    everybody = np.ones_like(drawn["wait"].values)
    passes = drawn["diagnostic.passed"].values if treatment.diagnostic is not None else everybody
    return passes, drawn["response"].values


def coverage_limits(treatment: Treatment, drawn: Mapping[str, Drawn], terms: Terms) -> Mapping[Category, Vector]:
    """Return, by category billed, the uniforms below which the luck of coverage covers its services, shape (n,).

    A service is covered where the plan covers the treatment and does not refuse it prior authorization.
    """
    coverage = drawn["coverage"].values
    categories = dict.fromkeys(item.category for item in treatment.price.values())
    return {each: coverage * (1.0 - terms.denied[each]) if each in terms.denied else coverage for each in categories}


def path_of(treatment: Treatment, drawn: Mapping[str, Drawn], block: Block, terms: Terms, work: KindOfWork) -> Path:
    """Return what decides the timeline of somebody with that work, with this person's luck drawn.

    Asking for prior authorization holds up what is authorized, and what comes after it (:func:`_held`).
    A count that no believed source states stands at 0 here; the outcomes that need it say
    "not stated" (see :mod:`calc.model.outcomes`).
    """
    zero = np.zeros(block["stance"].shape)

    def values(name: str) -> Vector:
        return drawn[name].values if name in drawn else zero

    def counts(name: str) -> Vector:
        return np.nan_to_num(np.round(values(name)))

    visit, steps, session = _held(treatment, terms)
    passes, responds = chances_of(treatment, drawn)
    repeats = treatment.repeat.policy is not RepeatPolicy.NEVER
    return Path(
        wait=visit + values("wait"),
        steps=counts("diagnostic.steps"),
        step_interval=values("diagnostic.interval"),
        passes=block["luck.passes"] < passes,
        sessions=counts("sessions"),
        interval=values("interval"),
        downtime=values("downtime"),
        off_work=values(f"off_work.{work}"),
        onset=values("onset"),
        responds=block["luck.responds"] < responds,
        relief=values("relief"),
        most_per_year=counts("repeat.most_per_year") if repeats else None,
        apart=values("repeat.apart") if repeats and "repeat.apart" in drawn else None,
        from_last=treatment.onset_from == "last_session",
        held=(steps, session),
    )


def _held(treatment: Treatment, terms: Terms) -> Sequence[Vector | float]:
    """Return the weeks that asking holds up the first visit, then the test steps, then the first session.

    Each is the longest delay of the categories billed there; a category is asked for once.
    """
    found: list[Vector | float] = []
    asked: set[Category] = set()
    for stage in ((Per.ONCE,), (Per.DIAGNOSTIC,), (Per.COURSE, Per.SESSION, Per.MONTH)):
        categories = {item.category for item in treatment.billed().values() if item.per in stage}
        delays = [terms.delay[each] for each in sorted(categories - asked) if each in terms.delay]
        found.append(np.maximum.reduce(delays) if delays else 0.0)
        asked |= categories
    return found


def services_of(
    treatment: Treatment,
    drawn: Mapping[str, Drawn],
    events: Timeline,
    block: Block,
    terms: Terms,
    *,
    bill: str | None = None,
    in_network: bool = True,
    tier: int = 1,
) -> list[Service]:
    """Return the services before the horizon under one reading of the bill.

    Who is out of network charges the cash price. Parts of one visit that fall under one benefit
    are one visit to the plan.
    """
    limits = coverage_limits(treatment, drawn, terms)
    found = []
    billed = treatment.billed(bill)
    parts = Counter((item.per, item.category) for item in billed.values())
    for name, item in billed.items():
        allowed, cash = drawn[f"price.{name}"].values, drawn[f"price.{name}.cash"].values
        covered = block["luck.covered"] < limits[item.category]
        days = drawn[f"price.{name}.days"].values * DAYS_PER_WEEK if item.days is not None else None
        charge = None if in_network else cash
        shared = parts[item.per, item.category] > 1
        for count, (week, happens) in enumerate(_dates(item.per, events)):
            visit = f"{item.per} {count}" if shared else None
            found.append(Service(name, item.category, week, allowed, cash, happens, covered, charge, days, visit, tier))
    return found


def _dates(per: Per, events: Timeline) -> Iterator[tuple[Vector, Mask]]:
    """Yield when a price item is billed and in which draws."""
    if per is Per.ONCE:
        yield events.path.wait, events.path.wait < events.horizon
    elif per is Per.DIAGNOSTIC:
        yield from events.diagnostic_times()
    elif per is Per.COURSE:
        for course in events.courses:
            yield course.start, course.start < events.horizon
    elif per is Per.SESSION:
        for course in events.courses:
            yield from events.session_times(course)
    else:
        start = events.courses[0].start
        for month in range(int(np.ceil(events.horizon / WEEKS_PER_MONTH))):
            week = start + month * WEEKS_PER_MONTH
            yield week, week < events.horizon
