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
from ..inputs.parameter import Category, Parameter
from ..inputs.treatment import Treatment
from .bills import services_until
from .harms import setbacks
from .ledger import Service, Terms
from .leg import Leg, LegSpec, leg_of
from .response import NaturalSpec, natural_of, natural_spec
from .sample import Drawn, Setting
from .terms import PlanSpec, delay_paths, drawn_plan, drawn_terms, figures_met
from .timeline import Timeline, joined, set_back, timeline

__all__ = [
    "LegTimeline",
    "Option",
    "OptionSpec",
    "leaving",
    "option_of",
    "option_spec",
    "plan_spec",
    "setting_of",
    "terms_of",
]


@dataclass(frozen=True)
class LegTimeline:
    """One leg as it was lived through: its events, and when each draw goes on to the next (``inf`` = never)."""

    leg: Leg
    events: Timeline
    leaves: Vector | None


@dataclass(frozen=True, eq=False)
class Option:
    """Something to choose: its legs, the plan that all of them meet (its draws, its terms), how far to look (weeks)."""

    name: str
    legs: tuple[Leg, ...]
    natural: NaturalSpec
    plan: PlanSpec
    figures: Mapping[str, Drawn]
    horizon: float

    @cached_property
    def terms(self) -> Terms:
        """The plan's terms that these draws make."""
        return drawn_terms(self.plan, self.figures)

    @cached_property
    def drawn(self) -> Mapping[str, Drawn]:
        """Everything that was sampled, by path in the option; the plan's figures as ``plan.…``."""
        drawn = {self.path(leg, path): each for leg in self.legs for path, each in leg.drawn.items()}
        drawn |= {f"{leg.prefix}patience": leg.patience for leg in self.legs if leg.patience is not None}
        return drawn | {f"plan.{path}": each for path, each in self.figures.items()}

    @staticmethod
    def path(leg: Leg, path: str) -> str:
        """Return a leg's path in the option; the natural course and the plan are nobody's own."""
        return path if path.startswith(("natural.", "plan.")) else f"{leg.prefix}{path}"

    def plan_figures(self, leg: Leg) -> Iterator[str]:
        """Yield the plan's figures that a leg's bill meets, by path in the option; none where the plan cannot pay."""
        if leg.market is Market.CASH or not (leg.coverage.paid or leg.coverage.unknown):
            return
        place = "out_of_network" if not leg.in_network else "second_tier" if leg.tier == 2 else None
        for path in figures_met(self.plan, self.terms, leg.categories, place):
            yield f"plan.{path}"

    def delays(self, leg: Leg) -> Iterator[str]:
        """Yield the parameters that say how long asking beforehand holds a leg up, by path in its treatment."""
        asked = f"coverage.{leg.coverage.chosen}.authorization.delay"
        if asked in leg.own:
            yield asked
        billed = {item.category for item in leg.treatment.billed().values()}
        for path in delay_paths(self.plan.plan, self.terms, billed):
            yield f"plan.{path}"

    @property
    def items(self) -> Mapping[str, tuple[str, Category]]:
        """Label and category of everything that can be billed, by item: prices, and what follows from harms."""
        found: dict[str, tuple[str, Category]] = {}
        for leg in self.legs:
            billed = {name: (item.label, item.category) for name, item in leg.treatment.price.items()}
            harms = {f"harms.{each.name}": each.category for each in leg.harms() if each.cost is not None}
            labels = {f"harms.{name}": harm.label for name, harm in leg.treatment.harms.items()}
            billed |= {name: (labels[name], category) for name, category in harms.items()}
            found |= {f"{leg.prefix}{name}": each for name, each in billed.items()}
        return found

    def holding(self, held: Mapping[str, Drawn]) -> Option:
        """Return the option with other draws of some parameters, by path in the option.

        Raises
        ------
        UnknownNameError
            naming the nearest parameters.
        """
        own = {self.path(leg, path) for leg in self.legs for path in leg.drawn} | {
            f"plan.{path}" for path in self.figures
        }
        for path in held:
            if path not in own:
                raise UnknownNameError("parameter", path, own)
        legs = tuple(
            leg.holding({path: held[full] for path in leg.drawn if (full := self.path(leg, path)) in held})
            for leg in self.legs
        )
        figures = {path: held.get(f"plan.{path}", each) for path, each in self.figures.items()}
        return replace(self, legs=legs, figures=figures)

    def pinned(self, at: Mapping[str, float]) -> Option:
        """Return the option with what nobody knows held at quantiles, by path in the option."""
        pins = tuple((path, each) for path, each in at.items() if path.startswith("natural."))
        natural = natural_of(self.natural, pins)
        legs = tuple(
            leg.pinned(
                {path.removeprefix(leg.prefix): each for path, each in at.items() if path.startswith(leg.prefix)},
                natural,
            )
            for leg in self.legs
        )
        held = {path.removeprefix("plan."): each for path, each in at.items() if path.startswith("plan.")}
        figures = drawn_plan(self.plan.name, self.plan.plan, self.plan.setting, held) if held else self.figures
        return replace(self, legs=legs, figures=figures)

    def walk(self) -> Iterator[LegTimeline]:
        """Yield each leg with its timeline and when it is left, from the day of the decision on."""
        begins: Vector | None = None
        for leg in self.legs:
            events = timeline(leg.path(self.terms, begins), self.horizon)
            begins = leaving(events, leg.patience.values) if leg.patience is not None else None
            lost = setbacks(leg.harms(), events)
            yield LegTimeline(leg, set_back(events, lost) if lost else events, begins)

    def events(self, walked: tuple[LegTimeline, ...]) -> Timeline:
        """Return the timeline of all legs, one after another."""
        return joined(tuple(each.events for each in walked)) if len(walked) > 1 else walked[0].events

    def services(
        self, walked: tuple[LegTimeline, ...], reading: str | None = None, covered: bool | None = None
    ) -> tuple[Service, ...]:
        """Return the services of all legs; ``reading`` is that of the bill, of a treatment alone.

        Each leg is covered as the plan's status has it, or all of them as ``covered`` says.
        """
        listed: tuple[Service, ...] = ()
        for each in walked:
            services = each.leg.services(each.events, reading, covered)
            listed += services if each.leaves is None else services_until(services, each.leaves, each.leg.prefix)
        return listed


