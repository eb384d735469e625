"""The axes of a decision page: which plans, kinds of pain, horizons and views it can be turned to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import product
from pathlib import Path

from ..errors import ParameterFileError, Problem, SettingError, did_you_mean
from ..inputs.load import StudyInputs, load_study
from ..inputs.population import KindOfPain
from ..units import weeks_of

__all__ = ["Asked", "Axis", "axes_of", "combinations", "inputs_of"]

_HORIZONS = ("12 months", "24 months")


@dataclass(frozen=True)
class Asked:
    """A study with one's own numbers, and the names on each axis; an axis without names has its default."""

    study: str
    params: Path | None = None
    settings: Mapping[str, object] = field(default_factory=dict)
    overlays: Sequence[Path] = ()
    plans: Sequence[str] = ()
    views: Sequence[str] = ()
    horizons: Sequence[str] = ()
    kinds: Sequence[str] = ()


@dataclass(frozen=True)
class Axis:
    """One thing that the page can be turned to: the words of each choice by its name, and the one shown first.

    ``path`` is the setting that a choice stands for.
    """

    name: str
    path: str
    label: str
    choices: Mapping[str, str]
    first: str


def axes_of(asked: Asked) -> tuple[Axis, ...]:
    """Return the four axes, the view last.

    Raises
    ------
    SettingError
        with every name that there is not.
    ParameterFileError, UnknownNameError
        as :func:`calc.inputs.load.load_study` raises them.
    """
    inputs = inputs_of(asked)
    problems = [*_strange(asked, inputs)]
    if problems:
        raise SettingError(problems)
    plans = asked.plans or [*inputs.by_plan]
    views = asked.views or inputs.study.views
    kinds, horizons = asked.kinds or [*inputs.condition.kinds], asked.horizons or _HORIZONS
    seen = inputs_of(asked, {"study.views": list(views)}).views
    own = inputs.study
    return (
        _axis("plan", "study.plan", "Your plan", _labels(asked, plans), own.plan),
        _axis(
            "pain",
            "patient.kind_of_pain",
            "Your pain",
            {each: inputs.condition.kinds[KindOfPain(each)].label for each in map(str, kinds)},
            inputs.kind,
        ),
        _axis("ahead", "study.horizon", "Looking ahead", {each: each for each in horizons}, own.horizon),
        _axis("view", "study.views", "Whom to believe", {each: seen[each].label for each in views}, views[0]),
    )


def combinations(axes: Sequence[Axis]) -> Iterator[tuple[str, ...]]:
    """Yield the choices of each state, the last axis turning fastest."""
    return product(*(axis.choices for axis in axes))


def inputs_of(asked: Asked, settings: Mapping[str, object] | None = None) -> StudyInputs:
    """Return the study's inputs with further settings.

    Raises
    ------
    ParameterFileError, UnknownNameError, SettingError
    """
    laid = {**asked.settings, **(settings or {})}
    return load_study(asked.study, root=asked.params, settings=laid, overlays=asked.overlays)


def _axis(name: str, path: str, label: str, choices: Mapping[str, str], own: str) -> Axis:
    return Axis(name, path, label, choices, own if own in choices else next(iter(choices)))


def _labels(asked: Asked, plans: Sequence[str]) -> Mapping[str, str]:
    """Return what the plans are called, each with one's own numbers laid over it.

    Raises
    ------
    SettingError
        with every plan that these do not fit.
    """
    found: dict[str, str] = {}
    problems: list[Problem] = []
    for name in plans:
        try:
            found[name] = str(inputs_of(asked, {"study.plan": name}).plan.label)
        except (ParameterFileError, SettingError) as error:
            fix = "Leave out that plan (--plans names those to keep), or the setting"
            problems += [
                replace(each, where=f"plan {name}: {each.where}", fix=f"{each.fix} {fix}.") for each in error.problems
            ]
    if problems:
        raise SettingError(problems)
    return found


def _strange(asked: Asked, inputs: StudyInputs) -> Iterator[Problem]:
    """Yield a problem for every name that there is not."""
    root = inputs.files[0].parent.parent
    for flag, kind, given, known in (
        ("--plans", "plan", asked.plans, [file.stem for file in root.glob("plans/*.yaml")]),
        ("--views", "view", asked.views, [file.stem for file in root.glob("views/*.yaml")]),
        ("--kinds-of-pain", "kind of pain", asked.kinds, [*map(str, inputs.condition.kinds)]),
    ):
        for name in given:
            if name not in known:
                yield Problem(f"{flag} {name}", "", f"there is no {kind} named {name!r}", did_you_mean(name, known))
    for horizon in asked.horizons:
        try:
            weeks_of(horizon)
        except SettingError as error:
            for each in error.problems:
                yield Problem(f"--horizons {horizon}", "", each.what, each.fix)
