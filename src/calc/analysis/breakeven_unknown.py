"""What a thing that nobody knows would have to be for an option to beat the best of the known ones."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import product

import numpy as np
import pandas as pd

from ..inputs.distribution import Vector
from ..inputs.load import StudyInputs
from ..inputs.quantity import Quantity
from ..model.expected import Expected, averaging
from ..model.simulate import Outcomes
from .breakeven import BreakEven, break_even, break_even_two_way
from .decide import Decision
from .problem import Matrix
from .study_problem import NEEDED, StudyProblem

__all__ = ["Needed", "needed"]

_DRAWS = 1024
#: points along an unknown share, and along unknown weeks: finely where it is the only one of a treatment
_SHARES, _WEEKS, _FINE = 6, 9, 27
_MOST_UNKNOWN = 3
_ONE_WAY = (
    "view", "treatment", "label", "against", "against_label", "against_known", "value_of_week", "parameter",
    "parameter_label", "unit", "others", "low", "high", "at_least", "at_most", "always", "never", "error",
)  # fmt: skip
_TWO_WAY = (
    "view", "treatment", "label", "against", "against_label", "against_known", "value_of_week", "parameter",
    "parameter_label", "unit", "at", "needed", "needed_label", "needed_unit", "at_least", "at_most", "always", "never",
)  # fmt: skip


@dataclass(frozen=True)
class Needed:
    """The break-evens of one view, against the best of the known options.

    Where ``against_known`` is false, they are against the unknown one that is better than these even if it brings no
    relief.

    Attributes
    ----------
    one_way
        One row per option that is not known, value of a week (looked at, and the ends of its range) and unknown
        ``parameter``: it wins from ``at_least`` on, or up to ``at_most``, or ``always``, or ``never``, within ``low``
        to ``high`` in ``unit`` (shares, weeks, USD). ``others`` says where its other unknowns are held: "best" for the
        option (so much is needed whatever they are), "worst" (so much is enough whatever they are), or "none" where it
        has no others. Rows without a parameter are about the option's average weeks in relief, or its average cost,
        whatever makes it. ``error`` is the Monte Carlo standard error of what is needed there.
    two_way
        One row per option with two unknowns or more, and value ``at`` of the one: what is ``needed`` of the other.
    """

    one_way: pd.DataFrame
    two_way: pd.DataFrame


@dataclass(frozen=True)
class _Open:
    """One option that is not known: its unknowns with the values to try, and what it would then cost and bring."""

    grids: Mapping[str, Vector]
    expects: Callable[[Mapping[str, float | Vector]], tuple[Vector, Vector]]

    def benefit(self, value: float, held: Mapping[str, float]) -> float:
        cost, weeks = self.expects(held)
        return float(value * weeks.mean() - cost.mean())


def needed(inputs: StudyInputs, outcomes: Outcomes, problem: StudyProblem, averaged: Mapping[str, Expected]) -> Needed:
    """Return what the unknown options of one view would need, against the best of the known at the same value."""
    one_way: list[dict[str, object]] = []
    two_way: list[dict[str, object]] = []
    decision = problem.decision
    for name, missing in problem.unknown.items() if decision is not None else ():
        base: dict[str, object] = {"view": outcomes.view, "treatment": name, "label": inputs.options[name].short}
        one_way += _of_outcomes(inputs, base, problem, averaged[name], missing)
        if (opened := _opened(inputs, outcomes, name)) is not None:
            one_way += _of_parameters(inputs, base, problem, opened)
            two_way += _of_pairs(inputs, base, problem, opened)
    return Needed(pd.DataFrame(one_way, columns=list(_ONE_WAY)), pd.DataFrame(two_way, columns=list(_TWO_WAY)))


def _rivals(
    inputs: StudyInputs, base: Mapping[str, object], problem: StudyProblem
) -> Iterator[tuple[int, float, float, float, dict[str, object]]]:
    """Yield places and values to look at, the net benefit to beat there with its error, and whose it is.

    That of the best known option; or of another unknown one that exceeds it even if it brings no relief.
    """
    decision: Decision = problem.decision  # type: ignore[assignment]  # asked only where there is one
    known, last = decision.problem, decision.problem.wtp.size - 1
    for place in dict.fromkeys((decision.place, 0, last)):
        value, best = float(known.wtp[place]), int(decision.found.best[place])
        draws = value * known.effect[best] - known.cost[best]
        benefit, error = float(draws.mean()), float(draws.std() / np.sqrt(known.draws))
        rival, label = problem.names[known.options[best]], known.options[best]
        surely = problem.surely_better(benefit)
        if surely and surely != base["treatment"]:
            rival, label, benefit, error = surely, inputs.options[surely].short, -problem.costs[surely], 0.0
        words = {"against": rival, "against_label": label, "against_known": rival != surely, "value_of_week": value}
        yield place, value, benefit, error, words


def _of_outcomes(
    inputs: StudyInputs,
    base: Mapping[str, object],
    problem: StudyProblem,
    averaged: Expected,
    missing: tuple[str, ...],
) -> Iterator[dict[str, object]]:
    """Yield what the average weeks in relief, or the average cost, would have to be if the other is known."""
    if len(missing) == len(NEEDED):
        return
    for _, value, benefit, error, words in _rivals(inputs, base, problem):
        row = {**base, **words, "parameter": "", "others": "none", "low": 0.0}
        if missing == ("weeks_in_relief",):
            if value == 0:
                continue
            cost = averaged.out_of_pocket
            least = (benefit + float(cost.mean())) / value
            error = float(np.hypot(error, cost.std() / np.sqrt(cost.size))) / value
            most = float(problem.decision.problem.effect.max()) if problem.decision else np.nan
            yield {**row, "parameter_label": "weeks in relief on average", "unit": "weeks", "high": max(least, most),
                   "at_least": max(least, 0.0), "always": least <= 0, "never": False, "error": error}  # fmt: skip
        else:
            weeks = averaged.weeks_in_relief
            most = value * float(weeks.mean()) - benefit
            error = float(np.hypot(error, value * weeks.std() / np.sqrt(weeks.size)))
            yield {**row, "parameter_label": "what you pay on average", "unit": "usd", "high": max(most, 0.0),
                   "at_most": most if most >= 0 else np.nan, "always": False, "never": most < 0,
                   "error": error}  # fmt: skip


def _opened(inputs: StudyInputs, outcomes: Outcomes, name: str) -> _Open | None:
    """Return an option with its unknowns, None where one of them is money or a count, or there are too many."""
    simulated = outcomes.treatments[name].outcomes
    paths = list(dict.fromkeys(path for outcome in NEEDED for path in simulated[outcome].rests_on))
    known = inputs.quantities(name)
    if len(paths) > _MOST_UNKNOWN or any(_of(known, path).measure.dimension not in ("share", "time") for path in paths):
        return None
    alone = len(paths) == 1 and name not in inputs.pathways
    grids = {
        path: np.linspace(0.0, 1.0, _SHARES)
        if _of(known, path).measure.dimension == "share"
        else np.linspace(0.0, inputs.weeks, _FINE if alone else _WEEKS)
        for path in paths
    }
    fewer = inputs.study.model_copy(update={"draws": min(inputs.study.draws, _DRAWS)})
    return _Open(grids, averaging(replace(inputs, study=fewer), outcomes.view, name))


def _of(known: Mapping[str, Quantity], path: str) -> Quantity:
    return known[path.removesuffix(".cash")]


def _about(inputs: StudyInputs, base: Mapping[str, object], path: str, prefix: str = "parameter") -> dict[str, object]:
    option = str(base["treatment"])
    parameter = _of(inputs.quantities(option), path)
    unit = "share" if parameter.measure.dimension == "share" else "weeks"
    short = "unit" if prefix == "parameter" else f"{prefix}_unit"
    return {prefix: inputs.address(option, path), f"{prefix}_label": parameter.label, short: unit}


def _of_parameters(
    inputs: StudyInputs, base: Mapping[str, object], problem: StudyProblem, opened: _Open
) -> Iterator[dict[str, object]]:
    """Yield the break-even of each unknown, its others held where they help the option most, and least."""
    for path, grid in opened.grids.items():
        others = {each: (ends[0], ends[-1]) for each, ends in opened.grids.items() if each != path}
        corners = [dict(zip(others, corner, strict=True)) for corner in product(*others.values())]
        found = [[opened.expects({path: float(at), **corner}) for at in grid] for corner in corners]
        cost, weeks = (np.array([[pair[which].mean() for pair in row] for row in found]) for which in (0, 1))
        noise = np.array([[np.sqrt(max(pair[0].size, 1)) for pair in row] for row in found])
        for _, value, benefit, error, words in _rivals(inputs, base, problem):
            gains = value * weeks - cost - benefit
            spread = np.array([[(value * w - c).std() for c, w in row] for row in found]) / noise
            for held, choose in (("best", np.max), ("worst", np.min)) if others else (("none", np.max),):
                gain = choose(gains, axis=0)
                turn = break_even(grid, gain)
                slope = float(np.ptp(gain)) / float(np.ptp(grid))
                off = float(np.hypot(error, spread.max())) / slope if slope > 0 else float("nan")
                yield {**base, **words, **_about(inputs, base, path), "others": held, "low": grid[0],
                       "high": grid[-1], **_stretch(turn), "error": off}  # fmt: skip


def _of_pairs(
    inputs: StudyInputs, base: Mapping[str, object], problem: StudyProblem, opened: _Open
) -> Iterator[dict[str, object]]:
    """Yield what is needed of a share (else of the last unknown) at each value of another, others at their best."""
    if len(opened.grids) < 2:
        return
    asked = next((path for path, grid in opened.grids.items() if grid[-1] == 1.0), [*opened.grids][-1])
    along = [path for path in opened.grids if path != asked][-1]
    others = {path: (grid[0], grid[-1]) for path, grid in opened.grids.items() if path not in (asked, along)}
    _, value, benefit, _, words = next(_rivals(inputs, base, problem))
    one, other = opened.grids[along], opened.grids[asked]
    gain: Matrix = np.array(
        [[max(opened.benefit(value, {along: float(at), asked: float(share), **dict(zip(others, corner, strict=True))})
              for corner in product(*others.values())) for share in other] for at in one]
    ) - benefit  # fmt: skip
    for at, turn in zip(one, break_even_two_way(one, other, gain), strict=True):
        yield {**base, **words, **_about(inputs, base, along), "at": float(at),
               **_about(inputs, base, asked, "needed"), **_stretch(turn)}  # fmt: skip


def _stretch(turn: BreakEven) -> dict[str, object]:
    least, most = turn.at_least, turn.at_most
    return {
        "at_least": np.nan if least is None else least,
        "at_most": np.nan if most is None else most,
        "always": turn.always,
        "never": turn.never,
    }
