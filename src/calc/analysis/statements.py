"""Statements beside a plan's terms: which line differs first, why, and what later lines owe to it.

Lines are netted, joined to visits and taken in date order. Beside the chain that the terms give run
others: what is left of the limits as the printed amounts move them, and as a fault that was found
would move them. A later visit that is right in one of those follows from the fault; only one that is
right in none is a fault of its own.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import pandas as pd

from ..errors import ParameterFileError, Problem
from ..exchange.lines import AMOUNTS, StatementLine
from ..inputs.patient import Met, Tier
from ..inputs.plan import FamilyRule, Plan
from .explanations import Case, Explanation, Kind, explained
from .splits import Card, Left, Split, Visit, agrees, differing, moved, visits_of
from .statement_inputs import Held, card_of, counted_from, held, protected, settled

__all__ = ["BillCheck", "Difference", "check_bill", "check_held"]


@dataclass(frozen=True)
class Difference:
    """A visit whose printed amounts are not what the terms give.

    ``right`` is what they give, None where the allowed amount is not printed. ``explanations`` say
    what it looks like, the first by name; ``columns`` are the printed amounts that differ. Where it
    ``follows`` from an earlier difference, counted from 0, it has no explanation of its own.
    """

    visit: Visit
    right: Split | None
    explanations: tuple[Explanation, ...]
    columns: tuple[str, ...]
    follows: int | None = None

    @property
    def kind(self) -> Kind | None:
        """What it looks like, None where it follows from another."""
        return self.explanations[0].kind if self.explanations else None

    @property
    def lines(self) -> tuple[StatementLine, ...]:
        """The lines of the visit that print something which differs; all of them where no one line does."""
        found = tuple(line for line in self.visit.lines if any(line.amounts[name] for name in self.columns))
        return found or self.visit.lines

    @property
    def excess(self) -> float | None:
        """How much more than the terms give is asked of the patient, USD; below 0 in the patient's favor."""
        asked = self.visit.asked
        return None if self.right is None or asked is None else round(asked - self.right.owed, 2)


@dataclass(frozen=True)
class BillCheck:
    """Statements checked: a row a visit in date order, and what differs.

    The rows end with what the terms leave of each limit after the visit, USD; ``met`` is what counts
    towards the limits in the plan year of the last one.
    """

    plan: Plan
    lines: pd.DataFrame
    differences: tuple[Difference, ...]
    met: Met
    notes: tuple[str, ...]

    @property
    def faults(self) -> tuple[Difference, ...]:
        """The differences that follow from no other."""
        return tuple(each for each in self.differences if each.follows is None)

    def owed_to(self, fault: Difference) -> tuple[Difference, ...]:
        """Return the differences that follow from one."""
        place = self.differences.index(fault)
        return tuple(each for each in self.differences if each.follows == place)


def check_bill(
    statements: Sequence[Path | str],
    *,
    plan: str,
    patient: str | None = None,
    codes: Path | str | None = None,
    params: Path | str | None = None,
) -> BillCheck:
    """Set each line of somebody's statements beside what their plan's terms give.

    Parameters
    ----------
    statements, plan, patient, codes, params
        As in :func:`calc.analysis.statement_inputs.held`.

    Raises
    ------
    ParameterFileError
        before anything is worked out, listing everything that is wrong with plan, patient and files.
    """
    return check_held(held(statements, plan=plan, patient=patient, codes=codes, params=params))


def check_held(given: Held) -> BillCheck:
    """Set what was read beside the plan's terms (see :func:`check_bill`).

    Raises
    ------
    ParameterFileError
        if what is taken back is not there, or the plan needs to know of a stay what is not given.
    """
    given = protected(given)
    kept, more = settled(given.lines)
    visits = visits_of(kept)
    if not visits:
        problem = Problem("the statements", "", "nothing remains: every line is taken back", "Add the others.")
        raise ParameterFileError([problem])
    first, last = visits[0].day, visits[-1].day
    given = counted_from(given, first)
    plan = given.plan
    card, ranges = card_of(given, first, last)
    _check_stays(card, visits)
    walk = _Walk(card, _tiers(given, card, first, last))
    for visit in visits:
        walk.take(visit)
    notes = [*given.notes, *more, *ranges]
    if years := sorted({visit.day.year for visit in visits} - {plan.year}):
        notes.append(f"The plan is of {plan.year}; what is of {', '.join(map(str, years))} is split by the same terms.")
    met = _met(card, walk.right.left)
    return BillCheck(plan, pd.DataFrame(walk.rows), tuple(walk.found), met, tuple(notes))


def _tiers(given: Held, card: Card, first: date, last: date) -> Mapping[str, Card]:
    """Return the terms by other limits than the patient's tier of coverage has, by whose limits they are."""
    plan = given.plan
    if plan.family is None:
        return {}
    whole = plan.model_copy(update={"family": plan.family.model_copy(update={"rule": FamilyRule.AGGREGATE})})
    others = {
        "the whole family's limits": card_of(replace(given, plan=whole), first, last, tier=Tier.FAMILY)[0],
        "one person's limits": card_of(given, first, last, tier=Tier.INDIVIDUAL)[0],
    }
    return {words: each for words, each in others.items() if each.fresh != card.fresh}


def _check_stays(card: Card, visits: Sequence[Visit]) -> None:
    """Raise for visits that the plan charges by the day and that give no days."""
    problems = []
    for visit in visits:
        sharing = card.sharing(visit)
        if sharing is not None and sharing.per_day and visit.lines[0].days is None and not visit.refused:
            what = f"the plan charges {visit.category} by the day"
            problems.append(Problem(visit.lines[0].where, "days", what, "Give the days."))
    if problems:
        raise ParameterFileError(problems)


