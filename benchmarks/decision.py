"""How long decision analysis takes, and how much memory: against a plain numpy loop over the values, in one run.

Run it from the repository: ``python benchmarks/decision.py``. 100,000 draws, 3 options, 100 values of a unit of
effect, 8 parameters: acceptability, expected loss, EVPI, and EVPPI of each parameter at every value. The
plain loop does what such code usually does: net benefit, ranking and a cubic regression afresh at each value.
"""

from __future__ import annotations

import resource
import sys
import time

import numpy as np
import pandas as pd

from calc.analysis.acceptability import acceptability
from calc.analysis.evppi import evppi
from calc.analysis.netbenefit import sweep
from calc.analysis.problem import DecisionProblem, decision_problem
from calc.analysis.value import evpi, expected_loss

DRAWS, OPTIONS, VALUES, PARAMETERS = 100_000, 3, 100, 8


def made_up() -> DecisionProblem:
    generator = np.random.default_rng(0)
    known = generator.normal(size=(PARAMETERS, DRAWS))
    cost, effect = {}, {}
    for option in range(OPTIONS):
        weights = generator.normal(size=PARAMETERS)
        luck = generator.normal(size=(2, DRAWS))
        cost[f"option {option}"] = 10_000 + 4_000 * option + 1_000 * (weights @ np.exp(known / 2)) + 2_000 * luck[0]
        effect[f"option {option}"] = 10 + 0.2 * option + 0.3 * (weights @ np.tanh(known)) + 0.4 * luck[1]
    parameters = {f"parameter {place}": x for place, x in enumerate(known)}
    return decision_problem(cost, effect, wtp=np.arange(VALUES) * 2_000.0, parameters=parameters)


def ours(problem: DecisionProblem) -> tuple[pd.DataFrame, ...]:
    found = sweep(problem)
    curves = acceptability(problem, found), expected_loss(problem, found), evpi(problem, found)
    return *curves, evppi(problem, found)


def plain(problem: DecisionProblem) -> tuple[list[np.ndarray], list[float], np.ndarray]:
    chances, perfect, partial = [], [], np.zeros((PARAMETERS, VALUES))
    for place, value in enumerate(problem.wtp):
        benefit = (value * problem.effect - problem.cost).T
        chances.append(np.bincount(benefit.argmax(axis=1), minlength=OPTIONS) / DRAWS)
        perfect.append(benefit.max(axis=1).mean() - benefit.mean(axis=0).max())
        for which, x in enumerate(problem.parameters.values()):
            powers = np.vander(x, 4)
            fitted = powers @ np.linalg.lstsq(powers, benefit, rcond=None)[0]
            partial[which, place] = fitted.max(axis=1).mean() - fitted.mean(axis=0).max()
    return chances, perfect, partial


def main() -> None:
    problem = made_up()
    seconds = []
    for _ in range(3):
        started = time.perf_counter()
        tables = ours(problem)
        seconds.append(time.perf_counter() - started)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1024**2 if sys.platform != "darwin" else 1024**3)
    started = time.perf_counter()
    _, perfect, partial = plain(problem)
    loop = time.perf_counter() - started
    middle = sorted(seconds)[1]
    print(f"{DRAWS:,} draws x {OPTIONS} options x {VALUES} values, EVPPI of {PARAMETERS} parameters at each value")
    print(f"curves, EVPI, EVPPI with standard errors   {middle:6.2f} s   peak of the whole process {peak:.2f} GiB")
    print(f"plain numpy loop, without standard errors  {loop:6.2f} s   = {loop / middle:.1f} times as long")
    print(f"largest difference in EVPI   {np.abs(tables[2]['evpi'] - perfect).max():.1e}")
    apart = np.abs(tables[3]["evppi"].to_numpy().reshape(PARAMETERS, VALUES) - partial) / np.array(perfect)
    print(f"largest difference in EVPPI  {apart.max():.4f} of the EVPI (the loop's regression is a cubic)")


if __name__ == "__main__":
    main()
