"""Does the answer stand if the question is put otherwise: another plan, horizon, reading of ranges, date, noise."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import replace
from functools import partial
from typing import TypeVar

import numpy as np
import pandas as pd
from pydantic import BaseModel

from ..errors import SettingError
from ..inputs.claim import Claim
from ..inputs.coverage import CoverageStatus, Covered
from ..inputs.distribution import Vector
from ..inputs.load import StudyInputs
from ..inputs.parameter import Parameter
from ..inputs.treatment import Treatment
from ..model.expected import expected
from ..model.option import option_of, setting_of
from ..model.outcomes import Known
from ..model.ranks import INTERVAL
from ..model.response import natural_of, natural_spec
from ..units import weeks_of
from .problem import levelled, rounding_of
from .study_problem import NEEDED, StudyProblem, values_of_week

__all__ = ["flips", "variants"]

#: means settle long before tails, so fewer draws than a study has are enough to see who leads
_DRAWS = 2048
_COVERAGES = (0.7, 0.9)
_TIMES = (0.5, 2.0)
_CLEAR = 3.0

M = TypeVar("M", bound=BaseModel)


def variants(inputs: StudyInputs, weighed: Collection[str]) -> Iterator[tuple[str, str, StudyInputs]]:
    """Yield the question put otherwise: what varies, in which way, and the study then.

    The plan (each that fits), the horizon (half, twice), the share of cases that a typical range holds, typical
    ranges read as bounds, each other reading of the bill of an option that is ``weighed``, other evidence (kind of
    pain, definition of relief, natural course, how long relief lasts, a plan that pays for nothing), another seed.
    """
    study = inputs.study
    yield "as asked", "", inputs
    for plan, other in inputs.by_plan.items():
        if plan != study.plan:
            yield "plan", other.plan.short, other
    number, _, unit = study.horizon.strip().partition(" ")
    for times in _TIMES:
        horizon = f"{float(number) * times:g} {unit.strip()}"
        try:
            weeks_of(horizon)
        except SettingError:
            continue
        yield "horizon", horizon, replace(inputs, study=study.model_copy(update={"horizon": horizon}))
    for share in _COVERAGES:
        if share != study.range_coverage:
            changed = study.model_copy(update={"range_coverage": share})
            yield "range coverage", f"{share:.0%}".replace("%", " %"), replace(inputs, study=changed)
    yield "reading", "typical ranges as bounds", _each(inputs, lambda _, treatment: _reread(treatment))
    for name, treatment in inputs.treatments.items():
        for bill in treatment.bills if name in weighed else ():
            if bill != treatment.bill:
                reads = {**inputs.treatments, name: treatment.model_copy(update={"bill": bill})}
                yield "bill", f"{treatment.short}: {bill.replace('_', ' ')}", replace(inputs, treatments=reads)
    yield from _evidence(inputs)
    yield "seed", str(study.seed + 1), replace(inputs, study=study.model_copy(update={"seed": study.seed + 1}))


def _evidence(inputs: StudyInputs) -> Iterator[tuple[str, str, StudyInputs]]:
    """Yield the evidence put otherwise: pain, definition of relief, natural course, length of relief, coverage."""
    study, condition = inputs.study, inputs.condition
    for name, each in condition.relief.items():
        if name != inputs.relief:
            yield "definition of relief", each.short, replace(inputs, study=study.model_copy(update={"relief": name}))
    for kind, words in condition.kinds.items():
        if kind is not inputs.kind:
            patient = inputs.patient.model_copy(update={"kind_of_pain": kind})
            yield "kind of pain", words.short, replace(inputs, patient=patient)
    setting = setting_of(inputs, next(iter(inputs.views)))
    share = natural_of(natural_spec(inputs, setting)).share.values
    for many, end in (("few", INTERVAL[0]), ("many", INTERVAL[1])):
        at = float(np.quantile(share, end))
        yield "natural course", f"{many} get better anyway, {_in_100(at)}", _with_natural(inputs, at)
    for long, end in (("as short as can be", INTERVAL[0]), ("as long as can be", INTERVAL[1])):
        yield "length of relief", long, _each(inputs, partial(_lasting, inputs, end))
    yield "coverage", "the plan pays for nothing", _each(inputs, _refused)


def _each(inputs: StudyInputs, change: Callable[[str, Treatment], Treatment]) -> StudyInputs:
    """Return the study with every treatment changed, alone and as a step."""
    treatments = {name: change(name, each) for name, each in inputs.treatments.items()}
    pathways = {
        name: replace(pathway, treatments={own: change(own, one) for own, one in pathway.treatments.items()})
        for name, pathway in inputs.pathways.items()
    }
    return replace(inputs, treatments=treatments, pathways=pathways)


def _refused(_name: str, treatment: Treatment) -> Treatment:
    return treatment.model_copy(update={"coverage": (_REFUSED,)}) if treatment.price else treatment


_REFUSED = CoverageStatus(status=Covered.EXCLUDED, yours="as if the plan paid for nothing")


def _in_100(share: float) -> str:
    """Return a share as a count of 100."""
    return f"{100 * share:.0f} of 100"


def _exactly(parameter: Parameter, value: float, unit: str) -> Parameter:
    claim = Claim.model_validate({"reading": "exact", "value": value, "yours": "held for this variant", "unit": unit})
    return parameter.model_copy(update={"claims": (claim,), "pool": None})


def _with_natural(inputs: StudyInputs, share: float) -> StudyInputs:
    """Return the study with the share that gets better anyway held at a value."""
    course = inputs.condition.natural_course[inputs.kind]
    held = {**course.share, inputs.relief: _exactly(course.share[inputs.relief], share, "share")}
    courses = {**inputs.condition.natural_course, inputs.kind: course.model_copy(update={"share": held})}
    return replace(inputs, condition=inputs.condition.model_copy(update={"natural_course": courses}))


def _lasting(inputs: StudyInputs, end: float, name: str, treatment: Treatment) -> Treatment:
    """Return a treatment whose relief lasts as long as an end of what is known of it; unchanged where nobody knows."""
    if treatment.relief is None or name not in inputs.treatments:
        return treatment
    drawn = option_of(inputs, next(iter(inputs.views)), name).legs[0].own["relief"]
    if drawn.unknown.any() or np.isnan(drawn.values).any():
        return treatment
    weeks = float(np.quantile(drawn.values, end))
    return treatment.model_copy(update={"relief": _exactly(treatment.relief, weeks, "weeks")})


def _reread(model: M) -> M:
    """Return a model of parameters in which every claim is read in the other way that its reading offers."""
    changed = {}
    for name in type(model).model_fields:
        value = getattr(model, name)
        if isinstance(value, Claim):
            continue
        new = _reread_value(value)
        if new is not value:
            changed[name] = new
    return model.model_copy(update=changed) if changed else model


def _reread_value(value: object) -> object:
    if isinstance(value, Claim):
        other = value.reading.alternative()
        return value if other is value.reading else value.model_copy(update={"reading": other})
    if isinstance(value, BaseModel):
        return _reread(value)
    if isinstance(value, tuple):
        found = tuple(map(_reread_value, value))
        return found if any(new is not old for new, old in zip(found, value, strict=True)) else value
    if isinstance(value, dict):
        return {key: _reread_value(each) for key, each in value.items()}
    return value


def flips(inputs: StudyInputs, problems: Mapping[str, StudyProblem]) -> pd.DataFrame:
    """Return what is best in each view if one thing is put otherwise, at the value of a week that is looked at.

    Returns
    -------
    pandas.DataFrame
        One row per view and variant: ``varied`` and ``level``, the best option (``treatment``, ``label``), its ``lead``
        over ``second`` in USD with its Monte Carlo standard ``error``, whether that is ``clear`` (three errors and
        more), ``among`` how many known options, ``order`` of their labels, ``surely`` the option of unknown relief
        that beats the best even if it brings none, and whether the answer (that option, else the best) ``flips`` from
        that of the question as asked. The ends of the range of a week's value are variants too.
    """
    rows: list[dict[str, object]] = []
    if not problems:
        return pd.DataFrame(rows, columns=list(_COLUMNS))
    values, at = values_of_week(inputs.study)
    weighed = {name for problem in problems.values() for name in problem.names.values()}
    for varied, level, other in variants(inputs, weighed):
        fewer = other.study.model_copy(update={"draws": min(other.study.draws, _DRAWS)})
        reduced = replace(other, study=fewer, by_plan={})
        for view in problems:
            means, costs = _benefits(reduced, view)
            rows += _row(inputs, view, varied, level, means, costs, at)
            if varied == "as asked":
                ends = (value for value in (float(values[0]), float(values[-1])) if value != at)
                for value in ends:
                    rows += _row(inputs, view, "value of a week", f"${value:,.0f}", means, costs, value)
    table = pd.DataFrame(rows, columns=list(_COLUMNS))
    answer = table["surely"].where(table["surely"] != "", table["treatment"])
    asked = answer[table["varied"] == "as asked"].set_axis(table[table["varied"] == "as asked"]["view"])
    order = {view: place for place, view in enumerate(problems)}
    table = table.assign(flips=answer != table["view"].map(asked), _order=table["view"].map(order))
    return table.sort_values("_order", kind="stable", ignore_index=True).drop(columns="_order")


_COLUMNS = (
    "view", "varied", "level", "treatment", "label", "second", "lead", "error", "clear", "among", "order", "surely",
    "flips",
)  # fmt: skip


def _benefits(inputs: StudyInputs, view: str) -> tuple[Mapping[str, tuple[Vector, Vector]], Mapping[str, float]]:
    """Return expected cost and weeks in relief of the options that are known, by draw, and the others' known costs."""
    found = expected(inputs, view)
    stated = {
        name: {outcome for outcome in NEEDED if each.known[outcome] is Known.STATED} for name, each in found.items()
    }
    means = {
        name: (each.out_of_pocket, each.weeks_in_relief)
        for name, each in found.items()
        if len(stated[name]) == len(NEEDED)
    }
    costs = {
        name: float(each.out_of_pocket.mean()) for name, each in found.items() if stated[name] == {"out_of_pocket"}
    }
    return means, costs


