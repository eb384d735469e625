"""What is remembered is what would be made again, and never takes more room than it may."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from calc.inputs.load import load_study
from calc.model import draws
from calc.model.memory import Memory
from calc.model.simulate import simulate_views

PARAMS = Path(__file__).resolve().parents[2] / "params"


@given(asked=st.lists(st.tuples(st.integers(0, 9), st.integers(1, 5)), max_size=60))
def test_whatever_is_asked_in_whatever_order_is_right_and_fits(asked: list[tuple[int, int]]) -> None:
    memory: Memory[tuple[int, int]] = Memory(12)
    for key in asked:
        assert memory.recall(key, lambda key=key: key, lambda made: made[1]) == key  # type: ignore[misc]
        assert sum(size for _, size in memory._kept.values()) == memory._size <= 12


def test_a_study_simulated_from_memory_is_the_study_drawn_afresh(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = {"study.draws": 256, "study.views": ["guideline", "balanced", "clinic"]}
    prices: list[dict[str, object]] = [
        {},
        *({"epidural_steroid_injection.price.injection": each} for each in (1234, 1235)),
    ]
    every = [load_study("chronic_low_back_pain", root=PARAMS, settings=settings | price) for price in prices]
    fresh = []
    for each in every:
        monkeypatch.setattr(draws, "DRAWN", Memory(0))  # nothing is kept
        fresh.append(simulate_views(each))
    monkeypatch.setattr(draws, "DRAWN", Memory(1 << 30))
    for each, wanted in zip(every, fresh, strict=True):
        for view, outcomes in simulate_views(each).items():
            for name, simulated in outcomes.treatments.items():
                for path, drawn in simulated.drawn.items():
                    np.testing.assert_array_equal(drawn.values, wanted[view].treatments[name].drawn[path].values)
                    np.testing.assert_array_equal(drawn.chosen, wanted[view].treatments[name].drawn[path].chosen)
                paid = simulated.outcomes["out_of_pocket"].values
                np.testing.assert_array_equal(paid, wanted[view].treatments[name].outcomes["out_of_pocket"].values)
