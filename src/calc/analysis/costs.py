"""What a patient asks of a cost: the bad year, the most it can be, the budget, another plan, another date."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd

from ..cache import Cache
from ..inputs.claim import Market
from ..inputs.coverage import Covered
from ..inputs.load import StudyInputs
from ..model.ledger import COLUMNS
from ..model.outcomes import Known
from ..model.ranks import quantiles
from ..model.simulate import Outcomes, Simulated, simulate
from .beside import beside
from .cash_flow import cash_flow, limits_left
from .summary import monte_carlo_error
from .table import table, tables_of

__all__ = ["Costs"]

#: USD above a written good-faith estimate from which on a bill can be disputed (No Surprises Act, 45 CFR 149.620)
GOOD_FAITH_MARGIN = 400.0

_DOTS = 20


@dataclass(frozen=True)
class Costs:
    """A study's cost, its tables each computed once when asked for."""

    inputs: StudyInputs
    views: Mapping[str, Outcomes]
    cache: Cache = field(default_factory=Cache, compare=False, repr=False)

    @table()
    def questions(self) -> pd.DataFrame:
        """Typical, bad year, bound, budget and estimate.

        One row per view and treatment, USD. ``most`` is what the plan's maximum bounds covered care in network to,
        over all plan years that the horizon touches; ``inf`` where nothing does. ``unless`` says what lifts the bound.
        ``over_budget`` and ``over_estimate`` (by 400 dollars or more) are shares of draws, NaN without one.
        """
        rows = [
            _asked(self.inputs, view, name, simulated)
            for view, outcomes in self.views.items()
            for name, simulated in outcomes.treatments.items()
        ]
        return pd.DataFrame(rows)

    @table()
    def by_component(self) -> pd.DataFrame:
        """The mean that the patient pays for each category of care, USD, a row per view, treatment and category.

        Treatments whose cost is not known have none.
        """
        rows = []
        for view, outcomes in self.views.items():
            for name, simulated in outcomes.treatments.items():
                if simulated.outcomes["out_of_pocket"].known is not Known.STATED:
                    continue
                sums: dict[str, float] = {}
                items = simulated.option.items
                for item, values in simulated.ledger.by_item.items():
                    category = str(items[item][1])
                    sums[category] = sums.get(category, 0.0) + float(values.mean())
                rows += [{"view": view, "treatment": name, "category": key, "mean": mean} for key, mean in sums.items()]
        return pd.DataFrame(rows, columns=["view", "treatment", "category", "mean"])

    @table()
    def by_plan(self) -> pd.DataFrame:
        """The same treatments under every plan.

        One row per view, plan and treatment: ``known``, ``p05``, ``p50``, ``p95``, ``mean`` of what the patient
        pays, and the mean of each column of the ledger, USD; NaN where the cost is not known.
        """
        rows: list[dict[str, object]] = []
        for plan, inputs in self.inputs.by_plan.items():
            for view in self.views:
                own = plan == self.inputs.study.plan
                outcomes = self.views[view] if own else simulate(inputs, view)
                for name, simulated in outcomes.treatments.items():
                    row = {"view": view, "plan": plan, "plan_label": inputs.plan.short, "treatment": name}
                    rows.append(row | _spread(simulated) | _columns(simulated))
        return pd.DataFrame(rows)

    @table()
    def by_date(self) -> pd.DataFrame:
        """Deciding now against deciding on the day the plan year turns, within the same draws.

        One row per view and treatment with a stated cost: ``now`` and ``later`` are middle values, ``p05``,
        ``p50``, ``p95`` and ``mean`` of later minus now in USD, ``cheaper`` and ``dearer`` the shares of draws in
        which waiting is. Nothing is met any more by then; the horizon counts from the later day.
        """
        patient = self.inputs.patient
        turn = patient.year_starting_after(patient.decision_date)
        waiting = patient.waiting_until(turn)
        rows: list[dict[str, object]] = []
        for view, outcomes in self.views.items():
            later = simulate(replace(self.inputs, patient=waiting), view)
            for name, simulated in outcomes.treatments.items():
                pair = [each.outcomes["out_of_pocket"] for each in (simulated, later.treatments[name])]
                if any(each.known is not Known.STATED for each in pair):
                    continue
                now, then = (each.values for each in pair)
                low, middle, high = quantiles(then - now, (0.05, 0.5, 0.95))
                row = {"view": view, "treatment": name, "decide": patient.decision_date, "or": turn}
                row |= {"now": quantiles(now, (0.5,))[0], "later": quantiles(then, (0.5,))[0]}
                row |= {"p05": low, "p50": middle, "p95": high, "mean": float((then - now).mean())}
                row |= {"cheaper": float((then < now - 0.005).mean()), "dearer": float((then > now + 0.005).mean())}
                rows.append(row | {"error": monte_carlo_error(then - now)})
        return pd.DataFrame(rows)

    @table()
    def dots(self) -> pd.DataFrame:
        """Twenty equally likely amounts (quantiles) of what the patient pays, USD, by view and treatment."""
        at = tuple((np.arange(_DOTS) + 0.5) / _DOTS)
        rows = [
            {"view": view, "treatment": name, "dot": dot, "usd": usd}
            for view, outcomes in self.views.items()
            for name, simulated in outcomes.treatments.items()
            if simulated.outcomes["out_of_pocket"].known is Known.STATED
            for dot, usd in enumerate(quantiles(simulated.outcomes["out_of_pocket"].values, at), start=1)
        ]
        return pd.DataFrame(rows, columns=["view", "treatment", "dot", "usd"])

    @table()
    def cash_flow(self) -> pd.DataFrame:
        """Month by month (:func:`calc.analysis.cash_flow.cash_flow`)."""
        return cash_flow(self.inputs, self.views)

    @table()
    def limits_left(self) -> pd.DataFrame:
        """By plan year (:func:`calc.analysis.cash_flow.limits_left`)."""
        return limits_left(self.inputs, self.views)

    @table()
    def beside(self) -> pd.DataFrame:
        """Beside the bill (:func:`calc.analysis.beside.beside`)."""
        return beside(self.inputs, self.views)

    def tables(self) -> Mapping[str, pd.DataFrame]:
        """Return every table by name."""
        return {name: getattr(self, name) for name in tables_of(Costs)}


