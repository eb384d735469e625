"""A study's decision analysis, on studies whose answer is known beforehand."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from calc.analysis.compare import Result
from calc.analysis.decisions import Decisions
from calc.analysis.study_problem import values_of_week
from calc.analysis.table import tables_of
from calc.inputs.parameter import Per
from calc.inputs.treatment import Diagnostic

from ..model.small import claim, fixed, parameter, price, responding, unknown
from .own import asked, plain, result


def row(table: pd.DataFrame, **keys: object) -> dict[str, object]:
    for name, value in keys.items():
        table = table[table[name] == value]
    assert len(table) == 1, table
    return dict(table.iloc[0])


def uncertain(**changed: object) -> Result:
    """A needle whose relief is uncertain, against a sure one that is as good on average at 100 dollars a week."""
    relief = {"relief": parameter("weeks", claim("bounds", low=0, high=40))}
    return result(sure=plain("Sure"), open=plain("Open", **relief), **changed)  # type: ignore[arg-type]


def test_luck_is_averaged_out_exactly() -> None:
    decision = result(one=plain("One"), other=plain("Other", usd=400)).decisions.problems["ours"].decision
    assert decision is not None
    assert np.ptp(decision.problem.cost, axis=1) == pytest.approx([0, 0])
    assert decision.problem.cost.mean(axis=1) == pytest.approx([1000, 400])
    assert decision.problem.effect.mean(axis=1) == pytest.approx([10, 10])


def test_the_worth_of_the_only_unsure_thing_is_that_of_knowing_everything() -> None:
    found = uncertain()
    choice = row(found.decisions.choice, at=True)
    # the open needle brings U(0, 20) weeks on average against 10: E max(0, 100 (X - 10)) = 100 * 2.5
    assert choice["evpi"] == pytest.approx(250, rel=0.01)
    worth = row(found.decisions.find_out, kind="parameter", parameter="open.relief", value_of_week=100.0)
    assert worth["evppi"] == pytest.approx(choice["evpi"], rel=0.01)
    ours = row(found.decisions.find_out, kind="source", source="assumption", value_of_week=100.0)
    assert ours["evppi"] == pytest.approx(worth["evppi"])
    assert worth["basis"] == "assumption"


def test_what_is_not_known_is_not_compared_but_told() -> None:
    found = result(sure=plain("Sure"), dark=plain("Dark", effects=responding(unknown("share")))).decisions
    problem = found.problems["ours"]
    assert dict(problem.names) == {"Sure": "sure"}
    assert dict(problem.unknown) == {"dark": ("weeks_in_relief",)}
    assert set(found.choice["treatment"]) == {"sure"}


def test_a_value_of_a_week_is_looked_at_where_the_study_says() -> None:
    values, at = values_of_week(asked(one=plain("One")).study)
    assert (values[0], values[-1], at) == (0, 200, 100)
    assert (np.diff(values) > 0).all()
    skewed = parameter("usd", claim("bounds", low=0, high=200, mode=40))
    assert values_of_week(asked(one=plain("One"), worth=skewed).study)[1] == 40
    exact = parameter("usd", claim(value=70))
    values, at = values_of_week(asked(one=plain("One"), worth=exact).study)
    assert (values[0], values[-1], at) == (0, 140, 70)
    assert at in values
    with pytest.raises(ValueError, match="no value of a week"):
        values_of_week(asked(one=plain("One"), worth=None).study)


def test_a_value_of_a_week_that_is_no_range_or_no_money_is_refused() -> None:
    with pytest.raises(ValueError, match="no single range"):
        asked(one=plain("One"), worth=parameter("usd", claim("typical_range", low=10, high=20)))
    with pytest.raises(ValueError, match="value of a week in weeks"):
        asked(one=plain("One"), worth=parameter("weeks", claim(value=1)))


def test_without_a_value_of_a_week_there_is_nothing_to_decide() -> None:
    found = result(one=plain("One"), worth=None).decisions
    assert all(getattr(found, name).empty for name in ("choice", "find_out", "flips", "break_even", "convergence"))


def test_every_table_has_its_basis() -> None:
    dark = plain("Dark", effects=responding(unknown("share")), relief=unknown("weeks"))
    for name, table in uncertain(dark=dark).decisions.tables().items():
        assert not table.empty, name
        assert (table["basis"] != "").all(), name
    assert list(uncertain().decisions.tables()) == list(tables_of(Decisions))


def test_labels_that_two_options_share_are_told_apart() -> None:
    names = result(one=plain("Needle"), other=plain("Needle")).decisions.problems["ours"].names
    assert dict(names) == {"Needle (one)": "one", "Needle (other)": "other"}


def test_a_reference_that_is_not_known_gives_way_to_one_that_is() -> None:
    found = result(dark=plain("Dark", effects=responding(unknown("share"))), sure=plain("Sure")).decisions.problems[
        "ours"
    ]
    assert found.decision is not None
    assert found.decision.problem.reference == "Sure"


def test_chances_and_tails_of_one_patient_hold_the_luck() -> None:
    table = result(one=plain("One", usd=500), other=plain("Other", effects=responding(fixed("share", 1))), draws=4096)
    one = row(table.decisions.outlook, treatment="one")
    other = row(table.decisions.outlook, treatment="other")
    assert (one["cheapest"], other["cheapest"]) == (1.0, 0.0)
    # half of those who choose the one have 20 weeks too, which ties
    assert other["longest"] == pytest.approx(0.75, abs=0.02)
    assert one["relieved"] == pytest.approx(0.5, abs=0.02)
    assert other["relieved"] == 1.0
    assert (one["weeks_worst_tenth"], other["weeks_worst_tenth"]) == (0.0, pytest.approx(20))
    assert (one["net_benefit"], other["net_benefit"]) == (pytest.approx(500), pytest.approx(1000))
    assert (one["careful_choice"], other["careful_choice"]) == (False, True)
    assert one["loss"] == pytest.approx(500)


def test_shares_of_variance_and_luck_sum_to_one() -> None:
    shares = uncertain().decisions.variance_by_source
    assert shares.groupby(["treatment", "outcome"])["share"].sum().to_numpy() == pytest.approx(1.0)
    luck = row(shares, treatment="open", outcome="weeks_in_relief", source="luck")
    # X is 0 or U(0, 40) with even chances: its variance is 500/3, that of the average U(0, 20) is 100/3
    assert luck["share"] == pytest.approx(0.8, abs=4 * float(str(luck["error"])))
    assert row(shares, treatment="sure", outcome="weeks_in_relief")["source"] == "luck"


def test_what_carries_the_average_is_the_one_thing_that_is_open() -> None:
    table = uncertain().decisions.variance_by_parameter
    found = row(table, treatment="open", outcome="weeks_in_relief")
    assert found["parameter"] == "open.relief"
    assert found["first"] == pytest.approx(1.0, abs=0.01)


def test_two_sources_share_the_variance_as_their_ranges_do() -> None:
    prices = {
        "needle": price(claim("bounds", source="guide", low=0, high=400)),
        "visit": price(claim("bounds", source="news", low=0, high=200)),
    }
    table = result(sure=plain("Sure"), open=plain("Open", price=prices), draws=4096).decisions.variance_by_source
    table = table[(table["treatment"] == "open") & (table["outcome"] == "out_of_pocket")].set_index("source")
    # uniform prices: variances 400² and 200² over 12
    assert table.loc["guide", "share"] == pytest.approx(0.8, abs=0.01)
    assert table.loc["news", "share"] == pytest.approx(0.2, abs=0.01)
    assert table.loc["luck", "share"] == pytest.approx(0.0, abs=0.01)
    assert (table.loc["guide", "basis"], table.loc["news", "basis"]) == ("document", "document")


def test_how_many_would_have_to_respond_to_beat_the_best() -> None:
    dark = plain("Dark", usd=400, effects=responding(unknown("share")), relief=fixed("weeks", 20))
    found = result(sure=plain("Sure", usd=0, effects=responding(fixed("share", 0.4))), dark=dark).decisions.break_even
    # 100 * 20 r - 400 >= 100 * 8
    share = row(found, parameter="dark.effect", value_of_week=100.0)
    assert share["at_least"] == pytest.approx(0.6)
    assert share["others"] == "none"
    weeks = row(found, parameter="", value_of_week=100.0)
    assert weeks["at_least"] == pytest.approx(12)


def test_two_unknowns_are_told_for_the_best_and_the_worst_of_the_other() -> None:
    dark = plain("Dark", usd=400, effects=responding(unknown("share")), relief=unknown("weeks"))
    found = result(sure=plain("Sure", usd=0, effects=responding(fixed("share", 0.4))), dark=dark).decisions
    horizon = asked(one=plain("One")).weeks
    best = row(found.break_even, parameter="dark.effect", value_of_week=100.0, others="best")
    assert best["at_least"] == pytest.approx(12 / horizon)
    assert row(found.break_even, parameter="dark.effect", value_of_week=100.0, others="worst")["never"]
    two = found.break_even_two_way
    last = dict(two[two["at"] == two["at"].max()].iloc[0])
    assert (last["needed"], last["at_least"]) == ("dark.effect", pytest.approx(12 / horizon))


def test_a_cost_that_is_open_has_a_ceiling() -> None:
    needle = {"needle": price(claim("unknown", note="Nobody."))}
    found = result(sure=plain("Sure", usd=300), dark=plain("Dark", price=needle, effects=responding(fixed("share", 1))))
    # 100 * 20 - c >= 100 * 10 - 300
    ceiling = row(found.decisions.break_even, treatment="dark", value_of_week=100.0)
    assert (ceiling["parameter"], ceiling["at_most"]) == ("", pytest.approx(1300))


def test_the_answer_flips_with_what_a_week_is_worth() -> None:
    flips = result(
        cheap=plain("Cheap", usd=0, effects=responding(fixed("share", 0))), dear=plain("Dear", usd=500)
    ).decisions.flips
    assert row(flips, varied="as asked")["treatment"] == "dear"
    nothing = row(flips, varied="value of a week", level="$0")
    assert (nothing["treatment"], nothing["flips"]) == ("cheap", True)
    assert not row(flips, varied="value of a week", level="$200")["flips"]
    # eight weeks in relief at six months and at two years alike: everything is over by then
    assert not flips[flips["varied"] == "horizon"]["flips"].any()


def test_an_effect_bounds_the_average_with_its_interval() -> None:
    share = parameter("share", claim("bounds", low=0.2, high=0.6))
    found = result(one=plain("One", effects=responding(share))).decisions.bounds
    bounds = row(found, outcome="weeks_in_relief")
    assert (bounds["low"], bounds["high"]) == (pytest.approx(20 * 0.22, abs=0.05), pytest.approx(20 * 0.58, abs=0.05))
    assert not bounds["ranges_only"]


def test_ranges_alone_bound_the_average() -> None:
    relief = parameter("weeks", claim("typical_range", low=4, high=30))
    passed = parameter("share", claim("bounds", low=0.4, high=1))
    blocks = Diagnostic(label="Blocks", steps=fixed("sessions", 1), interval=fixed("weeks", 0), passed=passed)
    found = result(one=plain("One", relief=relief, diagnostic=blocks))
    bounds = row(found.decisions.bounds, outcome="weeks_in_relief")
    assert (bounds["low"], bounds["high"]) == (pytest.approx(0.8), pytest.approx(15))
    assert (bounds["ranges"], bounds["ranges_only"]) == (2, True)
    assert bounds["low"] < bounds["p05"] < bounds["p95"] < bounds["high"]
    cost = row(found.decisions.bounds, outcome="out_of_pocket")
    assert (cost["low"], cost["high"]) == (pytest.approx(400), pytest.approx(1000))


def test_percentiles_bound_the_average_at_the_outermost() -> None:
    bills = parameter("usd", claim("percentiles", percentiles={10: 437, 50: 1200, 90: 3147}))
    relief = parameter("weeks", claim("percentiles", percentiles={25: 4, 75: 30}))
    one = plain("One", price={"needle": price(*bills.claims, per=Per.COURSE)}, relief=relief)
    found = result(one=one).decisions.bounds
    cost, weeks = row(found, outcome="out_of_pocket"), row(found, outcome="weeks_in_relief")
    assert (cost["low"], cost["high"]) == (pytest.approx(437), pytest.approx(3147))
    assert (weeks["low"], weeks["high"]) == (pytest.approx(2), pytest.approx(15))
    assert cost["ranges_only"]
    assert weeks["ranges_only"]


def test_the_errors_are_those_of_means() -> None:
    found = uncertain(draws=4096)
    table = found.decisions.convergence
    weeks = row(table, figure="Open: average weeks in relief")
    assert weeks["error"] == pytest.approx(20 / np.sqrt(12) / np.sqrt(4096), rel=0.01)
    # to 1 % of 10 weeks: (0.0902 / 0.1)² * 4096
    assert weeks["needed"] == 4096
    settling = found.decisions.settling
    assert settling["draws"].tolist() == [64, 128, 256, 512, 1024, 2048, 4096]
    assert settling["mean"].iloc[-1] == row(table, figure="lead of the best over the second")["value"]
