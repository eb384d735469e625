"""What is remembered is what would be made again, and never takes more room than it may."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from calc.inputs.load import load_study
from calc.model import draws, job, quantiles
from calc.model.memory import Memory
from calc.model.outcomes import Outcomes
from calc.model.simulate import simulate_views

PARAMS = Path(__file__).resolve().parents[2] / "params"


@given(asked=st.lists(st.tuples(st.integers(0, 9), st.integers(1, 5)), max_size=60))
def test_whatever_is_asked_in_whatever_order_is_right_and_fits(asked: list[tuple[int, int]]) -> None:
    memory: Memory[tuple[int, int]] = Memory(12)
    for key in asked:
        assert memory.recall(key, lambda key=key: key, lambda made: made[1]) == key  # type: ignore[misc]
        assert sum(size for _, size in memory._kept.values()) == memory._size <= 12


OTHERS: list[dict[str, object]] = [
    {},
    {"epidural_steroid_injection.price.injection": 1234},
    {"epidural_steroid_injection.price.injection": 1235},
    {"plan.deductible": 300},
    {"study.plan": "self_pay"},
    {"study.horizon": "12 months"},
    {"patient.kind_of_work": "physical"},
    {"facet_nerve_ablation.repeat.most_per_year": 1},
]


def test_a_study_simulated_from_memory_is_the_study_drawn_afresh(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = {"study.draws": 256, "study.views": ["guideline", "balanced", "clinic"]}
    every = [load_study("chronic_low_back_pain", root=PARAMS, settings=settings | other) for other in OTHERS]

    def simulated(most: int) -> Iterator[Mapping[str, Outcomes]]:
        memory: Memory[Any] = Memory(most)
        for module in (draws, job, quantiles):
            monkeypatch.setattr(module, "DRAWN", memory)
        return map(simulate_views, every)

    for fresh, recalled in zip(list(simulated(0)), list(simulated(1 << 30)), strict=True):
        assert fresh.keys() == recalled.keys()
        for view, outcomes in fresh.items():
            for name, one in outcomes.treatments.items():
                two = recalled[view].treatments[name]
                for path, drawn in one.drawn.items():
                    np.testing.assert_array_equal(drawn.values, two.drawn[path].values)
                    np.testing.assert_array_equal(drawn.chosen, two.drawn[path].chosen)
                for outcome, result in one.outcomes.items():
                    np.testing.assert_array_equal(result.values, two.outcomes[outcome].values)
                    assert result.envelope == two.outcomes[outcome].envelope
