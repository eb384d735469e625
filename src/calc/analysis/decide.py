"""Decision analysis in one call: tables of draws → everything that can be asked of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from ..errors import DrawsError, Problem
from ..inputs.distribution import Vector
from . import acceptability, icers, prospects, sensitivity, value
from .evppi import evppi
from .netbenefit import Sweep, sweep
from .plane import Cloud, clouds
from .problem import DecisionProblem, decision_problem
from .selfcheck import check_information, check_laws

__all__ = ["DECISION_TABLES", "Decision", "decide"]

DECISION_TABLES = ("summary", "icers", "ceac", "expected_loss", "evpi", "evppi", "tornado", "one_way")


@dataclass(frozen=True)
class Decision:
    """A decision problem and every table made of it, each computed once when asked for.

    ``place`` is that of the value of a unit of effect at which a single one is needed; ``rests_on`` names, where
    given, the parameters that each option depends on.
    """

    problem: DecisionProblem
    found: Sweep
    place: int
    groups: Mapping[str, Sequence[str]]
    rests_on: Mapping[str, Sequence[str]] | None = None

    @property
    def value(self) -> float:
        """The value of a unit of effect at which a single one is needed, money."""
        return float(self.problem.wtp[self.place])

    @property
    def rivals(self) -> tuple[str, str]:
        """The option with the highest expected net benefit at :attr:`value`, and the second."""
        return sensitivity.rivals(self.problem, self.value)

    @cached_property
    def summary(self) -> pd.DataFrame:
        """Means, intervals, tails, chances (:func:`calc.analysis.prospects.decision_summary`)."""
        return prospects.decision_summary(self.problem, self.found, at=self.place)

    @cached_property
    def icers(self) -> pd.DataFrame:
        """The efficiency frontier (:func:`calc.analysis.icers.icers`)."""
        return icers.icers(self.problem)

    @cached_property
    def ceac(self) -> pd.DataFrame:
        """Acceptability curves and frontier (:func:`calc.analysis.acceptability.acceptability`)."""
        return acceptability.acceptability(self.problem, self.found)

    @cached_property
    def expected_loss(self) -> pd.DataFrame:
        """Expected loss of each option (:func:`calc.analysis.value.expected_loss`)."""
        return value.expected_loss(self.problem, self.found)

    @cached_property
    def evpi(self) -> pd.DataFrame:
        """Expected value of perfect information (:func:`calc.analysis.value.evpi`)."""
        return value.evpi(self.problem, self.found)

    @cached_property
    def evppi(self) -> pd.DataFrame:
        """What each parameter and group is worth finding out (:func:`calc.analysis.evppi.evppi`)."""
        alone = {name: (name,) for name in self.problem.parameters}
        return evppi(self.problem, self.found, groups=alone | dict(self.groups), rests_on=self.rests_on)

    @cached_property
    def tornado(self) -> pd.DataFrame:
        """What moves the difference between the two best (:func:`calc.analysis.sensitivity.tornado`)."""
        first, second = self.rivals
        matter = None if self.rests_on is None else dict.fromkeys([*self.rests_on[first], *self.rests_on[second]])
        return sensitivity.tornado(self.problem, value=self.value, option=first, against=second, among=matter)

    @cached_property
    def one_way(self) -> pd.DataFrame:
        """Differences along each parameter (:func:`calc.analysis.sensitivity.one_way`)."""
        rows = [sensitivity.one_way(self.problem, name, value=self.value) for name in self.tornado["parameter"]]
        columns = ["parameter", "at", "option", "diff_cost", "diff_effect", "diff_net_benefit", "best"]
        return pd.concat(rows, ignore_index=True) if rows else pd.DataFrame(columns=columns)

    @cached_property
    def clouds(self) -> Mapping[str, Cloud]:
        """Where the draws lie on the cost-effect plane (:func:`calc.analysis.plane.clouds`)."""
        return clouds(self.problem)

    def tables(self) -> Mapping[str, pd.DataFrame]:
        """Return every table by name, in the order of :data:`DECISION_TABLES`."""
        return {name: getattr(self, name) for name in DECISION_TABLES}


def decide(
    cost: pd.DataFrame | Mapping[str, Vector],
    effect: pd.DataFrame | Mapping[str, Vector],
    *,
    wtp: Sequence[float] | Vector,
    parameters: pd.DataFrame | Mapping[str, Vector] | None = None,
    reference: str | None = None,
    at: float | None = None,
    groups: Mapping[str, Sequence[str]] | None = None,
    rests_on: Mapping[str, Sequence[str]] | None = None,
) -> Decision:
    """Analyse anyone's draws; the laws that every such analysis keeps are checked on each run.

    Parameters
    ----------
    cost, effect, parameters, wtp, reference
        As for :func:`calc.analysis.problem.decision_problem`.
    at
        The one of ``wtp`` at which a single value is needed, the middle one by default.
    groups
        Parameters that would be found out together, by a name of their own.
    rests_on
        By option, the parameters that it depends on, where these are independent of all others (see
        :func:`calc.analysis.evppi.evppi`).

    Raises
    ------
    DrawsError, UnknownNameError
        with every problem found, before anything is computed.
    SelfCheckError
        if a result breaks a law; nothing of it can be trusted.
    """
    problem = decision_problem(cost, effect, wtp=wtp, parameters=parameters, reference=reference)
    groups = dict(groups or {})
    faults = [
        Problem("groups", name, "a parameter has this name already", "Choose another.")
        for name in groups
        if name in problem.parameters
    ]
    faults += [
        Problem("groups", name, "the group is empty", "Name its parameters.") for name in groups if not groups[name]
    ]
    for some in (*groups.values(), *(rests_on or {}).values()):
        for each in some:
            problem.parameter(each)
    faults += [
        Problem("rests_on", name, "nothing is said of this option", "Name its parameters, or none.")
        for name in (problem.options if rests_on is not None else ())
        if name not in (rests_on or {})
    ]
    place = problem.wtp.size // 2 if at is None else int(np.abs(problem.wtp - at).argmin())
    if at is not None and not np.isclose(problem.wtp[place], at):
        nearest = f"The nearest is {problem.wtp[place]:g}."
        faults.append(Problem("at", "", f"{at:g} is none of the values of a unit of effect", nearest))
    if faults:
        raise DrawsError(faults)
    found = sweep(problem)
    check_laws(problem, found)
    made = Decision(problem, found, place, groups, rests_on)
    check_information(made.evppi, made.evpi)
    return made
