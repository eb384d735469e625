"""Chance is keyed on names and the seed; each number is drawn from the claims that a view believes."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from scipy import special

from calc.inputs.claim import Basis, Claim, Market
from calc.inputs.parameter import Parameter
from calc.inputs.pooling import pooled
from calc.inputs.source import Stance
from calc.inputs.study import View
from calc.model.sample import REPLICATES, Block, Drawn, Setting, believed, block_of, sampled, uniforms
from calc.units import Unit

from .small import ALL, SOURCES, claim, fixed, parameter, view

NAMES = ("price.needle", "wait", "sessions", "onset", "effect", "relief", "coverage")
LUCK = ("passes", "responds", "covered")
#: measured at 4,096 draws over 12 blocks: at most 0.063 between blocks (26,400 pairs of columns, of which
#: chance alone puts one in 15,000 above 4 / sqrt(4,096) = 0.0625) and 0.006 within one; without the
#: shuffle of rows 0.75 is usual
BETWEEN, WITHIN = 0.08, 0.03


def block(name: str = "treatments.shot", *, draws: int = 4096, seed: int = 0, names: tuple[str, ...] = NAMES) -> Block:
    return block_of(name, names, LUCK, draws=draws, seed=seed)


def drawn(
    what: Parameter, who: View, *, market: Market = Market.COMMERCIAL, draws: int = 1024,
    pin: float | None = None, range_coverage: float = 0.8,
) -> Drawn:  # fmt: skip
    setting = Setting(who, SOURCES, range_coverage, draws, 0)
    return sampled("relief", what, block(draws=draws), setting, market, pin=pin)


def bytes_of(made: Block) -> bytes:
    return b"".join(column.tobytes() for column in made.columns.values())


def test_the_same_name_and_seed_give_the_same_bytes_in_whatever_order_blocks_are_drawn() -> None:
    first, second = block("treatments.shot"), block("treatments.rest")
    assert (bytes_of(block("treatments.rest")), bytes_of(block("treatments.shot"))) == (
        bytes_of(second),
        bytes_of(first),
    )


def test_seed_0_is_a_seed_and_differs_from_seed_1() -> None:
    zero, one = block(seed=0), block(seed=1)
    assert bytes_of(zero) != bytes_of(one)
    for dimension, column in zero.columns.items():
        assert not np.array_equal(column, one[dimension])


def test_a_block_has_a_stance_each_parameter_twice_and_its_luck() -> None:
    assert list(block(names=("wait", "onset")).columns) == [
        "stance", "wait", "wait?", "onset", "onset?", "luck.passes", "luck.responds", "luck.covered",
    ]  # fmt: skip


def test_every_column_has_one_point_of_each_replicate_in_each_equal_part_of_the_unit_interval() -> None:
    size = 1024 // REPLICATES
    for column in block(draws=1024).columns.values():
        for replicate in column.reshape(REPLICATES, size):
            assert np.array_equal(np.sort(np.floor(replicate * size)), np.arange(size))


def test_no_column_touches_0_or_1() -> None:
    for seed in range(8):
        columns = np.array(list(uniforms("a", NAMES, draws=4096, seed=seed).columns.values()))
        assert columns.min() > 0.0
        assert columns.max() < 1.0


def test_columns_are_read_only() -> None:
    with pytest.raises(ValueError, match="read-only"):
        block()["wait"][0] = 0.5


def test_blocks_of_different_names_or_seeds_are_uncorrelated_in_every_pair_of_columns() -> None:
    made = [block(f"treatments.{name}", seed=seed) for name in ("shot", "rest", "cells", "heat") for seed in (0, 1)]
    for one, other in combinations(made, 2):
        columns = [*one.columns.values(), *other.columns.values()]
        between = np.corrcoef(columns)[: len(one.columns), len(one.columns) :]
        assert np.abs(between).max() < BETWEEN


def test_columns_of_one_block_are_uncorrelated() -> None:
    columns = list(block().columns.values())
    assert np.abs(np.corrcoef(columns) - np.eye(len(columns))).max() < WITHIN


GUIDE, CLINIC, NEWS, SURVEY = (claim(source=name, value=index) for index, name in enumerate(SOURCES, start=1))
OURS, MINE = claim(value=5), claim(yours="My quote", value=6)
NOBODY = claim("unknown", note="Looked in all five.")
FALLBACK = (Stance.PUBLIC_DATA, Stance.CLINIC)


@pytest.mark.parametrize(
    ("claims", "used"),
    [
        ((GUIDE, CLINIC, OURS, MINE), (3,)),  # yours before everybody's
        ((CLINIC, GUIDE, SURVEY, OURS), (1,)),  # the stance's before the fallbacks'
        ((GUIDE, CLINIC, GUIDE), (0, 2)),  # all that the stance says
        ((CLINIC, SURVEY, OURS), (1,)),  # fallbacks in the view's order, not the file's
        ((CLINIC, NEWS, OURS), (0,)),
        ((NEWS, OURS, NOBODY), (1, 2)),  # a stance that is believed nowhere is passed over
        ((NEWS,), ()),
    ],
)
def test_claims_are_believed_in_the_order_yours_stance_fallbacks_nobody_s(
    claims: tuple[Claim, ...], used: tuple[int, ...]
) -> None:
    who = view(fallback=FALLBACK)
    assert believed(parameter("weeks", *claims), who, Stance.GUIDELINE, Market.CASH, SOURCES) == used


@pytest.mark.parametrize(
    ("markets", "used"),
    [
        ((None, Market.COMMERCIAL), (1,)),
        ((None, Market.CASH), (0,)),
        ((Market.COMMERCIAL, None, Market.COMMERCIAL), (0, 2)),
        ((Market.CASH, Market.MEDICARE), ()),
    ],
)
def test_claims_about_the_very_market_come_before_general_ones_and_others_are_not_used(
    markets: tuple[Market | None, ...], used: tuple[int, ...]
) -> None:
    for said in ({"source": "guide"}, {"yours": "Mine"}, {}):
        what = parameter("usd", *(claim(value=1, market=market, **said) for market in markets))
        assert believed(what, view(), Stance.GUIDELINE, Market.COMMERCIAL, SOURCES) == used


def test_a_stance_that_is_silent_about_the_market_gives_way_to_a_fallback_that_is_not() -> None:
    what = parameter(
        "usd",
        claim(source="guide", value=1, market=Market.CASH),
        claim(source="survey", value=2),
        claim(source="survey", value=3, market=Market.MEDICARE),
    )
    who = view(fallback=FALLBACK)
    assert believed(what, who, Stance.GUIDELINE, Market.MEDICARE, SOURCES) == (2,)
    assert believed(what, who, Stance.GUIDELINE, Market.CASH, SOURCES) == (0,)
    assert believed(what, who, Stance.GUIDELINE, Market.COMMERCIAL, SOURCES) == (1,)


@pytest.mark.parametrize(
    ("hidden", "used"),
    [
        (Basis.DOCUMENT, (2,)),
        (Basis.PUBLIC, (0,)),
        (Basis.ASSUMPTION, (0,)),
    ],
)
def test_a_basis_that_the_view_hides_is_not_believed(hidden: Basis, used: tuple[int, ...]) -> None:
    coded = claim(source="guide", assumption="Our coding of 'some'.", value=3)
    what = parameter("weeks", GUIDE, OURS, SURVEY)
    who = view(fallback=FALLBACK, bases=ALL - {hidden})
    assert believed(what, who, Stance.GUIDELINE, Market.CASH, SOURCES) == used
    whole = believed(parameter("weeks", coded), who, Stance.GUIDELINE, Market.CASH, SOURCES)
    assert whole == (() if hidden is Basis.ASSUMPTION else (0,))


def test_your_own_claim_is_believed_whatever_the_view_hides() -> None:
    who = view(bases=frozenset({Basis.DOCUMENT}))
    assert believed(parameter("weeks", GUIDE, MINE), who, Stance.GUIDELINE, Market.CASH, SOURCES) == (1,)


def test_a_mixture_of_stances_shares_out_the_draws_by_its_weights() -> None:
    who = view({Stance.GUIDELINE: 3, Stance.NEWS: 0, Stance.CLINIC: 1})
    made = drawn(parameter("weeks", CLINIC, GUIDE, NEWS), who)
    assert np.bincount(made.chosen).tolist() == [256, 768]
    assert made.values.tolist() == [2.0 if index == 0 else 1.0 for index in made.chosen]


def test_one_stance_is_drawn_for_all_of_a_treatment_s_parameters() -> None:
    who = view({Stance.GUIDELINE: 1, Stance.CLINIC: 1})
    made = [
        sampled(name, parameter("weeks", GUIDE, CLINIC), block(), Setting(who, SOURCES, 0.8, 4096, 0), Market.CASH)
        for name in ("onset", "relief")
    ]  # fmt: skip
    assert np.array_equal(made[0].chosen, made[1].chosen)


def test_claims_of_one_stance_share_out_the_draws_by_their_weights() -> None:
    said = [claim(source="guide", value=1, weight=weight) for weight in (1, 5, 2)]
    assert np.bincount(drawn(parameter("weeks", *said), view()).chosen).tolist() == [128, 640, 256]


def test_percentiles_of_one_stance_share_out_the_draws_by_the_bills_that_they_were_taken_from() -> None:
    bills = [claim("percentiles", source="guide", percentiles={10: 1, 90: 2}, count=count) for count in (100, 300)]
    assert np.bincount(drawn(parameter("usd", *bills), view()).chosen).tolist() == [256, 768]


def test_another_claim_leaves_which_quantile_is_drawn_alone() -> None:
    wide = claim("bounds", source="guide", low=0, high=1)
    assert np.array_equal(drawn(parameter("weeks", wide, wide), view()).values, block(draws=1024)["relief"])


def test_the_study_s_range_coverage_is_what_a_typical_range_holds() -> None:
    what = parameter("weeks", claim("typical_range", low=2, high=8))
    for coverage in (0.6, 0.8):
        made = drawn(what, view(), draws=4096, range_coverage=coverage)
        assert ((made.values > 2) & (made.values < 8)).mean() == pytest.approx(coverage, abs=2 * REPLICATES / 4096)


def test_what_no_believed_source_states_is_nan_and_chosen_by_none() -> None:
    made = drawn(parameter("weeks", NEWS), view())
    assert np.isnan(made.values).all()
    assert (made.chosen == -1).all()
    assert not made.unknown.any()


def test_time_that_nobody_knows_is_anything_the_unit_allows_and_flagged() -> None:
    made = drawn(parameter("weeks", NOBODY), view())
    assert made.unknown.all()
    assert made.values == pytest.approx(520.0 * block(draws=1024)["relief"])


def test_money_that_nobody_knows_is_not_stated() -> None:
    made = drawn(parameter("usd", NOBODY), view())
    assert np.isnan(made.values).all()
    assert not made.unknown.any()


def test_pins_hold_unknown_claims_only() -> None:
    who = view({Stance.GUIDELINE: 1, Stance.CLINIC: 1})
    what = parameter("weeks", claim("bounds", source="clinic", low=1, high=2), claim("unknown", source="guide"))
    free, held = drawn(what, who), drawn(what, who, pin=1.0)
    assert np.array_equal(free.unknown, free.chosen == 1)
    assert held.values[free.unknown] == pytest.approx(520.0)
    assert np.array_equal(held.values[~free.unknown], free.values[~free.unknown])


def test_draws_are_the_claim_s_inverse_distribution_at_the_parameter_s_uniforms() -> None:
    made = drawn(parameter("share", claim("proportion", source="guide", events=14, total=65)), view())
    assert made.values == pytest.approx(special.betaincinv(14.5, 51.5, block(draws=1024)["relief"]))
    assert drawn(fixed("weeks", 3), view()).values.tolist() == [3.0] * 1024


def test_what_is_drawn_is_read_only() -> None:
    with pytest.raises(ValueError, match="read-only"):
        drawn(fixed("weeks", 3), view()).values[0] = 4.0


def pool(*claims: Claim) -> Parameter:
    return Parameter(label="Response", unit="share", claims=claims, pool="random_effects")


def test_a_pool_joins_the_estimates_of_one_stance_and_never_those_of_two() -> None:
    """Three trials of one stance are pooled, as the file says; the other stance's claim keeps its own worlds."""
    trials = [claim("proportion", source="guide", events=events, total=40) for events in (10, 20, 28)]
    both = view({Stance.GUIDELINE: 1.0, Stance.CLINIC: 1.0})
    found = drawn(pool(*trials, claim("proportion", source="clinic", events=39, total=40)), both, draws=4096)
    assert set(np.unique(found.chosen)) == {0, 1, 2, 3}
    expected = pooled(trials, Unit.SHARE)(np.array([0.1, 0.5, 0.9]))
    assert np.quantile(found.values[found.chosen < 3], [0.1, 0.5, 0.9]) == pytest.approx(expected, abs=0.01)
    assert np.median(found.values[found.chosen == 3]) == pytest.approx(0.97, abs=0.01)


def test_two_estimates_of_a_stance_are_drawn_in_turn_because_they_are_too_few_to_pool() -> None:
    trials = [claim("proportion", source="guide", events=events, total=4000) for events in (1000, 3000)]
    other = claim("proportion", source="clinic", events=39, total=40)
    values = drawn(pool(*trials, other), view()).values
    assert not ((values > 0.3) & (values < 0.7)).any()
