"""What to ask before deciding: the unknowns and open prices of this very comparison, as questions."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import pandas as pd

from ..analysis.compare import Result
from ..analysis.evidence import parameters
from ..inputs.claim import Market
from .format import interval, money, records

__all__ = ["COLUMNS", "questions"]

COLUMNS = ("Whom to ask", "Question", "Why it matters here")

#: by the last part of a parameter's name: what to ask where nobody states it
_ASKED = {
    "response": "Of 100 patients like me, how many have less pain afterwards, how much less, and who counted?",
    "onset": "When would I notice the effect, and when should I conclude that there is none?",
    "relief": "How long does the relief last, and how long did anybody watch the patients of whom you say so?",
    "downtime": "How many days of recovery and off work should I plan for?",
}
_CLINIC, _INSURER = "The clinic", "The insurer"


def questions(result: Result) -> pd.DataFrame:
    """Return the questions, the insurer's first: a row a question, with the columns :data:`COLUMNS`."""
    rows = [*_coverage(result), *_card(result), *_prices(result), *_gaps(result)]
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _coverage(result: Result) -> Iterable[Sequence[str]]:
    """Ask about every treatment whose coverage is open under this plan."""
    if result.inputs.plan.market is Market.CASH:
        return
    table = parameters(result.inputs, result.views, only="coverage")
    table = table[table["parameter"].str.fullmatch(r"\w+\.coverage")]
    sure = (table["known"] == "stated") & ((table["p05"] > 0.99) | (table["p95"] < 0.01))
    names = list(dict.fromkeys(path.split(".")[0] for path in table[~sure]["parameter"]))
    if names:
        costs = "; ".join(f"{_labels(result, [name])}: {_cost(result, name)}" for name in names)
        yield (
            _INSURER,
            "Is the treatment that I think of covered under my plan, on what conditions, with prior authorization, how "
            "many times a year? Please answer in writing.",
            f"No source settles it for these; both cases are in what you may pay. {costs[0].upper()}{costs[1:]}.",
        )


def _card(result: Result) -> Iterable[Sequence[str]]:
    """Ask how much of the plan year's limits is already used."""
    plan, met = result.inputs.plan, result.inputs.patient.met
    if plan.deductible is None and plan.out_of_pocket_maximum is None:
        return
    yield (
        _INSURER,
        "How much have I already paid this plan year towards the deductible and towards the out-of-pocket maximum, and "
        "when does the plan year end?",
        f"The comparison assumes {money(met.deductible)} and {money(met.out_of_pocket)}; nobody pays it twice.",
    )


def _prices(result: Result) -> Iterable[Sequence[str]]:
    """Ask what a price holds where its source can be read in several ways, and for prices nobody states."""
    for treatment, rows in result.bills.groupby("treatment", sort=False):
        readings = rows.drop_duplicates("bill")
        stated = [row for row in records(readings) if row["known"] == "stated"]
        ends = "; ".join(f"{str(row['bill']).replace('_', ' ')}: {interval({**row, 'unit': 'USD'})}" for row in stated)
        yield (
            _CLINIC,
            f"{_label(result, str(treatment))}: is the price for one session or for the whole treatment, and what is "
            "in it? Please give a written estimate of every part.",
            f"The price can be read in {len(readings)} ways" + (f" ({ends})." if ends else "."),
        )
    table = result.comparison
    unpriced = table[(table["outcome"] == "out_of_pocket") & (table["known"] != "stated")]
    names = [name for name in dict.fromkeys(unpriced["treatment"]) if name not in set(result.bills["treatment"])]
    if names:
        yield (
            _CLINIC,
            "What is the price of every part, in writing, and which code do you bill?",
            f"Your cost is open for: {_labels(result, names)}.",
        )


def _gaps(result: Result) -> Iterable[Sequence[str]]:
    """Ask for what no source believed states, one question a quantity."""
    quantity = result.unknowns["parameter"].str.split(".").str[-1]
    for name, asked in _ASKED.items():
        missing = list(dict.fromkeys(result.unknowns[quantity == name]["treatment"]))
        if missing:
            yield _CLINIC, asked, f"No figure that could be believed was found for: {_labels(result, missing)}."


def _label(result: Result, treatment: str) -> str:
    table = result.comparison
    return str(table[table["treatment"] == treatment]["label"].iloc[0])


def _labels(result: Result, treatments: Iterable[Any]) -> str:
    labels = (_label(result, str(name)) for name in treatments)
    return ", ".join(label if label[1:2].isupper() else label[0].lower() + label[1:] for label in labels)


def _cost(result: Result, treatment: str) -> str:
    """Return what a treatment costs in each view, once where all say the same."""
    table = result.comparison
    rows = records(table[(table["treatment"] == treatment) & (table["outcome"] == "out_of_pocket")])
    said = {result.inputs.views[row["view"]].short: interval(row) for row in rows}
    if len(set(said.values())) == 1:
        return next(iter(said.values()))
    return "; ".join(f"{text} ({short})" for short, text in said.items())
