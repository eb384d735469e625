"""What of a result is shown: some of its options, under the names that the reader gives them."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from ..analysis.compare import Result
from ..errors import Problem, SettingError, did_you_mean
from ..inputs.load import StudyInputs

__all__ = ["chosen", "labels_of"]


def chosen(result: Result, options: Sequence[str] = (), labels: Mapping[str, str] | None = None) -> Result:
    """Return the result of some options, all of them if none is named; doing nothing and the reference always stay.

    Parameters
    ----------
    labels
        Names to show instead of an option's own.

    Raises
    ------
    SettingError
        with every option that the study does not have.
    """
    inputs, labels = result.inputs, labels or {}
    known = list(inputs.options)
    problems = [
        Problem(f"{flag} {name}", "", f"the study has no option {name!r}", did_you_mean(name, known))
        for flag, given in (("--options", options), ("--label", labels))
        for name in given
        if name not in known
    ]
    if problems:
        raise SettingError(problems)
    kept = {*options, inputs.study.reference, inputs.study.usual_care} if options else {*known}
    views = {
        name: replace(view, treatments={option: each for option, each in view.treatments.items() if option in kept})
        for name, view in result.views.items()
    }
    return Result(_only(inputs, kept, labels), views, result.cache)


def _only(inputs: StudyInputs, kept: Collection[str | None], labels: Mapping[str, str]) -> StudyInputs:
    def named(name: str) -> dict[str, str]:
        return {"label": labels[name], "short": labels[name]} if name in labels else {}

    treatments = {name: each.model_copy(update=named(name)) for name, each in inputs.treatments.items() if name in kept}
    pathways = {
        name: replace(each, rules=each.rules.model_copy(update=named(name)))
        for name, each in inputs.pathways.items()
        if name in kept
    }
    plans = {name: _only(each, kept, labels) for name, each in inputs.by_plan.items()}
    return replace(inputs, treatments=treatments, pathways=pathways, by_plan=plans)


def labels_of(given: Sequence[str]) -> Mapping[str, str]:
    """Return names by option from texts such as ``lumbar_fusion=Joining two bones``.

    Raises
    ------
    SettingError
        with every text that is not so written.
    """
    parts = [each.partition("=") for each in given]
    problems = [
        Problem(f"--label {''.join(each)}", "", "this is not OPTION=NAME", 'Write it as lumbar_fusion="Spinal fusion".')
        for each in parts
        if not (each[0].strip() and each[2].strip())
    ]
    if problems:
        raise SettingError(problems)
    return {option.strip(): name.strip() for option, _, name in parts}
