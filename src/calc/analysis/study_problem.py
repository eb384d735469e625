"""A study under one view → a decision problem: expected cost and weeks in relief, luck averaged out exactly."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from ..inputs.attributed import Said
from ..inputs.claim import Basis
from ..inputs.distribution import Vector
from ..inputs.load import StudyInputs, basis_of
from ..inputs.pathway import Pathway
from ..inputs.quantity import Quantity
from ..inputs.readings.bounds import Bounds
from ..inputs.study import Study
from ..inputs.treatment import Treatment
from ..model.expected import Expected
from ..model.outcomes import Known
from ..model.sample import Drawn
from ..model.simulate import Outcomes, Simulated
from .basis import joined
from .decide import Decision, decide
from .regressors import varies

__all__ = ["NEEDED", "Cause", "StudyProblem", "causes_of", "study_problem", "values_of_week"]

#: the outcomes that a decision weighs against each other
NEEDED = ("out_of_pocket", "weeks_in_relief")
_VALUES = 31


@dataclass(frozen=True)
class Cause:
    """One parameter that varies between draws: its address, its draws, and whose word it is.

    ``sources`` are the sources of the claims that were drawn; where one has none, its basis stands instead.
    """

    parameter: str
    label: str
    values: Vector
    sources: tuple[str, ...]
    basis: str


@dataclass(frozen=True)
class StudyProblem:
    """What there is to choose from under one view.

    Attributes
    ----------
    decision
        Of the options whose cost and weeks in relief are both known; None where there are none, or
        the study names no value of a week. Options and parameters stand in it under their labels.
    names
        By option's label, its name.
    causes
        By label, the parameters that those options depend on and that vary.
    unknown
        By name of each other option, the outcomes among :data:`NEEDED` that are not known.
    costs
        By name of each of these whose cost is known, its average, USD.
    """

    view: str
    decision: Decision | None
    names: Mapping[str, str]
    causes: Mapping[str, Cause]
    unknown: Mapping[str, tuple[str, ...]]
    costs: Mapping[str, float]

    def surely_better(self, benefit: float) -> str:
        """Return the unknown option that beats a net benefit (USD) even if it brings no relief; empty if none does.

        Weeks in relief are never negative, so an option of known cost is worth at least what it does not cost.
        """
        return min(
            (name for name, cost in self.costs.items() if -cost > benefit), key=self.costs.__getitem__, default=""
        )

    @property
    def labels(self) -> Mapping[str, str]:
        """By name of an option, its label."""
        return {name: label for label, name in self.names.items()}


def values_of_week(study: Study) -> tuple[Vector, float]:
    """Return the values of a week in relief to look over, ascending, and the one to look at, USD.

    A range is looked over from end to end, and looked at where its mode is, else in its middle; a single value
    is looked at, from nothing to twice as much around it.

    Raises
    ------
    ValueError
        if the study names no value of a week.
    """
    if study.value_of_week is None:
        raise ValueError("the study names no value of a week")
    reading = study.value_of_week.claims[0].reading
    if isinstance(reading, Bounds):
        low, high = reading.low, reading.high
        at = (low + high) / 2.0 if reading.mode is None else reading.mode
    else:
        [at] = reading.amounts().values()
        low, high = 0.0, 2.0 * at
    return np.unique(np.append(np.linspace(low, high, _VALUES), at)), at


def causes_of(inputs: StudyInputs, outcomes: Outcomes, option: str, needed: Sequence[str] = NEEDED) -> dict[str, Cause]:
    """Return, by label, the parameters that some outcomes of an option depend on and that vary."""
    simulated, known = outcomes.treatments[option], inputs.quantities(option)
    paths = dict.fromkeys(path for outcome in needed for path in simulated.outcomes[outcome].needs)
    found: dict[str, Cause] = {}
    for path in paths:
        drawn, bare = simulated.drawn[path], path.removesuffix(".cash")
        if path.startswith("plan."):
            continue
        twin = simulated.drawn[bare].values
        if not _tells(drawn) or (bare != path and bare in paths and np.array_equal(drawn.values, twin)):
            continue
        cash = ", cash price" if bare != path and bare in paths and _tells(simulated.drawn[bare]) else ""
        address = inputs.address(option, path)
        words = known[bare].label
        label = f"{_owner(inputs, option, address)}: {words[0].lower()}{words[1:]}{cash}"
        if label in found:
            label = f"{label} ({address})"
        found[label] = _cause(inputs, address, label, known[bare], _alone(simulated, path))
    for path in paths:
        if path.startswith("plan.") and _tells(drawn := simulated.drawn[path]):
            bare = path.removeprefix("plan.")
            label = f"{inputs.plan.short}: {known[path].label} ({bare.removeprefix('benefits.')})"
            found[label] = _cause(inputs, inputs.address(option, path), label, known[path], drawn)
    return found


def _alone(simulated: Simulated, path: str) -> Drawn:
    """Return a parameter's draws, those of an effect with the natural course at its middle: what it says by itself."""
    leg = next((leg for leg in simulated.option.legs if path == f"{leg.prefix}effect"), None)
    return simulated.drawn[path] if leg is None else leg.treated_alone


