"""Treatments can be shown in any order; nothing but their place changes."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from calc.analysis.compare import compare
from calc.errors import ParameterFileError

PARAMS = Path(__file__).resolve().parent.parent.parent / "params"


@pytest.mark.parametrize(
    ("order", "first"),
    [
        ("name", "anti_inflammatories"),
        ("lumbar_fusion, stem_cell_injection", "lumbar_fusion"),
        ("study", "no_procedure"),
    ],
)
def test_the_order_moves_rows_and_no_number(order: str, first: str) -> None:
    settings: dict[str, object] = {"study.draws": 64, "study.views": ["clinic"]}
    plain, moved = (
        compare("chronic_low_back_pain", params=PARAMS, settings=settings | extra).comparison
        for extra in ({}, {"study.order": order})
    )
    assert moved["treatment"].iloc[0] == first
    keys = ["view", "treatment", "outcome"]
    pd.testing.assert_frame_equal(
        plain.sort_values(keys).reset_index(drop=True), moved.sort_values(keys).reset_index(drop=True)
    )


def test_an_order_that_names_no_treatment_of_the_study_is_refused_with_the_nearest() -> None:
    with pytest.raises(ParameterFileError, match=r"'lumbar_fusions' is not among the treatments.*'lumbar_fusion'"):
        compare("chronic_low_back_pain", params=PARAMS, settings={"study.order": "lumbar_fusions"})
