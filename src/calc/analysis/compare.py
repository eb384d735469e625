"""The main job in one call: a study's name → everything that can be asked of its answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import pandas as pd

from ..cache import Cache, in_use
from ..inputs.load import StudyInputs, load_study
from ..inputs.source import Stance
from ..model.expected import Expected, expected
from ..model.simulate import Outcomes, simulate_views
from . import chances, effects, evidence, kinds, paired, summary, timelines, worlds
from .basis import about, of_claim, of_parameter, of_sides, of_source
from .contradictions import contradictions
from .costs import Costs
from .decisions import Decisions
from .table import table, with_basis
from .trace import resting, trace

__all__ = ["Result", "compare"]


@dataclass(frozen=True)
class Result:
    """A study, its outcomes by view, and every table made of them, each computed once when asked for.

    Tables are made with the result's ``cache`` in use: what views, plans and dates share is computed once.
    """

    inputs: StudyInputs
    views: Mapping[str, Outcomes]
    cache: Cache = field(default_factory=Cache, compare=False, repr=False)

    @table()
    def comparison(self) -> pd.DataFrame:
        """The headline table (:func:`calc.analysis.summary.comparison`)."""
        return summary.comparison(self.inputs, self.views)

    @table()
    def effects(self) -> pd.DataFrame:
        """With it, with a sham, with neither; advice, certainty, cost (:func:`calc.analysis.effects.effects`)."""
        return effects.effects(self.inputs, self.views)

    @table(about())
    def by_stance(self) -> pd.DataFrame:
        """What mixed views hold, given the stance drawn (:func:`calc.analysis.worlds.by_stance`)."""
        return worlds.by_stance(self.inputs, self._given_stances)

    @table(about())
    def disagreement(self) -> pd.DataFrame:
        """How much of a mixed view's spread is disagreement (:func:`calc.analysis.worlds.disagreement`)."""
        return worlds.disagreement(self.inputs, self._given_stances)

    @table(about())
    def paired(self) -> pd.DataFrame:
        """Differences within draws (:func:`calc.analysis.paired.paired`)."""
        return paired.paired(self.inputs, self.views)

    @table(about("weeks_in_relief"))
    def phases(self) -> pd.DataFrame:
        """How long each phase lasts (:func:`calc.analysis.timelines.phases`)."""
        return timelines.phases(self.inputs, self.views)

    @table(about("weeks_in_relief"))
    def relief_by_week(self) -> pd.DataFrame:
        """The share in relief by week (:func:`calc.analysis.timelines.relief_by_week`)."""
        return timelines.relief_by_week(self.inputs, self.views)

    @table(about("weeks_in_relief"))
    def states_by_week(self) -> pd.DataFrame:
        """The share in each state by week (:func:`calc.analysis.timelines.states_by_week`)."""
        return timelines.states_by_week(self.inputs, self.views)

    @table(about("out_of_pocket"))
    def paid_by_week(self) -> pd.DataFrame:
        """What has been paid by each week (:func:`calc.analysis.timelines.paid_by_week`)."""
        return timelines.paid_by_week(self.inputs, self.views)

    @table()
    def first_days(self) -> pd.DataFrame:
        """How the first days feel (:func:`calc.analysis.timelines.first_days`)."""
        return timelines.first_days(self.inputs, self.views)

    @table(about("weeks_in_relief"))
    def chances(self) -> pd.DataFrame:
        """Chances by and at dates (:func:`calc.analysis.chances.chances`)."""
        return chances.chances(self.inputs, self.views)

    @table(about("weeks_to_relief"))
    def first_relief(self) -> pd.DataFrame:
        """When the first relief comes (:func:`calc.analysis.chances.first_relief`)."""
        return chances.first_relief(self.inputs, self.views)

    @table(about("weeks_in_relief"))
    def against_usual_care(self) -> pd.DataFrame:
        """Relief beyond usual care (:func:`calc.analysis.chances.against_usual_care`)."""
        return chances.against_usual_care(self.inputs, self.views)

    @table(about())
    def kinds(self) -> pd.DataFrame:
        """Luck and what is not known, apart (:func:`calc.analysis.kinds.kinds`)."""
        return kinds.kinds(self.views, self.averaged)

    @table(of_parameter)
    def harms(self) -> pd.DataFrame:
        """Harms with a stated rate (:func:`calc.analysis.chances.harms`)."""
        return chances.harms(self.inputs, self.views)

    @table(about("out_of_pocket"))
    def costs_by_item(self) -> pd.DataFrame:
        """The patient's mean share by item and column (:func:`calc.analysis.evidence.costs_by_item`)."""
        return evidence.costs_by_item(self.views)

    @table(about("out_of_pocket"))
    def bills(self) -> pd.DataFrame:
        """The cost under each reading of the price (:func:`calc.analysis.evidence.bills`)."""
        return evidence.bills(self.inputs, self.views)

    @table(of_parameter)
    def unknowns(self) -> pd.DataFrame:
        """What nobody knows or states (:func:`calc.analysis.evidence.unknowns`)."""
        return evidence.unknowns(self.inputs, self.views)

    @table()
    def parameters(self) -> pd.DataFrame:
        """Every parameter as each view uses it (:func:`calc.analysis.evidence.parameters`)."""
        return evidence.parameters(self.inputs, self.views)

    @table()
    def claims(self) -> pd.DataFrame:
        """Every claim (:func:`calc.analysis.evidence.claims`)."""
        return evidence.claims(self.inputs)

    @table(of_claim)
    def resting(self) -> pd.DataFrame:
        """Which results rest on which claim (:func:`calc.analysis.trace.resting`)."""
        return resting(self.inputs, self.views)

    @table(of_sides)
    def contradictions(self) -> pd.DataFrame:
        """Where the sources contradict each other (:func:`calc.analysis.contradictions.contradictions`)."""
        return contradictions(self.inputs.treatments, self.inputs.sources, self.inputs.contradictions)

    @table(of_source)
    def statements(self) -> pd.DataFrame:
        """What sources say without a number (:func:`calc.analysis.evidence.statements`)."""
        return evidence.statements(self.inputs)

    @table(of_source)
    def sources(self) -> pd.DataFrame:
        """The sources used (:func:`calc.analysis.evidence.sources`)."""
        return evidence.sources(self.inputs)

    @cached_property
    def averaged(self) -> Mapping[str, Mapping[str, Expected]]:
        """Expected cost and weeks in relief by view and option, one patient's luck averaged out exactly."""
        with self.cache.in_use():
            return {view: expected(self.inputs, view) for view in self.views}

    @cached_property
    def _given_stances(self) -> Mapping[tuple[str, Stance], Outcomes]:
        return worlds.given_stances(self.inputs)

    @cached_property
    def costs(self) -> Costs:
        """What a patient asks about cost (:class:`calc.analysis.costs.Costs`)."""
        return Costs(self.inputs, self.views, self.cache)

    @cached_property
    def decisions(self) -> Decisions:
        """What to choose, how sure that is, and what it hangs on (:class:`calc.analysis.decisions.Decisions`)."""
        return Decisions(self.inputs, self.views, self.averaged, self.cache)

    def trace(self, treatment: str, outcome: str) -> pd.DataFrame:
        """Return what one outcome is made of (:func:`calc.analysis.trace.trace`)."""
        return trace(self.inputs, self.views, self.parameters, treatment, outcome)

    def tables(self) -> Mapping[str, pd.DataFrame]:
        """Return every table by name, each with a column ``basis``."""
        return with_basis(self)


def compare(
    study: str,
    *,
    params: Path | str | None = None,
    settings: Mapping[str, object] | None = None,
    overlays: Sequence[Path | str] = (),
    executor: Executor | None = None,
) -> Result:
    """Load, sample and simulate one study.

    Parameters
    ----------
    study
        A name under ``params/studies`` or the path of a study file.
    params
        The ``params/`` folder; the nearest here or above by default.
    settings
        One run's own values by dotted path, such as ``{"study.horizon": "12 months",
        "plan.deductible": 3000}`` (see :mod:`calc.inputs.settings`).
    overlays
        Files of one's own values, such as a quote (see :mod:`calc.inputs.overlay`).
    executor
        Shares the options out among its workers; the result is the same bytes.

    Returns
    -------
    Result
        With the cache that is in use here (:mod:`calc.cache`), or one of its own that goes with it.

    Raises
    ------
    ParameterFileError, UnknownNameError, SettingError
        before anything is sampled.
    """
    root = Path(params) if params is not None else None
    inputs = load_study(study, root=root, settings=settings, overlays=[Path(each) for each in overlays])
    cache = in_use() or Cache()
    with cache.in_use():
        return Result(inputs, simulate_views(inputs, executor), cache)
