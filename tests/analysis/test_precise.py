"""Draws until a wanted precision is met, and not more than that takes."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from calc.analysis.precise import compare_precisely
from calc.analysis.settled import draws_until
from calc.errors import SettingError
from calc.inputs.distribution import Vector
from calc.inputs.load import load_study
from calc.model.expected import expected
from calc.model.outcomes import Known
from calc.model.sample import REPLICATES


def falling(draws: int) -> Vector:
    return np.array([100 / np.sqrt(draws), 10 / np.sqrt(draws)])


def test_draws_are_added_until_the_largest_error_is_small_enough() -> None:
    assert draws_until(falling, 64, 2.5) == 2048
    assert draws_until(falling, 4096, 2.5) == 4096
    assert falling(2048).max() <= 2.5 < falling(1024).max()


def test_what_no_number_of_draws_can_reach_is_refused_with_what_can_be() -> None:
    with pytest.raises(SettingError, match=r"about 0\.0977 can be reached"):
        draws_until(falling, 64, 0.01)
    with pytest.raises(SettingError, match="not above 0"):
        draws_until(falling, 64, 0.0)


def test_a_study_is_drawn_until_its_average_costs_are_known_well_enough(params: Path) -> None:
    """The error is that of the eight replicates, and the averages of whole studies of other seeds spread like it."""
    made = compare_precisely("question", 4.0, params=params)
    draws, averaged = made.inputs.study.draws, made.averaged["guideline"]["shot"].out_of_pocket
    assert averaged.size == draws > 256
    means = averaged.reshape(REPLICATES, -1).mean(axis=1)
    assert 0 < means.std(ddof=1) / np.sqrt(REPLICATES) <= 4.0
    found = []
    for seed in range(12):
        other = load_study("question", root=params, settings={"study.draws": draws, "study.seed": seed})
        shot = expected(other, "guideline")["shot"]
        assert shot.known["out_of_pocket"] is Known.STATED
        found.append(shot.out_of_pocket.mean())
    # an error told from eight means is itself sure to a quarter (1 in the root of 2 x 7): twice that is allowed for
    assert 0 < np.std(found, ddof=1) <= 1.5 * 4.0
    assert abs(averaged.mean() - np.mean(found)) <= 2 * 4.0
