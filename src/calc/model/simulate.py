"""A study under its views → the outcomes of everything that it compares: one way for every option.

Sample → terms → timeline → bills → outcomes: each step is a pure stage of frozen values. Two kinds of
uncertainty are in the draws together: what is not known (parameters), and one patient's luck (responds or
not, passes the test blocks or not, covered or not); :mod:`calc.model.expected` averages the luck out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, replace
from functools import partial
from itertools import product
from types import MappingProxyType

import numpy as np

from ..cache import stage
from ..inputs.distribution import Vector
from ..inputs.load import StudyInputs
from .benefits import adjudicate
from .bills import paid_for
from .ledger import Ledger
from .option import LegTimeline, Option, OptionSpec, option_spec
from .outcomes import OUTCOMES, Estimate, Gaps, Known, gaps_of, needs_of, values_of
from .ranks import INTERVAL, quantiles
from .sample import Drawn
from .timeline import Timeline

__all__ = ["Outcomes", "Simulated", "simulate", "simulate_views"]

#: quantiles of all that an unknown could be at which it is held, close together where little is
STEPS = (0.0, 0.002, 0.004, 0.008, 0.02, 0.1, 0.5, 1.0)

#: times that move outcomes both ways are held at more than their two ends
_SCHEDULE = ("wait", "interval", "diagnostic.interval")


@dataclass(frozen=True)
class Simulated:
    """One option under one view: outcomes by name, where the money went, and when what happened.

    The ledger is empty where no outcome asked for is priced.
    """

    option: Option
    legs: tuple[LegTimeline, ...]
    outcomes: Mapping[str, Estimate]
    ledger: Ledger
    events: Timeline

    @property
    def drawn(self) -> Mapping[str, Drawn]:
        """Everything that was sampled, by path in the option."""
        return self.option.drawn

    def ledger_under(self, reading: str) -> Ledger:
        """Return the ledger under another reading of the bill."""
        return paid_for(self.option.services(self.legs, reading), self.option.terms)

    def ledger_if(self, *, covered: bool) -> Ledger:
        """Return the ledger if the plan pays for every part of it, or for none."""
        return paid_for(self.option.services(self.legs, covered=covered), self.option.terms)

    def itemized(self) -> Ledger:
        """Return the ledger with every service as a line of its own."""
        return adjudicate(self.option.services(self.legs), self.option.terms, lines=True)


@dataclass(frozen=True)
class Outcomes:
    """One study under one view, by option: treatments in the study's order, then pathways."""

    view: str
    horizon: float
    treatments: Mapping[str, Simulated]


def simulate(
    inputs: StudyInputs, view: str, executor: Executor | None = None, *, wanted: Sequence[str] = tuple(OUTCOMES)
) -> Outcomes:
    """Simulate everything that a study compares under one of its views.

    With an ``executor`` the options are shared out among its workers; the result is the same to
    the last bit, because each treatment's draws depend on nothing but its own name and the seed.
    Only the ``wanted`` outcomes are computed; nothing of that changes the others.
    """
    if executor is not None:  # what goes to a worker is pickled, which a read-only mapping cannot be
        inputs = replace(inputs, sources=dict(inputs.sources))
    specs = [option_spec(inputs, view, name) for name in inputs.options]
    spread: Callable[..., Iterable[Simulated]] = executor.map if executor is not None else map
    done = spread(partial(_from_spec, tuple(wanted)), specs)
    by_name = {spec.name: each for spec, each in zip(specs, done, strict=True)}
    return Outcomes(view, inputs.weeks, MappingProxyType(by_name))


def simulate_views(inputs: StudyInputs, executor: Executor | None = None) -> Mapping[str, Outcomes]:
    """Return the outcomes under each of the study's views."""
    return MappingProxyType({view: simulate(inputs, view, executor) for view in inputs.views})


def _from_spec(wanted: tuple[str, ...], spec: OptionSpec) -> Simulated:
    return _simulated(spec.sampled(), wanted)


@stage
def _simulated(option: Option, wanted: tuple[str, ...]) -> Simulated:
    legs = tuple(option.walk())
    events = option.events(legs)
    priced = any(OUTCOMES[name].priced for name in wanted)
    ledger = paid_for(option.services(legs), option.terms) if priced else None
    gaps = {name: gaps_of(option, name) for name in wanted}
    outcomes = {}
    for name in wanted:
        values = values_of(name, events, ledger if OUTCOMES[name].priced else None)
        outcomes[name] = _estimate(option, name, values, gaps)
    return Simulated(option, legs, outcomes, ledger or Ledger({}, {}), events)


def _estimate(option: Option, name: str, values: Vector, gaps: Mapping[str, Gaps]) -> Estimate:
    """Return an outcome with what nobody knows, and what no believed source states, counted in."""
    needs, own = needs_of(option, name), gaps[name]
    if own.known is Known.NOT_STATED:
        return Estimate(np.full_like(values, np.nan), needs, own.known, own.missing)
    if own.known is Known.STATED:
        return Estimate(values, needs)
    # unknown times are held together: outcomes then share the worlds
    timed = tuple(
        dict.fromkeys(path for each, gap in gaps.items() if not OUTCOMES[each].priced for path in gap.unknown)
    )
    held = own.unknown if OUTCOMES[name].priced else timed
    return Estimate(values, needs, own.known, own.unknown, _envelope(option, name, own.unknown, held))


def _envelope(option: Option, outcome: str, unknown: tuple[str, ...], held: tuple[str, ...]) -> tuple[float, float]:
    """Return the lowest 5th and the highest 95th percentile of an outcome that its unknowns allow.

    Every combination of the unknowns' ends is simulated in the same worlds. What moves outcomes both
    ways is held at steps between its ends as well: when sessions are (which decides how recoveries overlap
    and which plan year pays), and whatever decides when a later leg begins.
    """
    paths = tuple(path for path in held if path in unknown) if len(option.legs) == 1 else held
    several = len(option.legs) > 1
    fine = STEPS if not several or len(paths) <= 2 else (0.0, 0.5, 1.0)

    def steps(path: str) -> tuple[float, ...]:
        return fine if several or path in _SCHEDULE or path.endswith(".delay") else (0.0, 1.0)

    corners = product(*[[(path, at) for at in steps(path)] for path in paths])
    ends = [_ends(_at_corner(option, outcome, corner)) for corner in corners]
    return min(low for low, _ in ends), max(high for _, high in ends)


@stage
def _ends(values: Vector) -> tuple[float, float]:
    low, high = quantiles(values, INTERVAL)
    return low, high


def _at_corner(option: Option, outcome: str, corner: tuple[tuple[str, float], ...]) -> Vector:
    """Return an outcome in the world in which the unknowns are held at quantiles of all that they could be."""
    held = option.pinned(dict(corner))
    legs = tuple(held.walk())
    if OUTCOMES[outcome].priced:  # what it costs in a world that only an envelope asks for is not kept
        ledger = adjudicate(held.services(legs), held.terms)
        return OUTCOMES[outcome].measure(held.events(legs), ledger)
    return values_of(outcome, held.events(legs), None)
