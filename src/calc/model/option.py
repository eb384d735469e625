"""An option is a list of legs, sampled: one for a treatment alone, several for a pathway of treatments.

Every leg has the very draws that its treatment has alone. Somebody goes through the legs by the
pathway's rules; a treatment alone is a single leg that is never left.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import NamedTuple

import numpy as np

from ..cache import stage
from ..errors import UnknownNameError
from ..inputs.claim import Market
from ..inputs.distribution import Vector
from ..inputs.load import StudyInputs
from ..inputs.parameter import Parameter, PriceItem
from ..inputs.recovery import KindOfWork
from ..inputs.treatment import RepeatPolicy, Treatment
from .bills import Bill, Priced, coverage_limit, services_of, services_until
from .ledger import Service, Terms
from .sample import Block, Drawn, Setting, block_of, sampled
from .terms import drawn_terms
from .timeline import Path, Schedule, Timeline, begun_at, joined, path_of, timeline

__all__ = [
    "Leg",
    "LegTimeline",
    "Option",
    "OptionSpec",
    "leaving",
    "option_of",
    "option_spec",
    "setting_of",
    "terms_of",
]

LUCK = ("passes", "responds", "covered")


@dataclass(frozen=True, eq=False)
class Leg:
    """One treatment of an option, sampled.

    ``courses`` and ``patience`` are a pathway's rules for going on, None for a treatment alone;
    ``prefix`` stands before its paths and items where the option has several legs.
    """

    name: str
    treatment: Treatment
    market: Market
    work: KindOfWork
    in_network: bool
    setting: Setting
    block: Block
    drawn: Mapping[str, Drawn]
    courses: int | None = None
    patience: Drawn | None = None
    prefix: str = ""

    def schedule(self, terms: Terms) -> Schedule:
        """Return what decides when things happen under a plan."""
        drawn, treatment = self.drawn, self.treatment
        billed = treatment.billed().values()
        return Schedule(
            wait=drawn["wait"],
            delays=tuple(terms.delay[item.category] for item in billed if item.category in terms.delay),
            steps=drawn.get("diagnostic.steps"),
            step_interval=drawn.get("diagnostic.interval"),
            passed=drawn.get("diagnostic.passed"),
            luck_passes=self.block["luck.passes"],
            sessions=drawn["sessions"],
            interval=drawn.get("interval"),
            downtime=drawn["downtime"],
            off_work=drawn.get(f"off_work.{self.work}"),
            onset=drawn["onset"],
            response=drawn["response"],
            luck_responds=self.block["luck.responds"],
            relief=drawn["relief"],
            repeats=treatment.repeat.policy is not RepeatPolicy.NEVER,
            most_per_year=drawn.get("repeat.most_per_year"),
            apart=drawn.get("repeat.apart"),
            from_last=treatment.onset_from == "last_session",
        )

    def path(self, terms: Terms, begins: Vector | None) -> Path:
        """Return what decides its timeline where the decision for it falls at ``begins``, None for at once."""
        path = path_of(self.schedule(terms))
        return path if begins is None and self.courses is None else begun_at(path, _day(path, begins), self.courses)

    def bill(self, terms: Terms, reading: str | None = None) -> Bill:
        """Return what decides what is billed under a plan, under one reading of the bill."""
        items = tuple(
            Priced(
                name,
                item.category,
                item.per,
                self.drawn[f"price.{name}"],
                self.drawn[f"price.{name}.cash"],
                self.drawn.get(f"price.{name}.days"),
                self.coverage_limit(item, terms),
            )
            for name, item in self.treatment.billed(reading).items()
        )
        return Bill(items, self.block["luck.covered"], self.in_network)

    def coverage_limit(self, item: PriceItem, terms: Terms) -> Vector:
        """Return the uniforms below which the luck of coverage covers a price item, shape (n,)."""
        coverage = self.drawn["coverage"]
        denied = terms.denied.get(item.category)
        return coverage.values if denied is None else coverage_limit(coverage, denied)

    def chances(self) -> tuple[Vector, Vector]:
        """Return the chances to pass the test steps and to respond, shape (n,); NaN where not stated."""
        passed = self.drawn.get("diagnostic.passed")
        response = self.drawn["response"].values
        return np.ones_like(response) if passed is None else passed.values, response

    def holding(self, held: Mapping[str, Drawn]) -> Leg:
        """Return the leg with other draws of some of its parameters, by path."""
        return replace(self, drawn={**self.drawn, **held}) if held else self

    def pinned(self, at: Mapping[str, float]) -> Leg:
        """Return the leg with what nobody knows held at quantiles, by path; other paths are not its own."""
        known = self.treatment.parameters()
        return self.holding(
            {
                path: sampled(path, known[path], self.block, self.setting, self.market, pin=quantile)
                for path, quantile in at.items()
                if path in known
            }
        )


def _day(path: Path, begins: Vector | None) -> Vector:
    return np.zeros_like(path.wait) if begins is None else begins


@dataclass(frozen=True)
class LegTimeline:
    """One leg as it was lived through: its events, and when each draw goes on to the next (``inf`` = never)."""

    leg: Leg
    events: Timeline
    leaves: Vector | None


@dataclass(frozen=True, eq=False)
class Option:
    """Something to choose: its legs, the plan's terms that all of them meet, and how far to look (weeks)."""

    name: str
    legs: tuple[Leg, ...]
    terms: Terms
    horizon: float

    @cached_property
    def drawn(self) -> Mapping[str, Drawn]:
        """Everything that was sampled, by path in the option."""
        drawn = {f"{leg.prefix}{path}": each for leg in self.legs for path, each in leg.drawn.items()}
        drawn |= {f"{leg.prefix}patience": leg.patience for leg in self.legs if leg.patience is not None}
        return drawn

    def holding(self, held: Mapping[str, Drawn]) -> Option:
        """Return the option with other draws of some parameters, by path in the option.

        Raises
        ------
        UnknownNameError
            naming the nearest parameters.
        """
        own = {f"{leg.prefix}{path}" for leg in self.legs for path in leg.drawn}
        for path in held:
            if path not in own:
                raise UnknownNameError("parameter", path, own)
        legs = tuple(
            leg.holding({path: held[f"{leg.prefix}{path}"] for path in leg.drawn if f"{leg.prefix}{path}" in held})
            for leg in self.legs
        )
        return replace(self, legs=legs)

    def pinned(self, at: Mapping[str, float]) -> Option:
        """Return the option with what nobody knows held at quantiles, by path in the option."""
        legs = tuple(
            leg.pinned(
                {path.removeprefix(leg.prefix): each for path, each in at.items() if path.startswith(leg.prefix)}
            )
            for leg in self.legs
        )
        return replace(self, legs=legs)

    def walk(self) -> Iterator[LegTimeline]:
        """Yield each leg with its timeline and when it is left, from the day of the decision on."""
        begins: Vector | None = None
        for leg in self.legs:
            events = timeline(leg.path(self.terms, begins), self.horizon)
            begins = leaving(events, leg.patience.values) if leg.patience is not None else None
            yield LegTimeline(leg, events, begins)

    def events(self, walked: tuple[LegTimeline, ...]) -> Timeline:
        """Return the timeline of all legs, one after another."""
        return joined(tuple(each.events for each in walked)) if len(walked) > 1 else walked[0].events

    def services(self, walked: tuple[LegTimeline, ...], reading: str | None = None) -> tuple[Service, ...]:
        """Return the services of all legs; ``reading`` is that of the bill, of a treatment alone."""
        listed: tuple[Service, ...] = ()
        for each in walked:
            services = services_of(each.leg.bill(self.terms, reading), each.events)
            listed += services if each.leaves is None else services_until(services, each.leaves, each.leg.prefix)
        return listed