@stage
def leaving(events: Timeline, patience: Vector) -> Vector:
    """Return when each draw goes on to the next leg, weeks; ``inf`` where not before the horizon.

    Ruled out by the tests: when they are over, and the relief of those who get better by themselves. No relief from
    a course: ``patience`` after its last session. Relief: when that of the last course has worn off, be it the last
    one allowed (:attr:`Path.most_courses`) or that no other is asked for.
    """
    path = events.path
    week = path.tested
    if path.natural is not None and path.natural_to is not None:
        week = np.where(path.natural, np.maximum(week, path.natural_to), week)
    for course in events.up_to(1 if path.most_per_year is None else (path.most_courses or 1)):
        last = course.start + path.length
        over = np.where(np.isinf(course.relief_to), last + patience, np.maximum(course.relief_to, last))
        week = np.where(np.isfinite(course.start), over, week)
    return np.where(week < events.end, week, np.inf)


def setting_of(inputs: StudyInputs, view: str) -> Setting:
    """Return what a simulation under a view holds fixed."""
    study = inputs.study
    return Setting(inputs.views[view], inputs.sources, study.range_coverage, study.draws, study.seed)


def plan_spec(inputs: StudyInputs, view: str) -> PlanSpec:
    """Return what the plan's terms are drawn from under a view."""
    study = inputs.study
    return PlanSpec(study.plan, inputs.plan, inputs.patient.card, inputs.weeks, setting_of(inputs, view))


def terms_of(inputs: StudyInputs, view: str) -> Terms:
    """Return the plan's terms under a view, sampled."""
    spec = plan_spec(inputs, view)
    return drawn_terms(spec, drawn_plan(spec.name, spec.plan, spec.setting))


class OptionSpec(NamedTuple):
    """All that an option is sampled from, small enough to send to another process."""

    name: str
    legs: tuple[LegSpec, ...]
    natural: NaturalSpec
    plan: PlanSpec
    horizon: float

    def sampled(self) -> Option:
        """Return the option, sampled."""
        natural = natural_of(self.natural)
        return _option(
            self.name, tuple(leg_of(leg, natural) for leg in self.legs), self.natural, self.plan, self.horizon
        )


def option_of(inputs: StudyInputs, view: str, name: str) -> Option:
    """Return one option of a study, sampled under a view; every option meets the same terms and the same people."""
    return option_spec(inputs, view, name).sampled()


def option_spec(inputs: StudyInputs, view: str, name: str) -> OptionSpec:
    """Return what one option of a study is sampled from."""
    setting, market, patient = setting_of(inputs, view), inputs.plan.market, inputs.patient

    def leg(treatment: str, model: Treatment, rules: tuple[int, Parameter] | None) -> LegSpec:
        rivals = tuple((each, inputs.known[each]) for each in dict.fromkeys(model.rivals) if each != treatment)
        in_network, usual = treatment not in patient.out_of_network, treatment == inputs.study.usual_care
        tier = 2 if treatment in patient.second_tier else 1
        own = (market, patient.kind_of_work, in_network, tier, setting, usual, rivals, rules)
        return LegSpec(treatment, model, inputs.kind, *own)

    if name in inputs.pathways:
        pathway = inputs.pathways[name]
        steps = pathway.rules.steps
        legs = tuple(
            leg(step.treatment, pathway.treatments[step.treatment], (step.courses, step.patience)) for step in steps
        )
    else:
        legs = (leg(name, inputs.treatments[name], None),)
    return OptionSpec(name, legs, natural_spec(inputs, setting), plan_spec(inputs, view), inputs.weeks)


@stage
def _option(name: str, legs: tuple[Leg, ...], natural: NaturalSpec, plan: PlanSpec, horizon: float) -> Option:
    return Option(name, legs, natural, plan, drawn_plan(plan.name, plan.plan, plan.setting), horizon)
