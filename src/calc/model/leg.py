"""One treatment of an option, sampled: its figures, its effect, how the plan treats it, what it bills."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import NamedTuple

import numpy as np

from ..cache import stage
from ..inputs.claim import Market
from ..inputs.coverage import CoverageStatus, Covered
from ..inputs.distribution import Vector
from ..inputs.effect import Against
from ..inputs.parameter import Category, Parameter, Per, PriceItem
from ..inputs.population import KindOfPain
from ..inputs.recovery import KindOfWork
from ..inputs.source import Source, Stance
from ..inputs.treatment import RepeatPolicy, Treatment
from .bills import Bill, Priced, services_of
from .harms import HarmSpec, harm_services
from .ledger import Service, Terms
from .response import EffectSpec, Natural, sham_kind_of, treated_share
from .sample import Block, Drawn, Setting, block_of, sampled, shut
from .timeline import Path, RepeatLuck, Schedule, Timeline, begun_at, path_of

__all__ = ["Coverage", "Leg", "LegSpec", "leg_of"]

LUCK = ("passes", "responds")

#: facts of coverage do not depend on whom one believes: policies before pages, a seller's last
_ON_COVERAGE = (Stance.PUBLIC_DATA, Stance.GUIDELINE, Stance.EDITORIAL, Stance.NEWS, Stance.CLINIC)


@dataclass(frozen=True, eq=False)
class Leg:
    """One treatment of an option, sampled.

    ``natural`` is what happens with neither treatment nor sham, the same for every option; ``pin`` holds what nobody
    knows of the effect at a quantile, and ``held`` the share in relief with the treatment at a value; ``repeats``
    say how the luck of further courses is to fall, and ``met`` whom harms are to meet. ``courses`` and ``patience``
    are a pathway's rules for going on, None for a treatment alone; ``prefix`` stands before its paths and items
    where the option has several legs.
    """

    name: str
    treatment: Treatment
    market: Market
    work: KindOfWork
    in_network: bool
    tier: int
    setting: Setting
    block: Block
    own: Mapping[str, Drawn]
    effect: EffectSpec
    natural: Natural
    coverage: Coverage
    courses: int | None = None
    patience: Drawn | None = None
    prefix: str = ""
    pin: float | None = None
    held: Drawn | None = None
    repeats: tuple[tuple[bool, bool], ...] | None = None
    met: tuple[tuple[str, bool], ...] | None = None

    @cached_property
    def treated(self) -> Drawn:
        """The share in relief with the treatment."""
        return self.held if self.held is not None else treated_share(self.effect, self.natural, self.pin)

    @cached_property
    def treated_alone(self) -> Drawn:
        """The share in relief with the treatment if natural course and sham were at their middle in every draw."""
        middle = {"share": _middle(self.natural.share), "sham": _middle(self.sham)}
        return treated_share(self.effect, self.natural.holding(middle), self.pin)

    @property
    def sham(self) -> Drawn:
        """The share in relief with a sham of the treatment."""
        return self.natural.sham[sham_kind_of(self.treatment.effects)]

    @cached_property
    def drawn(self) -> Mapping[str, Drawn]:
        """Everything that was sampled, by path in the treatment; the natural course with it."""
        natural = self.natural.drawn(sham_kind_of(self.treatment.effects))
        return {**self.own, "effect": self.treated, "coverage": self.coverage.drawn(self.setting.draws), **natural}

    @property
    def response_needs(self) -> tuple[str, ...]:
        """What the share with the treatment rests on beside the natural course: an effect, and the sham it beats."""
        if self.effect.usual:
            return ()
        used = (self.treatment.effects[place] for place in self.treated.used) if self.held is None else ()
        return ("natural.sham", "effect") if any(each.against is Against.SHAM for each in used) else ("effect",)

    def schedule(self, terms: Terms) -> Schedule:
        """Return what decides when things happen under a plan."""
        drawn, treatment = self.own, self.treatment
        delay = drawn.get(f"coverage.{self.coverage.chosen}.authorization.delay")
        return Schedule(
            wait=drawn["wait"],
            held=held_up(treatment, terms, None if delay is None else delay.values),
            steps=drawn.get("diagnostic.steps"),
            step_interval=drawn.get("diagnostic.interval"),
            passed=drawn.get("diagnostic.passed"),
            luck_passes=self.block["luck.passes"],
            sessions=drawn["sessions"],
            interval=drawn.get("interval"),
            downtime=drawn["downtime"],
            off_work=drawn.get(f"off_work.{self.work}"),
            onset=drawn.get("onset"),
            neither=self.natural.share,
            treated=self.treated,
            luck_natural=self.natural.luck,
            luck_responds=self.block["luck.responds"],
            natural_onset=self.natural.onset,
            natural_relief=self.natural.relief,
            relief=drawn.get("relief"),
            repeats=treatment.repeat.policy is not RepeatPolicy.NEVER,
            most_per_year=drawn.get("repeat.most_per_year"),
            apart=drawn.get("repeat.apart"),
            asks=drawn.get("repeat.asks"),
            again=drawn.get("repeat.again"),
            lasting=drawn.get("repeat.lasting"),
            luck=RepeatLuck(self.name, self.setting.seed, self.repeats),
            from_last=treatment.onset_from == "last_session",
        )

    def path(self, terms: Terms, begins: Vector | None) -> Path:
        """Return what decides its timeline where the decision for it falls at ``begins``, None for at once."""
        path = path_of(self.schedule(terms), begins is not None)
        return path if begins is None and self.courses is None else begun_at(path, _day(path, begins), self.courses)

    def bill(self, reading: str | None = None, covered: bool | None = None) -> Bill:
        """Return what decides what is billed, under one reading of the bill; covered as the plan's status has it."""
        items = tuple(
            Priced(
                name,
                item.category,
                item.per,
                self.own[f"price.{name}"],
                self.own[f"price.{name}.cash"],
                self.own.get(f"price.{name}.days"),
            )
            for name, item in self.treatment.billed(reading).items()
        )
        return Bill(items, self.coverage.paid if covered is None else covered, self.in_network, self.tier)

    def services(
        self, events: Timeline, reading: str | None = None, covered: bool | None = None
    ) -> tuple[Service, ...]:
        """Return what is billed along a timeline, what follows from harms with it."""
        bill = self.bill(reading, covered)
        return services_of(bill, events) + harm_services(self.harms(), events, bill.covered)

    def harms(self) -> tuple[HarmSpec, ...]:
        """Return the harms of the treatment, sampled; what follows from one is billed like the treatment itself."""
        items = self.treatment.price.values()
        usual = next((item.category for item in items if item.per in (Per.SESSION, Per.COURSE)), None)
        forced = dict(self.met or ())
        return tuple(
            HarmSpec(
                self.name,
                name,
                harm.per,
                usual or Category.OUTPATIENT_PROCEDURE,
                self.own[f"harms.{name}"],
                self.own.get(f"harms.{name}.within"),
                self.own.get(f"harms.{name}.cost"),
                self.own.get(f"harms.{name}.days"),
                self.setting.draws,
                self.setting.seed,
                forced.get(name),
            )
            for name, harm in self.treatment.harms.items()
        )

    @property
    def categories(self) -> frozenset[Category]:
        """The categories of care that it bills, what follows from harms with them."""
        harms = {each.category for each in self.harms() if each.cost is not None}
        return frozenset({item.category for item in self.treatment.billed().values()} | harms)

    def passes(self) -> Vector:
        """Return the chance to pass the test steps, shape (n,); NaN where not stated."""
        passed = self.own.get("diagnostic.passed")
        return np.ones(self.setting.draws) if passed is None else passed.values

    def holding(self, held: Mapping[str, Drawn]) -> Leg:
        """Return the leg with other draws of some of its parameters, by path."""
        if not held:
            return self
        natural = {path.removeprefix("natural."): each for path, each in held.items() if path.startswith("natural.")}
        own = {path: each for path, each in held.items() if path in self.own}
        return replace(
            self,
            own={**self.own, **own},
            natural=self.natural.holding(natural),
            held=held.get("effect", self.held),
            coverage=self.coverage.holding(held.get("coverage")),
        )

    def pinned(self, at: Mapping[str, float], natural: Natural) -> Leg:
        """Return the leg with what nobody knows held at quantiles, by path; other paths are not its own."""
        known = self.treatment.parameters()
        own = {
            path: sampled(path, known[path], self.block, self.setting, self.market, pin=quantile)
            for path, quantile in at.items()
            if path in known
        }
        coverage = self.coverage.at(at["coverage"]) if "coverage" in at else self.coverage
        pin = at.get("effect", self.pin)
        return replace(self, own={**self.own, **own}, natural=natural, pin=pin, coverage=coverage)


