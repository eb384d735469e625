from __future__ import annotations

from itertools import combinations
from math import comb

import numpy as np
import pytest

from calc.analysis.attribution import shapley_effects, sobol_from_draws
from calc.errors import UnknownNameError
from calc.model.sample import uniforms

from .decisions import needs_oracles, normals, oracle

GAUSSIAN = oracle("analytic/linear_gaussian_attribution.csv")
CORRELATED = {"indep": np.eye(3), "rho12=0.5": np.eye(3), "rho23=-0.8": np.eye(3)}
CORRELATED["rho12=0.5"][0, 1] = CORRELATED["rho12=0.5"][1, 0] = 0.5
CORRELATED["rho23=-0.8"][1, 2] = CORRELATED["rho23=-0.8"][2, 1] = -0.8


def gaussian(beta: list[float], covariance: np.ndarray, draws: int = 8192) -> tuple[np.ndarray, dict[str, np.ndarray]]:
    """A sum of correlated normals and what it is the sum of."""
    names = [f"x{place + 1}" for place in range(len(beta))]
    z = np.array(list(normals(*names, draws=draws).values()))
    x = np.linalg.cholesky(covariance) @ z
    return np.array(beta) @ x, dict(zip(names, x, strict=True))


def closed_form(beta: list[float], covariance: np.ndarray) -> list[float]:
    """Shapley effects of a sum of correlated normals, over all subsets (Owen and Prieur 2017)."""
    count, b = len(beta), np.array(beta)
    whole = b @ covariance @ b

    def worth(some: tuple[int, ...]) -> float:
        at = list(some)
        if not at:
            return 0.0
        with_y = covariance[at] @ b
        return float(with_y @ np.linalg.solve(covariance[np.ix_(at, at)], with_y)) / whole

    found = []
    for player in range(count):
        others = [each for each in range(count) if each != player]
        gains = (
            (worth((*some, player)) - worth(some)) / comb(count - 1, size)
            for size in range(count) for some in combinations(others, size)
        )  # fmt: skip
        found.append(sum(gains) / count)
    return found


def test_shapley_effects_of_correlated_normals_are_the_closed_form() -> None:
    spread = np.diag([1.0, 2.0, 1.0, 3.0])
    correlation = np.array([[1, 0.5, 0, 0.2], [0.5, 1, -0.3, 0], [0, -0.3, 1, 0.4], [0.2, 0, 0.4, 1]])
    beta, covariance = [1.0, -1.0, 2.0, 0.5], spread @ correlation @ spread
    found = shapley_effects(*gaussian(beta, covariance)).set_index("group")
    expected = closed_form(beta, covariance)
    for name, share in zip(("x1", "x2", "x3", "x4"), expected, strict=True):
        assert found.loc[name, "share"] == pytest.approx(share, abs=0.01)
    assert found["share"].sum() == pytest.approx(1.0, abs=1e-12)


def test_what_the_parameters_do_not_explain_is_the_rest() -> None:
    z = normals("x", "y", "luck", draws=8192)
    outcome = z["x"] + 2 * z["y"] + 2 * z["luck"]
    found = shapley_effects(outcome, {"x": z["x"], "y": z["y"]}, rest="luck").set_index("group")["share"]
    assert found.to_dict() == pytest.approx({"x": 1 / 9, "y": 4 / 9, "luck": 4 / 9}, abs=0.01)
    assert found.sum() == pytest.approx(1.0, abs=1e-12)


def test_groups_add_up_what_their_independent_members_carry() -> None:
    z = normals("a", "b", "c", draws=8192)
    outcome = z["a"] + 2 * z["b"] + z["c"]
    found = shapley_effects(outcome, z, groups={"clinic": ["a", "b"], "guideline": ["c"]}).set_index("group")["share"]
    assert found.to_dict() == pytest.approx({"clinic": 5 / 6, "guideline": 1 / 6}, abs=0.01)