def _tells(drawn: Drawn) -> bool:
    """Return whether a parameter varies, and is not one that nobody knows and that does not matter."""
    return bool(np.isfinite(drawn.values).all() and not drawn.unknown.any() and varies(drawn.values))


def _owner(inputs: StudyInputs, option: str, address: str) -> str:
    owner: Treatment | Pathway | None = inputs.options.get(address.split(".")[0])
    return (owner or inputs.options[option]).short


def _cause(inputs: StudyInputs, address: str, label: str, parameter: Quantity, drawn: Drawn) -> Cause:
    claims = [parameter.claims[int(index)] for index in np.unique(drawn.chosen) if index >= 0]
    said = tuple(dict.fromkeys(_said_by(claim, inputs) for claim in claims))
    return Cause(address, label, drawn.values, said, joined(str(basis_of(claim, inputs.sources)) for claim in claims))


def _said_by(claim: Said, inputs: StudyInputs) -> str:
    return claim.source or str(Basis(basis_of(claim, inputs.sources)))


def study_problem(inputs: StudyInputs, outcomes: Outcomes, averaged: Mapping[str, Expected]) -> StudyProblem:
    """Return what there is to choose from under one view, with everything decision analysis says of it.

    Parameters
    ----------
    averaged
        The options' expected cost and weeks in relief, from :func:`calc.model.expected.expected`.

    Raises
    ------
    SelfCheckError
        if a result breaks a law of decision analysis.
    """
    unknown = {
        name: tuple(outcome for outcome in NEEDED if each.known[outcome] is not Known.STATED)
        for name, each in averaged.items()
    }
    names = {_label(inputs, name): name for name, missing in unknown.items() if not missing}
    by_option = {label: causes_of(inputs, outcomes, name) for label, name in names.items()}
    causes = {label: cause for own in by_option.values() for label, cause in own.items()}
    decision = None
    if names and inputs.study.value_of_week is not None:
        wtp, at = values_of_week(inputs.study)
        reference = _label(inputs, inputs.study.reference)
        decision = decide(
            {label: averaged[name].out_of_pocket for label, name in names.items()},
            {label: averaged[name].weeks_in_relief for label, name in names.items()},
            wtp=wtp,
            parameters={label: cause.values for label, cause in causes.items()},
            reference=reference if reference in names else None,
            at=at,
            groups=by_source(causes),
            rests_on={label: tuple(own) for label, own in by_option.items()},
        )
    open_ = {name: missing for name, missing in unknown.items() if missing}
    costs = {
        name: float(averaged[name].out_of_pocket.mean())
        for name, missing in open_.items()
        if "out_of_pocket" not in missing
    }
    return StudyProblem(outcomes.view, decision, names, causes, open_, costs)


def by_source(causes: Mapping[str, Cause]) -> dict[str, tuple[str, ...]]:
    """Return, by source, the labels of the parameters that it has a claim about."""
    sources = dict.fromkeys(source for cause in causes.values() for source in cause.sources)
    return {source: tuple(label for label, cause in causes.items() if source in cause.sources) for source in sources}


def _label(inputs: StudyInputs, option: str) -> str:
    """Return an option's short name, or its name where another has the same."""
    short = inputs.options[option].short
    twins = [name for name, each in inputs.options.items() if each.short == short]
    return short if len(twins) == 1 else f"{short} ({option})"
