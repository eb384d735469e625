"""A state → its answers, computed with the library's own functions; only what depends on a change is made anew."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np
import pandas as pd

from ..analysis.breakeven import BreakEven, break_even
from ..analysis.compare import Result
from ..analysis.prospects import chance
from ..analysis.summary import compared
from ..errors import ParameterFileError, SettingError, UnknownNameError
from ..inputs.load import StudyInputs
from ..inputs.study import Study
from ..model.outcomes import OUTCOMES, Known
from ..model.simulate import Outcomes, Simulated, simulate
from ..report.format import records
from ..session import Session
from ..units import DAYS_PER_WEEK
from .field import VIEW, Place, State
from .fields import FIELDS
from .state import Entries, entered, settings_of, starting

__all__ = ["SHOWN", "Answer", "Engine"]

#: the outcomes that the page shows, in the order of the library
SHOWN = ("out_of_pocket", "weeks_to_relief", "weeks_in_relief", "working_days_lost", "weeks_gained")


@dataclass(frozen=True)
class Answer:
    """What follows from a state: the library's result on what the page shows, and its tables.

    ``own`` is the study as its file has it.
    """

    state: State
    own: Study
    result: Result

    @property
    def outcomes(self) -> Outcomes:
        """The outcomes under the one view."""
        return self.result.views[VIEW]

    @cached_property
    def rows(self) -> list[dict[str, Any]]:
        """The rows of the comparison table."""
        with self.result.cache.in_use():
            return [dict(row) for row in compared(self.result.inputs, self.result.views)]

    @cached_property
    def effects(self) -> Mapping[str, Mapping[str, Any]]:
        """The rows of the library's table of effects, by option."""
        return {str(row["treatment"]): row for row in records(self.result.effects)}

    @cached_property
    def chances(self) -> pd.DataFrame:
        """The chances of staying within the budget and of being in relief on the date.

        One row per treatment: shares with their Monte Carlo error; NaN where it was not asked, or
        where the outcome is not stated.
        """
        inputs = self.result.inputs
        week = (self.state.by - inputs.patient.decision_date).days / DAYS_PER_WEEK if self.state.by else None
        rows = []
        for name, simulated in self.outcomes.treatments.items():
            within = _chance(simulated, "out_of_pocket", inputs.patient.budget)
            on = _in_relief(simulated, week)
            row = {"treatment": name, "within_budget": within[0], "within_error": within[1]}
            rows.append(row | {"relief_on": on[0], "relief_error": on[1]})
        return pd.DataFrame(rows)

    @cached_property
    def worth(self) -> pd.DataFrame:
        """What the relief gained over doing nothing is worth less what is paid, on average, USD; where both are stated.

        One row per treatment: ``net`` at the state's value of a week, and ``usd_per_week`` gained.
        """
        found: dict[str, tuple[float, float]] = {}
        for name, simulated in self.outcomes.treatments.items():
            cost, relief = (_mean(simulated, outcome) for outcome in ("out_of_pocket", "weeks_gained"))
            if cost is not None and relief is not None:
                value = self.state.week_value
                net = value * relief - cost if value is not None else float("nan")
                found[name] = (net, cost / relief if relief > 0 else float("inf"))
        figures = np.array([*found.values()], dtype=np.float64).reshape(-1, 2)
        return pd.DataFrame({"treatment": [*found], "net": figures[:, 0], "usd_per_week": figures[:, 1]})

    def break_evens(self) -> Mapping[str, tuple[BreakEven, BreakEven]]:
        """Return how many weeks over doing nothing a treatment of unknown relief would have to bring, by treatment.

        On average and to be worth as much as the best of those that are known, at the value of a
        week; without a value, to cost as little a week as the cheapest a week of these. Twice: for
        the least and for the most that it may cost on average where the cost is not known either.
        """
        known, horizon = self.worth, self.outcomes.horizon
        paid = known[np.isfinite(known["usd_per_week"]) & (known["usd_per_week"] > 0)]
        value, rival = self.state.week_value, float(known["net"].max()) if len(known) else float("nan")
        if value is None:
            value, rival = (float(paid["usd_per_week"].min()), 0.0) if len(paid) else (float("nan"), 0.0)
        if not np.isfinite([value, rival]).all():
            return {}
        found = {}
        for name, simulated in self.outcomes.treatments.items():
            cost = simulated.outcomes["out_of_pocket"]
            if simulated.outcomes["weeks_gained"].known is Known.STATED or cost.known is Known.NOT_STATED:
                continue
            mean = _mean(simulated, "out_of_pocket")
            ends = cost.envelope if mean is None else (mean, mean)
            if ends is not None:
                low, high = (break_even([0.0, horizon], [-end - rival, value * horizon - end - rival]) for end in ends)
                found[name] = (low, high)
        return found