def _middle(drawn: Drawn) -> Drawn:
    return replace(drawn, values=np.full_like(drawn.values, np.median(drawn.values)))


@dataclass(frozen=True)
class Coverage:
    """How the plan treats a treatment: the status used, by its place in the file, and what follows from it.

    ``chosen`` is -1 where none is stated; ``paid`` says whether the plan pays in what is shown.
    """

    chosen: int
    status: Covered
    paid: bool

    @property
    def unknown(self) -> bool:
        """Whether nobody can say beforehand whether the plan pays."""
        return self.status is Covered.NOT_KNOWN

    def drawn(self, draws: int) -> Drawn:
        """Return it as draws: 1 where the plan pays."""
        return _coverage_drawn(draws, self.chosen, self.paid, self.unknown)

    def at(self, quantile: float) -> Coverage:
        """Return one of the two ways that an unknown status can turn out."""
        return replace(self, paid=quantile > 0.5)

    def holding(self, held: Drawn | None) -> Coverage:
        """Return the status as it is held: paid where the draws are above a half."""
        return self if held is None else replace(self, paid=bool(held.values.mean() > 0.5))


@stage
def _coverage_drawn(draws: int, chosen: int, paid: bool, unknown: bool) -> Drawn:
    return shut(
        np.full(draws, float(paid)), np.full(draws, chosen, dtype=np.int16), np.full(draws, unknown, dtype=np.bool_)
    )


