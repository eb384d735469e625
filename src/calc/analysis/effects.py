"""The answer in one table: with it, with a sham, with neither; advice, certainty, harm and cost in the same row.

One row a view and option, as a Summary of Findings has it: of 100 people, how many are in relief with the
treatment, with a sham and with neither; what is gained; what guidelines advise for this kind of pain and how sure
the evidence is; whether the plan pays, and what it costs if it does and if it does not.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from enum import StrEnum
from typing import TypeVar

import numpy as np
import pandas as pd

from ..cache import stage
from ..inputs.attributed import Attributed
from ..inputs.claim import Basis, Market
from ..inputs.coverage import Covered
from ..inputs.distribution import Vector
from ..inputs.effect import Against
from ..inputs.guidance import Direction, Grade, Recommendation, Strength
from ..inputs.load import StudyInputs, basis_of
from ..inputs.population import KindOfPain
from ..inputs.source import Source, SourceKind
from ..inputs.treatment import Treatment
from ..model.leg import Leg
from ..model.outcomes import Gaps, Known, gaps_of, known_of
from ..model.ranks import INTERVAL, quantiles
from ..model.simulate import Outcomes, Simulated
from .basis import joined

__all__ = ["effects"]

A = TypeVar("A", bound=Attributed)

#: one stronger than the next; of equal strength the newest speaks
_STRENGTHS = (Strength.STRONG, Strength.CONDITIONAL, Strength.UNSTATED)
_GRADES = (Grade.HIGH, Grade.MODERATE, Grade.LOW, Grade.VERY_LOW)
_NONE = float("nan")


class Group(StrEnum):
    """Where an option stands on the first page."""

    NOTHING = "doing nothing"
    RECOMMENDED = "recommended"
    MAY_HELP = "may help"
    NOT_RECOMMENDED = "not recommended, or not for this pain"
    NOBODY_KNOWS = "nobody knows"


def effects(inputs: StudyInputs, views: Mapping[str, Outcomes]) -> pd.DataFrame:
    """Return what each option does, is advised and costs, for the patient's kind of pain.

    Returns
    -------
    pandas.DataFrame
        One row per view and option. ``with_treatment``, ``with_sham`` and ``with_neither`` are shares of people in
        relief (means over draws), each with ``…_p05`` and ``…_p95`` of what is not known; NaN where not stated; where
        nobody knows, the ends alone, of all that it could be. ``compared_with`` says against whom the effects used
        were measured, ``at`` when. ``gained_weeks`` are the weeks in relief gained over doing nothing within the
        horizon (mean over draws) with their interval over people; ``known`` how far all this is known.
        ``group`` is where the option stands; ``recommendation``, ``strength``, ``recommended_by`` are the leading
        advice for this kind of pain, ``other_advice`` whoever says otherwise; then ``certainty``,
        ``certainty_why``, ``approval``, ``for_whom``. ``coverage`` is the plan's status, ``conditions`` what it asks
        for, ``refused_chance`` a chance where a source states one. ``cost_if_covered`` and ``cost_if_refused`` are
        middle values of what the patient pays in USD, with ``…_mean``, ``…_p05`` and ``…_p95``; NaN where not stated.
        ``assumed`` is the share of worlds in which the effect used is an assumption of ours.
    """
    rows = []
    for view, outcomes in views.items():
        for name, simulated in outcomes.treatments.items():
            row: dict[str, object] = {"view": view, "treatment": name, "label": inputs.options[name].label}
            row |= {"kind": str(inputs.kind), "relief": inputs.relief, **_shares(inputs, simulated)}
            row |= _guidance(inputs, name) | _coverage(simulated) | _costs(simulated)
            row["group"] = str(_group(inputs, name, row))
            rows.append(row | {"basis": _basis(inputs, name, simulated)})
    return pd.DataFrame(rows)


def leading(said: Sequence[Recommendation], sources: Mapping[str, Source]) -> Recommendation | None:
    """Return the advice that leads; None where nobody advises.

    A body's own publication goes before a page that repeats such advice; then the strongest, then the newest.
    """
    advising = [each for each in said if each.direction is not Direction.NONE] or list(said)
    if not advising:
        return None
    return min(
        advising,
        key=lambda each: (_repeated(each, sources), _STRENGTHS.index(each.strength), -_year(each, sources)),
    )


def _repeated(each: Attributed, sources: Mapping[str, Source]) -> bool:
    return each.source is not None and sources[each.source].kind is SourceKind.DOCUMENT


def _year(each: Attributed, sources: Mapping[str, Source]) -> int:
    dated = sources[each.source].dated if each.source is not None else None
    return dated.toordinal() if dated is not None else 0


def _for(said: Sequence[A], kind: KindOfPain) -> list[A]:
    return [each for each in said if kind in getattr(each, "kinds", (kind,))]


def _shares(inputs: StudyInputs, simulated: Simulated) -> dict[str, object]:
    """Return the three shares and what is gained; of a pathway what its steps gain together."""
    single = len(simulated.option.legs) == 1
    leg = simulated.option.legs[0]
    gaps = gaps_of(simulated.option, "weeks_to_relief")
    known = Known.STATED if not single else _known(gaps)
    row: dict[str, object] = {"known": str(known)}
    row |= _spread("with_neither", leg.natural.share.values, known_of(leg.natural.share))
    tried = single and any(each.against is Against.SHAM for each in leg.treatment.effects)
    row |= _spread("with_sham", leg.sham.values, known_of(leg.sham) if tried else Known.NOT_STATED)
    treated = leg.treated.values if single else np.full_like(leg.treated.values, np.nan)
    row |= _spread("with_treatment", treated, known if single else Known.NOT_STATED)
    gained = simulated.outcomes["weeks_gained"]
    low, high = gained.envelope or (_NONE, _NONE)
    if gained.known is Known.STATED:
        low, high = quantiles(gained.values, INTERVAL)
    mean = float(gained.values.mean()) if gained.known is Known.STATED else _NONE
    row |= {"gained_known": str(gained.known), "gained_weeks": mean, "gained_weeks_p05": low, "gained_weeks_p95": high}
    return row | _compared(inputs, leg)


def _known(gaps: Gaps) -> Known:
    """Return how far the share with a treatment is known, whenever its relief comes."""
    ours = {"effect", "natural.share", "natural.sham"}
    return Gaps(tuple(ours & {*gaps.unknown}), tuple(ours & {*gaps.missing})).known


@stage
def _spread(name: str, values: Vector, known: Known) -> Mapping[str, float]:
    if known is Known.NOT_STATED or np.isnan(values).any():
        return {name: _NONE, f"{name}_p05": _NONE, f"{name}_p95": _NONE}
    low, high = quantiles(values, INTERVAL)
    if known is Known.UNKNOWN:
        return {name: _NONE, f"{name}_p05": low, f"{name}_p95": high}
    return {name: float(values.mean()), f"{name}_p05": low, f"{name}_p95": high}


def _compared(inputs: StudyInputs, leg: Leg) -> dict[str, object]:
    """Return against whom and when the effects used were measured, and how much of them is assumed."""
    if leg.effect.usual:
        return {"compared_with": "", "at": "", "assumed": 0.0}
    used = {leg.treatment.effects[place]: count for place, count in leg.treated.used.items()}
    against = dict.fromkeys(str(each.versus or each.against).replace("_", " ") for each in used)
    assumed = sum(count for each, count in used.items() if basis_of(each, inputs.sources) is Basis.ASSUMPTION)
    drawn = leg.treated.values.size
    share = float(assumed / drawn) if used else _NONE
    return {
        "compared_with": ", ".join(against),
        "at": ", ".join(dict.fromkeys(each.at for each in used)),
        "assumed": share,
    }


def _guidance(inputs: StudyInputs, name: str) -> dict[str, object]:
    names = ("recommendation", "strength", "recommended_by", "other_advice", "certainty", "certainty_why")
    row: dict[str, object] = dict.fromkeys((*names, "approval", "for_whom"), "")
    treatment = inputs.options[name]
    if not isinstance(treatment, Treatment):
        return row
    advice = _for(treatment.recommendations, inputs.kind)
    lead = leading(advice, inputs.sources)
    if lead is not None:
        row |= {"recommendation": str(lead.direction), "strength": str(lead.strength)}
        row["recommended_by"] = lead.source or "assumption"
        others = [each for each in advice if each.direction is not lead.direction]
        row["other_advice"] = "; ".join(f"{each.direction}: {each.source or 'assumption'}" for each in others)
    graded = _for(treatment.certainty, inputs.kind)
    if graded:
        sure = max(graded, key=lambda each: _GRADES.index(each.grade))
        row |= {"certainty": str(sure.grade).replace("_", " "), "certainty_why": sure.reason}
    row["approval"] = "; ".join(f"{str(each.status).replace('_', ' ')}: {each.text}" for each in treatment.approval)
    mine = _for(treatment.for_whom, inputs.kind) or list(treatment.for_whom)
    row["for_whom"] = mine[0].text if mine else ""
    return row


def _coverage(simulated: Simulated) -> dict[str, object]:
    """Return how the plan treats each leg: one status, or all of them where the legs differ."""
    said = []
    conditions: list[str] = []
    chance = _NONE
    for leg in simulated.option.legs:
        if leg.market is Market.CASH:
            said.append("you pay cash")
        elif not leg.treatment.price:
            said.append("nothing is billed")
        else:
            said.append(str(leg.coverage.status).replace("_", " "))
            if leg.coverage.chosen >= 0:
                conditions += leg.treatment.coverage[leg.coverage.chosen].conditions
            refused = leg.own.get(f"coverage.{leg.coverage.chosen}.authorization.refused")
            if refused is not None and not np.isnan(refused.values).any() and not refused.unknown.any():
                chance = float(refused.values.mean())
    return {
        "coverage": ", ".join(dict.fromkeys(said)),
        "conditions": "; ".join(dict.fromkeys(conditions)),
        "refused_chance": chance,
    }


def _costs(simulated: Simulated) -> dict[str, object]:
    """Return what the patient pays if the plan pays for all of it, and if it pays for nothing."""
    row: dict[str, object] = {}
    excluded = all(leg.coverage.status is Covered.EXCLUDED for leg in simulated.option.legs)
    for name, covered in (("cost_if_covered", True), ("cost_if_refused", False)):
        values = simulated.ledger_if(covered=covered).out_of_pocket
        ends = ("", "_mean", "_p05", "_p95")
        if np.isnan(values).any() or (covered and excluded):
            row |= {f"{name}{end}": _NONE for end in ends}
            continue
        low, middle, high = quantiles(values, (INTERVAL[0], 0.5, INTERVAL[1]))
        row |= dict(zip((f"{name}{end}" for end in ends), (middle, float(values.mean()), low, high), strict=True))
    return row


def _group(inputs: StudyInputs, name: str, row: Mapping[str, object]) -> Group:
    """Return where an option stands; a body's advice for this kind of pain goes before whom its trials took."""
    if name == inputs.study.usual_care:
        return Group.NOTHING
    treatment = inputs.options[name]
    if not isinstance(treatment, Treatment):
        return Group.MAY_HELP if row["gained_known"] == Known.STATED else Group.NOBODY_KNOWS
    advice, by = row["recommendation"], inputs.sources.get(str(row["recommended_by"]))
    whom = {kind for each in treatment.for_whom for kind in each.kinds}
    meant = not whom or inputs.kind in whom or inputs.kind is KindOfPain.NOT_SURE
    if advice == Direction.FOR and (meant or (by is not None and by.kind is SourceKind.PUBLICATION)):
        return Group.RECOMMENDED
    if advice == Direction.AGAINST or not meant:
        return Group.NOT_RECOMMENDED
    return Group.MAY_HELP if row["known"] == Known.STATED else Group.NOBODY_KNOWS


def _basis(inputs: StudyInputs, name: str, simulated: Simulated) -> str:
    return joined(_bases(inputs, name, simulated))


def _bases(inputs: StudyInputs, name: str, simulated: Simulated) -> Iterator[str]:
    for outcome in ("weeks_gained", "out_of_pocket"):
        for path in simulated.outcomes[outcome].needs:
            claims = inputs.quantity(name, path).claims
            yield from (str(basis_of(claims[index], inputs.sources)) for index in simulated.drawn[path].used)
