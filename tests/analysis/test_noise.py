"""What is not there is not found, whatever kind of column it hides in; what is there is."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from calc.analysis.evppi import evppi
from calc.analysis.netbenefit import sweep
from calc.analysis.problem import decision_problem

Draw = Callable[[np.random.Generator, int], np.ndarray]

KINDS: dict[str, Draw] = {
    "counts": lambda r, n: r.poisson(20, n).astype(float),
    "few counts": lambda r, n: r.poisson(3, n).astype(float),
    "levels": lambda r, n: r.integers(0, 12, n).astype(float),
    "yes or no": lambda r, n: (r.random(n) < 0.1).astype(float),
    "ties": lambda r, n: np.round(r.normal(size=n), 1),
    "a lump at nothing": lambda r, n: np.where(r.random(n) < 0.6, 0.0, r.lognormal(size=n)),
    "normal": lambda r, n: r.normal(size=n),
    "a long tail": lambda r, n: r.lognormal(sigma=2, size=n),
    "constant": lambda _, n: np.full(n, 3.3),
}
LUCK: dict[str, Draw] = {
    "normal": lambda r, n: r.normal(size=n),
    "a long tail": lambda r, n: r.lognormal(sigma=1.5, size=n) - np.exp(1.125),
}


def trials(luck: str, draws: int, *, count: int = 100) -> dict[str, int]:
    """Return in how many trials a column without information is worth more than its error allows."""
    generator, beyond = np.random.default_rng(11), dict.fromkeys((*KINDS, "together"), 0)
    zero = np.zeros(draws)
    for _ in range(count):
        columns = {name: kind(generator, draws) for name, kind in KINDS.items()}
        effect = {"a": zero, "b": LUCK[luck](generator, draws)}
        problem = decision_problem({"a": zero, "b": zero}, effect, wtp=[1.0], parameters=columns)
        groups = {name: (name,) for name in columns} | {"together": ("counts", "levels", "normal")}
        table = evppi(problem, sweep(problem), groups=groups).set_index("parameter")
        for name in beyond:
            beyond[name] += int(table.loc[name, "evppi"] > 1.645 * table.loc[name, "error"])
    return beyond


@pytest.mark.parametrize("luck", LUCK)
def test_a_column_without_information_is_within_its_error_in_95_of_100_trials(luck: str) -> None:
    beyond = trials(luck, 500)
    assert all(count <= 5 for count in beyond.values()), beyond


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "constant"])
def test_a_column_with_information_is_told_whatever_its_kind(kind: str) -> None:
    generator = np.random.default_rng(5)
    x, luck, zero = KINDS[kind](generator, 2000), generator.normal(size=2000), np.zeros(2000)
    ranks = x.argsort(kind="stable").argsort() / 2000 if kind == "a long tail" else x
    known = 0.3 * (ranks - ranks.mean()) / ranks.std()
    problem = decision_problem({"a": zero, "b": zero}, {"a": zero, "b": known + luck}, wtp=[1.0], parameters={"x": x})
    row = evppi(problem, sweep(problem)).iloc[0]
    truth = np.maximum(known, 0).mean() - max(known.mean(), 0.0)
    assert row["check"] in ("ok", "exact means")
    assert row["evppi"] == pytest.approx(truth, abs=2.5 * row["error"])


@pytest.mark.parametrize("strength", [0.5, 1.0, 2.0, 3.0, 5.0])
def test_the_error_covers_what_is_hidden_in_noise(strength: float) -> None:
    """Signals of so many standard errors, most of them too weak to be told: their worth lies within the error."""
    generator, covered = np.random.default_rng(2), 0
    zero, draws = np.zeros(400), 400
    truth = strength / np.sqrt(draws) / np.sqrt(2 * np.pi)
    for _ in range(100):
        x, luck = generator.normal(size=(2, draws))
        effect = strength / np.sqrt(draws) * x + luck
        problem = decision_problem(
            {"a": zero, "b": zero}, {"a": zero, "b": effect - effect.mean()}, wtp=[1.0], parameters={"x": x}
        )
        row = evppi(problem, sweep(problem)).iloc[0]
        covered += bool(abs(row["evppi"] - truth) <= 1.645 * row["error"])
    assert covered >= 88


def test_cost_and_effect_are_told_from_noise_together_at_each_value() -> None:
    """A parameter of cost alone is worth something where cost decides, and nothing where effect does."""
    generator = np.random.default_rng(3)
    price, luck = generator.normal(size=(2, 4000))
    zero = np.zeros(4000)
    problem = decision_problem(
        {"a": zero, "b": price}, {"a": zero, "b": luck}, wtp=[0.0, 0.1, 10_000.0], parameters={"price": price}
    )
    table = evppi(problem, sweep(problem))
    assert table["check"].tolist() == ["ok", "ok", "noise"]
    assert table["evppi"].iloc[0] == pytest.approx(0.399, abs=0.02)
    assert table["evppi"].iloc[2] == 0.0 < table["error"].iloc[2]