def _row(
    inputs: StudyInputs,
    view: str,
    varied: str,
    level: str,
    means: Mapping[str, tuple[Vector, Vector]],
    costs: Mapping[str, float],
    value: float,
) -> Iterator[dict[str, object]]:
    benefit = {name: value * weeks - cost for name, (cost, weeks) in means.items()}
    if not benefit:
        return
    rounding = max(map(rounding_of, benefit.values()))
    average = levelled(np.array([each.mean() for each in benefit.values()]), rounding)
    ranked = [list(benefit)[place] for place in np.argsort(-average, kind="stable")]
    first, second = ranked[0], ranked[min(1, len(ranked) - 1)]
    apart = benefit[first] - benefit[second]
    apart[np.abs(apart) <= rounding] = 0.0
    lead, error = float(apart.mean()), float(apart.std() / np.sqrt(apart.size))
    better = [name for name in costs if -costs[name] > float(benefit[first].mean())]
    shorts = {name: inputs.options[name].short for name in ranked}
    yield {
        "view": view,
        "varied": varied,
        "level": level,
        "treatment": first,
        "label": shorts[first],
        "second": "" if second == first else second,
        "lead": lead,
        "error": error,
        "clear": bool(lead > _CLEAR * error) or second == first,
        "among": len(ranked),
        "order": " > ".join(shorts.values()),
        "surely": min(better, key=costs.__getitem__, default=""),
        "flips": False,
    }
