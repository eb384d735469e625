from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import special

from calc.inputs.quantiles import beta_quantiles

TAILS = np.concatenate([2.0 ** -np.arange(1, 61), 1 - 2.0 ** -np.arange(2, 54)])
EVERYWHERE = np.concatenate([TAILS, (np.arange(997) + 0.5) / 997])


@given(a=st.floats(0.5, 1e5), b=st.floats(0.5, 1e5))
def test_the_table_gives_back_the_uniform_it_was_asked_for(a: float, b: float) -> None:
    shares = beta_quantiles(a, b, EVERYWHERE)
    lower = EVERYWHERE <= 0.5
    np.testing.assert_allclose(special.betainc(a, b, shares[lower]), EVERYWHERE[lower], rtol=1e-7)
    inside = ~lower & (shares < 1 - 1e-6)  # nearer to 1 a share has no digits left for it
    np.testing.assert_allclose(special.betaincc(a, b, shares[inside]), 1 - EVERYWHERE[inside], rtol=2e-7)


@pytest.mark.parametrize(("a", "b"), [(0.5, 0.5), (0.5, 10.5), (17.5, 33.5), (1, 1), (2, 4), (300, 200), (2e4, 3e4)])
def test_the_table_says_what_inverting_says(a: float, b: float) -> None:
    here = EVERYWHERE[(EVERYWHERE > 1e-9) & (EVERYWHERE < 1 - 1e-9)]
    np.testing.assert_allclose(beta_quantiles(a, b, here), special.betaincinv(a, b, here), rtol=2e-11)


@pytest.mark.parametrize(("a", "b"), [(0.01, 0.3), (0.2, 7), (3, 0.1), (2e6, 5)])
def test_shapes_beyond_the_table_are_inverted_one_by_one(a: float, b: float) -> None:
    assert beta_quantiles(a, b, EVERYWHERE).tolist() == special.betaincinv(a, b, EVERYWHERE).tolist()


def test_quantiles_rise_with_the_uniform_across_the_nodes() -> None:
    uniforms = special.ndtr(np.linspace(-4, 4, 20_001))
    assert (np.diff(beta_quantiles(0.5, 40.5, uniforms)) >= 0).all()


def test_a_draw_does_not_depend_on_how_many_are_drawn_with_it() -> None:
    uniforms = (np.arange(10_000) + 0.5) / 10_000
    assert beta_quantiles(3.5, 9.5, uniforms)[17] == beta_quantiles(3.5, 9.5, uniforms[17:18])[0]