def test_an_outcome_that_never_varies_has_no_spread_to_share() -> None:
    z = normals("a", "b", draws=64)
    assert shapley_effects(np.ones(64), z)["share"].tolist() == [0.0, 0.0]


@pytest.mark.parametrize(
    ("groups", "error", "words"),
    [
        ({"one": ["a", "d"], "two": ["b"]}, UnknownNameError, "no parameter named 'd'"),
        ({"one": ["a"]}, ValueError, r"in none \['b'\]"),
        ({"one": ["a", "b"], "two": ["b"]}, ValueError, r"in several \['b'\]"),
    ],
)
def test_unknown_unused_and_twice_used_names_are_errors(groups: dict, error: type[Exception], words: str) -> None:
    z = normals("a", "b", draws=64)
    with pytest.raises(error, match=words):
        shapley_effects(z["a"], z, groups=groups)


def test_too_many_groups_are_refused() -> None:
    z = normals(*(f"p{place}" for place in range(11)), draws=64)
    with pytest.raises(ValueError, match="put them into at most 10"):
        shapley_effects(z["p0"], z)


def test_the_error_of_a_share_is_its_spread_over_repetitions() -> None:
    generator = np.random.default_rng(0)
    shares, errors = [], []
    for _ in range(40):
        x, y = generator.normal(size=(2, 400))
        found = sobol_from_draws(x + y, {"x": x, "y": y}).iloc[0]
        shares.append(found["first"])
        errors.append(found["first_error"])
    assert np.mean(errors) == pytest.approx(np.std(shares), rel=0.35)
    assert np.mean(shares) == pytest.approx(0.5, abs=0.03)


def ishigami(x: np.ndarray) -> np.ndarray:
    return np.sin(x[:, 0]) + 7 * np.sin(x[:, 1]) ** 2 + 0.1 * x[:, 2] ** 4 * np.sin(x[:, 0])


def pairs(count: int, draws: int = 16_384) -> tuple[np.ndarray, np.ndarray]:
    block = uniforms("pairs", [f"{side}{place}" for side in "ab" for place in range(count)], draws=draws, seed=0)
    both = np.array([block[name] for name in block.columns]).T
    return both[:, :count], both[:, count:]


#: Ishigami and Homma 1990 with a = 7, b = 0.1: first order and total
ISHIGAMI = {"x1": (0.3139, 0.5576), "x2": (0.4424, 0.4424), "x3": (0.0, 0.2437)}


def test_indices_from_draws_alone_come_near_ishigamis() -> None:
    one = np.pi * (2 * pairs(3, 8192)[0] - 1)
    found = sobol_from_draws(ishigami(one), dict(zip(ISHIGAMI, one.T, strict=True))).set_index("parameter")
    for name, (first, total) in ISHIGAMI.items():
        assert found.loc[name, "first"] == pytest.approx(first, abs=0.01)
        assert found.loc[name, "total"] == pytest.approx(total, abs=0.02)


@needs_oracles
@pytest.mark.parametrize("case", list(CORRELATED))
def test_linear_gaussian_models_against_the_closed_forms(case: str) -> None:
    rows = [row for row in GAUSSIAN if row["case"] == case]
    spread = np.diag([float(row["sd"]) for row in rows])
    outcome, parameters = gaussian([float(row["beta"]) for row in rows], spread @ CORRELATED[case] @ spread)
    fair = shapley_effects(outcome, parameters).set_index("group")
    alone = sobol_from_draws(outcome, parameters).set_index("parameter")
    for row in rows:
        assert fair.loc[row["var"], "share"] == pytest.approx(float(row["shapley"]), abs=0.005)
        assert alone.loc[row["var"], "first"] == pytest.approx(float(row["S1_closed"]), abs=0.005)
        assert alone.loc[row["var"], "total"] == pytest.approx(float(row["ST"]), abs=0.005)
