"""What somebody entered: text by field → a checked state → the settings that it makes for one run."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, fields
from datetime import date
from types import MappingProxyType
from typing import Any

from ..errors import did_you_mean
from ..inputs.claim import Market
from ..inputs.load import Library
from ..inputs.plan import Plan
from ..inputs.study import Study
from ..units import WEEKS_PER_MONTH
from .reading import LONGEST, MONTHS, EntryError, date_in, day_of_year, dollars, months_in, pairs, percent

__all__ = ["FIELDS", "VIEW", "Entries", "State", "entered", "entries_of", "settings_of", "starting"]

#: the view that lies between guideline and clinic
VIEW = "between"

#: the fields of the page by name, in their order; each holds text
FIELDS = (
    "treatments",
    "plan",
    "deductible",
    "maximum",
    "coinsurance",
    "met_deductible",
    "met_maximum",
    "plan_year_start",
    "quotes",
    "budget",
    "by",
    "months",
    "belief",
    "week_value",
    "more",
)
Entries = Mapping[str, str]


@dataclass(frozen=True)
class State:
    """What was entered, checked; USD, shares of 1. None keeps what the plan's or patient's file says.

    ``quotes`` are USD by ``treatment.item``; ``belief`` is the share of worlds in which the clinic
    is right; ``more`` are other settings, by path.
    """

    treatments: tuple[str, ...]
    plan: str
    deductible: float | None = None
    maximum: float | None = None
    coinsurance: float | None = None
    met_deductible: float | None = None
    met_maximum: float | None = None
    plan_year_start: str | None = None
    quotes: tuple[tuple[str, float], ...] = ()
    budget: float | None = None
    by: date | None = None
    months: int = 24
    belief: float = 0.5
    week_value: float | None = None
    more: tuple[tuple[str, str], ...] = ()


def starting(study: Study) -> State:
    """Return the state that a study's own file describes, halfway between the sides."""
    months = round(study.weeks / WEEKS_PER_MONTH)
    return State(study.treatments, study.plan, by=study.by, months=min(max(months, MONTHS[0]), MONTHS[1]))


def entered(entries: Entries, library: Library, study: str, kept: State) -> tuple[State, Mapping[str, str]]:
    """Return the state that entries make, and what is wrong with them by field, in words.

    A field that is wrong stays as it is in ``kept``; one that is not among the entries is as the
    study's file has it. Names that are no fields are told under their own name.
    """
    own = library.studies[study]
    start, reading = starting(own), _readers(library, own)
    values: dict[str, Any] = {}
    problems = {}
    for name in FIELDS:
        text = entries.get(name)
        if text is None:
            values[name] = getattr(start, name)
            continue
        try:
            values[name] = reading[name](text.strip(), start)
        except EntryError as error:
            values[name], problems[name] = getattr(kept, name), str(error)
    problems |= {
        name: f"The page has no field {name!r}. {did_you_mean(name, FIELDS)}" for name in entries if name not in FIELDS
    }
    problems |= {name: words for name, words in _together(values, library, study) if name not in problems}
    for name in [name for name in problems if name in FIELDS]:
        values[name] = getattr(kept, name)
    return State(**values), MappingProxyType(problems)


def entries_of(state: State, study: Study) -> dict[str, str]:
    """Return the text of every field that is not as the study's file has it."""
    start = starting(study)
    return {
        each.name: _text(each.name, getattr(state, each.name))
        for each in fields(State)
        if getattr(state, each.name) != getattr(start, each.name)
    }


def settings_of(state: State, library: Library, study: str) -> dict[str, object]:
    """Return the state as settings by dotted path (:mod:`calc.inputs.settings`), few rather than many."""
    own, chosen = library.studies[study], library.plans[state.plan]
    found: dict[str, object] = dict(state.more)
    found |= {f"{path.replace('.', '.price.', 1)}": usd for path, usd in state.quotes}
    found |= {"study.views": [VIEW], "study.horizon": f"{state.months} months"}
    found |= {"view.weights.guideline": 1 - state.belief, "view.weights.clinic": state.belief}
    if state.treatments != own.treatments:
        found["study.treatments"] = list(state.treatments)
        if own.reference not in (*state.treatments, *own.pathways):
            found["study.reference"] = state.treatments[0]
        if own.usual_care is not None and own.usual_care not in (*state.treatments, *own.pathways):
            found["study.usual_care"] = None
    given = {
        "study.plan": state.plan if state.plan != own.plan else None,
        "study.by": state.by.isoformat() if state.by is not None and state.by != own.by else None,
        "plan.deductible": state.deductible,
        "plan.out_of_pocket_maximum": state.maximum,
        "patient.met.deductible": state.met_deductible,
        "patient.met.out_of_pocket": state.met_maximum,
        "patient.plan_year_start": state.plan_year_start,
        "patient.budget": state.budget,
        "study.value_of_week": state.week_value if own.value_of_week is not None else None,
    }
    found |= {path: value for path, value in given.items() if value is not None}
    if state.coinsurance is not None:
        shared = [name for name, benefit in chosen.benefits.items() if benefit.coinsurance is not None]
        found |= {f"plan.benefits.{name}.coinsurance": state.coinsurance for name in shared}
    return found