@dataclass
class _Chain:
    """What is left of each limit, and the visits that were counted, in one account of what happened."""

    left: Left
    counted: list[Visit]


class _Walk:
    """Visits taken in turn, under the terms and in every other account of what happened."""

    def __init__(self, card: Card, tiers: Mapping[str, Card]) -> None:
        self.card, self.tiers = card, tiers
        self.right = _Chain(card.first, [])
        self.printed = _Chain(card.first, [])
        #: as each fault that was found would have it
        self.faulty: list[_Chain] = []
        #: by what may be said of it: as if a plan year had begun with the calendar's, or the last one still ran
        self.years: dict[str, _Chain] = {}
        self.day: date | None = None
        self.fault = 0
        self.rows: list[dict[str, object]] = []
        self.found: list[Difference] = []

    def take(self, visit: Visit) -> None:
        """Split the next visit under the terms, and keep what differs."""
        self._turn_years(visit.day)
        years = {words: (chain.left, tuple(chain.counted)) for words, chain in self.years.items()}
        case = Case(self.card, visit, self.right.left, tuple(self.right.counted), years, self.tiers)
        unknown = visit.allowed is None and case.right.columns["not_covered"] == 0.0
        right = None if unknown else case.right
        difference = None
        if right is None or not agrees(visit, right):
            difference = self._difference(case, right)
            self.found.append(difference)
        self._go_on(visit, right, difference)
        self._row(visit, right, difference)
        self.day = visit.day

    def _turn_years(self, day: date) -> None:
        """Begin the plan year, or the calendar year that somebody may have taken for it."""
        card = self.card
        if self.day is None:
            return
        if card.year(day) != card.year(self.day):
            self.years = {"as if the last plan year still ran": _Chain(self.right.left, list(self.right.counted))}
            for chain in (self.right, self.printed, *self.faulty):
                chain.left = card.begun(chain.left)
                chain.counted = chain.counted if card.by_period else []
        elif day.year != self.day.year:
            self.years["as if a new plan year had begun"] = _Chain(card.begun(self.right.left), [])

    def _difference(self, case: Case, right: Split | None) -> Difference:
        visit, card = case.visit, self.card
        if right is None:
            limited = case.sharing is not None and case.sharing.visit_limit is not None
            self.fault = len(self.found)
            return Difference(
                visit, None, (Explanation(Kind.VISIT_LIMIT if limited else Kind.REFUSED),), ("not_covered",)
            )
        columns = differing(visit, right)
        chains = [self.printed, *self.faulty]
        if any(agrees(visit, card.split(visit, chain.left, chain.counted)) for chain in chains):
            return Difference(visit, right, (), columns, self.fault)
        explanations = explained(case)
        if explanations[0].kind is Kind.OTHER:  # perhaps a fault upon what an earlier one left
            again = Case(card, visit, self.printed.left, tuple(self.printed.counted), case.years, self.tiers)
            explanations = explained(again)
        self.fault = len(self.found)
        return Difference(visit, right, explanations, columns)

    def _go_on(self, visit: Visit, right: Split | None, difference: Difference | None) -> None:
        """Let the visit count in every chain."""
        card, kept = self.card, list[_Chain]()
        for chain in self.faulty:
            split = card.split(visit, chain.left, chain.counted)
            if agrees(visit, split):
                kept.append(_Chain(split.left, [*chain.counted, visit]))
        for each in () if difference is None else difference.explanations:
            if each.split is not None:
                kept.append(_Chain(each.split.left, [*each.before, visit]))
        self.faulty = kept
        for chain in self.years.values():
            chain.left = card.split(visit, chain.left, chain.counted).left
            chain.counted.append(visit)
        if not visit.refused:
            self.printed.left = moved(card, visit, card.split(visit, self.printed.left, self.printed.counted))
            self.printed.counted.append(visit)
        if right is not None:
            self.right.left = right.left if difference is not None else moved(card, visit, right)
            self.right.counted.append(visit)

    def _row(self, visit: Visit, right: Split | None, difference: Difference | None) -> None:
        first, lines = visit.lines[0], visit.lines
        row: dict[str, object] = {
            "date": visit.day.isoformat(),
            "claim": first.claim,
            "lines": ", ".join(each.line for each in lines if each.line),
            "code": ", ".join(dict.fromkeys(each.code for each in lines if each.code)),
            "category": str(visit.category),
            "description": first.description,
            **{name: visit.printed[name] for name in AMOUNTS},
            "asked": visit.asked,
        }
        for name in ("deductible", "copay", "coinsurance", "not_covered", "plan_paid"):
            row[f"right_{name}"] = None if right is None else right.columns[name]
        row["right_owed"] = None if right is None else right.owed
        row["differs_by"] = None if difference is None else difference.excess
        row["kind"] = "" if difference is None or difference.kind is None else str(difference.kind)
        row["follows_from"] = None if difference is None else difference.follows
        left = {f"{name.replace('.', '_')}_left": each for name, each in self.right.left.items()}
        self.rows.append({**row, **left})


def _met(card: Card, left: Left) -> Met:
    """Return what counts towards each limit, as a patient's file says it."""
    used = {name: max(round(full - left[name], 2), 0.0) for name, full in card.fresh.items()}
    parts = {}
    for part in ("", "drugs.", "out_of_network."):
        deductible = used.get(f"{part}deductible", 0.0)
        most = used.get(f"{part}out_of_pocket_maximum", deductible)
        parts[part] = {"deductible": deductible, "out_of_pocket": max(most, deductible)}
    found = {**parts[""], "drugs": parts["drugs."], "out_of_network": parts["out_of_network."]}
    if card.patient.tier is Tier.FAMILY:
        found["family"] = parts[""]
    return Met.model_validate(found)
