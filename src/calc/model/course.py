"""A treatment's drawn parameters → its timeline and its dated, priced services."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from ..inputs.claim import Market
from ..inputs.distribution import Vector
from ..inputs.parameter import Parameter, Per, PriceItem
from ..inputs.plan import Patient, Plan
from ..inputs.recovery import Work
from ..inputs.source import Source
from ..inputs.study import View
from ..inputs.treatment import RepeatPolicy, Treatment
from ..units import DAYS_PER_WEEK, WEEKS_PER_MONTH
from .benefits import CostSharing, Service, Terms
from .draws import Block, Drawn, Mask, block_of, draw
from .timeline import Path, Timeline

__all__ = [
    "LUCK",
    "Setting",
    "chances_of",
    "coverage_limits",
    "drawn_terms",
    "drawn_treatment",
    "path_of",
    "services_of",
    "treatment_block",
]

LUCK = ("passes", "responds", "covered")


@dataclass(frozen=True)
class Setting:
    """What one simulation holds fixed: who is believed, how many draws, how ranges are read."""

    view: View
    sources: Mapping[str, Source]
    range_coverage: float
    draws: int
    seed: int

    def drawn(
        self, name: str, parameter: Parameter, block: Block, market: Market, pins: Mapping[str, float] | None = None
    ) -> Drawn:
        """Draw one parameter (see :func:`calc.model.draws.draw`)."""
        return draw(
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
    names = list(treatment.parameters())
    return block_of(f"treatments.{name}", names, LUCK, draws=setting.draws, seed=setting.seed)


def drawn_treatment(treatment: Treatment, block: Block, setting: Setting, market: Market) -> dict[str, Drawn]:
    """Draw every parameter of a treatment by its dotted path.

    A price item gives two: ``price.X`` as the plan's market allows it, and ``price.X.cash``. Both
    come from the same uniforms, so that an expensive place is expensive for everybody.
    """
    found = {}
    for name, parameter in treatment.parameters().items():
        found[name] = setting.drawn(name, parameter, block, market)
        if isinstance(parameter, PriceItem):
            found[f"{name}.cash"] = setting.drawn(name, parameter, block, Market.CASH)
    return found


def chances_of(treatment: Treatment, drawn: Mapping[str, Drawn]) -> tuple[Vector, Vector]:
    """Return the chances to pass the test steps and to respond, shape (n,); NaN where not stated."""
    everybody = np.ones_like(drawn["wait"].values)
    passes = drawn["diagnostic.passed"].values if treatment.diagnostic is not None else everybody
    return passes, drawn["response"].values


def coverage_limits(drawn: Mapping[str, Drawn]) -> Sequence[Vector]:
    """Return the uniforms below which the luck of coverage covers some service, shape (n,) each."""
    return [drawn["coverage"].values]


def path_of(treatment: Treatment, drawn: Mapping[str, Drawn], block: Block, work: Work) -> Path:
    """Return what decides the timeline of somebody with that work, with this person's luck drawn.

    A count that no believed source states stands at 0 here; the outcomes that need it say
    "not stated" (see :mod:`calc.model.outcomes`).
    """
    zero = np.zeros(block["stance"].shape)

    def values(name: str) -> Vector:
        return drawn[name].values if name in drawn else zero

    def counts(name: str) -> Vector:
        return np.nan_to_num(np.round(values(name)))

    passes, responds = chances_of(treatment, drawn)
    repeats = treatment.repeat.policy is not RepeatPolicy.NEVER
    return Path(
        wait=values("wait"),
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
    )


def services_of(
    treatment: Treatment, drawn: Mapping[str, Drawn], events: Timeline, block: Block, bill: str | None = None
) -> list[Service]:
    """Return the services before the horizon under one reading of the bill, by rough date."""
    covered = block["luck.covered"] < drawn["coverage"].values
    found = []
    for name, item in treatment.billed(bill).items():
        allowed, cash = drawn[f"price.{name}"].values, drawn[f"price.{name}.cash"].values
        for week, happens in _dates(item.per, events):
            found.append(Service(name, item.category, week, allowed, cash, happens, covered))
    return sorted(found, key=lambda service: float(np.min(service.week)))


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


def drawn_terms(name: str, plan: Plan, patient: Patient, horizon: float, setting: Setting) -> Terms:
    """Draw a plan's terms; every treatment meets the same ones."""
    parameters = plan.parameters()
    block = block_of(f"plans.{name}", parameters, (), draws=setting.draws, seed=setting.seed)
    drawn = {path: setting.drawn(path, each, block, plan.market).values for path, each in parameters.items()}
    zero = np.zeros(setting.draws)
    sharing = {
        category: CostSharing(
            copay=drawn.get(f"benefits.{category}.copay", zero),
            coinsurance=drawn.get(f"benefits.{category}.coinsurance", zero),
            deductible=benefit.deductible,
            copay_first=benefit.copay_first,
        )
        for category, benefit in plan.benefits.items()
    }
    return Terms(
        deductible=drawn.get("deductible", zero),
        maximum=drawn.get("out_of_pocket_maximum", np.full(setting.draws, np.inf)),
        sharing=sharing,
        year_turns=_turns(patient, horizon),
        deductible_met=patient.met.deductible,
        maximum_met=patient.met.out_of_pocket,
    )


def _turns(patient: Patient, horizon: float) -> tuple[float, ...]:
    """Return the weeks from the decision at which plan years begin, up to the horizon."""
    month, day = map(int, patient.plan_year_start.split("-"))
    start = date(patient.decision_date.year, month, day)
    if start <= patient.decision_date:
        start = date(start.year + 1, month, day)
    turns = []
    while (week := (start - patient.decision_date).days / DAYS_PER_WEEK) < horizon:
        turns.append(week)
        start = date(start.year + 1, month, day)
    return tuple(turns)
