"""A study with as many draws as a wanted precision takes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from ..inputs.distribution import Vector
from ..model.outcomes import Known
from .compare import Result, compare
from .convergence import study_error
from .settled import draws_until

__all__ = ["compare_precisely"]


def compare_precisely(
    study: str,
    precision: float,
    *,
    params: Path | None = None,
    settings: Mapping[str, object] | None = None,
    overlays: Sequence[Path] = (),
) -> Result:
    """Compute a study, doubling its draws until every average cost is known well enough.

    Parameters
    ----------
    precision
        The largest Monte Carlo standard error of an option's average out-of-pocket cost, USD, one patient's luck
        averaged out; from the replicates of the draws, so that their balance counts.
    study, params, settings, overlays
        As for :func:`calc.analysis.compare.compare`; the study's own draws are the fewest.

    Raises
    ------
    ParameterFileError, UnknownNameError, SettingError
        before anything is drawn; also where no number of draws that a study may have is enough.
    """
    found: dict[int, Result] = {}

    def errors(draws: int) -> Vector:
        laid = {**(settings or {}), **({"study.draws": draws} if draws else {})}
        result = compare(study, params=params, settings=laid, overlays=overlays)
        found.clear()
        found[result.inputs.study.draws] = result
        return np.array(_errors(result))

    first = errors(0)
    [begin] = found
    draws_until(lambda draws: first if draws == begin else errors(draws), begin, precision)
    return next(iter(found.values()))


def _errors(result: Result) -> list[float]:
    return [
        study_error(each.out_of_pocket, lambda part: float(part.mean()))
        for averaged in result.averaged.values()
        for each in averaged.values()
        if each.known["out_of_pocket"] is Known.STATED
    ]
