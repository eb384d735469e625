"""Draws until a wanted precision is met, and not more than that takes."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from calc.analysis.convergence import mean_error
from calc.analysis.precise import compare_precisely
from calc.analysis.settled import draws_until
from calc.errors import SettingError
from calc.inputs.distribution import Vector
from calc.model.outcomes import Known


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
    made = compare_precisely("question", 4.0, params=params)
    errors = [
        mean_error(each.out_of_pocket)
        for averaged in made.averaged.values()
        for each in averaged.values()
        if each.known["out_of_pocket"] is Known.STATED
    ]
    assert errors
    assert max(errors) <= 4.0
    assert made.inputs.study.draws > 256
