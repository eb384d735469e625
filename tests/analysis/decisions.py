"""Decision problems of which the answer is known, and the peers' data where it is there."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest
from scipy.special import ndtr, ndtri

from calc.analysis.problem import DecisionProblem, decision_problem
from calc.model.sample import uniforms

ORACLES = Path(__file__).resolve().parents[2].parent / "shared" / "oracles"
needs_oracles = pytest.mark.skipif(
    not ORACLES.is_dir(), reason="the peers' data and closed forms lie outside the repository, and are not there"
)


def oracle(name: str) -> list[dict[str, str]]:
    file = ORACLES / name
    return list(csv.DictReader(file.read_text("utf-8").splitlines())) if file.is_file() else []


def normals(*names: str, draws: int = 16_384, seed: int = 0) -> dict[str, np.ndarray]:
    """Independent standard normals, quasi-random."""
    block = uniforms("test", names, draws=draws, seed=seed)
    return {name: ndtri(block[name]) for name in names}


def expected_positive(mean: float, sd: float) -> float:
    """The mean of the positive part of a normal."""
    if sd == 0:
        return max(mean, 0.0)
    return float(mean * ndtr(mean / sd) + sd * np.exp(-((mean / sd) ** 2) / 2) / np.sqrt(2 * np.pi))


def by_set(rows: list[dict[str, str]]) -> list[list[dict[str, str]]]:
    """Closed forms that differ in the value of a unit of effect alone, together."""
    names = ("mean_de", "sd_de", "mean_dc", "sd_dc", "rho")
    sets: dict[tuple[str, ...], list[dict[str, str]]] = {}
    for row in rows:
        sets.setdefault(tuple(row[name] for name in names), []).append(row)
    return list(sets.values())


def two_options(cases: list[dict[str, str]], draws: int = 16_384) -> DecisionProblem:
    """Nothing against one option whose added effect and cost are jointly normal."""
    case = cases[0]
    z = normals("effect", "cost", draws=draws)
    rho = float(case["rho"])
    effect = float(case["mean_de"]) + float(case["sd_de"]) * z["effect"]
    mixed = rho * z["effect"] + np.sqrt(1 - rho**2) * z["cost"]
    cost = float(case["mean_dc"]) + float(case["sd_dc"]) * mixed
    zero = np.zeros(draws)
    return decision_problem(
        {"old": zero, "new": cost}, {"old": zero, "new": effect}, wtp=[float(each["k"]) for each in cases],
        parameters={"effect": effect, "cost": cost},
    )  # fmt: skip


def simple(draws: int = 4096, wtp: tuple[float, ...] = (0.0, 50.0, 100.0, 200.0), seed: int = 0) -> DecisionProblem:
    """Three options whose costs and effects hang on three parameters and on luck."""
    z = normals("a", "b", "c", "luck1", "luck2", draws=draws, seed=seed)
    zero = np.zeros(draws)
    cost = {"wait": zero, "pills": 300 + 80 * z["a"] + 20 * z["luck1"], "needle": 900 + 200 * np.exp(z["b"] / 2)}
    effect = {"wait": zero, "pills": 4 + 2 * z["c"], "needle": 8 + 3 * np.tanh(z["a"]) + 4 * z["luck2"]}
    return decision_problem(cost, effect, wtp=wtp, parameters={name: z[name] for name in ("a", "b", "c")})
