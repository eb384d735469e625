"""Several letters of one course: what each says alone, and what they come to under one deductible and one maximum."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from ..errors import ParameterFileError, Problem, did_you_mean
from ..exchange.lines import StatementLine
from ..inputs.parameter import Per, PriceItem
from ..inputs.plan import Plan
from ..inputs.treatment import Treatment
from .splits import Split, Visit, splits_of, visits_of
from .statement_inputs import card_of, counted_from, held, protected, settled

__all__ = ["Estimates", "Quoted", "estimates"]


@dataclass(frozen=True)
class Quoted:
    """A treatment's price as letters give it, USD: low is high where they agree; whose word, and of which days."""

    treatment: str
    item: str
    low: float
    high: float
    said: str


@dataclass(frozen=True)
class Estimates:
    """Letters added up.

    ``lines`` has a row a line in date order, USD: what the letter itself says is owed, what the terms
    give alone and together, what that saves and why; ``letters`` a row a letter. ``arises`` is the
    first row where alone and together part, None where they never do.
    """

    plan: Plan
    lines: pd.DataFrame
    letters: pd.DataFrame
    alone: float
    together: float
    arises: int | None
    quoted: tuple[Quoted, ...]
    notes: tuple[str, ...]


def estimates(
    letters: Sequence[Path | str],
    *,
    plan: str,
    patient: str | None = None,
    codes: Path | str | None = None,
    params: Path | str | None = None,
) -> Estimates:
    """Add up estimates that were each computed as if the others did not exist.

    Parameters
    ----------
    letters
        Tables (CSV) with the columns of statements, a file a letter or one with a column
        ``estimate``; or FHIR ExplanationOfBenefit, a resource a letter.
    plan, patient, codes, params
        As in :func:`calc.analysis.statement_inputs.held`.

    Raises
    ------
    ParameterFileError
        before anything is worked out, listing everything that is wrong.
    """
    given = held(letters, plan=plan, patient=patient, codes=codes, params=params, letters=True)
    given = protected(given)
    kept, notes = settled(given.lines)
    visits = visits_of(kept)
    problems = [
        Problem(visit.lines[0].where, "allowed", "what the plan allows is not given", "Write the estimated price.")
        for visit in visits
        if visit.allowed is None
    ]
    quoted = _quoted(kept, given.treatments, problems)
    if not visits:
        problems.append(Problem("the letters", "", "nothing remains: every line is taken back", "Add the others."))
    if problems:
        raise ParameterFileError(problems)
    given = counted_from(given, visits[0].day)
    card, ranges = card_of(given, visits[0].day, visits[-1].day)
    together = splits_of(card, visits)
    alone: dict[int, Split] = {}
    for letter in dict.fromkeys(_letter(visit) for visit in visits):
        mine = [visit for visit in visits if _letter(visit) == letter]
        alone |= dict(zip(map(id, mine), splits_of(card, mine), strict=True))
    rows = [_row(visit, alone[id(visit)], both) for visit, both in zip(visits, together, strict=True)]
    table = pd.DataFrame(rows)
    apart = [place for place, row in enumerate(rows) if row["saved"]]
    sums = table.groupby("estimate", sort=False)[["allowed", "alone", "together"]].sum().round(2)
    said = table.groupby("estimate", sort=False)["said"].agg(lambda each: each.sum(min_count=len(each)))
    first = table.groupby("estimate", sort=False)["date"].min()
    return Estimates(
        plan=given.plan,
        lines=table,
        letters=sums.assign(said=said, date=first).reset_index(),
        alone=round(float(table["alone"].sum()), 2),
        together=round(float(table["together"].sum()), 2),
        arises=apart[0] if apart else None,
        quoted=quoted,
        notes=(*given.notes, *notes, *ranges),
    )


def _letter(visit: Visit) -> str:
    return visit.lines[0].estimate


def _row(visit: Visit, alone: Split, together: Split) -> dict[str, object]:
    first = visit.lines[0]
    one, two = (round(each.owed + each.columns["balance_bill"], 2) for each in (alone, together))
    return {
        "estimate": first.estimate,
        "date": visit.day.isoformat(),
        "description": first.description or first.code,
        "category": str(visit.category),
        "allowed": visit.allowed,
        "said": visit.asked,
        "alone": one,
        "together": two,
        "saved": round(one - two, 2),
        "why": _why(alone, together),
    }


def _why(alone: Split, together: Split) -> str:
    """Return what the other letters have used up before this line."""
    one, two = alone.columns, together.columns
    if one == two:
        return ""
    if two["not_covered"] > one["not_covered"]:
        return "the visits that the plan covers are used up"
    used = []
    if two["deductible"] < one["deductible"]:
        used.append("the deductible is met" if two["deductible"] == 0 else "part of the deductible is met")
    if sum(two.values()) - two["plan_paid"] < sum(one.values()) - one["plan_paid"] and _at_most(together):
        used.append("the maximum is reached")
    return " and ".join(used) or "the limits are used otherwise"


def _at_most(split: Split) -> bool:
    return any(name.endswith("out_of_pocket_maximum") and left == 0.0 for name, left in split.left.items())


def _quoted(
    lines: Sequence[StatementLine], treatments: Mapping[str, Treatment], problems: list[Problem]
) -> tuple[Quoted, ...]:
    """Return the prices of treatments that letters quote; note lines that name none that there is."""
    found: dict[tuple[str, str], list[StatementLine]] = {}
    for line in (each for each in lines if each.treatment):
        treatment = treatments.get(line.treatment)
        if treatment is None:
            fix = did_you_mean(line.treatment, treatments)
            problems.append(Problem(line.where, "treatment", f"there is no treatment {line.treatment!r}", fix))
            continue
        item = line.item or _only(treatment.price, line)
        if item not in treatment.price:
            what = f"there is no price {item!r} of {line.treatment}" if item else "which price of the treatment is open"
            problems.append(Problem(line.where, "item", what, did_you_mean(item, treatment.price)))
            continue
        found.setdefault((line.treatment, item), []).append(line)
    return tuple(
        _price(treatments[treatment].price[item], treatment, item, mine) for (treatment, item), mine in found.items()
    )


def _only(price: Mapping[str, PriceItem], line: StatementLine) -> str:
    """Return the one item of a treatment that is billed under a line's benefit, empty where there is not just one."""
    alike = [name for name, item in price.items() if (item.category,) == line.categories]
    return alike[0] if len(alike) == 1 else ""


def _price(item: PriceItem, treatment: str, name: str, lines: Sequence[StatementLine]) -> Quoted:
    prices = [line.amounts["allowed"] or line.amounts["billed"] or 0.0 for line in lines]
    if item.per in (Per.ONCE, Per.COURSE):  # billed once, in whatever parts
        prices = [round(sum(prices), 2)]
    said = ", ".join(dict.fromkeys(f"{line.estimate} of {line.day.isoformat()}" for line in lines))
    return Quoted(treatment, name, min(prices), max(prices), f"Estimate {said}")
