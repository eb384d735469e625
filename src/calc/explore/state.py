"""What somebody entered: text by field → a checked state → settings for one run, and the address of the page."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any
from urllib.parse import parse_qsl, urlencode

from ..errors import did_you_mean
from ..inputs.claim import Market
from ..inputs.plan import Plan
from ..inputs.study import Study
from ..units import WEEKS_PER_MONTH
from .field import Place, State
from .fields import FIELDS
from .reading import EntryError, month_day

__all__ = ["Entries", "entered", "entries_in", "entries_of", "query_of", "settings_of", "starting"]

Entries = Mapping[str, str]

#: characters that are read of an address, and what it may hold beside the fields of the page
_MOST, _OTHERS = 8_000, ("token",)


def starting(study: Study) -> State:
    """Return the state that a study's own file describes, halfway between the sides."""
    return State(**{name: field.start(study) for name, field in FIELDS.items()})


def entered(entries: Entries, place: Place, kept: State) -> tuple[State, Mapping[str, str]]:
    """Return the state that entries make, and what is wrong with them by field, in words.

    A field that is wrong stays as it is in ``kept``, but of several lines those that are right are taken; one that is
    not among the entries is as the study's file has it. Names that are no fields are told under their own name.
    """
    values: dict[str, Any] = {}
    problems = {}
    for name, field in FIELDS.items():
        text = entries[name].strip() if name in entries else None
        if not text and not (field.needed and text is not None):
            values[name] = field.start(place.own)
            continue
        try:
            values[name] = field.read(text or "", place)
        except EntryError as error:
            values[name] = getattr(kept, name) if error.right is None else error.right
            problems[name] = str(error)
    problems |= {
        name: f"The page has no field {name!r}. {did_you_mean(name, FIELDS)}" for name in entries if name not in FIELDS
    }
    unfit = {name: words for name, words in _together(values, place) if name not in problems}
    values |= {name: getattr(kept, name) for name in unfit}
    return State(**values), MappingProxyType(problems | unfit)


def entries_of(state: State, study: Study) -> dict[str, str]:
    """Return the text of every field that is not as the study's file has it."""
    start = starting(study)
    return {
        name: field.text(getattr(state, name))
        for name, field in FIELDS.items()
        if getattr(state, name) != getattr(start, name)
    }


def settings_of(state: State, place: Place) -> dict[str, object]:
    """Return the state as settings by dotted path (:mod:`calc.inputs.settings`), few rather than many."""
    found: dict[str, object] = {}
    for field in reversed(list(FIELDS.values())):  # the other numbers first: a field of its own counts more
        found |= field.settings(state, place)
    return found


def query_of(entries: Entries) -> str:
    """Return entries as the query of an address, without its question mark; empty if nothing was entered."""
    return urlencode([(name, entries[name]) for name in FIELDS if name in entries])


def entries_in(query: str) -> dict[str, str]:
    """Return the entries that the query of an address holds; of a name given twice the last counts."""
    pairs = parse_qsl(query.removeprefix("?")[:_MOST], keep_blank_values=True, max_num_fields=None)
    return {name: value for name, value in pairs if name not in _OTHERS}


def _together(values: Mapping[str, Any], place: Place) -> Iterator[tuple[str, str]]:
    """Yield, by field, what does not fit the other fields."""
    own, library = place.own, place.library
    patient = place.patient
    yield from _of_plan(values, library.plans[values["plan"]])
    if values["week_value"] is not None and own.value_of_week is None:
        yield "week_value", "The study's file has no value_of_week that this could take the place of."
    maximum = patient.met.out_of_pocket if values["met_maximum"] is None else values["met_maximum"]
    if (values["met_deductible"] or 0.0) > maximum:
        words = "What was paid towards the deductible counts as out of pocket too: enter at least as much here."
        yield "met_maximum", words
    start = values["decision"] or patient.decision_date
    if values["by"] is not None and values["by"] <= start:
        yield "by", f"This is not after the day of the decision, {month_day(start)}. Give a later date."
    elif values["by"] is not None and (values["by"] - start).days > values["months"] * 7 * WEEKS_PER_MONTH + 1:
        yield (
            "by",
            f"This lies beyond the {values['months']} months looked ahead. Look further ahead, or choose sooner.",
        )


def _of_plan(values: Mapping[str, Any], plan: Plan) -> Iterator[tuple[str, str]]:
    """Yield the figures that the plan has no place for."""
    shares = [benefit.coinsurance for benefit in plan.benefits.values() if benefit.coinsurance is not None]
    for name, there in (
        ("deductible", plan.deductible),
        ("maximum", plan.out_of_pocket_maximum),
        ("coinsurance", shares or None),
    ):
        if values[name] is not None and there is None:
            words = FIELDS[name].title.lower()
            yield name, f"“{plan.label}” has no {words}. Choose another plan, or leave this empty."
    for name in ("met_deductible", "met_maximum"):
        if values[name] and plan.market is Market.CASH:
            yield name, f"Under “{plan.label}” nothing counts towards a limit. Leave this empty."
    if values["coverage"] and plan.market is Market.CASH:
        yield "coverage", f"Under “{plan.label}” you pay everything yourself. Choose your plan, or leave this empty."
