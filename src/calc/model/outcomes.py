"""The outcomes of an option: one record for each, what it is made of, and how far it is known.

The first four head every comparison: out-of-pocket cost, weeks to relief (``inf`` = never within the
horizon, and counted as that), weeks in relief within the horizon, downtime days. The others tell more
of the same timelines. A new outcome is one more record in :data:`OUTCOMES`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

import numpy as np

from ..cache import stage
from ..inputs.claim import Market
from ..inputs.distribution import Vector
from ..inputs.recovery import KindOfWork
from ..inputs.treatment import RepeatPolicy
from .ledger import Ledger, Terms
from .leg import Leg
from .option import Option
from .sample import Drawn
from .timeline import Timeline

__all__ = ["OUTCOMES", "Estimate", "Gaps", "Known", "Outcome", "gaps_of", "known_of", "needs_of", "values_of"]


class Known(StrEnum):
    """How far an outcome is known under a view."""

    STATED = "stated"
    #: it rests on a quantity that, as a source says, nobody knows, or that no source we have states
    UNKNOWN = "not known"
    #: it needs a quantity that no source believed states
    NOT_STATED = "not stated"


@dataclass(frozen=True)
class Outcome:
    """One outcome: what it is called, how it is measured, and what it is made of.

    Attributes
    ----------
    label, unit
        As a table has them.
    more_is_better
        Whether somebody wants much of it.
    measure
        Its values from the events and the ledger, shape (n,).
    relief, lasting
        Whether it needs when relief begins, and how long it lasts.
    priced
        Whether it needs prices, coverage and a plan.
    days
        The days after a session that it needs: ``downtime`` or ``off_work``; empty for none.
    """

    name: str
    label: str
    unit: str
    measure: Callable[[Timeline, Ledger], Vector]
    more_is_better: bool = False
    relief: bool = False
    lasting: bool = False
    priced: bool = False
    days: str = ""


OUTCOMES: Mapping[str, Outcome] = MappingProxyType(
    {
        each.name: each
        for each in (
            Outcome("out_of_pocket", "You pay", "USD", lambda _, ledger: ledger.out_of_pocket, priced=True),
            Outcome(
                "weeks_to_relief",
                "Weeks to relief",
                "weeks",
                lambda events, _: events.weeks_to_relief(),
                relief=True,
            ),
            Outcome(
                "weeks_in_relief",
                "Weeks in relief",
                "weeks",
                lambda events, _: events.weeks_in_relief(),
                more_is_better=True,
                relief=True,
                lasting=True,
            ),
            Outcome(
                "downtime_days", "Downtime days", "days", lambda events, _: events.downtime_days(), days="downtime"
            ),
            Outcome(
                "working_days_lost",
                "Working days lost",
                "days",
                lambda events, _: events.working_days_lost(),
                days="off_work",
            ),
            Outcome(
                "weeks_gained",
                "Weeks in relief gained over doing nothing",
                "weeks",
                lambda events, _: events.weeks_in_relief() - events.weeks_without(),
                more_is_better=True,
                relief=True,
                lasting=True,
            ),
            Outcome("courses", "Courses", "courses", lambda events, _: events.courses_begun()),
            Outcome(
                "longest_without_relief",
                "Longest stretch without relief",
                "weeks",
                lambda events, _: events.longest_without_relief(),
                relief=True,
                lasting=True,
            ),
            Outcome(
                "in_relief_at_horizon",
                "In relief at the horizon",
                "share",
                lambda events, _: events.in_relief_at(events.horizon).astype(np.float64),
                more_is_better=True,
                relief=True,
                lasting=True,
            ),
        )
    }
)


@dataclass(frozen=True)
class Estimate:
    """One outcome of one option, shape (n,); NaN where it is not stated.

    ``needs`` are the paths of the parameters it is made of; ``rests_on`` those among them that
    nobody knows (or states). Where ``known`` is UNKNOWN the draws are no distribution to
    summarise: ``envelope`` bounds them by the lowest 5th and the highest 95th percentile that the
    unknowns allow.
    """

    values: Vector
    needs: tuple[str, ...]
    known: Known = Known.STATED
    rests_on: tuple[str, ...] = ()
    envelope: tuple[float, float] | None = None


@dataclass(frozen=True)
class Gaps:
    """What nobody knows, and what no believed source states, of what an outcome needs, by path in the option."""

    unknown: tuple[str, ...]
    missing: tuple[str, ...]

    @property
    def known(self) -> Known:
        """How far an outcome with these gaps is known."""
        return Known.NOT_STATED if self.missing else Known.UNKNOWN if self.unknown else Known.STATED


@stage
def values_of(outcome: str, events: Timeline, ledger: Ledger | None) -> Vector:
    """Return the values of an outcome, shape (n,); the ledger only where it is priced."""
    return OUTCOMES[outcome].measure(events, Ledger({}, {}) if ledger is None else ledger)


def needs_of(option: Option, outcome: str) -> tuple[str, ...]:
    """Return the parameters that an outcome rests on, by path in the option."""
    paths = (option.path(leg, path) for leg in option.legs for path in _paths(option, leg, outcome))
    return tuple(dict.fromkeys(paths))


def gaps_of(option: Option, outcome: str) -> Gaps:
    """Return what nobody knows, and what no believed source states, among what an outcome needs.

    A gap that cannot matter is none: relief that nobody has (response 0), a cash price where
    everything is covered, an allowed amount where nothing is.
    """
    unknown, missing = [], []
    for leg in option.legs:
        for path in _paths(option, leg, outcome):
            drawn = option.drawn.get(option.path(leg, path))
            gap = known_of(drawn, *_unless(option, leg, path)) if drawn is not None else Known.STATED
            if gap is Known.NOT_STATED:
                missing.append(option.path(leg, path))
            elif gap is Known.UNKNOWN:
                unknown.append(option.path(leg, path))
    return Gaps(tuple(dict.fromkeys(unknown)), tuple(dict.fromkeys(missing)))


_NEVER = np.zeros(1)


@stage
def known_of(drawn: Drawn, at: Vector | None = None, harmless: float = 0.0) -> Known:
    """Return how far a parameter is known in the draws in which it matters: where ``at`` is not ``harmless``."""
    matters = True if at is None else np.not_equal(at, harmless)
    if (np.isnan(drawn.values) & matters).any():
        return Known.NOT_STATED
    return Known.UNKNOWN if (drawn.unknown & matters).any() else Known.STATED


def _unless(option: Option, leg: Leg, path: str) -> tuple[Vector | None, float]:
    """Return values and the one of them at which a parameter does not matter; None where it always does."""
    if path == "coverage" and not _coverage_matters(option, leg):
        return _NEVER, 0.0
    if path in ("natural.onset", "natural.relief"):
        return leg.natural.share.values, 0.0
    if path in ("onset", "relief"):
        return _gained(leg.treated, leg.natural.share), 0.0
    if path.startswith("price.") and leg.market is not Market.CASH:
        cash = path.endswith(".cash")
        item = leg.treatment.price[path.split(".")[1]]
        paid = leg.coverage.paid or leg.coverage.unknown
        if item.category not in option.terms.sharing or not paid:
            return (None, 0.0) if cash else (_NEVER, 0.0)
        return (None if (cash and not leg.in_network) or leg.coverage.unknown or not cash else _NEVER), 0.0
    return None, 0.0


@stage
def _gained(treated: Drawn, neither: Drawn) -> Vector:
    """Return the share that the treatment helps beyond those who get better anyway."""
    return np.asarray(treated.values - neither.values)


def _coverage_matters(option: Option, leg: Leg) -> bool:
    """Return whether it makes a difference if the plan pays."""
    categories = {item.category for item in leg.treatment.price.values()}
    return leg.market is not Market.CASH and bool(categories & option.terms.sharing.keys())


def _paths(option: Option, leg: Leg, outcome: str) -> Iterator[str]:
    """Yield what an outcome needs of one leg, by path in its treatment; what leads to the next leg matters as well."""
    last = leg is option.legs[-1]
    names = [*_needs(option, leg, OUTCOMES[outcome])]
    if not last:
        leads = "weeks_to_relief" if outcome == "weeks_to_relief" else "weeks_in_relief"
        names += [*_needs(option, leg, OUTCOMES[leads]), *(["interval"] if "interval" in leg.own else [])]
        names.append("patience")
    yield from dict.fromkeys(names)


def _needs(option: Option, leg: Leg, outcome: Outcome) -> Iterator[str]:
    treatment = leg.treatment
    repeats = treatment.repeat.policy is not RepeatPolicy.NEVER and outcome.name != "weeks_to_relief"
    if outcome.priced and not treatment.price:
        return
    yield from ("wait", "sessions", *option.delays(leg))
    if treatment.diagnostic is not None:
        yield from ("diagnostic.steps", "diagnostic.interval", "diagnostic.passed")
    if treatment.interval is not None and (repeats or not outcome.relief or treatment.onset_from == "last_session"):
        yield "interval"
    if outcome.relief or repeats:
        yield from ("natural.share", "natural.onset", *leg.response_needs)
        yield from ("onset",) * ("onset" in leg.own)
    if outcome.lasting or repeats:
        yield "natural.relief"
        yield from ("relief",) * ("relief" in leg.own)
    names = ("most_per_year", "apart", "asks", "again", "lasting") if repeats else ()
    yield from (f"repeat.{name}" for name in names if f"repeat.{name}" in leg.own)
    if outcome.days == "downtime":
        yield "downtime"
    if outcome.days == "off_work" and leg.work is not KindOfWork.NONE:
        yield f"off_work.{leg.work}"
    if outcome.priced:
        yield from _price_needs(leg, option.terms)
        yield from option.plan_figures(leg)
    if outcome.priced or outcome.days:
        yield from _harm_needs(leg, "cost" if outcome.priced else "days")


def _harm_needs(leg: Leg, follows: str) -> Iterator[str]:
    """Yield the harms from which a cost, or lost days, follow as some source states."""
    for name in leg.treatment.harms:
        if f"harms.{name}.{follows}" in leg.own:
            paths = (f"harms.{name}", f"harms.{name}.within", f"harms.{name}.{follows}")
            yield from (path for path in paths if path in leg.own)


def _price_needs(leg: Leg, terms: Terms) -> Iterator[str]:
    """Yield prices and coverage: the cash price counts only where something is not covered."""
    if leg.market is not Market.CASH:
        yield "coverage"
    for name, item in leg.treatment.billed().items():
        sharing = terms.sharing.get(item.category)
        if leg.market is not Market.CASH and sharing is not None:
            yield f"price.{name}"
            if sharing.per_day and item.days is not None:
                yield f"price.{name}.days"
        yield f"price.{name}.cash"
