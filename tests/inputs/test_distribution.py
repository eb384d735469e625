"""Each reading against closed forms that owe nothing to the code: scipy.stats, and a table worked out elsewhere."""

from __future__ import annotations

import csv
import math
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from pydantic import ValidationError
from scipy import stats

from calc.inputs.distribution import Distribution, distribution
from calc.units import WEEKS_PER_MONTH, Unit

from .mini import claim, drawn

U = np.linspace(0.0005, 0.9995, 1999)
MIDDLES = (np.arange(60_000) + 0.5) / 60_000
EDGES = np.array([0.0, 5e-324, 2.0**-53, 1e-9, *np.linspace(0.001, 0.999, 50), 1 - 1e-9, 1 - 2.0**-53, 1.0])
ORACLE = Path(__file__).parents[3] / "shared" / "oracles" / "analytic" / "distributions.csv"


def at(read: Distribution, *u: float) -> list[float]:
    return [float(value) for value in read(np.array(u))]


def agree(read: Distribution, law: stats.rv_continuous, *, scale: float = 1.0) -> None:
    np.testing.assert_allclose(read(U), law.ppf(U) * scale, rtol=1e-9, atol=1e-12)


def _oracle() -> list[dict[str, str]]:
    if not ORACLE.is_file():
        return []
    with ORACLE.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.skipif(not ORACLE.is_file(), reason="the worked table lies outside the repository and is not here")
def test_the_quantiles_are_those_of_the_worked_table() -> None:
    done: Counter[str] = Counter()
    for row in _oracle():
        given = {name: float(value) for name, value in (pair.split("=") for pair in row["spec"].split(","))}
        if row["dist"] == "lognormal":
            read = drawn(Unit.USD, "mean_sd", **given)
        elif row["dist"] == "beta":
            read = drawn(Unit.SHARE, "mean_sd", **given)
        elif row["dist"] == "pert" and given["lam"] == 4:
            read = drawn(Unit.USD, "bounds", low=given["min"], mode=given["mode"], high=given["max"])
        elif row["dist"] == "lognormal_ci":
            ends = {"low": given["lo"], "high": given["hi"]}
            read = drawn(Unit.USD, "typical_range", range_coverage=given["ci"], open_above=True, **ends)
        else:
            continue
        done[row["dist"]] += 1
        quantiles = {float(name[1:]): float(value) for name, value in row.items() if name.startswith("q")}
        np.testing.assert_allclose(at(read, *quantiles), list(quantiles.values()), rtol=1e-8)
        assert read(MIDDLES).mean() == pytest.approx(float(row["mean"]), rel=2e-3)
        assert read(MIDDLES).std() == pytest.approx(float(row["sd"]), rel=1e-2)
    assert done == {"lognormal": 3, "beta": 3, "pert": 2, "lognormal_ci": 3}


def test_exact_is_one_value_of_its_own_in_every_world() -> None:
    values = drawn(Unit.USD, "exact", value=1500)(U)
    assert values.dtype == np.float64
    assert set(values) == {1500.0}
    assert set(drawn(Unit.SHARE, "exact", value=0)(U)) == {0.0}


def test_bounds_are_uniform() -> None:
    agree(drawn(Unit.USD, "bounds", low=200, high=500), stats.uniform(200, 300))
    agree(drawn(Unit.SHARE, "bounds", low=0, high=1), stats.uniform(0, 1))


@pytest.mark.parametrize(("low", "mode", "high"), [(1, 2, 5), (1, 1, 5), (1, 5, 5), (0, 3, 6)])
def test_bounds_with_a_mode_are_pert(low: float, mode: float, high: float) -> None:
    mean = (low + 4 * mode + high) / 6
    left = 1 + 4 * (mode - low) / (high - low)
    read = drawn(Unit.WEEKS, "bounds", low=low, mode=mode, high=high)
    agree(read, stats.beta(left, 6 - left, loc=low, scale=high - low))
    assert read(MIDDLES).mean() == pytest.approx(mean, rel=1e-5)


def test_one_side_is_uniform_to_the_other() -> None:
    agree(drawn(Unit.USD, "at_most", high=500), stats.uniform(0, 500))
    agree(drawn(Unit.USD, "at_most", low=100, high=500), stats.uniform(100, 400))
    agree(drawn(Unit.USD, "at_least", low=100, high=500), stats.uniform(100, 400))


