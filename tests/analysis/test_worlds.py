"""A mixed view mixes its sources and never averages their draws; taken apart, each stance has its own answer."""

from __future__ import annotations

import csv
import shutil
from pathlib import Path

import numpy as np
import pytest
from pandas.testing import assert_frame_equal
from scipy import special

from calc.analysis.compare import compare
from calc.analysis.summary import comparison
from calc.analysis.worlds import by_stance, disagreement, given_stances, share_between
from calc.inputs.claim import Market
from calc.inputs.load import StudyInputs
from calc.inputs.source import Stance
from calc.model.sample import Setting, block_of, sampled
from calc.model.simulate import simulate_views

from ..model.small import (
    SOURCES,
    claim,
    covering,
    fixed,
    inputs,
    parameter,
    price,
    responding,
    treatment,
    unknown,
    view,
)

PARAMS = Path(__file__).resolve().parents[2] / "params"
FEW = {"study.draws": 64, "study.views": ["guideline", "clinic"]}
ORACLE = Path(__file__).resolve().parents[3] / "shared" / "oracles" / "analytic" / "source_mixture_variance.csv"


def mixture(means: list[float], sds: list[float], weights: list[float]) -> np.ndarray:
    """Return the draws of a parameter about which several sources of one stance speak."""
    claims = [
        claim("mean_sd", source="guide", mean=mean, sd=sd, weight=weight)
        for mean, sd, weight in zip(means, sds, weights, strict=True)
    ]
    block = block_of("treatments.shot", ("price",), (), draws=2**14, seed=1)
    mixed = parameter("usd", *claims)
    return sampled("price", mixed, block, Setting(view(), SOURCES, 0.8, 2**14, 1), Market.CASH).values


def test_a_mixture_of_two_answers_has_the_variance_within_and_between_them() -> None:
    """Means 5 and 15, sd 1: 1 + 25. Averaging the draws of the two would leave 0.5 of the 26."""
    drawn = mixture([5.0, 15.0], [1.0, 1.0], [0.5, 0.5])
    assert drawn.mean() == pytest.approx(10.0, rel=1e-3)
    assert drawn.var() == pytest.approx(26.0, rel=0.01)


@pytest.mark.skipif(not ORACLE.is_file(), reason="the oracles are not beside the repository")
def test_mixtures_have_the_mean_and_the_variance_of_the_oracle() -> None:
    rows = list(csv.DictReader(ORACLE.read_text("utf-8").splitlines()))
    assert len(rows) == 3
    for row in rows:
        means, sds, weights = ([float(each) for each in row[name].split("|")] for name in ("means", "sds", "weights"))
        drawn = mixture(means, sds, weights)
        assert drawn.mean() == pytest.approx(float(row["mixture_mean"]), rel=2e-3)
        assert drawn.var() == pytest.approx(float(row["total_var"]), rel=0.02)


def test_the_share_between_parts_is_that_of_the_law_of_total_variance() -> None:
    points = special.ndtri((np.arange(4096) + 0.5) / 4096)
    found = share_between(np.array([0.5, 0.5]), [5 + points, 15 + points])
    assert found == pytest.approx(25 / 26, rel=1e-3)
    assert share_between(np.array([0.5, 0.5]), [points, points]) == pytest.approx(0.0, abs=1e-12)
    assert share_between(np.array([1.0, 3.0]), [np.zeros(4), np.zeros(4)]) == 0.0


def mixed_study(**changed: object) -> StudyInputs:
    dear = price(claim(source="guide", value=100), claim(source="clinic", value=900))
    parts = {"price": {"needle": dear}, "sessions": fixed("sessions", 1), "coverage": covering("excluded"), **changed}
    both = view({Stance.GUIDELINE: 1.0, Stance.CLINIC: 3.0})
    return inputs({"shot": treatment(**parts)}, views={"both": both, "one": view()}, draws=1024)


def test_each_stance_of_a_mixed_view_has_its_own_results_and_weight() -> None:
    made = mixed_study()
    table = by_stance(made, given_stances(made))
    costs = table[table["outcome"] == "out_of_pocket"]
    assert costs[["view", "stance", "weight", "p05", "p50", "p95"]].values.tolist() == [
        ["both", "guideline", 0.25, 100.0, 100.0, 100.0],
        ["both", "clinic", 0.75, 900.0, 900.0, 900.0],
    ]


def test_the_mixture_s_mean_is_the_weighted_mean_of_its_stances() -> None:
    made = mixed_study()
    costs = by_stance(made, given_stances(made)).query("outcome == 'out_of_pocket'")
    whole = simulate_views(made)["both"].treatments["shot"].outcomes["out_of_pocket"].values
    assert whole.mean() == pytest.approx((costs["weight"] * costs["mean"]).sum(), rel=1e-3)
    assert set(np.unique(whole)) == {100.0, 900.0}  # nobody pays the average of two answers


def test_all_of_a_spread_between_two_fixed_answers_is_disagreement() -> None:
    made = mixed_study()
    table = disagreement(made, given_stances(made)).set_index("outcome")["between"]
    assert table["out_of_pocket"] == pytest.approx(1.0)
    assert table["weeks_in_relief"] == 0.0


def test_a_stance_that_says_nobody_knows_leaves_the_disagreement_open() -> None:
    response = parameter("share", claim("unknown", source="guide"), claim(source="clinic", value=0.6))
    made = mixed_study(effects=responding(response))
    worlds = given_stances(made)
    known = by_stance(made, worlds).query("outcome == 'weeks_in_relief'").set_index("stance")["known"]
    assert known.to_dict() == {"guideline": "not known", "clinic": "stated"}
    assert np.isnan(disagreement(made, worlds).set_index("outcome")["between"]["weeks_in_relief"])


def test_views_of_one_stance_have_nothing_to_take_apart() -> None:
    made = inputs({"shot": treatment(relief=unknown("weeks"))}, draws=64)
    assert given_stances(made) == {}
    assert by_stance(made, {}).empty
    assert disagreement(made, {}).empty


def test_a_process_that_reads_other_sources_begins_anew(tmp_path: Path) -> None:
    """The very same study, but the clinic's document counts as a guideline's."""
    there = tmp_path / "params"
    shutil.copytree(PARAMS, there)
    shipped = compare("chronic_low_back_pain", params=PARAMS, settings=FEW).comparison
    documents = there / "sources" / "documents.yaml"
    documents.write_text(documents.read_text("utf-8").replace("stance: clinic", "stance: guideline"), encoding="utf-8")
    other = compare("chronic_low_back_pain", params=there, settings=FEW)
    assert not other.comparison.equals(shipped)
    fresh = comparison(other.inputs, simulate_views(other.inputs))
    assert_frame_equal(other.comparison, fresh)
