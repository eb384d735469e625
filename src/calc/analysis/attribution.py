"""What drives the spread of an outcome: Sobol' indices and Shapley effects."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from itertools import combinations

import numpy as np
import pandas as pd

from ..errors import UnknownNameError
from ..inputs.distribution import Vector
from .regression import regress
from .regressors import varies

__all__ = ["shapley_effects", "sobol_from_draws"]

_MOST_PLAYERS = 10
#: errors are means over draws, and need no more of them
_FOR_ERRORS = 4096


def sobol_from_draws(
    outcome: Vector, parameters: Mapping[str, Vector], *, groups: Mapping[str, Sequence[str]] | None = None
) -> pd.DataFrame:
    """Return first-order and total shares of variance from the draws at hand, by regression.

    ``first`` is the share that knowing the parameter alone would take away, ``total`` the share that
    would be left if all others were known. For independent parameters these are Sobol' indices;
    for correlated ones ``total`` may be the smaller, and :func:`shapley_effects` is the fair split.

    Parameters
    ----------
    outcome
        Shape (draws,); ``parameters`` the same, all that it depends on.
    groups
        Parameters that count as one, by the group's name; every parameter stands in one. Each is its own by default.

    Returns
    -------
    pandas.DataFrame
        One row per parameter or group: ``first``, ``first_error``, ``total``, ``total_error``.

    Raises
    ------
    UnknownNameError, ValueError
        as for :func:`shapley_effects`.
    """
    sought = {name: (name,) for name in parameters} if groups is None else groups
    _partition(sought, parameters)
    _finite({"the outcome": outcome, **parameters})
    rows = []
    for name, members in sought.items():
        others = [x for other, x in parameters.items() if other not in members]
        first, first_part = _explained(outcome, [parameters[each] for each in members])
        rest, rest_part = _explained(outcome, others)
        rows.append(
            {
                "parameter": name,
                "first": first,
                "first_error": _error(first_part, outcome.size),
                "total": 1.0 - rest,
                "total_error": _error(rest_part, outcome.size),
            }
        )
    return pd.DataFrame(rows, columns=["parameter", "first", "first_error", "total", "total_error"])


def shapley_effects(
    outcome: Vector,
    parameters: Mapping[str, Vector],
    *,
    groups: Mapping[str, Sequence[str]] | None = None,
    rest: str | None = None,
) -> pd.DataFrame:
    """Return shares of variance that sum to one, fair between correlated parameters (Song, Nelson and Staum 2016).

    What a set of parameters explains is the variance of the expectation given them, by regression; a
    group's share is its mean gain over all orders in which groups could be found out.

    Parameters
    ----------
    groups
        Parameters that count as one, such as all that one source states, by the group's name. Every parameter
        must stand in one group and one only; each is its own by default.
    rest
        What to call that which the parameters do not explain, such as "luck"; by default they are
        taken to explain all of it, and no such row is there.

    Returns
    -------
    pandas.DataFrame
        One row per group, the largest first, and ``rest``: ``share`` and its standard ``error``.

    Raises
    ------
    UnknownNameError
        if a group names no parameter.
    ValueError
        if a parameter stands in no group or in two, there are too many groups for all orders, or something is not
        finite in every draw.
    """
    sought = {name: (name,) for name in parameters} if groups is None else groups
    _partition(sought, parameters)
    _countable(sought)
    _finite({"the outcome": outcome, **parameters})
    names = list(sought)
    worth: dict[tuple[int, ...], tuple[float, Vector]] = {}
    for size in range(len(names) + 1):
        for some in combinations(range(len(names)), size):
            known = [parameters[each] for place in some for each in sought[names[place]]]
            worth[some] = _explained(outcome, known)
    everyone = tuple(range(len(names)))
    if rest is None and names:
        worth[everyone] = (float(varies(outcome)), np.zeros_like(worth[()][1]))
    rows = []
    for player, name in enumerate(names):
        share, parts = 0.0, np.zeros_like(worth[()][1])
        for some in (each for each in worth if player not in each):
            more = tuple(sorted((*some, player)))
            weight = 1.0 / (len(names) * math.comb(len(names) - 1, len(some)))
            share += weight * (worth[more][0] - worth[some][0])
            parts += weight * (worth[more][1] - worth[some][1])
        rows.append({"group": name, "share": share, "error": _error(parts, outcome.size)})
    table = pd.DataFrame(rows, columns=["group", "share", "error"])
    table = table.sort_values("share", ascending=False, kind="stable", ignore_index=True)
    if rest is not None:
        value, part = worth[everyone]
        table.loc[len(table)] = {"group": rest, "share": 1.0 - value, "error": _error(part, outcome.size)}
    return table


def _finite(values: Mapping[str, Vector]) -> None:
    """Refuse what is not a number in every draw, by name and draw."""
    wrong = [
        f"{name} in draw {int(np.argmin(np.isfinite(x)))}" for name, x in values.items() if not np.isfinite(x).all()
    ]
    if wrong:
        raise ValueError(f"no finite number: {', '.join(wrong)}; a variance has no parts where a draw has no value")


def _partition(groups: Mapping[str, Sequence[str]], parameters: Mapping[str, Vector]) -> None:
    """Refuse groups in which some parameter is unknown, is not used, or is used twice."""
    members = [each for some in groups.values() for each in some]
    for each in members:
        if each not in parameters:
            raise UnknownNameError("parameter", each, parameters)
    left_out = [each for each in parameters if each not in members]
    twice = sorted({each for each in members if members.count(each) > 1})
    if left_out or twice:
        raise ValueError(f"each parameter must stand in one group: in none {left_out}, in several {twice}")


def _countable(groups: Mapping[str, Sequence[str]]) -> None:
    if len(groups) > _MOST_PLAYERS:
        raise ValueError(f"{len(groups)} groups have too many orders; put them into at most {_MOST_PLAYERS}")


def _explained(outcome: Vector, inputs: Sequence[Vector]) -> tuple[float, Vector]:
    """Return the share of variance that inputs explain, and some draws' influence on it."""
    some = np.linspace(0, outcome.size - 1, min(outcome.size, _FOR_ERRORS)).astype(np.intp)
    known = [x for x in inputs if varies(x)]
    variance = float(outcome.var())
    if not known or not varies(outcome):
        return 0.0, np.zeros(some.size)
    fit = regress(known, outcome[None, :])
    missed = 1.0 - float(fit.explained[0])
    squares = fit.residuals[0][some] ** 2 / variance
    off = (outcome[some] - outcome.mean()) ** 2 / variance
    return 1.0 - missed, squares.mean() * off - squares


def _error(parts: Vector, draws: int) -> float:
    return float(parts.std() / np.sqrt(draws - 1)) if draws > 1 else float("nan")