def test_unknown_is_uniform_over_all_that_the_unit_allows() -> None:
    for unit in (each for each in Unit if each.dimension != "count"):
        read = drawn(unit, "unknown")
        agree(read, stats.uniform(unit.lowest, unit.highest - unit.lowest), scale=unit.in_weeks)
        assert (read.lowest, read.highest) == (unit.lowest * unit.in_weeks, unit.highest * unit.in_weeks)


def test_mean_sd_keeps_mean_and_sd() -> None:
    agree(
        drawn(Unit.USD, "mean_sd", mean=1500, sd=300),
        stats.lognorm(math.sqrt(math.log(1.04)), 0, 1500 / math.sqrt(1.04)),
    )
    agree(drawn(Unit.SHARE, "mean_sd", mean=0.5, sd=math.sqrt(1 / 12)), stats.uniform(0, 1))
    agree(drawn(Unit.SHARE, "mean_sd", mean=0.25, sd=math.sqrt(0.25 * 0.75 / 9)), stats.beta(2, 6))


def test_estimate_ci_has_the_estimate_as_its_median_and_the_width_of_the_interval() -> None:
    read = drawn(Unit.USD, "estimate_ci", value=2000, low=1000, high=4000)
    np.testing.assert_allclose(at(read, 0.025, 0.5, 0.975), [1000, 2000, 4000], rtol=1e-12)
    agree(read, stats.lognorm(math.log(2) / 1.959963984540054, 0, 2000))
    read = drawn(Unit.SHARE, "estimate_ci", value=0.5, low=0.1, high=0.9)
    np.testing.assert_allclose(at(read, 0.025, 0.5, 0.975), [0.1, 0.5, 0.9], rtol=1e-12)
    read = drawn(Unit.SCORE_0_10, "estimate_ci", value=4, low=3, high=5)
    agree(read, stats.norm(4, 1 / 1.959963984540054))


@pytest.mark.parametrize("unit", [Unit.USD, Unit.WEEKS, Unit.SHARE, Unit.SCORE_0_10])
def test_an_interval_that_reaches_further_to_one_side_keeps_the_estimate_and_both_ends(unit: Unit) -> None:
    size = 0.01 if unit is Unit.SHARE else 0.1
    read = drawn(unit, "estimate_ci", value=10 * size, low=8 * size, high=20 * size)
    np.testing.assert_allclose(at(read, 0.025, 0.5, 0.975), [8 * size, 10 * size, 20 * size], rtol=1e-12)
    if unit in (Unit.USD, Unit.WEEKS):  # two halves of two log-normals
        below, above = (stats.lognorm(abs(math.log(end)) / 1.959963984540054, 0, 1) for end in (0.8, 2))
        np.testing.assert_allclose(read(U), np.where(U < 0.5, below.ppf(U), above.ppf(U)), rtol=1e-9)


def test_percentiles_of_two_points_are_the_log_normal_through_them() -> None:
    read = drawn(Unit.USD, "percentiles", percentiles={10: 1000, 90: 4000})
    agree(read, stats.lognorm(math.log(2) / 1.2815515655446004, 0, 2000))
    share = drawn(Unit.SHARE, "percentiles", percentiles={25: 0.2, 75: 0.8})
    odds = stats.lognorm(math.log(4) / 0.6744897501960817)
    np.testing.assert_allclose(share(U), odds.ppf(U) / (1 + odds.ppf(U)), rtol=1e-9)


def test_percentiles_are_log_normal_between_two_and_beyond_the_outermost() -> None:
    read = drawn(Unit.USD, "percentiles", percentiles={10: 437, 50: 1200, 90: 3147}, range_coverage=0.5)
    low, high = (stats.lognorm(abs(math.log(end / 1200)) / 1.2815515655446004, 0, 1200) for end in (437, 3147))
    np.testing.assert_allclose(read(U), np.where(U < 0.5, low.ppf(U), high.ppf(U)), rtol=1e-9)


@st.composite
def percentiles(draw: st.DrawFn) -> tuple[Unit, dict[float, float]]:
    unit = draw(st.sampled_from([Unit.USD, Unit.WEEKS, Unit.DAYS, Unit.SHARE, Unit.SCORE_0_10, Unit.APR]))
    at = draw(st.lists(st.integers(1, 199).map(lambda n: n / 2), min_size=2, max_size=6, unique=True))
    most = min(unit.highest, 50_000.0)
    values = st.integers(1, 999).map(lambda n: n / 1000 * most)
    stated = draw(st.lists(values, min_size=len(at), max_size=len(at)).filter(lambda each: len(set(each)) > 1))
    return unit, dict(zip(sorted(at), sorted(stated), strict=True))


