"""What a study's numbers say of choosing: every table of decision analysis, a view beside another."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import pandas as pd

from ..cache import Cache
from ..inputs.load import StudyInputs, basis_of
from ..model.expected import Expected
from ..model.simulate import Outcomes
from . import breakeven_unknown, flips, range_bounds, settled, spread
from .basis import joined
from .convergence import share_error
from .decide import Decision
from .outlook import outlook
from .sensitivity import rivals
from .study_problem import NEEDED, StudyProblem, study_problem
from .summary import bases_of
from .table import table, tables_of

__all__ = ["Decisions"]


@dataclass(frozen=True)
class Decisions:
    """A study's decision analysis, its tables each computed once when asked for.

    Without a value of a week in the study, or an option whose cost and weeks in relief are both known, a view has
    no rows.
    """

    inputs: StudyInputs
    views: Mapping[str, Outcomes]
    averaged: Mapping[str, Mapping[str, Expected]]
    cache: Cache = field(default_factory=Cache, compare=False, repr=False)

    @cached_property
    def problems(self) -> Mapping[str, StudyProblem]:
        """What there is to choose from, by view (:func:`calc.analysis.study_problem.study_problem`)."""
        return {view: study_problem(self.inputs, each, self.averaged[view]) for view, each in self.views.items()}

    @property
    def made(self) -> Iterator[tuple[str, StudyProblem, Decision]]:
        """The views in which there is something to choose."""
        for view, problem in self.problems.items():
            if problem.decision is not None:
                yield view, problem, problem.decision

    @table()
    def choice(self) -> pd.DataFrame:
        """What to choose at each value of a week.

        One row per view and value: the option with the highest expected net benefit (``treatment``, ``label``) among
        ``among`` that are known; the ``chance`` that it is best and its ``error``; its ``lead`` over ``second`` with
        ``lead_error``; ``evpi`` with ``evpi_error``, USD; ``at`` marks the value looked at. ``surely`` names the option
        of unknown relief that beats it on average even if it brings none.
        """
        rows = []
        for view, problem, decision in self.made:
            known, net = decision.problem, decision.found.net_benefit
            for place, value in enumerate(known.wtp):
                first, second = (known.index(label) for label in rivals(known, value))
                apart = value * (known.effect[first] - known.effect[second]) - known.cost[first] + known.cost[second]
                apart[np.abs(apart) <= known.rounding_at(value)] = 0.0
                chance = float(decision.found.acceptability[place, first])
                rows.append(
                    {
                        "view": view,
                        "value_of_week": value,
                        "at": place == decision.place,
                        "treatment": problem.names[known.options[first]],
                        "label": known.options[first],
                        "surely": problem.surely_better(float(net[place, first])),
                        "among": len(known.options),
                        "chance": chance,
                        "error": float(share_error(chance, known.draws)),
                        "second": "" if second == first else problem.names[known.options[second]],
                        "lead": float(apart.mean()),
                        "lead_error": float(apart.std() / np.sqrt(known.draws)),
                        "evpi": float(decision.found.evpi[place]),
                        "evpi_error": float(decision.found.evpi_error[place]),
                        "basis": self._basis(view, *problem.names.values()),
                    }
                )
        return pd.DataFrame(rows)

    @table()
    def outlook(self) -> pd.DataFrame:
        """Chances, tails and regret of each option (:func:`calc.analysis.outlook.outlook`)."""
        rows = [
            each.assign(view=view, basis=[self._basis(view, name) for name in each["treatment"]])
            for view, problem, _ in self.made
            for each in [outlook(self.inputs, self.views[view], problem)]
        ]
        return _ordered(rows, "view")

    @table()
    def icers(self) -> pd.DataFrame:
        """The efficiency frontier (:func:`calc.analysis.icers.icers`), USD and weeks."""
        return self._by_option("icers")

    @table()
    def acceptability(self) -> pd.DataFrame:
        """Acceptability curves and frontier (:func:`calc.analysis.acceptability.acceptability`)."""
        return self._by_option("ceac")

    @table()
    def expected_loss(self) -> pd.DataFrame:
        """Expected loss of each option (:func:`calc.analysis.value.expected_loss`), USD."""
        return self._by_option("expected_loss")

    @table()
    def find_out(self) -> pd.DataFrame:
        """What it is worth to find out a parameter, or all that a source states (:func:`calc.analysis.evppi.evppi`).

        One row per view, ``kind`` (parameter, source), what and value of a week; ``parameter`` is its address, empty
        for a source; ``source`` whose word it is, several with spaces. USD a decision.
        """
        found = []
        for view, problem, decision in self.made:
            table = decision.evppi
            causes = [problem.causes.get(str(name)) for name in table["parameter"]]
            table = table.assign(
                view=view,
                kind=["source" if cause is None else "parameter" for cause in causes],
                label=table["parameter"],
                source=[
                    name if cause is None else " ".join(cause.sources)
                    for name, cause in zip(table["parameter"], causes, strict=True)
                ],
                basis=[
                    joined(each.basis for each in problem.causes.values() if name in each.sources)
                    if cause is None
                    else cause.basis
                    for name, cause in zip(table["parameter"], causes, strict=True)
                ],
                parameter=["" if cause is None else cause.parameter for cause in causes],
            )
            order = table[table["wtp"] == decision.value].sort_values("evppi", ascending=False, kind="stable")
            rank = {label: place for place, label in enumerate(order["label"])}
            found.append(table.assign(_rank=table["label"].map(rank)).sort_values(["_rank", "wtp"], kind="stable"))
        table = _ordered(found, "view", "kind", "parameter", "source", "label")
        return table.drop(columns="_rank", errors="ignore").rename(columns={"wtp": "value_of_week"})

    @table()
    def tornado(self) -> pd.DataFrame:
        """What moves the lead of the best over the second (:func:`calc.analysis.sensitivity.tornado`)."""
        found = []
        for view, problem, decision in self.made:
            first, second = (problem.names[label] for label in decision.rivals)
            causes = [problem.causes[str(name)] for name in decision.tornado["parameter"]]
            found.append(
                decision.tornado.assign(
                    view=view,
                    treatment=first,
                    against=second,
                    label=decision.tornado["parameter"],
                    parameter=[cause.parameter for cause in causes],
                    switches=[" ".join(f"{each:.10g}" for each in some) for some in decision.tornado["switches"]],
                    basis=[cause.basis for cause in causes],
                )
            )
        return _ordered(found, "view", "treatment", "against", "parameter", "label")

    @table()
    def variance_by_source(self) -> pd.DataFrame:
        """Whose word the spread of each outcome rests on (:func:`calc.analysis.spread.by_source`)."""
        return _joined([spread.by_source(self.inputs, self.views[view], self.averaged[view], problem)
                        for view, problem in self.problems.items()])  # fmt: skip

    @table()
    def variance_by_parameter(self) -> pd.DataFrame:
        """Which parameter the spread of each outcome comes from (:func:`calc.analysis.spread.by_parameter`)."""
        return _joined([spread.by_parameter(self.inputs, self.views[view], self.averaged[view], problem)
                        for view, problem in self.problems.items()])  # fmt: skip

    @table()
    def break_even(self) -> pd.DataFrame:
        """What unknowns would have to be (:func:`calc.analysis.breakeven_unknown.one_way`)."""
        return self._of_unknown(self._needed, "one_way")

    @table()
    def break_even_two_way(self) -> pd.DataFrame:
        """The same for two unknowns together (:func:`calc.analysis.breakeven_unknown.two_way`)."""
        return self._of_unknown(self._needed, "two_way")

    @cached_property
    def _needed(self) -> Mapping[str, breakeven_unknown.Needed]:
        return {view: breakeven_unknown.needed(self.inputs, self.views[view], problem, self.averaged[view])
                for view, problem, _ in self.made}  # fmt: skip

    def _of_unknown(self, found: Mapping[str, breakeven_unknown.Needed], which: str) -> pd.DataFrame:
        tables: list[pd.DataFrame] = [getattr(each, which) for each in found.values()]
        return _joined([table.assign(basis=[self._basis(row["view"], row["treatment"], row["against"])
                                            for row in table.to_dict("records")]) for table in tables])  # fmt: skip

    @table()
    def flips(self) -> pd.DataFrame:
        """What is best if the question is put otherwise (:func:`calc.analysis.flips.flips`)."""
        table = flips.flips(self.inputs, {view: problem for view, problem, _ in self.made})
        bases = [self._basis(row["view"], row["treatment"]) for row in table.to_dict("records")]
        return table.assign(basis=pd.Series(bases, index=table.index, dtype=object))

    @table()
    def bounds(self) -> pd.DataFrame:
        """What follows from ranges alone (:func:`calc.analysis.range_bounds.range_bounds`)."""
        table = _joined([range_bounds.range_bounds(self.inputs, self.views[view], self.averaged[view], problem)
                         for view, problem in self.problems.items()])  # fmt: skip
        bases = [self._basis(row["view"], row["treatment"]) for row in table.to_dict("records")]
        return table.assign(basis=pd.Series(bases, index=table.index, dtype=object))

    @table()
    def convergence(self) -> pd.DataFrame:
        """Monte Carlo error of every headline (:func:`calc.analysis.settled.headline_errors`)."""
        found = [settled.headline_errors(problem, decision) for _, problem, decision in self.made]
        return _joined([table.assign(basis=self._basis(str(table["view"].iloc[0]), *self.problems[
            str(table["view"].iloc[0])].names.values())) for table in found])  # fmt: skip

    @table()
    def settling(self) -> pd.DataFrame:
        """The lead of the best over the second as draws are added (:func:`calc.analysis.settled.settling`)."""
        found = [settled.settling(problem, decision) for _, problem, decision in self.made]
        return _joined([table.assign(basis=[self._basis(row["view"], row["treatment"], row["against"])
                                            for row in table.to_dict("records")]) for table in found])  # fmt: skip

    def tables(self) -> Mapping[str, pd.DataFrame]:
        """Return every table by name, each with a column ``basis``."""
        return {name: getattr(self, name) for name in tables_of(Decisions)}

    def _by_option(self, name: str) -> pd.DataFrame:
        found = []
        for view, problem, decision in self.made:
            table: pd.DataFrame = getattr(decision, name)
            keys = [problem.names[str(label)] for label in table["option"]]
            table = table.assign(view=view, treatment=keys, basis=[self._basis(view, key) for key in keys])
            found.append(table.rename(columns={"option": "label", "wtp": "value_of_week"}))
        return _ordered(found, "view", "treatment", "label")

    def _basis(self, view: str, *options: str) -> str:
        """Return what options rest on, and the value of a week that weighs them."""
        treatments, worth = self.views[view].treatments, self.inputs.study.value_of_week
        own = (bases_of(treatments[name], self.inputs, name, outcome) for name in options for outcome in NEEDED)
        weighed = () if worth is None else (basis_of(worth.claims[0], self.inputs.sources),)
        return joined(str(basis) for bases in (*own, weighed) for basis in bases)


def _joined(tables: list[pd.DataFrame]) -> pd.DataFrame:
    kept = [table for table in tables if not table.empty] or tables[:1]
    return pd.concat(kept, ignore_index=True) if kept else pd.DataFrame({"view": [], "basis": []})


def _ordered(tables: list[pd.DataFrame], *first: str) -> pd.DataFrame:
    """Return tables below each other, some columns in front."""
    table = _joined(tables)
    return table[[*first, *(name for name in table if name not in first)]] if tables else table
