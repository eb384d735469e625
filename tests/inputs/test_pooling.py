"""Random effects against published values, a slow reference, and what must hold of any pool."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import special, stats

from calc.inputs.claim import Claim
from calc.inputs.pooling import Pooled, pooled, random_effects
from calc.units import Unit

#: 13 trials of the BCG vaccine (Colditz et al., JAMA 1994;271:698): cases and others, vaccinated and not
BCG = np.array(
    [
        (4, 119, 11, 128), (6, 300, 29, 274), (3, 228, 11, 209), (62, 13536, 248, 12619), (33, 5036, 47, 5761),
        (180, 1361, 372, 1079), (8, 2537, 10, 619), (505, 87886, 499, 87892), (29, 7470, 45, 7232), (17, 1699, 65, 1600),
        (186, 50448, 141, 27197), (5, 2493, 3, 2338), (27, 16886, 29, 17825),
    ],
    dtype=float,
)  # fmt: skip


def log_risk_ratios() -> tuple[np.ndarray, np.ndarray]:
    a, b, c, d = BCG.T
    return np.log(a / (a + b)) - np.log(c / (c + d)), np.sqrt(1 / a - 1 / (a + b) + 1 / c - 1 / (c + d))


def test_the_published_summary_of_the_bcg_trials_is_reproduced() -> None:
    """Stata's metan and R's metafor print −0.7141 (−1.0644 to −0.3638), between-trial variance 0.3088."""
    found = random_effects(*log_risk_ratios())
    ends = found.mean + np.array([-1, 1]) * float(special.ndtri(0.975)) * found.error
    assert found.mean == pytest.approx(-0.7141, abs=5e-5)
    assert ends == pytest.approx([-1.0644, -0.3638], abs=5e-5)
    assert found.between == pytest.approx(0.3088, abs=5e-5)


def test_the_published_prediction_interval_of_ten_blood_pressure_trials_is_reproduced() -> None:
    """Riley et al., BMJ 2011;342:d549, as R's pimeta prints it: mean −0.3341, −0.7598 to 0.0917."""
    error = (0.5068 - 0.1613) / 2 / float(stats.t.ppf(0.975, 9))  # its confidence interval has k − 1 degrees of freedom
    found = Pooled(mean=-0.3340597, error=error, between=0.02824971, estimates=10)
    assert found.prediction(np.array([0.025, 0.5, 0.975])) == pytest.approx([-0.7598, -0.3341, 0.0917], abs=1e-4)


def test_estimates_that_agree_have_no_variance_between_them_and_the_fixed_mean() -> None:
    found = random_effects(np.array([1.0, 1.0, 1.0]), np.array([0.5, 0.2, 0.1]))
    assert (found.mean, found.between) == (pytest.approx(1.0), 0.0)
    assert found.error == pytest.approx((0.5**-2 + 0.2**-2 + 0.1**-2) ** -0.5)


def test_two_estimates_are_too_few() -> None:
    with pytest.raises(ValueError, match="2 estimates cannot be pooled; 3 are the least"):
        random_effects(np.array([1.0, 2.0]), np.array([0.1, 0.1]))


@settings(max_examples=100)
@given(
    st.lists(st.tuples(st.floats(-3, 3), st.floats(0.05, 2)), min_size=3, max_size=8),
    st.floats(-5, 5),
    st.floats(0.1, 9),
)
def test_a_pool_moves_and_scales_with_its_estimates(
    pairs: list[tuple[float, float]], shift: float, scale: float
) -> None:
    estimates, errors = np.array(pairs).T
    plain, moved = random_effects(estimates, errors), random_effects(estimates * scale + shift, errors * scale)
    assert moved.mean == pytest.approx(plain.mean * scale + shift, abs=1e-6)
    assert moved.between == pytest.approx(plain.between * scale**2, abs=1e-6)
    assert min(estimates) - 1e-9 <= plain.mean <= max(estimates) + 1e-9


def proportion(events: int, total: int) -> Claim:
    return Claim(reading="proportion", events=events, total=total, assumption="Ours.")


def test_shares_are_pooled_on_the_logit_scale() -> None:
    """A slow reference: the textbook sums, one study after another."""
    counts = [(14, 65), (30, 60), (9, 40), (45, 90)]
    logits = [np.log(e / (n - e)) for e, n in counts]
    variances = [1 / e + 1 / (n - e) for e, n in counts]
    weights = [1 / v for v in variances]
    fixed = sum(w * y for w, y in zip(weights, logits, strict=True)) / sum(weights)
    q = sum(w * (y - fixed) ** 2 for w, y in zip(weights, logits, strict=True))
    tau = max(0.0, (q - 3) / (sum(weights) - sum(w * w for w in weights) / sum(weights)))
    weights = [1 / (v + tau) for v in variances]
    mean = sum(w * y for w, y in zip(weights, logits, strict=True)) / sum(weights)
    spread = np.sqrt(tau + 1 / sum(weights))
    at = np.array([0.05, 0.5, 0.95])
    expected = special.expit(mean + spread * stats.t.ppf(at, 2))
    assert pooled([proportion(*each) for each in counts], Unit.SHARE)(at) == pytest.approx(expected, rel=1e-12)


def test_a_study_in_which_everybody_or_nobody_responds_can_be_pooled() -> None:
    found = pooled([proportion(0, 20), proportion(12, 12), proportion(5, 10)], Unit.SHARE)(np.array([0.01, 0.5, 0.99]))
    assert np.all((found >= 0) & (found <= 1))
    assert found[1] == pytest.approx(0.5, abs=0.1)


def test_time_comes_out_in_weeks_whatever_unit_each_study_used() -> None:
    def stays(low: float, value: float, high: float, unit: str) -> Claim:
        return Claim(reading="estimate_ci", low=low, value=value, high=high, unit=unit, assumption="Ours.")

    weeks = [stays(2, 4, 8, "weeks"), stays(3, 5, 9, "weeks"), stays(4, 6, 9, "weeks")]
    days = [stays(14, 28, 56, "days"), stays(21, 35, 63, "days"), stays(28, 42, 63, "days")]
    at = np.array([0.1, 0.5, 0.9])
    assert pooled(days, Unit.WEEKS)(at) == pytest.approx(pooled(weeks, Unit.WEEKS)(at), rel=1e-9)
    assert pooled(days, Unit.DAYS)(at) == pytest.approx(pooled(weeks, Unit.WEEKS)(at), rel=1e-9)