@given(stated=percentiles(), range_coverage=st.sampled_from([0.5, 0.8, 0.98]))
def test_percentiles_rise_and_pass_through_each_that_is_stated(
    stated: tuple[Unit, dict[float, float]], range_coverage: float
) -> None:
    unit, points = stated
    read = drawn(unit, "percentiles", percentiles=points, range_coverage=range_coverage)
    kept = np.array(list(points.values())) * unit.in_weeks
    np.testing.assert_allclose(read(np.array(list(points)) / 100), kept, rtol=1e-9)
    values = read(EDGES)
    assert (np.diff(values) >= -1e-12 * np.abs(values[1:])).all()
    assert np.isfinite(values).all()
    assert values.min() >= read.lowest
    assert values.max() <= read.highest


@pytest.mark.parametrize(("events", "total"), [(0, 10), (14, 65), (10, 10), (1, 2)])
def test_a_proportion_is_beta_with_jeffreys_prior(events: int, total: int) -> None:
    read = drawn(Unit.SHARE, "proportion", events=events, total=total)
    agree(read, stats.beta(events + 0.5, total - events + 0.5))
    assert read(MIDDLES).mean() == pytest.approx((events + 0.5) / (total + 1), rel=1e-3)


def test_counts_are_equally_likely_or_by_weight() -> None:
    values = drawn(Unit.SESSIONS, "count_range", low=1, high=3)(MIDDLES)
    assert values.dtype == np.float64
    assert Counter(values.tolist()) == {1.0: 20_000, 2.0: 20_000, 3.0: 20_000}
    weighted = drawn(Unit.SESSIONS, "count_range", low=0, high=3, weights=[0, 1, 3, 0])
    assert Counter(weighted(MIDDLES).tolist()) == {1.0: 15_000, 2.0: 45_000}
    assert at(weighted, 0.0, 0.2499, 0.25, 0.9999) == [1.0, 1.0, 2.0, 2.0]


@pytest.mark.parametrize("open_above", [True, False])
@pytest.mark.parametrize("range_coverage", [0.5, 0.8, 0.98])
@pytest.mark.parametrize(
    ("unit", "low", "high"),
    [(Unit.USD, 1000, 3000), (Unit.SHARE, 0.5, 0.9), (Unit.WEEKS, 4, 52), (Unit.SHARE, 0.01, 0.02)],
)
def test_a_typical_range_holds_its_share_between_its_ends(
    unit: Unit, low: float, high: float, range_coverage: float, open_above: bool
) -> None:
    read = drawn(unit, "typical_range", low=low, high=high, open_above=open_above, range_coverage=range_coverage)
    tail = (1 - range_coverage) / 2
    np.testing.assert_allclose(at(read, tail, 1 - tail), [low, high], rtol=1e-9)
    to = (lambda x: math.log(x / (1 - x))) if unit is Unit.SHARE else math.log
    assert to(at(read, 0.5)[0]) == pytest.approx((to(low) + to(high)) / 2)


def test_eighty_percent_is_the_usual_reading_of_a_typical_range() -> None:
    read = distribution(claim("typical_range", low=1000, high=3000), Unit.USD)
    np.testing.assert_allclose(at(read, 0.1, 0.9), [1000, 3000], rtol=1e-12)


def test_a_closed_range_is_cut_as_far_above_its_high_end_as_its_median_lies_below() -> None:
    ends = {"low": 1000, "high": 4000}
    closed, unending = (
        drawn(Unit.USD, "typical_range", **ends),
        drawn(Unit.USD, "typical_range", open_above=True, **ends),
    )
    agree(unending, stats.lognorm(math.log(2) / 1.2815515655446004, 0, 2000))
    cut = 4000 * 4000 / 2000
    np.testing.assert_allclose(closed(U), np.minimum(unending(U), cut), rtol=1e-12)
    assert at(closed, 0.999999)[0] == pytest.approx(cut)
    assert at(unending, 0.999999)[0] > 1.5 * cut
    share = drawn(Unit.SHARE, "typical_range", low=0.2, high=0.8)  # median 0.5, odds 1; odds at the cut 16
    assert at(share, 0.999999)[0] == pytest.approx(16 / 17)