@stage
def leaving(events: Timeline, patience: Vector) -> Vector:
    """Return when each draw goes on to the next leg, weeks; ``inf`` where not before the horizon.

    Ruled out by the tests: when they are over. No relief: ``patience`` after the last session of the
    course. Relief: when that of the last course allowed (:attr:`Path.most_courses`) has worn off.
    """
    path, first = events.path, events.courses[0]
    most = 1 if path.most_per_year is None else (path.most_courses or 1)
    worn = np.full_like(path.wait, np.inf)
    if most <= len(events.courses):
        last = events.courses[most - 1]
        worn = np.maximum(last.relief_to, last.start + path.length)
    judged = first.start + path.length + patience
    week = np.where(np.isfinite(first.start), np.where(path.responds, worn, judged), path.tested)
    return np.where(week < events.horizon, week, np.inf)


def setting_of(inputs: StudyInputs, view: str) -> Setting:
    """Return what a simulation under a view holds fixed."""
    study = inputs.study
    return Setting(inputs.views[view], inputs.sources, study.range_coverage, study.draws, study.seed)


def terms_of(inputs: StudyInputs, view: str) -> Terms:
    """Return the plan's terms under a view, sampled."""
    study = inputs.study
    return drawn_terms(study.plan, inputs.plan, inputs.patient, study.weeks, setting_of(inputs, view))