def held_up(
    treatment: Treatment, terms: Terms, delay: Vector | None
) -> tuple[Vector | float, Vector | float, Vector | float]:
    """Return the weeks that asking holds up the first visit, then the test steps, then the first session.

    Each is the longest delay of the categories billed there; a category is asked for once. ``delay`` is that of asking
    for the treatment itself, before its first session.
    """
    weeks: list[Vector | float] = []
    asked: set[Category] = set()
    for moment in ((Per.ONCE,), (Per.DIAGNOSTIC,), (Per.COURSE, Per.SESSION, Per.MONTH)):
        categories = {item.category for item in treatment.billed().values() if item.per in moment}
        delays = [terms.delay[each] for each in sorted(categories - asked) if each in terms.delay]
        if delay is not None and Per.SESSION in moment:
            delays.append(delay)
        weeks.append(_longest(tuple(delays)) if delays else 0.0)
        asked |= categories
    return weeks[0], weeks[1], weeks[2]


@stage
def _longest(delays: tuple[Vector, ...]) -> Vector:
    return np.asarray(np.maximum.reduce(delays))


def _day(path: Path, begins: Vector | None) -> Vector:
    return np.zeros_like(path.wait) if begins is None else begins


class LegSpec(NamedTuple):
    """All that one leg is sampled from; ``rules`` are a pathway's courses and patience."""

    name: str
    treatment: Treatment
    kind: KindOfPain
    market: Market
    work: KindOfWork
    in_network: bool
    tier: int
    setting: Setting
    usual: bool
    rivals: tuple[tuple[str, Treatment], ...]
    rules: tuple[int, Parameter] | None


@stage
def leg_of(spec: LegSpec, natural: Natural) -> Leg:
    """Sample one treatment; its uniforms depend on its own name and parameters only.

    A price item is sampled twice: ``price.X`` as the plan's market allows it, and ``price.X.cash``. Both
    come from the same uniforms, so that an expensive place is expensive for everybody.
    """
    setting, block = spec.setting, _block(spec.name, spec.treatment, spec.setting)
    own = {}
    for path, parameter in spec.treatment.parameters().items():
        own[path] = sampled(path, parameter, block, setting, spec.market)
        if isinstance(parameter, PriceItem):
            own[f"{path}.cash"] = sampled(path, parameter, block, setting, Market.CASH)
    rivals = tuple((name, _effect_of(name, each, spec, ())) for name, each in spec.rivals)
    effect = _effect_of(spec.name, spec.treatment, spec, rivals)
    coverage = _coverage_of(spec.treatment, spec.market, spec.kind, setting.sources)
    fixed = (spec.name, spec.treatment, spec.market, spec.work, spec.in_network, spec.tier, setting, block)
    leg = Leg(*fixed, own, effect, natural, coverage)
    if spec.rules is None:
        return leg
    courses, patience = spec.rules
    apart = block_of(f"patience.{spec.name}", ("patience",), (), draws=setting.draws, seed=setting.seed)
    waited = sampled("patience", patience, apart, setting, spec.market)
    return replace(leg, courses=courses, patience=waited, prefix=f"{spec.name}.")


def _block(name: str, treatment: Treatment, setting: Setting) -> Block:
    paths = (*treatment.parameters(), "effect")
    return block_of(f"treatments.{name}", paths, LUCK, draws=setting.draws, seed=setting.seed)


def _effect_of(
    name: str, treatment: Treatment, spec: LegSpec, rivals: tuple[tuple[str, EffectSpec], ...]
) -> EffectSpec:
    block = _block(name, treatment, spec.setting)
    usual = spec.usual and name == spec.name
    return EffectSpec(treatment.effects, spec.kind, spec.setting, block, usual, rivals)


def _coverage_of(treatment: Treatment, market: Market, kind: KindOfPain, sources: Mapping[str, Source]) -> Coverage:
    """Return how a plan of a market treats an option for a kind of pain.

    The user's own word goes first; then a policy about this market before what is said of all, and a published
    policy before a page. Who pays cash is never covered; where nothing is billed there is nothing to cover.
    """
    if market is Market.CASH or not treatment.price:
        return Coverage(-1, Covered.COVERED, market is not Market.CASH)
    said = [
        (place, each)
        for place, each in enumerate(treatment.coverage)
        if each.market in (None, market) and kind in each.kinds
    ]
    if not said:
        return Coverage(-1, Covered.NOT_KNOWN, paid=False)
    place, status = min(said, key=lambda item: _rank(item[1], market, sources))
    return Coverage(place, status.status, paid=status.status in (Covered.COVERED, Covered.ON_CONDITIONS))


def _rank(status: CoverageStatus, market: Market, sources: Mapping[str, Source]) -> tuple[int, int, int]:
    if status.yours is not None:
        return (0, 0, 0)
    stance = sources[status.source].stance if status.source is not None else None
    order = _ON_COVERAGE.index(stance) if stance is not None else len(_ON_COVERAGE)
    return (1, int(status.market is not market), order)