@pytest.mark.parametrize(
    ("parameter", "own", "factor"),
    [
        (Unit.WEEKS, "weeks", 1), (Unit.WEEKS, "days", 1 / 7), (Unit.WEEKS, "months", WEEKS_PER_MONTH),
        (Unit.DAYS, None, 1 / 7), (Unit.MONTHS, None, 365.25 / 84), (Unit.MONTHS, "days", 1 / 7), (Unit.USD, None, 1),
    ],
)  # fmt: skip
def test_time_comes_out_in_weeks_whatever_unit_was_used(parameter: Unit, own: str | None, factor: float) -> None:
    for reading, figures in (
        ("exact", {"value": 6}),
        ("bounds", {"low": 2, "high": 6}),
        ("typical_range", {"low": 2, "high": 6}),
    ):
        read = drawn(parameter, reading, unit=own, **figures)
        plain = drawn(Unit.USD, reading, **figures)
        np.testing.assert_allclose(read(U), plain(U) * factor, rtol=1e-12)


def _figures(unit: Unit) -> st.SearchStrategy[float]:
    top = min(unit.highest, 50_000.0)
    return st.integers(0, 1000).map(lambda n: n / 1000 * top) | st.floats(0.0, top, allow_subnormal=False)


@st.composite
def claims(draw: st.DrawFn) -> Distribution:
    unit = draw(st.sampled_from(Unit))
    one, two, three = sorted(draw(st.tuples(*[_figures(unit)] * 3)))
    total = draw(st.integers(1, 10_000))
    made: dict[str, dict[str, object]] = {
        "exact": {"value": one},
        "typical_range": {"low": one, "high": three, "open_above": draw(st.booleans())},
        "bounds": {"low": one, "high": three, "mode": draw(st.sampled_from([two, None]))},
        "at_most": {"high": three, "low": draw(st.sampled_from([one, None]))},
        "at_least": {"low": one, "high": three},
        "mean_sd": {"mean": three, "sd": two},
        "estimate_ci": {"value": two, "low": one, "high": three},
        "proportion": {"events": draw(st.integers(0, total)), "total": total},
        "count_range": {"low": int(one), "high": int(three)},
        "unknown": {},
        "percentiles": {"percentiles": {10: one, 50: two, 90: three}},
    }
    reading = draw(st.sampled_from(sorted(made)))
    try:
        said = claim(reading, **made[reading])
    except ValidationError:
        said = None
    assume(said is not None and not list(said.misfits(unit)))
    assert said is not None
    return distribution(said, unit, range_coverage=draw(st.sampled_from([0.5, 0.8, 0.98])))


@given(read=claims())
def test_every_claim_is_finite_inside_its_range_and_rises_with_u(read: Distribution) -> None:
    values = read(EDGES)
    assert values.dtype == np.float64
    assert values.shape == EDGES.shape
    assert np.isfinite(values).all()
    assert (values >= read.lowest).all()
    assert (values <= read.highest).all()
    assert (np.diff(values) >= -1e-12 * np.abs(values[1:])).all()


def test_no_time_leaves_the_range_of_the_parameter_it_is_about() -> None:
    for own in ("days", "months"):
        assert max(at(drawn(Unit.WEEKS, "unknown", unit=own), 0.5, 1.0)) <= Unit.WEEKS.highest


@pytest.mark.parametrize("reading", ["typical_range", "mean_sd"])
def test_a_score_from_0_is_refused_or_finite(reading: str) -> None:
    figures = {"low": 0, "high": 5} if reading == "typical_range" else {"mean": 0, "sd": 1}
    said = claim(reading, **figures)
    assert list(said.misfits(Unit.SCORE_0_10)) or np.isfinite(distribution(said, Unit.SCORE_0_10)(U)).all()


@pytest.mark.parametrize(("mean", "sd"), [(1e-200, 1.0), (1.0, 1e200)])
def test_an_absurd_spread_is_refused_or_finite(mean: float, sd: float) -> None:
    said = claim("mean_sd", mean=mean, sd=sd)
    assert list(said.misfits(Unit.USD)) or np.isfinite(distribution(said, Unit.USD)(U)).all()
