"""Which of the user's own settings of plan and patient change no result under any option."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress

import numpy as np
import pandas as pd

from ..errors import ParameterFileError, SettingError
from ..inputs.cells import python_of
from ..inputs.load import StudyInputs
from ..inputs.many import Shelf
from ..inputs.overlay import read_overlay
from ..model.outcomes import OUTCOMES
from ..model.simulate import Outcomes, simulate_views
from .costs import Costs

__all__ = ["moves_nothing"]

#: whether anything moves at all shows in few draws
_DRAWS = 256


def moves_nothing(inputs: StudyInputs) -> Iterator[str]:
    """Yield the path of each figure of plan or patient, set for this run, that changes no result if it is doubled.

    Results are the outcomes of every option under every view, what is told of the cost (budget and estimates
    included) and the lines beside the bill. A figure that cannot be doubled (a share above a half) is halved; what is
    said to be nothing is not named.
    """
    if not inputs.files:
        return
    root = inputs.files[0].parent.parent
    overlays = [file for file in inputs.files if not file.is_relative_to(root)]
    laid = {path: each.value for file in overlays for path, each in read_overlay(file).items()} | dict(inputs.settings)
    own = {path: number for path, each in laid.items() if (number := _number(path, each))}
    if not own:
        return
    few = {**inputs.settings, "study.draws": min(inputs.study.draws, _DRAWS)}
    shelf = Shelf(root)
    usual = _results(shelf.study(inputs.name, few, overlays))
    for path, number in own.items():
        for other in (2.0 * number, number / 2.0):
            with suppress(ParameterFileError, SettingError):  # what cannot be is no test of it
                changed = shelf.study(inputs.name, {**few, path: other}, overlays)
                if _same(usual, _results(changed)):
                    yield path
                break


def _number(path: str, value: object) -> float | None:
    """Return a setting of plan or patient as a number, None where it is none."""
    with suppress(TypeError, ValueError):
        return float(python_of(value)) if path.startswith(("plan.", "patient.")) else None  # type: ignore[arg-type]
    return None


def _results(inputs: StudyInputs) -> tuple[Mapping[str, Outcomes], tuple[pd.DataFrame, pd.DataFrame]]:
    views = simulate_views(inputs)
    costs = Costs(inputs, views)
    return views, (costs.questions, costs.beside)


def _same(
    one: tuple[Mapping[str, Outcomes], tuple[pd.DataFrame, ...]],
    two: tuple[Mapping[str, Outcomes], tuple[pd.DataFrame, ...]],
) -> bool:
    for view, outcomes in one[0].items():
        for name, simulated in outcomes.treatments.items():
            other = two[0][view].treatments[name].outcomes
            for outcome in OUTCOMES:
                first, second = simulated.outcomes[outcome], other[outcome]
                equal = np.array_equal(first.values, second.values, equal_nan=True)
                if not equal or (first.known, first.envelope) != (second.known, second.envelope):
                    return False
    return all(first.equals(second) for first, second in zip(one[1], two[1], strict=True))
