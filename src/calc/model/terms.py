"""A plan and a patient's card → the terms that services meet: limits, and cost sharing by category."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import numpy as np

from ..cache import stage
from ..inputs.claim import Basis, Market
from ..inputs.distribution import Vector, distribution
from ..inputs.parameter import Category
from ..inputs.patient import Limits, Met, Patient, Tier
from ..inputs.plan import Benefit, CopayPer, FamilyRule, Plan
from ..inputs.source import Source, Stance
from ..inputs.study import View
from .calendar import year_turns
from .ledger import CostSharing, Limit, Terms
from .sample import Drawn, Setting, believed, sampled_all

__all__ = ["drawn_patient", "drawn_plan", "drawn_terms", "stated_terms"]

_ALL = View(
    label="Everybody",
    short="Everybody",
    summary="Every stance, for a plan that is read and not drawn.",
    weights={Stance.PUBLIC_DATA: 1.0},
    fallback=tuple(Stance),
    bases=frozenset(Basis),
)

Values = Mapping[str, Vector]


def drawn_terms(name: str, plan: Plan, patient: Patient, horizon: float, setting: Setting) -> Terms:
    """Draw a plan's terms; every treatment meets the same ones."""
    drawn = drawn_plan(name, plan, setting)
    turns = year_turns(patient, patient.decision_date, horizon)
    return _drawn_terms(plan, patient.tier, patient.met, tuple(drawn), tuple(drawn.values()), setting.draws, turns)


@stage
def _drawn_terms(
    plan: Plan,
    tier: Tier,
    met: Met,
    paths: tuple[str, ...],
    drawn: tuple[Drawn, ...],
    size: int,
    turns: tuple[float, ...],
) -> Terms:
    values = {path: each.values for path, each in zip(paths, drawn, strict=True)}
    return _terms(plan, tier, met, values, size, turns)


def drawn_plan(name: str, plan: Plan, setting: Setting) -> Mapping[str, Drawn]:
    """Draw a plan's parameters by path, the very draws that :func:`drawn_terms` is made of."""
    return sampled_all(f"plans.{name}", plan.parameters(), plan.market, setting)


def drawn_patient(name: str, patient: Patient, market: Market, setting: Setting) -> Values:
    """Draw a patient's own parameters, such as an interest rate, by path."""
    found = sampled_all(f"patients.{name}", patient.parameters(), market, setting)
    return {path: each.values for path, each in found.items()}


def stated_terms(
    plan: Plan, patient: Patient, first: date, horizon: float, sources: Mapping[str, Source]
) -> tuple[Terms, tuple[str, ...]]:
    """Return a plan's terms in one world, as its papers state them, to the cent.

    A parameter that is a range is read at its middle.

    Returns
    -------
    tuple
        The terms, and the paths of the parameters that are ranges.
    """
    values: dict[str, Vector] = {}
    ranges = []
    for path, parameter in plan.parameters().items():
        indices = believed(parameter, _ALL, Stance.PUBLIC_DATA, plan.market, sources)
        read = distribution(parameter.claims[indices[0]], parameter.measure, range_coverage=0.8)
        low, middle, high = read(np.array([0.05, 0.5, 0.95]))
        values[path] = np.array([round(middle, 2) if parameter.measure.dimension == "money" else middle])
        if len(indices) > 1 or low != high:
            ranges.append(path)
    return _terms(plan, patient.tier, patient.met, values, 1, year_turns(patient, first, horizon)), tuple(ranges)


def _terms(plan: Plan, tier: Tier, met: Met, values: Values, size: int, turns: tuple[float, ...]) -> Terms:
    own = {f"benefits.{category}": benefit for category, benefit in plan.benefits.items()}
    asked = {
        category: f"benefits.{category}.prior_authorization"
        for category, benefit in plan.benefits.items()
        if benefit.prior_authorization is not None
    }
    limits = _limits(plan, tier, met, values)
    return Terms(
        size=size,
        limits=limits,
        sharing={
            category: _sharing(plan, category, own[f"benefits.{category}"], values, size, limits)
            for category in plan.benefits
        },
        out_of_network=_elsewhere(plan, values, size, limits),
        year_turns=turns,
        denied={category: values[f"{path}.denied"] for category, path in asked.items()},
        delay={category: values[f"{path}.delay"] for category, path in asked.items()},
    )


