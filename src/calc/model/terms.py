"""A plan and a patient's card → the terms that services meet: limits, and cost sharing by category."""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from types import MappingProxyType
from typing import NamedTuple

import numpy as np

from ..cache import stage
from ..errors import ParameterFileError, Problem
from ..inputs.benefit import CopayPer, Sharing
from ..inputs.claim import Basis, Market
from ..inputs.distribution import Vector, distribution
from ..inputs.parameter import Category
from ..inputs.patient import LeftOf, Limits, Patient, Tier
from ..inputs.plan import FamilyRule, Plan
from ..inputs.source import Source, Stance
from ..inputs.study import View
from ..units import DAYS_PER_WEEK
from .calendar import year_turns, years_between
from .ledger import CostSharing, Limit, LongStays, Terms
from .sample import Drawn, Setting, believed, sampled_all

__all__ = ["PlanSpec", "delay_paths", "drawn_patient", "drawn_plan", "drawn_terms", "figures_met", "stated_terms"]

_ALL = View(
    label="Everybody",
    short="Everybody",
    summary="Every stance, for a plan that is read and not drawn.",
    weights={Stance.PUBLIC_DATA: 1.0},
    fallback=tuple(Stance),
    bases=frozenset(Basis),
)

Values = Mapping[str, Vector]


class PlanSpec(NamedTuple):
    """All that a plan's terms are drawn from, the patient's card with it; ``horizon`` in weeks."""

    name: str
    plan: Plan
    card: Patient
    horizon: float
    setting: Setting


def drawn_terms(spec: PlanSpec, drawn: Mapping[str, Drawn]) -> Terms:
    """Return the terms that a plan's draws (:func:`drawn_plan`) make; every treatment meets the same ones."""
    # by its plan years and not by the horizon: another horizon within the same ones meets the same terms
    turns = year_turns(spec.card, spec.card.decision_date, spec.horizon)
    return _drawn_terms(spec.plan, spec.card, tuple(drawn), tuple(drawn.values()), spec.setting.draws, turns)


@stage
def _drawn_terms(
    plan: Plan, card: Patient, paths: tuple[str, ...], drawn: tuple[Drawn, ...], size: int, turns: tuple[float, ...]
) -> Terms:
    values = {path: each.values for path, each in zip(paths, drawn, strict=True)}
    return _terms(plan, card, values, size, card.decision_date, turns)


def drawn_plan(
    name: str, plan: Plan, setting: Setting, pins: Mapping[str, float] = MappingProxyType({})
) -> Mapping[str, Drawn]:
    """Draw a plan's parameters by path; ``pins`` are the quantiles at which what nobody knows is held."""
    return sampled_all(f"plans.{name}", plan.parameters(), plan.market, setting, pins)


def drawn_patient(name: str, patient: Patient, market: Market, setting: Setting) -> Mapping[str, Drawn]:
    """Draw a patient's own parameters, such as an interest rate, by path."""
    return sampled_all(f"patients.{name}", patient.parameters(), market, setting)


#: of a benefit: what cost sharing out of network, or in a second tier of its own, takes the place of
_SHARED = ("copay", "coinsurance", "coinsurance_most", "admission_deductible", "copay_days")


def figures_met(spec: PlanSpec, terms: Terms, categories: Collection[Category], place: str | None) -> Iterator[str]:
    """Yield the plan's figures on which the patient's part of these categories rests, by path.

    ``place`` is ``second_tier`` or ``out_of_network`` where the care is given there. What none of these
    services meets, such as a deductible that applies to none of them, is not among them.
    """
    met = {category: each for category in categories if (each := terms.sharing_at(category, place)) is not None}
    limits = {name for each in met.values() for name in (each.deductible, each.maximum) if name is not None}
    places = () if place is None else (place,)
    family = spec.card.tier is Tier.FAMILY
    for path in spec.plan.figures_for(met, family=family, places=places):
        head, *inner = path.split(".")
        if head == "benefits":
            wanted = "prior_authorization" not in inner and not _replaced(spec.plan, inner, place)
        elif head in ("second_tier", "out_of_network", "drugs"):
            wanted = path in limits or inner == ["coinsurance"]
        elif head == "benefit_period":
            wanted = "benefit_period.deductible" in limits or terms.long_stays is not None
        else:
            wanted = (inner or [head])[-1].removeprefix("person_") in limits
        if wanted:
            yield path


def _replaced(plan: Plan, inner: list[str], place: str | None) -> bool:
    """Return whether a benefit's figure in the network's first tier does not count in another place."""
    if place is None or len(inner) > 2:
        return False
    own = getattr(plan.benefits[Category(inner[0])], place) is not None
    if place == "out_of_network" and not own:
        return inner[1] in _SHARED and inner[1] != "coinsurance_most"
    return own and inner[1] in _SHARED


def delay_paths(plan: Plan, terms: Terms, categories: Collection[Category]) -> Iterator[str]:
    """Yield where the plan says how long asking for these categories takes, by path."""
    own = {plan.benefit_for(category) for category in categories if category in terms.delay}
    yield from sorted(f"benefits.{each}.prior_authorization.delay" for each in own if each is not None)


