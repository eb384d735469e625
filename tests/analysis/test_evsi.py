from __future__ import annotations

import numpy as np
import pytest
from scipy.special import betaln, xlog1py, xlogy

from calc.analysis.evppi import evppi
from calc.analysis.evsi import MeasuredMean, ObservedShare, evsi
from calc.analysis.netbenefit import sweep
from calc.analysis.problem import DecisionProblem, decision_problem
from calc.errors import DrawsError, UnknownNameError
from calc.model.sample import uniforms

from .decisions import expected_positive, needs_oracles, normals, oracle

DRAWS = 16_384


def two_unknowns() -> DecisionProblem:
    """Nothing, or what the second of two parameters falls short of the first."""
    z = normals("p1", "p2", draws=DRAWS)
    p1, p2 = 1 + z["p1"], 2 * z["p2"]
    zero = np.zeros(DRAWS)
    return decision_problem(
        {"a": zero, "b": zero}, {"a": zero, "b": p1 - p2}, wtp=[1.0], parameters={"p1": p1, "p2": p2}
    )


def luck(draws: int = DRAWS) -> np.ndarray:
    return uniforms("study", ["luck"], draws=draws, seed=0)["luck"]


def test_a_study_of_a_normal_mean_is_worth_its_closed_form() -> None:
    problem = two_unknowns()
    found = evsi(problem, sweep(problem), "p1", MeasuredMean(1.0), sizes=[1, 10], uniforms=luck())
    for size, value in zip((1, 10), found["evsi"], strict=True):
        known = np.sqrt(size / (size + 1))  # of a standard deviation of one
        assert value == pytest.approx(expected_positive(1.0, known) - 1.0, abs=2e-3)


def test_a_larger_study_is_worth_more_and_never_more_than_the_parameter() -> None:
    problem = two_unknowns()
    table = evsi(problem, sweep(problem), "p1", MeasuredMean(1.0), sizes=[1, 5, 25, 1000], uniforms=luck())
    most = evppi(problem, sweep(problem), groups={"p1": ["p1"]})["evppi"].iloc[0]
    assert table["evsi"].is_monotonic_increasing
    assert table["evsi"].iloc[-1] == pytest.approx(most, abs=2e-3)


def test_counting_people_is_worth_what_the_beta_binomial_says() -> None:
    u = uniforms("share", ["p", "luck"], draws=DRAWS, seed=1)
    p = u["p"]  # a uniform chance: after x of n it is expected at (x + 1) / (n + 2), each x as likely
    zero = np.zeros(DRAWS)
    problem = decision_problem({"a": zero, "b": zero}, {"a": zero, "b": p - 0.4}, wtp=[1.0], parameters={"p": p})
    size = 8
    found = evsi(problem, sweep(problem), "p", ObservedShare(), sizes=[size], uniforms=u["luck"])
    after = (np.arange(size + 1) + 1) / (size + 2) - 0.4
    assert found["evsi"].iloc[0] == pytest.approx(np.maximum(after, 0).mean() - 0.1, abs=1e-3)


def test_counts_follow_the_binomial() -> None:
    draws = 4 * DRAWS  # they come in eight replicates, each scrambled by itself: evenness is that of an eighth
    shares = ObservedShare().reported(np.full(draws, 0.3), 12, luck(draws))
    counts = np.bincount(np.rint(shares * 12).astype(int), minlength=13) / draws
    k = np.arange(13)
    chance = np.exp(-np.log(13) - betaln(13 - k, k + 1) + xlogy(k, 0.3) + xlog1py(12 - k, -0.3))
    np.testing.assert_allclose(counts, chance, atol=1e-4)


@pytest.mark.parametrize(
    ("parameter", "study", "sizes", "words"),
    [
        ("p1", ObservedShare(), [5], "it is no chance"),
        ("p1", MeasuredMean(0.0), [5], "must be positive"),
        ("p1", MeasuredMean(1.0), [0], "at least one person"),
    ],
)
def test_a_study_that_cannot_be_is_refused(
    parameter: str, study: MeasuredMean | ObservedShare, sizes: list[int], words: str
) -> None:
    problem = two_unknowns()
    with pytest.raises(DrawsError, match=words):
        evsi(problem, sweep(problem), parameter, study, sizes=sizes, uniforms=luck())


def test_a_study_of_no_parameter_is_refused() -> None:
    problem = two_unknowns()
    with pytest.raises(UnknownNameError, match="'p1'"):
        evsi(problem, sweep(problem), "p3", MeasuredMean(1.0), sizes=[1], uniforms=luck())


@needs_oracles
@pytest.mark.parametrize(
    "case", oracle("analytic/voi_vignette_normal.csv"), ids=lambda case: case["quantity"] + case["n"]
)
def test_the_vignette_of_two_normals(case: dict[str, str]) -> None:
    problem = two_unknowns()
    found = sweep(problem)
    if case["quantity"] == "EVPI":
        ours = found.evpi[0]
    elif case["quantity"].startswith("EVPPI"):
        ours = evppi(problem, found, groups={"this": [case["quantity"][-2:]]})["evppi"].iloc[0]
    else:
        ours = evsi(problem, found, "p1", MeasuredMean(1.0), sizes=[int(case["n"])], uniforms=luck())["evsi"].iloc[0]
    assert ours == pytest.approx(float(case["value"]), abs=2e-3)