def _limits(plan: Plan, tier: Tier, met: Met, values: Values) -> dict[str, Limit]:
    """Return every deductible and maximum of the plan, with what this patient has left of it."""
    found = {}
    family = plan.family if tier is Tier.FAMILY else None
    for name, field in (("deductible", "deductible"), ("out_of_pocket_maximum", "out_of_pocket")):
        own, whole = values.get(name), values.get(f"family.{name}") if family is not None else None
        candidates = []
        if own is not None and not (whole is not None and family is not None and family.rule is FamilyRule.AGGREGATE):
            candidates.append((own, getattr(met, field)))
        if whole is not None:
            candidates.append((whole, getattr(met.family, field)))
        if candidates:
            # what the patient pays counts towards both, so both go down together: the nearer one binds
            full = np.minimum.reduce([each for each, _ in candidates])
            left = np.minimum.reduce([np.maximum(each - paid, 0.0) for each, paid in candidates])
            found[name] = Limit(full, left)
        for part in ("drugs", "out_of_network"):
            if (limit := values.get(f"{part}.{name}")) is not None:
                own_met: Limits = getattr(met, part)
                found[f"{part}.{name}"] = Limit(limit, np.maximum(limit - getattr(own_met, field), 0.0))
    if plan.benefit_period is not None:
        full = values["benefit_period.deductible"]
        found["benefit_period.deductible"] = Limit(full, full, values["benefit_period.days"])
    return found


def _sharing(
    plan: Plan, category: Category, benefit: Benefit, values: Values, size: int, limits: Mapping[str, Limit]
) -> CostSharing:
    path = f"benefits.{category}."
    zero = np.zeros(size)

    def limit(name: str) -> str | None:
        own = f"drugs.{name}"
        named = own if category.is_drug and own in limits else name
        return named if named in limits else None

    deductible = limit("deductible") if benefit.deductible else None
    if plan.benefit_period is not None and category is Category.INPATIENT_FACILITY:
        deductible = "benefit_period.deductible" if benefit.deductible else None
    return CostSharing(
        copay=values.get(f"{path}copay", zero),
        coinsurance=values.get(f"{path}coinsurance", zero),
        deductible=deductible,
        maximum=limit("out_of_pocket_maximum"),
        copay_first=benefit.copay_first,
        per_day=benefit.copay_per is CopayPer.DAY,
        copay_days=_days(values.get(f"{path}copay_days")),
        coinsurance_most=values.get(f"{path}coinsurance_most"),
        visits_before_deductible=values.get(f"{path}visits_before_deductible"),
        visit_limit=values.get(f"{path}visit_limit"),
        reference_price=values.get(f"{path}reference_price"),
    )


def _days(weeks: Vector | None) -> Vector | None:
    return None if weeks is None else weeks * 7.0


def _elsewhere(plan: Plan, values: Values, size: int, limits: Mapping[str, Limit]) -> dict[Category, CostSharing]:
    """Return the cost sharing out of network: one coinsurance for whatever the plan covers at all."""
    if plan.out_of_network is None:
        return {}
    own = "out_of_network.deductible"
    deductible = own if own in limits else "deductible" if "deductible" in limits else None
    maximum = "out_of_network.out_of_pocket_maximum"
    sharing = CostSharing(
        copay=np.zeros(size),
        coinsurance=values["out_of_network.coinsurance"],
        deductible=deductible,
        maximum=maximum if maximum in limits else None,
    )
    return dict.fromkeys(plan.benefits, sharing)
