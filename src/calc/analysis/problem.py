"""The one checked object of decision analysis: options, their cost and effect in each draw, parameters."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
import numpy.typing as npt
import pandas as pd

from ..errors import DrawsError, Problem, UnknownNameError
from ..inputs.distribution import Vector
from ..inputs.draws_table import disagreements, numbered

__all__ = ["DecisionProblem", "Matrix", "decision_problem", "levelled", "rounding_of"]

Matrix = npt.NDArray[np.float64]
_ROUNDING = 8 * np.finfo(np.float64).eps


def rounding_of(values: Vector | Matrix) -> float:
    """Return how far two of these may differ by the rounding of numbers of their size alone."""
    return _ROUNDING * float(np.abs(values).max(initial=0.0))


def levelled(values: Vector, rounding: float) -> Vector:
    """Return values of which those that differ by rounding alone are the same."""
    order = np.argsort(values, kind="stable")
    ordered = values[order]
    first = np.concatenate([[True], np.diff(ordered) > rounding])
    found = np.empty_like(ordered)
    found[order] = ordered[np.maximum.accumulate(np.where(first, np.arange(ordered.size), 0))]
    return found


@dataclass(frozen=True)
class DecisionProblem:
    """What there is to choose from, in every draw.

    ``cost`` (money) and ``effect`` have shape (options, draws), ``wtp`` (the values of a unit of
    effect, in money, ascending) shape (values,), each of ``parameters`` shape (draws,). All read-only.
    """

    options: tuple[str, ...]
    cost: Matrix
    effect: Matrix
    wtp: Vector
    parameters: Mapping[str, Vector]
    reference: str

    @property
    def draws(self) -> int:
        """The number of draws."""
        return int(self.cost.shape[1])

    @property
    def rounding(self) -> tuple[float, float]:
        """How far two costs, and two effects, may differ by the rounding of the numbers given alone."""
        return rounding_of(self.cost), rounding_of(self.effect)

    def rounding_at(self, value: float | Vector) -> Vector:
        """Return how far two net benefits may differ by rounding alone at values of a unit of effect, money."""
        cost, effect = self.rounding
        return np.asarray(np.multiply(value, effect) + cost)

    def means(self, value: float) -> Vector:
        """Return each option's mean net benefit at a value of a unit of effect, less the first's, money."""
        cost, effect = (each.mean(axis=1) for each in self.differences())
        return np.asarray(value * effect - cost)

    def differences(self) -> tuple[Matrix, Matrix]:
        """Return cost and effect less the first option's in the same draw; what all share is gone."""
        return self.cost - self.cost[0], self.effect - self.effect[0]

    def index(self, option: str) -> int:
        """Return an option's place.

        Raises
        ------
        UnknownNameError
            naming the nearest options.
        """
        if option not in self.options:
            raise UnknownNameError("option", option, self.options)
        return self.options.index(option)

    def parameter(self, name: str) -> Vector:
        """Return one parameter's draws.

        Raises
        ------
        UnknownNameError
            naming the nearest parameters.
        """
        if name not in self.parameters:
            raise UnknownNameError("parameter", name, self.parameters)
        return self.parameters[name]


def decision_problem(
    cost: pd.DataFrame | Mapping[str, Vector],
    effect: pd.DataFrame | Mapping[str, Vector],
    *,
    wtp: Sequence[float] | Vector,
    parameters: pd.DataFrame | Mapping[str, Vector] | None = None,
    reference: str | None = None,
) -> DecisionProblem:
    """Check tables of draws and hold them together.

    Parameters
    ----------
    cost, effect
        Rows are draws, columns options; the columns of ``effect`` may stand in another order.
    wtp
        What a unit of effect is worth, in the money of ``cost``: finite, none negative.
    parameters
        Rows are the same draws, columns the parameters that the draws were made with.
    reference
        The option that others are compared with; the first by default.

    Raises
    ------
    DrawsError
        with every problem found.
    UnknownNameError
        if ``reference`` is no option.
    """
    given = {"cost": cost, "effect": effect} | ({} if parameters is None else {"parameters": parameters})
    problems: list[Problem] = []
    tables = {name: _table(name, table, problems) for name, table in given.items()}
    if not problems:
        columns = {name: list(table) for name, table in tables.items()}
        rows = {name: max((x.size for x in table.values()), default=0) for name, table in tables.items()}
        problems += disagreements(columns, rows)
        problems += [each for name, table in tables.items() for each in numbered(name, table)]
    values = np.unique(_numbers("wtp", "", wtp, problems))
    if not values.size or not np.isfinite(values).all() or values[0] < 0:
        problems.append(Problem("wtp", "", "values must be finite and not negative", "Give at least one, such as 50."))
    if problems:
        raise DrawsError(problems)
    options = tuple(tables["cost"])
    costs, effects = (np.array([tables[name][option] for option in options]) for name in ("cost", "effect"))
    known = tables.get("parameters", {})
    for array in (costs, effects, values, *known.values()):
        array.flags.writeable = False
    found = DecisionProblem(
        options, costs, effects, values, MappingProxyType(known), options[0] if reference is None else reference
    )
    found.index(found.reference)
    return found


def _table(name: str, table: pd.DataFrame | Mapping[str, Vector], problems: list[Problem]) -> dict[str, Vector]:
    """Return columns of equal length, all finite, each a copy of its own."""
    found: dict[str, Vector] = {}
    for column, values in table.items():
        if str(column) in found:
            problems.append(Problem(name, str(column), "two columns have this name", "Give each its own."))
        found[str(column)] = _numbers(name, str(column), values, problems)
    if len({x.size for x in found.values()}) > 1:
        problems.append(Problem(name, "", "columns differ in length", "Row i must be the same draw in every column."))
    for column, numbers in found.items():
        if not np.isfinite(numbers).all():
            problems.append(Problem(name, column, "not every draw is finite", "Give every draw a value."))
    return found


def _numbers(table: str, column: str, values: object, problems: list[Problem]) -> Vector:
    """Return a column's numbers; where one is none, that is told with its row, and ones stand instead."""
    try:
        found = np.array(values, dtype=np.float64)
    except (TypeError, ValueError):
        found = np.ones(len(given := np.array(values, dtype=object).ravel()))
        problems.append(
            Problem(table, column, _no_number(given), "Write digits and a point, without unit or thousands.")
        )
    if sum(size > 1 for size in found.shape) > 1:
        problems.append(Problem(table, column, f"it has the shape {found.shape}", "Give one number a draw."))
        return np.ones(found.shape[0])
    return found.ravel()


def _no_number(given: npt.NDArray[np.object_]) -> str:
    """Return which is the first that is no number, in words."""
    for row, each in enumerate(given):
        try:
            float(each)
        except (TypeError, ValueError):
            return f"row {row}: {str(each)[:40]!r} is not a number"
    return "its rows differ in length"
