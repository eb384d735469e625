"""The fields of the page, one record each: how a field is named, read, stored, told and shown.

What the page asks stands here and nowhere else; :mod:`calc.explore.boxes` makes widgets of it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Mapping

from ..errors import did_you_mean
from ..inputs.parameter import Per, PriceItem
from ..inputs.readings.exact import Exact
from ..inputs.study import Study
from ..units import WEEKS_PER_MONTH
from .field import COVERED, VIEW, Choices, Field, Part, Place, State
from .reading import (
    LONGEST,
    MONTHS,
    EntryError,
    date_in,
    day_of_year,
    dollars,
    dollars_each,
    months_in,
    pairs,
    percent,
)

__all__ = ["FIELDS", "PARTS", "often"]

PAIN = Part("Your pain")
TREATMENTS = Part("Which options", "Doing nothing is always shown beside them.")
PLAN = Part("Your plan", "What is empty is as the plan chosen has it.")
COVERAGE = Part("Does your plan cover it?", "If the insurer has told you. Else the plan’s own terms hold.")
QUOTES = Part("Quotes you received", "Such as 8,500, or 8,500 for two injections.")
DATES = Part("A date that matters")
BUDGET = Part("Your budget")
BELIEF = Part("Whom to believe", "0: the guidelines are right. 100: the clinic is.", expert=True)
WORTH = Part("What a week of relief is worth to you", expert=True)
RELIEF = Part("What counts as relief", expert=True)
MORE = Part("Any other number", "A path, an equals sign, a value; one a line.", expert=True)
#: from top to bottom
PARTS = (PAIN, TREATMENTS, PLAN, COVERAGE, QUOTES, DATES, BUDGET, BELIEF, WORTH, RELIEF, MORE)


def _set(path: str, name: str) -> Callable[[State, Place], Mapping[str, object]]:
    """Return what sets one path, where the field has a value."""

    def settings(state: State, _place: Place) -> Mapping[str, object]:
        value = getattr(state, name)
        return {} if value is None else {path: value}

    return settings


def _usd(name: str, title: str, label: str, help_: str, part: Part, path: str, *, told: str = "") -> Field:
    """Return the field of an amount that one path takes."""
    return Field(
        name,
        title,
        label,
        help_,
        part,
        read=lambda text, _: dollars(text),
        settings=_set(path, name),
        told=told or path,
        path=re.escape(path),
        scale=1,
    )


def _treatments(text: str, place: Place) -> tuple[str, ...]:
    library = place.library
    names = tuple(dict.fromkeys(each.strip() for each in text[:LONGEST].split(",") if each.strip()))
    for name in names:
        if name not in library.treatments:
            raise EntryError(f"There is no treatment {name[:40]!r}. {did_you_mean(name[:40], library.treatments)}")
    usual = place.own.usual_care
    if not set(names) - {usual}:
        raise EntryError("Choose at least one treatment.")
    if usual is not None and usual in library.treatments:
        names = tuple(dict.fromkeys([usual, *names]))
    order = (*place.own.treatments, *library.treatments)
    return tuple(sorted(names, key=order.index))


def _compared(state: State, place: Place) -> Mapping[str, object]:
    own = place.own
    if state.treatments == own.treatments:
        return {}
    return {"study.treatments": list(state.treatments)}


def _one_of(text: str, known: Collection[str], what: str) -> str:
    if text not in known:
        raise EntryError(f"There is no {what} {text[:40]!r}. {did_you_mean(text[:40], known)}")
    return text


def _kinds(place: Place) -> Choices:
    condition = place.condition
    words = {str(kind): each.answer for kind, each in condition.kinds.items()}
    return Choices(words, str(place.patient.kind_of_pain), condition.question)


def _plans(place: Place) -> Choices:
    return Choices({name: each.label for name, each in place.library.plans.items()}, place.own.plan)


def _definitions(place: Place) -> Choices:
    condition = place.condition
    words = {name: each.label for name, each in condition.relief.items()}
    return Choices(words, place.own.relief or condition.relief_default)


def _shared(state: State, place: Place) -> Mapping[str, object]:
    if state.coinsurance is None:
        return {}
    benefits = place.library.plans[state.plan].benefits
    shared = [name for name, benefit in benefits.items() if benefit.coinsurance is not None]
    return {f"plan.benefits.{name}.coinsurance": state.coinsurance for name in shared}


def _quotes(text: str, place: Place) -> tuple[tuple[str, float], ...]:
    treatments = place.library.treatments
    known = {
        f"{name}.{item}": each.per not in (Per.ONCE, Per.COURSE)
        for name in place.own.treatments
        for item, each in treatments[name].price.items()
    }
    return pairs(text, lambda path, value: dollars_each(value, several=known[_one_of(path, known, "price")]))


def _answers(text: str, place: Place) -> tuple[tuple[str, str], ...]:
    def read(name: str, value: str) -> str:
        _one_of(name, place.offered, "treatment")
        return _one_of(value, COVERED, "answer")

    return pairs(text, read)


def _worth(study: Study) -> str:
    reading = study.value_of_week.claims[0].reading if study.value_of_week is not None else None
    return f"{reading.value:.10g}" if isinstance(reading, Exact) else ""


def _as_lines(pairs_: Iterable[tuple[str, str]]) -> str:
    return "\n".join(f"{name}={value}" for name, value in pairs_)


def often(item: PriceItem) -> str:
    """Return in words how often a price is billed."""
    return "once" if item.per is Per.ONCE else f"per {item.per}"


def _share(value: float) -> str:
    return f"{100 * value:.10g}"


_PAID = "this plan year, 0 if nothing"

#: by name, in the order in which the address carries them
FIELDS: Mapping[str, Field] = {
    field.name: field
    for field in (
        Field(
            "kind",
            "Kind of pain",
            "Does the pain go into the leg?",
            "",
            PAIN,
            read=lambda text, place: _one_of(text, _kinds(place).words, "kind of pain"),
            settings=_set("patient.kind_of_pain", "kind"),
            write=str,
            widget="radio",
            choices=_kinds,
            told="patient.kind_of_pain",
            path=r"patient\.kind_of_pain",
        ),
        Field(
            "treatments",
            "Treatments",
            "Treatments",
            "",
            TREATMENTS,
            read=_treatments,
            settings=_compared,
            write=",".join,
            start=lambda study: study.treatments,
            widget="checks",
            told="study.treatments",
            in_study=lambda study: ",".join(study.treatments),
            needed=True,
        ),
        Field(
            "plan",
            "Plan",
            "Plan",
            "",
            PLAN,
            read=lambda text, place: _one_of(text, place.library.plans, "plan"),
            settings=lambda state, place: {"study.plan": state.plan} if state.plan != place.own.plan else {},
            write=str,
            start=lambda study: study.plan,
            widget="choice",
            choices=_plans,
            told="study.plan",
            in_study=lambda study: study.plan,
        ),
        _usd("deductible", "Deductible", "Deductible, $", "as the plan has it", PLAN, "plan.deductible"),
        _usd(
            "maximum",
            "Out-of-pocket maximum",
            "Most you pay in a year, $",
            "as the plan has it",
            PLAN,
            "plan.out_of_pocket_maximum",
        ),
        Field(
            "coinsurance",
            "Coinsurance",
            "Coinsurance, %",
            "as the plan has it",
            PLAN,
            read=lambda text, _: percent(text) / 100,
            settings=_shared,
            write=_share,
            told="plan.benefits",
            path=r"plan\.benefits\.\w+\.coinsurance",
            scale=100,
        ),
        _usd(
            "met_deductible",
            "Paid towards the deductible",
            "Paid towards the deductible, $",
            _PAID,
            PLAN,
            "patient.met.deductible",
        ),
        _usd(
            "met_maximum",
            "Paid out of pocket",
            "Paid out of pocket, $",
            _PAID,
            PLAN,
            "patient.met.out_of_pocket",
            told="patient.met",
        ),
        Field(
            "plan_year_start",
            "Plan year begins",
            "Plan year begins",
            "such as January 1",
            PLAN,
            read=lambda text, _: day_of_year(text),
            settings=_set("patient.plan_year_start", "plan_year_start"),
            write=str,
            told="patient.plan_year_start",
            path=r"patient\.plan_year_start",
        ),
        Field(
            "coverage",
            "The insurer’s answer",
            "Is it covered?",
            "",
            COVERAGE,
            read=_answers,
            settings=lambda state, _: {f"{name}.coverage": said for name, said in state.coverage},
            write=_as_lines,
            start=lambda _: (),
            widget="answers",
        ),
        Field(
            "quotes",
            "Quotes",
            "You were quoted, $",
            "for this price",
            QUOTES,
            read=_quotes,
            settings=lambda state, _: {path.replace(".", ".price.", 1): usd for path, usd in state.quotes},
            write=lambda quotes: _as_lines((path, f"{usd:.10g}") for path, usd in quotes),
            start=lambda _: (),
            widget="prices",
        ),
        Field(
            "by",
            "Deadline",
            "In relief on",
            "June 12, 2027 or 6/12/2027",
            DATES,
            read=lambda text, place: date_in(text, place.patient.decision_date),
            settings=lambda state, place: (
                {"study.by": state.by.isoformat()} if state.by is not None and state.by != place.own.by else {}
            ),
            write=str,
            start=lambda study: study.by,
            told="study.by",
            in_study=lambda study: study.by.isoformat() if study.by is not None else "",
        ),
        Field(
            "decision",
            "Day of the decision",
            "You decide on",
            "as the patient’s file has it",
            DATES,
            read=lambda text, place: date_in(text, place.patient.decision_date),
            settings=lambda state, _: (
                {"patient.decision_date": state.decision.isoformat()} if state.decision is not None else {}
            ),
            write=str,
            told="patient.decision_date",
            path=r"patient\.decision_date",
        ),
        Field(
            "months",
            "Months looked ahead",
            "Months to look ahead",
            "1 to 60",
            DATES,
            read=lambda text, _: months_in(text),
            settings=lambda state, _: {"study.horizon": f"{state.months} months"},
            write=str,
            start=lambda study: min(max(round(study.weeks / WEEKS_PER_MONTH), MONTHS[0]), MONTHS[1]),
            told="study.horizon",
            in_study=lambda study: f"{study.weeks / WEEKS_PER_MONTH:.0f}",
            slider=(*MONTHS, 1),
            stands=True,
        ),
        _usd("budget", "Budget", "Budget, $", "the most you can pay", BUDGET, "patient.budget"),
        Field(
            "belief",
            "Belief in the clinic",
            "Belief in the clinic, %",
            "0: guidelines; 100: the clinic",
            BELIEF,
            read=lambda text, _: percent(text) / 100,
            settings=lambda state, _: {
                "study.views": [VIEW],
                "view.weights.guideline": 1 - state.belief,
                "view.weights.clinic": state.belief,
            },
            write=_share,
            start=lambda _: 0.5,
            path=r"view\.weights\.clinic",
            scale=100,
            slider=(0, 100, 5),
            stands=True,
        ),
        Field(
            "week_value",
            "Value of a week of relief",
            "A week of relief is worth, $",
            "what you would pay for one",
            WORTH,
            read=lambda text, _: dollars(text),
            settings=lambda state, place: (
                {"study.value_of_week": state.week_value}
                if state.week_value is not None and place.own.value_of_week is not None
                else {}
            ),
            told="study.value_of_week",
            in_study=_worth,
            slider=(0, 500, 10),
        ),
        Field(
            "relief",
            "What counts as relief",
            "Relief means",
            "",
            RELIEF,
            read=lambda text, place: _one_of(text, place.condition.relief, "definition of relief"),
            settings=lambda state, place: {"study.relief": state.relief} if state.relief != place.own.relief else {},
            write=str,
            start=lambda study: study.relief,
            widget="radio",
            choices=_definitions,
            told="study.relief",
            in_study=lambda study: study.relief or "",
        ),
        Field(
            "more",
            "Other numbers",
            "Other numbers",
            "facet_nerve_ablation.relief=30",
            MORE,
            read=lambda text, _: pairs(text, lambda _, value: value),
            settings=lambda state, _: dict(state.more),
            write=_as_lines,
            start=lambda _: (),
            widget="lines",
        ),
    )
}
