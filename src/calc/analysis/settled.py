"""Whether a study has draws enough: the Monte Carlo error of each headline, and draws until a wanted one is met."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pandas as pd

from ..errors import Problem, SettingError
from ..inputs.distribution import Vector
from .convergence import draws_needed, mean_error, running_mean, share_error
from .decide import Decision
from .evppi import beyond_error
from .study_problem import StudyProblem

__all__ = ["draws_until", "headline_errors", "settling"]

_PART = 0.01
MOST_DRAWS = 1_048_576


def headline_errors(problem: StudyProblem, decision: Decision) -> pd.DataFrame:
    """Return the headline figures at the value of a week looked at, each with its Monte Carlo standard error.

    One row per ``figure``: an option's average cost and weeks in relief (luck averaged out), the best one's lead and
    chance, the EVPI, and what the most valuable parameter is worth to find out, if any is beyond its error. ``needed``
    is how many draws bring the error down to a hundredth of the figure, at the rate of independent draws; balanced ones
    need no more. NaN of a figure of nothing.
    """
    rows = [
        {"view": problem.view, **row, "draws": decision.problem.draws,
         "needed": _needed(decision.problem.draws, row["value"], row["error"])}
        for row in _figures(problem, decision)
    ]  # fmt: skip
    return pd.DataFrame(rows)


def _needed(draws: int, value: float, error: float) -> float:
    if not np.isfinite(error) or value == 0:
        return float("nan")
    return float(draws_needed(draws, error, abs(value) * _PART))


def _figures(problem: StudyProblem, decision: Decision) -> Iterator[dict[str, Any]]:
    known = decision.problem
    for unit, what, values in (("USD", "average cost", known.cost), ("weeks", "average weeks in relief", known.effect)):
        for label, each in zip(known.options, values, strict=True):
            yield _figure(problem, f"{label}: {what}", unit, float(each.mean()), mean_error(each), label)
    lead = _lead(decision)
    best = decision.rivals[0]
    yield _figure(problem, "lead of the best over the second", "USD", float(lead.mean()), mean_error(lead), best)
    chance = float(decision.found.acceptability[decision.place, known.index(best)])
    error = float(share_error(chance, known.draws))
    yield _figure(problem, "chance that the best is the best", "share", chance, error, best)
    evpi, error = (float(each[decision.place]) for each in (decision.found.evpi, decision.found.evpi_error))
    yield _figure(problem, "worth of knowing everything", "USD", evpi, error, best)
    rows = beyond_error(decision.evppi)
    rows = rows[(rows["wtp"] == decision.value) & rows["parameter"].isin(list(problem.causes))]
    if not rows.empty:
        top = rows.iloc[int(rows["evppi"].to_numpy().argmax())]
        worth = f"worth of finding out {top['parameter']}"
        yield _figure(problem, worth, "USD", float(top["evppi"]), float(top["error"]), best)


def _figure(problem: StudyProblem, figure: str, unit: str, value: float, error: float, label: str) -> dict[str, Any]:
    return {"treatment": problem.names[label], "figure": figure, "unit": unit, "value": value, "error": error}


def _lead(decision: Decision) -> Vector:
    """Return the net benefit of the best less that of the second, by draw."""
    known = decision.problem
    first, second = map(known.index, decision.rivals)
    return np.asarray(
        decision.value * (known.effect[first] - known.effect[second]) - known.cost[first] + known.cost[second]
    )


def settling(problem: StudyProblem, decision: Decision) -> pd.DataFrame:
    """Return the lead of the best over the second after 64, 128, … draws: ``mean``, ``error``, USD."""
    first, second = (problem.names[label] for label in decision.rivals)
    table = running_mean(_lead(decision))
    return table.assign(view=problem.view, treatment=first, against=second, value_of_week=decision.value)


def draws_until(errors: Callable[[int], Vector], draws: int, precision: float) -> int:
    """Return how many draws bring every error down to ``precision``, a power of two.

    Parameters
    ----------
    errors
        The Monte Carlo standard errors at a number of draws; asked again until they are met.
    draws
        The number to begin with.

    Raises
    ------
    SettingError
        if no number of draws that a study may have is enough.
    """
    if not precision > 0:
        raise SettingError([Problem("--precision", "", f"{precision:g} is not above 0", "Give it in dollars: 25.")])
    while True:
        worst = float(np.max(errors(draws), initial=0.0))
        if worst <= precision:
            return draws
        wanted = max(draws_needed(draws, worst, precision), 2 * draws)
        if wanted > MOST_DRAWS:
            reach = worst * np.sqrt(draws / MOST_DRAWS)
            fix = f"With {MOST_DRAWS:,} draws about {reach:.3g} can be reached; ask for that or more."
            raise SettingError([Problem("--precision", "", f"{precision:g} takes {wanted:,} draws", fix)])
        draws = wanted
