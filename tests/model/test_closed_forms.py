"""The timeline against closed forms of time to relief, some of which never comes."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import numpy as np
import pytest
from scipy import stats

from calc.model.timeline import Path as Events
from calc.model.timeline import Timeline, timeline
from calc.units import HALF_DAY

ORACLE = Path(__file__).resolve().parents[2].parent / "shared" / "oracles" / "analytic" / "time_to_relief.csv"
CASES = list(csv.DictReader(ORACLE.read_text("utf-8").splitlines())) if ORACLE.is_file() else []
KINDS = {
    "weibull": lambda shape, scale: stats.weibull_min(shape, scale=scale),
    "lognormal": lambda median, sigma: stats.lognorm(sigma, scale=median),
    "loglogistic": lambda shape, scale: stats.fisk(shape, scale=scale),
    "exponential": lambda mean: stats.expon(scale=mean),
    "gamma": lambda shape, scale: stats.gamma(shape, scale=scale),
}
#: each of these quantiles meets each of ten kinds of luck
QUANTILES, LUCK = 8192, 10
#: half a quantile step either way, and the longest tail within the horizon
SHARE, WEEKS = 1 / QUANTILES, 0.01
NEVER_ENDS = 1e9

pytestmark = pytest.mark.skipif(not CASES, reason="the closed forms lie outside the repository, and are not there")


def events_of(case: dict[str, str], horizon: float) -> Timeline:
    name, given = re.fullmatch(r"(\w+)\((.*)\)", case["dist"]).groups()  # type: ignore[union-attr]
    figures = [float(each.split("=")[1].removesuffix("wk")) for each in given.split(",")]
    onset = KINDS[name](*figures).ppf((np.arange(QUANTILES) + 0.5) / QUANTILES)
    responds = np.arange(LUCK) < round(float(case["p_respond"]) * LUCK)
    size = QUANTILES * LUCK
    zero, once = np.zeros(size), np.ones(size)
    path = Events(
        wait=zero, steps=zero, step_interval=zero, passes=once > 0, sessions=once, interval=zero, downtime=zero, off_work=zero,
        onset=np.repeat(onset, LUCK), responds=np.tile(responds, QUANTILES), relief=once * NEVER_ENDS,
        most_per_year=None,
    )  # fmt: skip
    return timeline(path, horizon)


@pytest.mark.parametrize("case", CASES, ids=lambda case: "-".join(list(case.values())[:3]))
def test_time_to_relief_is_what_its_closed_form_says(case: dict[str, str]) -> None:
    horizon = float(case["horizon_weeks"])
    # days are whole: relief that comes half a day before a horizon or later falls on the day after the last
    by_then = events_of(case, horizon + HALF_DAY)
    helped = np.isfinite(by_then.weeks_to_relief()).mean()
    assert helped == pytest.approx(float(case["p_relief_by_horizon"]), abs=SHARE)
    without = horizon - events_of(case, horizon).weeks_in_relief().mean()
    assert without == pytest.approx(float(case["rmst_weeks_without_relief"]), abs=WEEKS)
    unending = events_of(case, NEVER_ENDS).weeks_to_relief()
    for share, column in ((0.25, "q25_weeks"), (0.5, "median_weeks")):
        quantile = np.quantile(unending, share, method="inverted_cdf")
        assert quantile == pytest.approx(float(case[column]), abs=WEEKS)
    assert np.isfinite(unending).mean() == pytest.approx(float(case["p_respond"]))