def _spread(simulated: Simulated) -> dict[str, object]:
    """Return what the patient pays, as far as it is known."""
    result = simulated.outcomes["out_of_pocket"]
    stated = result.known is Known.STATED
    low, middle, high = quantiles(result.values, (0.05, 0.5, 0.95)) if stated else (float("nan"),) * 3
    ends = result.envelope or (float("nan"),) * 2
    row = {"unit": "USD", "known": str(result.known), "p05": low, "p50": middle, "p95": high}
    row["mean"] = float(result.values.mean()) if stated else float("nan")
    return row | {"low": ends[0], "high": ends[1]}


def _columns(simulated: Simulated) -> dict[str, object]:
    stated = simulated.outcomes["out_of_pocket"].known is Known.STATED
    return {name: float(simulated.ledger.columns[name].mean()) if stated else float("nan") for name in COLUMNS}


def _asked(inputs: StudyInputs, view: str, name: str, simulated: Simulated) -> dict[str, object]:
    row = {"view": view, "treatment": name, **_spread(simulated)}
    result, patient = simulated.outcomes["out_of_pocket"], inputs.patient
    bound, why = _bound(inputs, name, simulated)
    estimate = patient.written_estimates.get(name)
    stated = result.known is Known.STATED
    row |= {"most": bound, "unless": why, "over_budget": float("nan"), "over_estimate": float("nan")}
    if stated and patient.budget is not None:
        row["over_budget"] = float((result.values > patient.budget).mean())
    if stated and estimate is not None:
        row["over_estimate"] = float((result.values >= estimate + GOOD_FAITH_MARGIN).mean())
    return row


def _bound(inputs: StudyInputs, name: str, simulated: Simulated) -> tuple[float, str]:
    """Return the most that the plan lets the patient pay, infinite without a bound, and what lifts it."""
    terms, items = simulated.option.terms, inputs.options[name].billed().values()
    if not items:
        return 0.0, ""
    if inputs.plan.market is Market.CASH:
        return float("inf"), "nothing is insured"
    steps = list(inputs.pathways[name].treatments) if name in inputs.pathways else [name]
    covered = np.array([each.values for path, each in simulated.drawn.items() if path.split(".")[-1] == "coverage"])
    if (covered == 0.0).all(axis=1).any():
        return float("inf"), "the plan does not cover it"
    if set(steps) & set(inputs.patient.out_of_network):
        return float("inf"), "it is given out of network"
    limits = set()
    for item in items:
        sharing = terms.sharing.get(item.category)
        if sharing is None:
            return float("inf"), "the plan has no benefit for a part of it"
        if sharing.bounded:
            return float("inf"), "the plan limits what it covers"
        if sharing.maximum is None:
            return float("inf"), "the plan has no out-of-pocket maximum"
        limits.add(sharing.maximum)
    years = len(terms.year_turns)
    most = sum(float((terms.limits[each].left + years * terms.limits[each].full).max()) for each in limits)
    if not np.isfinite(most):
        return most, "the plan has no out-of-pocket maximum"
    open_ = any(leg.coverage.status is not Covered.COVERED for leg in simulated.option.legs)
    refusable = open_ or any(item.category in terms.denied for item in items)
    return most, "the plan does not cover it" if refusable else ""