def stated_terms(
    plan: Plan, patient: Patient, first: date, horizon: float, sources: Mapping[str, Source],
    needed: Collection[str] | None = None,
) -> tuple[Terms, tuple[str, ...]]:  # fmt: skip
    """Return a plan's terms in one world, as its papers state them, to the cent.

    A parameter that is a range is read at its middle.

    Parameters
    ----------
    first, horizon
        The day from which weeks count, and how many.
    needed
        The paths that the bills need (:meth:`calc.inputs.plan.Plan.figures_for`), all by default; others
        may be unknown.

    Returns
    -------
    tuple
        The terms, and the paths of the parameters that are ranges.

    Raises
    ------
    ParameterFileError
        naming each figure that is needed and that nobody knows.
    """
    values: dict[str, Vector] = {}
    ranges, problems = [], []
    for path, parameter in plan.parameters().items():
        indices = believed(parameter, _ALL, Stance.PUBLIC_DATA, plan.market, sources)
        values[path] = np.array([np.nan])
        if any(not parameter.claims[index].reading.known for index in indices) or not indices:
            if needed is None or path in needed:
                fix = "Ask the insurer, and put the figure in: a bill cannot be worked out without it."
                problems.append(Problem(plan.label, path, "nobody knows this figure", fix))
            continue
        read = distribution(parameter.claims[indices[0]], parameter.measure, range_coverage=0.8)
        low, middle, high = read(np.array([0.05, 0.5, 0.95]))
        values[path] = np.array([round(middle, 2) if parameter.measure.dimension == "money" else middle])
        if (len(indices) > 1 or low != high) and (needed is None or path in needed):
            ranges.append(path)
    if problems:
        raise ParameterFileError(problems)
    return _terms(plan, patient, values, 1, first, year_turns(patient, first, horizon)), tuple(ranges)


def _terms(plan: Plan, patient: Patient, values: Values, size: int, first: date, turns: tuple[float, ...]) -> Terms:
    found = {category: own for category in Category if (own := plan.benefit_for(category)) is not None}
    asked = {
        category: f"benefits.{own}.prior_authorization"
        for category, own in found.items()
        if plan.benefits[own].prior_authorization is not None
    }
    limits = _limits(plan, patient, values, first)
    drawn = _Drawn(plan, values, limits, size)
    return Terms(
        size=size,
        limits=limits,
        sharing=drawn.by_category(found, drawn.first_tier),
        second_tier=drawn.by_category(found, drawn.second_tier),
        out_of_network=drawn.by_category(found, drawn.elsewhere),
        year_turns=turns,
        denied={category: values[f"{path}.denied"] for category, path in asked.items()},
        delay={category: values[f"{path}.delay"] for category, path in asked.items()},
        long_stays=_long_stays(plan, patient, values),
        met_in=years_between(patient, first, patient.decision_date),
    )


def _limits(plan: Plan, patient: Patient, values: Values, first: date) -> dict[str, Limit]:
    """Return every deductible and maximum of the plan, with what this patient has left of it."""
    found = {}
    for name, field in (("deductible", "deductible"), ("out_of_pocket_maximum", "out_of_pocket")):
        candidates = list(_own(plan, patient, values, name, field))
        if candidates:
            # what the patient pays counts towards both, so both go down together: the nearer one binds
            full = np.minimum.reduce([each.full for each in candidates])
            found[name] = Limit(full, np.minimum.reduce([each.left for each in candidates]))
        for part in ("drugs", "second_tier", "out_of_network"):
            if (limit := values.get(f"{part}.{name}")) is not None:
                met, left = getattr(patient.met, part), getattr(patient.remaining, part)
                found[f"{part}.{name}"] = _used(limit, met, left, field)
    if plan.benefit_period is not None:
        full, period = values["benefit_period.deductible"], patient.met.benefit_period
        ended = period.ended or patient.decision_date
        last = (ended - first).days / DAYS_PER_WEEK if period.model_fields_set else math.inf
        left = np.maximum(full - period.deductible, 0.0)
        found["benefit_period.deductible"] = Limit(full, left, values["benefit_period.days"], last)
    return found


def _own(plan: Plan, patient: Patient, values: Values, name: str, field: str) -> Iterator[Limit]:
    """Yield the limits of one kind that count for this patient: one's own, and the whole family's."""
    family = plan.family if patient.tier is Tier.FAMILY else None
    aggregate = family is not None and family.rule is FamilyRule.AGGREGATE and name == "deductible"
    own = values.get(f"family.person_{name}", values.get(name)) if family is not None else values.get(name)
    if own is not None and not aggregate:
        yield _used(own, patient.met, patient.remaining, field)
    if family is not None and (whole := values.get(f"family.{name}")) is not None:
        yield _used(whole, patient.met.family, patient.remaining.family, field)


def _used(full: Vector, met: Limits, remaining: LeftOf, field: str) -> Limit:
    """Return a limit with what is left of it, told as such or by what is met."""
    left = getattr(remaining, field)
    return Limit(full, np.maximum(full - getattr(met, field), 0.0) if left is None else np.minimum(full, left))


