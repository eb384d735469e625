from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from calc.analysis import selfcheck
from calc.analysis.evppi import evppi
from calc.analysis.netbenefit import sweep
from calc.analysis.problem import DecisionProblem
from calc.analysis.value import evpi
from calc.errors import SelfCheckError

from .decisions import simple


def test_a_sound_analysis_passes() -> None:
    problem = simple()
    found = sweep(problem)
    selfcheck.check_laws(problem, found)
    selfcheck.check_information(evppi(problem, found), evpi(problem, found))


def test_chances_that_do_not_sum_to_one_are_caught() -> None:
    problem = simple()
    found = sweep(problem)
    with pytest.raises(SelfCheckError, match="acceptability sums to one"):
        selfcheck.check_laws(problem, replace(found, acceptability=found.acceptability * 1.01))


def test_losses_that_miss_the_evpi_are_caught() -> None:
    problem = simple()
    found = sweep(problem)
    with pytest.raises(SelfCheckError, match="expected loss is the EVPI"):
        selfcheck.check_laws(problem, replace(found, evpi=found.evpi + 1))


def test_an_evppi_above_the_evpi_is_caught() -> None:
    problem = simple()
    found = sweep(problem)
    partial = evppi(problem, found)
    with pytest.raises(SelfCheckError, match="of a at 0 it is"):
        selfcheck.check_information(partial.assign(evppi=partial["evppi"] + 1e6), evpi(problem, found))


@pytest.mark.parametrize(
    ("law", "spoilt"),
    [
        ("what all options share", lambda p: replace(p, cost=p.cost * (1 + (p.cost.mean() > 1000)))),
        ("the order of options", lambda p: replace(p, cost=p.cost + np.array([[0.0], [0.0], [100.0]]))),
        ("the order of draws", lambda p: replace(p, effect=p.effect + np.linspace(0, 1, p.draws) * p.effect)),
        ("the currency", lambda p: replace(p, cost=p.cost + np.array([[0.0], [0.0], [50.0 * (p.wtp.max() < 150)]]))),
    ],
)
def test_a_sweep_that_breaks_a_law_is_caught(
    law: str, spoilt: Callable[[DecisionProblem], DecisionProblem], monkeypatch: pytest.MonkeyPatch
) -> None:
    problem = simple()
    found = sweep(problem)
    monkeypatch.setattr(selfcheck, "sweep", lambda mirror: sweep(spoilt(mirror)))
    with pytest.raises(SelfCheckError, match=law):
        selfcheck.check_laws(problem, found)
