"""What may happen to somebody who chooses an option: the known ones of a study, chance by chance."""

from __future__ import annotations

import numpy as np
import pandas as pd

from ..inputs.load import StudyInputs
from ..model.simulate import Outcomes
from ..units import DAYS_PER_WEEK, HALF_DAY
from .decide import Decision
from .netbenefit import first_best, sweep
from .problem import decision_problem
from .prospects import chance, decision_summary
from .study_problem import StudyProblem

__all__ = ["outlook"]


def outlook(inputs: StudyInputs, outcomes: Outcomes, problem: StudyProblem) -> pd.DataFrame:
    """Return chances, tails and regret of the options of one view, one row each.

    ``cost``, ``weeks`` and ``net_benefit`` are averages. ``best`` is the chance that the option has the highest
    expected net benefit, one patient's luck averaged out, and ``loss`` what choosing it loses on average against
    knowing that. All others are of one patient, luck included: ``cheapest`` and ``longest`` (ties shared),
    ``within_budget`` (NaN without one), ``relieved`` by the date ``by`` (the study's own, else the horizon) with
    its Monte Carlo ``relieved_error``; ``cost_worst_tenth``, ``weeks_worst_tenth`` and ``net_benefit_worst_tenth`` are
    means over the worst tenth, and ``careful_choice`` marks the option in which the last is highest.
    """
    decision = problem.decision
    if decision is None:
        return pd.DataFrame()
    ours, one = _means(decision), _of_one(outcomes, problem, decision)
    by, week = _date(inputs)
    budget, rows = inputs.patient.budget, []
    tails = [float(str(one.loc[(label, "net_benefit"), "tail_mean"])) for label in decision.problem.options]
    careful = decision.problem.options[int(first_best(np.array(tails), decision.problem.rounding_at(decision.value)))]
    for place, label in enumerate(decision.problem.options):
        simulated = outcomes.treatments[problem.names[label]].outcomes
        relieved = chance(simulated["weeks_to_relief"].values < week + HALF_DAY)
        within = chance(simulated["out_of_pocket"].values <= budget)[0] if budget is not None else float("nan")
        rows.append(
            {
                "treatment": problem.names[label],
                "label": label,
                "value_of_week": decision.value,
                "cost": ours.loc[(label, "cost"), "mean"],
                "weeks": ours.loc[(label, "effect"), "mean"],
                "net_benefit": ours.loc[(label, "net_benefit"), "mean"],
                "best": float(decision.found.acceptability[decision.place, place]),
                "loss": float(decision.found.loss[decision.place, place]),
                "cheapest": one.loc[(label, "cost"), "best"],
                "longest": one.loc[(label, "effect"), "best"],
                "within_budget": within,
                "by": by,
                "relieved": relieved[0],
                "relieved_error": relieved[1],
                "cost_worst_tenth": one.loc[(label, "cost"), "tail_mean"],
                "weeks_worst_tenth": one.loc[(label, "effect"), "tail_mean"],
                "net_benefit_worst_tenth": one.loc[(label, "net_benefit"), "tail_mean"],
                "careful_choice": label == careful,
            }
        )
    return pd.DataFrame(rows)


def _means(decision: Decision) -> pd.DataFrame:
    return decision.summary.set_index(["option", "quantity"])


def _of_one(outcomes: Outcomes, problem: StudyProblem, decision: Decision) -> pd.DataFrame:
    """Return the summary of the draws of one patient, luck included."""
    cost, weeks = (
        {label: outcomes.treatments[name].outcomes[outcome].values for label, name in problem.names.items()}
        for outcome in ("out_of_pocket", "weeks_in_relief")
    )
    drawn = decision_problem(cost, weeks, wtp=np.array([decision.value]), reference=decision.problem.reference)
    return decision_summary(drawn, sweep(drawn), at=0).set_index(["option", "quantity"])


def _date(inputs: StudyInputs) -> tuple[str, float]:
    """Return the date that counts, in words and in weeks from the decision."""
    study, start = inputs.study, inputs.patient.decision_date
    if study.by is None:
        return study.horizon, inputs.weeks
    return study.by.isoformat(), (study.by - start).days / DAYS_PER_WEEK