def _long_stays(plan: Plan, patient: Patient, values: Values) -> LongStays | None:
    if plan.benefit_period is None or plan.benefit_period.full_days is None:
        return None
    period, own = patient.met.benefit_period, "benefit_period"
    return LongStays(
        full=values[f"{own}.full_days"] * DAYS_PER_WEEK,
        daily=values[f"{own}.daily_copay"],
        daily_days=values[f"{own}.daily_days"] * DAYS_PER_WEEK,
        reserve=values[f"{own}.reserve_copay"],
        reserve_days=values[f"{own}.reserve_days"] * DAYS_PER_WEEK,
        used=period.days,
        reserve_used=period.reserve_days,
    )


@dataclass(frozen=True)
class _Drawn:
    """A plan with its figures drawn, about to be told as cost sharing by category."""

    plan: Plan
    values: Values
    limits: Mapping[str, Limit]
    size: int

    def by_category(
        self, found: Mapping[Category, Category], make: Callable[[Category, Category], CostSharing | None]
    ) -> dict[Category, CostSharing]:
        """Return the cost sharing of each category; one that is not covered has none."""
        made = {category: make(category, own) for category, own in found.items()}
        return {category: each for category, each in made.items() if each is not None}

    def first_tier(self, category: Category, own: Category) -> CostSharing | None:
        """Return the cost sharing in the network."""
        return self._shared(self.plan.benefits[own], f"benefits.{own}", category, own)

    def second_tier(self, category: Category, own: Category) -> CostSharing | None:
        """Return the cost sharing in the second tier, None where it is that of the first."""
        benefit = self.plan.benefits[own]
        sharing = benefit.second_tier
        if sharing is None and self.plan.second_tier is None:
            return None
        path = f"benefits.{own}" if sharing is None else f"benefits.{own}.second_tier"
        return self._shared(sharing or benefit, path, category, own, place="second_tier")

    def elsewhere(self, category: Category, own: Category) -> CostSharing | None:
        """Return the cost sharing out of network: the benefit's own, else one coinsurance for all that is covered."""
        benefit, rest = self.plan.benefits[own], self.plan.out_of_network
        if benefit.out_of_network is not None:
            path = f"benefits.{own}.out_of_network"
            return self._shared(benefit.out_of_network, path, category, own, place="out_of_network")
        if rest is None or rest.coinsurance is None or not benefit.covered:
            return None
        # the plan's one coinsurance takes the place of what is shared in network; its limits stay
        sharing = Sharing(deductible=benefit.deductible)
        made = self._shared(sharing, "", category, own, place="out_of_network")
        ceiling = self.values.get(f"benefits.{own}.coinsurance_most")
        assert made is not None  # noqa: S101  it is covered
        return replace(made, coinsurance=self.values["out_of_network.coinsurance"], coinsurance_most=ceiling)

    def _shared(
        self, sharing: Sharing, path: str, category: Category, own: Category, place: str | None = None
    ) -> CostSharing | None:
        """Return cost sharing as drawn, with the limits of the benefit that it belongs to."""
        if not sharing.covered:
            return None
        benefit, whole = self.plan.benefits[own], f"benefits.{own}"
        zero, values = np.zeros(self.size), self.values
        deductible = self._limit("deductible", category, place) if sharing.deductible else None
        if place is None and self.plan.benefit_period is not None and category is Category.INPATIENT_FACILITY:
            deductible = "benefit_period.deductible" if sharing.deductible else None
        days = values.get(f"{path}.copay_days")
        held = values.get(f"{whole}.day_limit")
        return CostSharing(
            copay=values.get(f"{path}.copay", zero),
            coinsurance=values.get(f"{path}.coinsurance", zero),
            deductible=deductible,
            maximum=self._limit("out_of_pocket_maximum", category, place) if benefit.counts_to_maximum else None,
            copay_first=sharing.copay_first,
            per_day=sharing.copay_per is CopayPer.DAY,
            copay_days=None if days is None else days * DAYS_PER_WEEK,
            coinsurance_most=values.get(f"{path}.coinsurance_most"),
            admission_deductible=values.get(f"{path}.admission_deductible"),
            waived_if_admitted=benefit.copay_waived_if_admitted,
            visits_before_deductible=values.get(f"{whole}.visits_before_deductible") if place is None else None,
            visit_limit=values.get(f"{whole}.visit_limit"),
            day_limit=None if held is None else held * DAYS_PER_WEEK,
            dollar_limit=values.get(f"{whole}.dollar_limit"),
            limit_per=benefit.limit_per,
            reference_price=values.get(f"{whole}.reference_price"),
        )

    def _limit(self, name: str, category: Category, place: str | None) -> str | None:
        """Return which deductible or maximum counts; out of network there is no maximum but its own."""
        names = [f"{place}.{name}"] if place is not None else []
        if place != "out_of_network":
            names += [f"drugs.{name}"] if category.is_drug else []
        names += [name] if place != "out_of_network" or name == "deductible" else []
        return next((each for each in names if each in self.limits), None)