class LegSpec(NamedTuple):
    """All that one leg is sampled from; ``rules`` are a pathway's courses and patience."""

    name: str
    treatment: Treatment
    market: Market
    work: KindOfWork
    in_network: bool
    setting: Setting
    rules: tuple[int, Parameter] | None


class OptionSpec(NamedTuple):
    """All that an option is sampled from, small enough to send to another process."""

    name: str
    legs: tuple[LegSpec, ...]
    terms: Terms
    horizon: float

    def sampled(self) -> Option:
        """Return the option, sampled."""
        return _option(self.name, tuple(_leg(*leg) for leg in self.legs), self.terms, self.horizon)


def option_of(inputs: StudyInputs, view: str, name: str) -> Option:
    """Return one option of a study, sampled under a view; every option meets the same terms."""
    return option_spec(inputs, view, name).sampled()


def option_spec(inputs: StudyInputs, view: str, name: str) -> OptionSpec:
    """Return what one option of a study is sampled from."""
    setting, market, patient = setting_of(inputs, view), inputs.plan.market, inputs.patient

    def leg(treatment: str, model: Treatment, rules: tuple[int, Parameter] | None) -> LegSpec:
        in_network = treatment not in patient.out_of_network
        return LegSpec(treatment, model, market, patient.kind_of_work, in_network, setting, rules)

    if name in inputs.pathways:
        pathway = inputs.pathways[name]
        steps = pathway.rules.steps
        legs = tuple(
            leg(step.treatment, pathway.treatments[step.treatment], (step.courses, step.patience)) for step in steps
        )
    else:
        legs = (leg(name, inputs.treatments[name], None),)
    return OptionSpec(name, legs, terms_of(inputs, view), inputs.study.weeks)


@stage
def _option(name: str, legs: tuple[Leg, ...], terms: Terms, horizon: float) -> Option:
    return Option(name, legs, terms, horizon)


@stage
def _leg(
    name: str,
    treatment: Treatment,
    market: Market,
    work: KindOfWork,
    in_network: bool,
    setting: Setting,
    rules: tuple[int, Parameter] | None,
) -> Leg:
    """Sample one treatment; its uniforms depend on its own name and parameters only.

    A price item is sampled twice: ``price.X`` as the plan's market allows it, and ``price.X.cash``. Both
    come from the same uniforms, so that an expensive place is expensive for everybody.
    """
    parameters = treatment.parameters()
    size = {"draws": setting.draws, "seed": setting.seed}
    block = block_of(f"treatments.{name}", tuple(parameters), LUCK, **size)
    drawn = {}
    for path, parameter in parameters.items():
        drawn[path] = sampled(path, parameter, block, setting, market)
        if isinstance(parameter, PriceItem):
            drawn[f"{path}.cash"] = sampled(path, parameter, block, setting, Market.CASH)
    leg = Leg(name, treatment, market, work, in_network, setting, block, drawn)
    if rules is None:
        return leg
    courses, patience = rules
    own = block_of(f"patience.{name}", ("patience",), (), **size)
    waited = sampled("patience", patience, own, setting, market)
    return replace(leg, courses=courses, patience=waited, prefix=f"{name}.")
