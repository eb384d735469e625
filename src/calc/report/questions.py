"""What to ask before deciding: what is open in this very comparison, as questions in plain words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from ..analysis.compare import Result
from ..inputs.claim import Market
from .facts import Cells, Fact, Label, Sentence, Statistic, joined, plain, sure
from .format import records
from .screen_words import lower

__all__ = ["COLUMNS", "Question", "asked", "five", "questions"]

COLUMNS = ("Whom to ask", "Question", "Why it matters here")
_CLINIC, _INSURER = "The clinic", "The insurer"

_COVERED = "Will my plan pay for what I have in mind? What must I do first? How many a year? Please write it down."
_USED = "How much of my deductible have I paid? How much of my yearly limit? When does my plan year start over?"
_PRICE = "Is the price for one visit or for all of them? What is in it? Please list each part with its code and price."
_EFFECT = "Of 100 people with my pain, how many got better with it? How many with a sham, or with nothing? Who counted?"
_HARM = "What may go wrong? How often? What would you do then?"
_WAIT = "What happens if I wait three months and stay active?"
_CASH = "Is there a lower price if I pay cash at once?"
#: by the last part of a parameter's name: what to ask where nobody states it
_ASKED = {
    "effect": _EFFECT,
    "onset": "When should I feel that it works? When should I give it up?",
    "relief": "How long does the relief last? For how long did anybody watch?",
    "downtime": "How many days will I need to recover?",
    "desk": "When can I be back at my desk?",
    "physical": "When can I do hard work again?",
}
_FIVE = (_COVERED, _USED, _PRICE, _EFFECT, _HARM, _WAIT, _CASH)


@dataclass(frozen=True)
class Question:
    """One question: whom to ask, what, and why it matters here."""

    whom: str
    ask: str
    why: Sentence


def questions(result: Result) -> pd.DataFrame:
    """Return the questions, the insurer's first: a row a question, with the columns :data:`COLUMNS`."""
    rows = [(each.whom, each.ask, plain(each.why)) for each in asked(result)]
    return pd.DataFrame(rows, columns=list(COLUMNS))


def asked(result: Result) -> Sequence[Question]:
    """Return the questions, the most telling first for each of those whom to ask."""
    cells = Cells(result)
    return [*_coverage(cells), *_card(result), *_prices(cells), *_gaps(result), *_harms(result)]


def five(result: Result) -> Sequence[Question]:
    """Return the five that matter most, for a conversation of ten minutes."""
    found = {each.ask: each for each in asked(result)}
    stock = {ask: Question(_CLINIC, ask, ()) for ask in (_PRICE, _EFFECT, _HARM, _WAIT, _CASH)}
    return [(stock | found)[ask] for ask in _FIVE if ask in (stock | found)][:5]


def _coverage(cells: Cells) -> Iterator[Question]:
    """Ask about every treatment whose coverage is open under this plan."""
    result = cells.result
    if result.inputs.plan.market is Market.CASH:
        return
    first = next(iter(result.views))
    unsure = [cells.count("effects", "coverage", each, view=first) for each in ("on conditions", "not known")]
    if any(each.value for each in unsure):
        told = joined([(each,) for each in unsure if each.value])
        yield Question(_INSURER, _COVERED, ("Your plan may say yes or no to ", *told, " here."))


def _card(result: Result) -> Iterator[Question]:
    """Ask how much of the plan year's limits is already used."""
    plan, met = result.inputs.plan, result.inputs.patient.met
    if plan.deductible is None and plan.out_of_pocket_maximum is None:
        return
    used = [
        Fact(float(getattr(met, column)), "patient.met", (), column, Statistic.GIVEN, "USD")
        for column in ("deductible", "out_of_pocket")
    ]
    why: Sentence = ("We took ", used[0], " and ", used[1], " as paid. What you have paid, you do not pay twice.")
    yield Question(_INSURER, _USED, why)


def _prices(cells: Cells) -> Iterator[Question]:
    """Ask what a price holds where its source can be read in several ways, and for prices nobody states."""
    result = cells.result
    for treatment, rows in result.bills.groupby("treatment", sort=False):
        read: list[Sentence] = []
        for row in records(rows.drop_duplicates("bill")):
            key = {name: str(row[name]) for name in ("view", "treatment", "bill")}
            spread = cells.spread("bills", ("p50", "p05", "p95"), **key)
            if sure(spread.middle):
                read.append((Label(key["bill"].replace("_", " ")), ": ", spread))
        label = _labels(result, [treatment])
        why: Sentence = ("The price of ", *label, " can be read in more than one way: ", *joined(read, "; ", "; "), ".")
        yield Question(_CLINIC, _PRICE, why)
    table = result.comparison
    unpriced = table[(table["outcome"] == "out_of_pocket") & (table["known"] != "stated")]
    names = [name for name in dict.fromkeys(unpriced["treatment"]) if name not in set(result.bills["treatment"])]
    if names:
        yield Question(_CLINIC, _PRICE, ("No source has a full price for: ", *_labels(result, names), "."))
    elif result.bills.empty:
        yield Question(_CLINIC, _PRICE, ("A written price may be far from the middle of the prices found.",))


def _gaps(result: Result) -> Iterator[Question]:
    """Ask for what no source believed states, one question a quantity."""
    quantity = result.unknowns["parameter"].str.split(".").str[-1]
    for name, ask in _ASKED.items():
        missing = list(dict.fromkeys(result.unknowns[quantity == name]["treatment"]))
        if missing:
            yield Question(_CLINIC, ask, ("No source has a number for: ", *_labels(result, missing), "."))


def _harms(result: Result) -> Iterator[Question]:
    """Ask for harms that no source counts."""
    usual = result.inputs.study.usual_care
    names = [name for name in result.inputs.treatments if name != usual and name not in set(result.harms["treatment"])]
    if names:
        yield Question(_CLINIC, _HARM, ("No source counts the harms of: ", *_labels(result, names), "."))


def _labels(result: Result, treatments: Iterable[Any]) -> Sentence:
    return joined([(Label(lower(result.inputs.options[str(name)].short)),) for name in treatments])