def _text(name: str, value: Any) -> str:
    if value is None:
        return ""
    if name == "treatments":
        return ",".join(value)
    if name in ("quotes", "more"):
        return "\n".join(f"{path}={each:.10g}" if name == "quotes" else f"{path}={each}" for path, each in value)
    if name in ("belief", "coinsurance"):
        return f"{100 * value:.10g}"
    return f"{value:.10g}" if isinstance(value, float) else str(value)


def _readers(library: Library, own: Study) -> Mapping[str, Callable[[str, State], Any]]:
    usd = dict.fromkeys(
        ("deductible", "maximum", "met_deductible", "met_maximum", "budget", "week_value"),
        lambda text, _: dollars(text) if text else None,
    )
    return {
        **usd,
        "treatments": lambda text, start: _treatments(text, start, library),
        "plan": lambda text, start: _plan(text or start.plan, library),
        "coinsurance": lambda text, _: percent(text) / 100 if text else None,
        "plan_year_start": lambda text, _: day_of_year(text) if text else None,
        "quotes": lambda text, _: tuple(_quotes(text, library, own)),
        "by": lambda text, start: date_in(text) if text else start.by,
        "months": lambda text, start: months_in(text) if text else start.months,
        "belief": lambda text, start: percent(text) / 100 if text else start.belief,
        "more": lambda text, _: tuple(pairs(text)),
    }


def _together(values: Mapping[str, Any], library: Library, study: str) -> Iterator[tuple[str, str]]:
    """Yield, by field, what does not fit the other fields."""
    own = library.studies[study]
    patient = library.patients[own.patient]
    yield from _of_plan(values, library.plans[values["plan"]])
    if values["week_value"] is not None and own.value_of_week is None:
        yield "week_value", "The study's file has no value_of_week that this could take the place of."
    maximum = patient.met.out_of_pocket if values["met_maximum"] is None else values["met_maximum"]
    if (values["met_deductible"] or 0.0) > maximum:
        words = "What was paid towards the deductible counts as out of pocket too: enter at least as much here."
        yield "met_maximum", words
    start = patient.decision_date
    if values["by"] is not None and values["by"] <= start:
        yield "by", f"This is not after the day of the decision, {start.isoformat()}. Give a later date."
    elif values["by"] is not None and (values["by"] - start).days > values["months"] * 7 * WEEKS_PER_MONTH + 1:
        yield (
            "by",
            f"This lies beyond the {values['months']} months looked ahead. Look further ahead, or choose sooner.",
        )


def _of_plan(values: Mapping[str, Any], plan: Plan) -> Iterator[tuple[str, str]]:
    """Yield the figures that the plan has no place for."""
    shares = [benefit.coinsurance for benefit in plan.benefits.values() if benefit.coinsurance is not None]
    for name, there, words in (
        ("deductible", plan.deductible, "deductible"),
        ("maximum", plan.out_of_pocket_maximum, "out-of-pocket maximum"),
        ("coinsurance", shares or None, "coinsurance"),
    ):
        if values[name] is not None and there is None:
            yield name, f"“{plan.label}” has no {words}. Choose another plan, or leave this empty."
    for name in ("met_deductible", "met_maximum"):
        if values[name] and plan.market is Market.CASH:
            yield name, f"Under “{plan.label}” nothing counts towards a limit. Leave this empty."


def _plan(text: str, library: Library) -> str:
    if text not in library.plans:
        raise EntryError(f"There is no plan {text[:40]!r}. {did_you_mean(text[:40], library.plans)}")
    return text


def _treatments(text: str, start: State, library: Library) -> tuple[str, ...]:
    names = tuple(dict.fromkeys(each.strip() for each in text[:LONGEST].split(",") if each.strip()))
    for name in names:
        if name not in library.treatments:
            raise EntryError(f"There is no treatment {name[:40]!r}. {did_you_mean(name[:40], library.treatments)}")
    if not names:
        raise EntryError("Choose at least one treatment.")
    order = (*start.treatments, *library.treatments)
    return tuple(sorted(names, key=order.index))


def _quotes(text: str, library: Library, own: Study) -> Iterator[tuple[str, float]]:
    known = {f"{name}.{item}" for name in own.treatments for item in library.treatments[name].price}
    found: dict[str, float] = {}
    for path, value in pairs(text):
        if path not in known:
            raise EntryError(f"There is no price {path[:60]!r}. {did_you_mean(path[:60], known)}")
        found[path] = dollars(value)
    yield from sorted(found.items())
