"""Outcomes per draw → one row per view, treatment and outcome: the middle, the interval, how known.

The interval is the 5th to 95th percentile over draws. Quantiles are of the draws as they are (no
interpolation), so that "never" (``inf``) stays never.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np
import pandas as pd

from ..cache import stage
from ..inputs.claim import Basis
from ..inputs.distribution import Vector
from ..inputs.load import StudyInputs, basis_of
from ..model.outcomes import OUTCOMES, Known
from ..model.ranks import INTERVAL, quantiles
from ..model.simulate import Outcomes, Simulated
from .convergence import study_error

__all__ = ["bases_of", "compared", "comparison", "monte_carlo_error"]

_SHOWN = (INTERVAL[0], 0.5, INTERVAL[1])


def monte_carlo_error(values: Vector) -> float:
    """Return the standard error of the median that comes from having drawn only so many.

    From the replicates of the draws, so that the balance of Sobol' points counts. NaN where some
    replicate's median is infinite.
    """
    return study_error(values, lambda part: quantiles(part, (0.5,))[0])


def bases_of(simulated: Simulated, inputs: StudyInputs, treatment: str, outcome: str) -> tuple[Basis, ...]:
    """Return what an outcome rests on: the bases of the claims that its parameters really used."""
    quantities, drawn = inputs.quantities(treatment), simulated.drawn
    bases = set()
    for path in simulated.outcomes[outcome].needs:
        claims = quantities[path.removesuffix(".cash")].claims
        bases |= {basis_of(claims[index], inputs.sources) for index in drawn[path].used}
    return tuple(basis for basis in Basis if basis in bases)


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
            for outcome, estimate in simulated.outcomes.items():
                yield {
                    "view": view,
                    "treatment": name,
                    "label": inputs.options[name].label,
                    "outcome": outcome,
                    "unit": OUTCOMES[outcome].unit,
                    "known": str(estimate.known),
                    **_spread(estimate.values, estimate.known, estimate.envelope),
                    "rests_on": ", ".join(estimate.rests_on),
                    "basis": " + ".join(bases_of(simulated, inputs, name, outcome)),
                    "draws": estimate.values.size,
                }


@stage
def _spread(draws: Vector, known: Known, envelope: tuple[float, float] | None) -> Mapping[str, float]:
    """Return the columns of a row that its draws decide."""
    stated = known is Known.STATED
    nothing = float("nan")
    none = np.array([nothing])
    values = draws if stated else none
    finite = values if np.isfinite(values.max()) else values[np.isfinite(values)]
    low, middle, high = quantiles(values, _SHOWN)
    happening = (
        (low, middle, high) if finite.size == values.size else quantiles(finite if finite.size else none, _SHOWN)
    )
    return {
        "p05": low,
        "p50": middle,
        "p95": high,
        "mean": float(values.mean()) if stated and finite.size == values.size else nothing,
        "happens": finite.size / values.size if stated else nothing,
        **dict(zip(("if_p05", "if_p50", "if_p95"), happening, strict=True)),
        "low": envelope[0] if envelope else nothing,
        "high": envelope[1] if envelope else nothing,
        "error": monte_carlo_error(draws) if stated else nothing,
    }