def _chance(simulated: Simulated, outcome: str, most: float | None) -> tuple[float, float]:
    result = simulated.outcomes[outcome]
    if most is None or result.known is not Known.STATED:
        return float("nan"), float("nan")
    return chance((result.values <= most).astype(np.float64))


def _in_relief(simulated: Simulated, week: float | None) -> tuple[float, float]:
    if week is None or simulated.outcomes["weeks_in_relief"].known is not Known.STATED:
        return float("nan"), float("nan")
    return chance(simulated.events.in_relief_at(week).astype(np.float64))


def _mean(simulated: Simulated, outcome: str) -> float | None:
    result = simulated.outcomes[outcome]
    return float(result.values.mean()) if result.known is Known.STATED else None


class Engine:
    """Answers states of one study; what was drawn and simulated for one is kept for the next.

    Raises
    ------
    ParameterFileError, UnknownNameError
        when made, for files that are wrong, a study that is not there, or a folder without the view in between.
    """

    def __init__(self, root: Path, study: str) -> None:
        self.session, self.study = Session(root), study
        self.library = self.session.shelf.library
        for kind, name, known in (("study", study, self.library.studies), ("view", VIEW, self.library.views)):
            if name not in known:
                raise UnknownNameError(kind, name, known)
        self.place = Place(self.library, study)
        self.start = starting(self.place.own)

    def read(self, entries: Entries, kept: State) -> tuple[State, Mapping[str, str]]:
        """Return the state that entries make, and what is wrong by field (:func:`calc.explore.state.entered`).

        What only shows when the settings are laid over the files is told beside the field as well; of the
        other numbers each line that is wrong is named, and the right ones are taken.
        """
        state, problems = entered(entries, self.place, kept)
        if not self._wrong(state):
            return state, problems
        bare = replace(state, more=())
        told = self._wrong(bare)
        bare = replace(bare, **{name: getattr(kept, name) for name in told})
        if self._wrong(bare):  # together, what was kept and what is new do not fit
            return kept, MappingProxyType({**told, **problems})
        good, lines = self._line_by_line(bare, state.more)
        if lines:
            told["more"] = " ".join(filter(None, [problems.get("more", ""), *lines]))
        return good, MappingProxyType({**problems, **told})

    def _line_by_line(self, bare: State, more: tuple[tuple[str, str], ...]) -> tuple[State, list[str]]:
        """Return a state with those other numbers that fit, and what is wrong with each of the others."""
        lines = []
        for path, value in more:
            longer = replace(bare, more=(*bare.more, (path, value)))
            if wrong := self._wrong(longer):
                lines.append(f"“{path}={value}”: {' '.join(wrong.values())}")
            else:
                bare = longer
        return bare, lines

    def _wrong(self, state: State) -> dict[str, str]:
        """Return what is wrong with a state once it is laid over the files, by field."""
        try:
            self.inputs(state)
        except (ParameterFileError, SettingError) as error:
            told: dict[str, str] = {}
            for each in error.problems:
                name, words = _field_of(each.where, state), f"{each.what}. {each.fix}"
                told[name] = f"{told[name]} {words}" if name in told else words
            return told
        except UnknownNameError as error:
            return {"more": str(error)}
        return {}

    def inputs(self, state: State) -> StudyInputs:
        """Return what is simulated for a state."""
        return self.session.shelf.study(self.study, self.settings(state))

    def settings(self, state: State) -> dict[str, object]:
        """Return the settings that a state makes, as :func:`calc.compare` takes them."""
        return settings_of(state, self.place)

    def answer(self, state: State) -> Answer:
        """Return the answers to a state, of the outcomes that the page shows."""
        return Answer(state, self.place.own, self._result(self.inputs(state), SHOWN))

    def full(self, state: State) -> Result:
        """Return the library's whole result of a state, as :func:`calc.compare` computes it."""
        return self._result(self.inputs(state), tuple(OUTCOMES))

    def _result(self, inputs: StudyInputs, wanted: tuple[str, ...]) -> Result:
        with self.session.in_use():
            views = MappingProxyType({VIEW: simulate(inputs, VIEW, wanted=wanted)})
        return Result(inputs, views, self.session.cache)


def _field_of(where: str, state: State) -> str:
    """Return the field that a problem's place belongs to."""
    path = where.removeprefix("setting ")
    if path in dict(state.more):
        return "more"
    for name, field in FIELDS.items():
        if field.told and path.startswith(field.told):
            return name
    return "quotes" if ".price." in path else "coverage" if path.endswith(".coverage") else "more"
