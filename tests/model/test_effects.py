"""Effects are converted as in the Cochrane Handbook: on its own worked examples, in closed form, and in what holds always."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from calc.inputs.effect import (
    Arm,
    Comparison,
    Events,
    MeanDifference,
    OddsRatio,
    RiskDifference,
    RiskRatio,
    StandardizedMeanDifference,
    Unknown,
)
from calc.model.effects import Conversion, Scale, estimate, risk_with

shares = st.floats(0.001, 0.999)
effects = st.floats(-4.0, 4.0)


def one(risk: float, theta: float, scale: Scale) -> float:
    return float(risk_with(np.array([risk]), np.array([theta]), scale)[0])


def events(treated: tuple[float, float], control: tuple[float, float]) -> Events:
    arms = [Arm(events=each, total=total) for each, total in (treated, control)]
    return Events(kind="events", treated=arms[0], control=arms[1])


def test_an_odds_ratio_of_073_makes_62_fewer_of_1000_where_300_have_the_event() -> None:
    """Cochrane Handbook 5.1, section 12.5.4.3 (version 6: chapter 15)."""
    assert round(1000 * (0.3 - one(0.3, math.log(0.73), Scale.LOG_ODDS))) == 62


@pytest.mark.parametrize(("control", "treated"), [(0.8, 0.6), (0.2, 0.15)])
def test_a_risk_ratio_of_075_takes_80_to_60_and_20_to_15_of_100(control: float, treated: float) -> None:
    """Cochrane Handbook 5.1, section 11.5.5 (version 6: chapter 14)."""
    assert one(control, math.log(0.75), Scale.LOG_RISK) == pytest.approx(treated)


def test_a_difference_of_means_over_its_standard_deviation_is_the_handbook_s_example() -> None:
    """Cochrane Handbook 5.1, section 16.4.6.4: MD 0.5 (SE 0.583), SDs 2.38 and 2.21: SMD 0.218, SE 0.25 by this way."""
    pooled = math.sqrt((2.38**2 + 2.21**2) / 2)
    found = estimate(
        MeanDifference(kind="mean_difference", value=0.5, se=0.583, sd=pooled, better="higher", scale="points")
    )
    assert found.value / (math.pi / math.sqrt(3)) == pytest.approx(0.218, abs=0.0005)
    assert found.error / (math.pi / math.sqrt(3)) == pytest.approx(0.254, abs=0.0005)


def test_a_standardized_difference_of_1_is_a_log_odds_ratio_of_about_181() -> None:
    """Cochrane Handbook 5.1, section 12.6.3 (version 6: chapter 10, 10.6)."""
    found = estimate(StandardizedMeanDifference(kind="standardized_mean_difference", value=1, se=0.1, better="higher"))
    assert found.value == pytest.approx(1.81, abs=0.005)
    assert found.error == pytest.approx(0.181, abs=0.0005)
    assert found.scale is Scale.LOG_ODDS


def test_events_give_woolf_s_log_odds_ratio_in_closed_form() -> None:
    found = estimate(events((48, 113), (15, 61)))
    assert math.exp(found.value) == pytest.approx(48 * 46 / (65 * 15))
    assert found.error == pytest.approx(math.sqrt(1 / 48 + 1 / 65 + 1 / 15 + 1 / 46))
    assert found.conversions == (Conversion.WOOLF,)


def test_events_give_back_the_trial_s_own_odds_ratio_and_interval() -> None:
    """Saper 2017: 2.3 (1.1 to 4.5) for 48 of 113 against 15 of 61."""
    found = estimate(events((48, 113), (15, 61)))
    ends = [round(math.exp(found.value + z * found.error), 1) for z in (-1.96, 0, 1.96)]
    assert ends == [1.1, 2.3, 4.5]


@pytest.mark.parametrize(("treated", "control"), [((0, 10), (3, 10)), ((4, 10), (10, 10)), ((0, 5), (0, 5))])
def test_an_empty_cell_gets_half_a_person_everywhere(treated: tuple[int, int], control: tuple[int, int]) -> None:
    found = estimate(events(treated, control))
    (a, m), (c, n) = treated, control
    assert found.value == pytest.approx(math.log((a + 0.5) * (n - c + 0.5) / ((m - a + 0.5) * (c + 0.5))))
    assert np.isfinite(found.error)
    assert Conversion.HALF in found.conversions


@pytest.mark.parametrize(
    ("measure", "value", "error"),
    [
        (OddsRatio(kind="odds_ratio", value=2.0, low=1.0, high=4.0), math.log(2), math.log(4) / 3.919928),
        (RiskRatio(kind="risk_ratio", value=0.62, low=0.41, high=0.92), math.log(0.62), math.log(92 / 41) / 3.919928),
        (RiskDifference(kind="risk_difference", value=0.24, low=0.126, high=0.349), 0.24, 0.223 / 3.919928),
        (
            MeanDifference(
                kind="mean_difference", value=-7.55, low=-11.4, high=-3.74, sd=25, better="lower", scale="0 to 100"
            ),
            7.55 / 25 * math.pi / math.sqrt(3),
            7.66 / 3.919928 / 25 * math.pi / math.sqrt(3),
        ),
    ],
    ids=lambda each: getattr(each, "kind", None),
)
def test_an_interval_gives_the_standard_error(measure: Comparison, value: float, error: float) -> None:
    found = estimate(measure)
    assert found.value == pytest.approx(value, rel=1e-6)
    assert found.error == pytest.approx(error, rel=1e-6)


def test_quantiles_of_an_estimate_give_its_interval_back() -> None:
    found = estimate(OddsRatio(kind="odds_ratio", value=2.0, low=1.0, high=4.0))
    assert np.exp(found.at(np.array([0.025, 0.5, 0.975]))) == pytest.approx([1.0, 2.0, 4.0])


def test_what_compares_nobody_has_no_estimate() -> None:
    with pytest.raises(TypeError, match="Unknown compares nobody"):
        estimate(Unknown(kind="unknown"))  # type: ignore[arg-type]


@given(shares, effects, st.sampled_from(Scale))
def test_a_risk_stays_a_share_and_follows_the_sign_of_the_effect(risk: float, theta: float, scale: Scale) -> None:
    found = one(risk, theta, scale)
    assert 0.0 <= found <= 1.0
    assert (found - risk) * theta >= -1e-12


@given(shares, st.sampled_from(Scale))
def test_no_effect_leaves_the_risk_as_it_is(risk: float, scale: Scale) -> None:
    assert one(risk, 0.0, scale) == pytest.approx(risk)


@given(st.integers(1, 80), st.integers(1, 80))
def test_the_events_of_a_trial_take_its_control_risk_to_its_treated_risk(treated: int, control: int) -> None:
    found = estimate(events((treated, 100), (control, 100)))
    assert one(control / 100, found.value, found.scale) == pytest.approx(treated / 100)


@given(st.integers(0, 40), st.integers(0, 40))
def test_swapping_the_arms_turns_the_sign_and_keeps_the_error(treated: int, control: int) -> None:
    one_way, other = estimate(events((treated, 40), (control, 40))), estimate(events((control, 40), (treated, 40)))
    assert one_way.value == pytest.approx(-other.value)
    assert one_way.error == pytest.approx(other.error)


@given(st.floats(-30, 30), st.floats(0.1, 10))
def test_lower_is_better_is_higher_is_better_with_the_other_sign(value: float, se: float) -> None:
    both = [
        estimate(MeanDifference(kind="mean_difference", value=sign * value, se=se, sd=20, better=way, scale="points"))
        for sign, way in ((1, "higher"), (-1, "lower"))
    ]
    assert both[0].value == pytest.approx(both[1].value)
    assert both[0].error == pytest.approx(both[1].error)


@pytest.mark.parametrize("risk", [0.0, 1.0])
def test_where_nobody_or_everybody_is_in_relief_odds_stay_there(risk: float) -> None:
    assert one(risk, 2.0, Scale.LOG_ODDS) == risk
