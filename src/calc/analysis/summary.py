"""Outcomes per draw → one row per view, treatment and outcome: the middle, the interval, how known.

The interval is the 5th to 95th percentile over draws. Quantiles are of the draws as they are (no
interpolation), so that "never" (``inf``) stays never.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np
import pandas as pd

from ..inputs.claim import Basis
from ..inputs.distribution import Vector
from ..inputs.load import StudyInputs, basis_of
from ..model.outcomes import OUTCOMES, Known, Outcomes, Simulated
from ..model.quantiles import ordered, quantiles, quantiles_in_order, recalled

__all__ = ["INTERVAL", "UNITS", "bases_of", "compared", "comparison", "monte_carlo_error", "quantiles"]

INTERVAL = (0.05, 0.95)
UNITS = {
    "out_of_pocket": "USD",
    "weeks_to_relief": "weeks",
    "weeks_in_relief": "weeks",
    "downtime_days": "days",
    "working_days_lost": "days",
    "courses": "courses",
    "longest_without_relief": "weeks",
    "in_relief_at_horizon": "share",
}
_BATCHES = 16
_BASES = tuple(Basis)


def monte_carlo_error(values: Vector) -> float:
    """Return the standard error of the median that comes from having drawn only so many.

    From sixteen equal batches of the draws. Batches lack the balance of the whole Sobol' set, so
    the true error is no larger. NaN where some batch's median is infinite.
    """
    return recalled(values, "error", lambda: _error(values))


def _error(values: Vector) -> float:
    batches = np.sort(values[: values.size // _BATCHES * _BATCHES].reshape(_BATCHES, -1), axis=1)
    medians = np.array([quantiles_in_order(batch, (0.5,))[0] for batch in batches])
    return float(medians.std(ddof=1) / np.sqrt(_BATCHES)) if np.isfinite(medians).all() else float("nan")


def bases_of(simulated: Simulated, inputs: StudyInputs, treatment: str, outcome: str) -> tuple[Basis, ...]:
    """Return what an outcome rests on: the bases of the claims that its parameters really used."""
    parameters = inputs.options[treatment].parameters()
    found = set()
    for path in simulated.outcomes[outcome].needs:
        claims = parameters[path.removesuffix(".cash")].claims
        found |= {basis_of(claims[index], inputs.sources) for index in simulated.drawn[path].used}
    return tuple(basis for basis in _BASES if basis in found)


def comparison(inputs: StudyInputs, views: Mapping[str, Outcomes]) -> pd.DataFrame:
    """Return the headline table.

    Returns
    -------
    pandas.DataFrame
        One row per view, treatment and outcome. ``p05``, ``p50``, ``p95`` and ``mean`` are NaN
        unless ``known`` is "stated"; ``low`` and ``high`` bound what is left open where it is "not known".
        ``happens`` is the share of draws with a finite value: relief at all, for weeks to relief;
        ``if_p05``, ``if_p50``, ``if_p95`` are of these draws alone.
        ``error`` is the Monte Carlo standard error of ``p50``.
    """
    return pd.DataFrame(list(compared(inputs, views)))


def compared(inputs: StudyInputs, views: Mapping[str, Outcomes]) -> Iterator[dict[str, object]]:
    """Yield the rows of :func:`comparison`."""
    for view, outcomes in views.items():
        for name, simulated in outcomes.treatments.items():
            for outcome in OUTCOMES:
                yield _row(inputs, view, name, simulated, outcome)


def _finite(values: Vector) -> Vector:
    """Return the finite values in ascending order."""
    ascending = ordered(values)
    return ascending[np.searchsorted(ascending, -np.inf, side="right") : np.searchsorted(ascending, np.inf)]


def _row(inputs: StudyInputs, view: str, name: str, simulated: Simulated, outcome: str) -> dict[str, object]:
    result = simulated.outcomes[outcome]
    stated = result.known is Known.STATED
    nothing = float("nan")
    low, middle, high = quantiles(result.values, (0.05, 0.5, 0.95)) if stated else (nothing,) * 3
    finite = _finite(result.values)
    happening = quantiles_in_order(finite, (0.05, 0.5, 0.95)) if stated and finite.size else (nothing,) * 3
    return {
        "view": view,
        "treatment": name,
        "label": inputs.options[name].label,
        "outcome": outcome,
        "unit": UNITS[outcome],
        "known": str(result.known),
        "p05": low,
        "p50": middle,
        "p95": high,
        "mean": float(result.values.mean()) if stated and finite.size == result.values.size else nothing,
        "happens": finite.size / result.values.size if stated else nothing,
        **dict(zip(("if_p05", "if_p50", "if_p95"), happening, strict=True)),
        "low": result.envelope[0] if result.envelope else nothing,
        "high": result.envelope[1] if result.envelope else nothing,
        "error": monte_carlo_error(result.values) if stated else nothing,
        "rests_on": ", ".join(result.rests_on),
        "basis": " + ".join(bases_of(simulated, inputs, name, outcome)),
        "draws": result.values.size,
    }
