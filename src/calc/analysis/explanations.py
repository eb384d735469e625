"""Why a visit is split otherwise than the terms say: each kind of fault as the split it would have led to.

A kind fits where the split that it leads to is what is printed. Several may fit; the first is named
first, in the order of this module, the more particular before the more general.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cached_property

import numpy as np

from ..model.ledger import CostSharing
from .splits import Card, Left, Split, Visit, agrees

__all__ = ["Case", "Explanation", "Kind", "explained"]


class Kind(StrEnum):
    """What a difference looks like."""

    DEDUCTIBLE_TWICE = "deductible_twice"
    DEDUCTIBLE_WHERE_NONE = "deductible_where_none"
    COPAY_AND_COINSURANCE = "copay_and_coinsurance"
    COPAY_PER_LINE = "copay_per_line"
    COINSURANCE_ON_BILLED = "coinsurance_on_billed"
    ABOVE_MAXIMUM = "above_maximum"
    BALANCE_BILL = "balance_bill"
    OVER_CONTRACT = "over_contract"
    VISIT_LIMIT = "visit_limit"
    REFUSED = "refused"
    PLAN_YEAR = "plan_year"
    WRONG_NETWORK = "wrong_network"
    WRONG_TIER = "wrong_tier"
    DOES_NOT_ADD_UP = "does_not_add_up"
    OTHER = "other"


@dataclass(frozen=True)
class Case:
    """A visit that differs, and what was known before it.

    ``left`` is what is left of each limit before the visit, ``before`` the visits counted so far;
    ``years`` the same as it would be in another plan year, by what may be said of that.
    ``tiers`` are the terms by the limits of another tier of coverage, by whose limits they are.
    """

    card: Card
    visit: Visit
    left: Left
    before: Sequence[Visit]
    years: Mapping[str, tuple[Left, Sequence[Visit]]]
    tiers: Mapping[str, Card]

    @cached_property
    def right(self) -> Split:
        """What the terms give."""
        return self.card.split(self.visit, self.left, self.before)

    @cached_property
    def sharing(self) -> CostSharing | None:
        """The benefit that the visit meets."""
        return self.card.sharing(self.visit)


@dataclass(frozen=True)
class Explanation:
    """A kind that fits, and a word on it.

    ``split`` is what it led to, None where that is no split of the terms; ``before`` the visits that
    were counted then.
    """

    kind: Kind
    split: Split | None = None
    detail: str = ""
    before: tuple[Visit, ...] = ()


def explained(case: Case) -> tuple[Explanation, ...]:
    """Return every kind that fits, the first the one to name; at least :attr:`Kind.OTHER`."""
    found: dict[Kind, Explanation] = {}
    for rule in _RULES:
        for each in rule(case):
            found.setdefault(each.kind, each)
    return tuple(found.values()) or (Explanation(Kind.OTHER),)


def _years(case: Case) -> Iterator[Explanation]:
    """Yield splits in another plan year."""
    for words, (left, before) in case.years.items():
        yield from _fits(replace(case, before=before), Kind.PLAN_YEAR, left, words)


def _refusal(case: Case) -> Iterator[Explanation]:
    sharing, right = case.sharing, case.right
    if sharing is None:
        return
    counted = sharing.visit_limit is not None
    if case.visit.refused and right.columns["not_covered"] == 0.0:
        yield Explanation(Kind.VISIT_LIMIT if counted else Kind.REFUSED)
    if counted and not case.visit.refused and right.columns["not_covered"] > 0.0:
        yield Explanation(Kind.VISIT_LIMIT, detail="paid beyond the limit")


def _beside(case: Case) -> Iterator[Explanation]:
    """Yield what is charged on top of a split that is right by itself."""
    visit, right = case.visit, case.right
    above, printed = visit.above, visit.printed
    if visit.in_network and above > visit.tolerance:
        if _is(case, you_owe=right.owed + above):
            yield Explanation(Kind.BALANCE_BILL)
        if _is(case, not_covered=right.columns["not_covered"] + above, you_owe=right.owed + above):
            yield Explanation(Kind.OVER_CONTRACT)
    parts = [printed[name] for name in ("deductible", "copay", "coinsurance", "not_covered")]
    owed = printed["you_owe"]
    known = [each for each in parts if each is not None]
    if owed is not None and len(known) == len(parts) and abs(sum(known) - owed) > visit.tolerance:
        own_balance = visit.in_network and abs(owed - right.owed - above) <= visit.tolerance
        if not own_balance and _is(case, you_owe=owed):
            yield Explanation(Kind.DOES_NOT_ADD_UP)


def _is(case: Case, **changed: float) -> bool:
    """Return whether the visit is right but for these amounts, which are printed as given."""
    visit = case.visit
    if any(visit.printed[name] is None or not _near(visit, name, (each,)) for name, each in changed.items()):
        return False
    return agrees(replace(visit, printed={**visit.printed, **dict.fromkeys(changed)}), case.right)


def _both(case: Case) -> Iterator[Explanation]:
    """Yield a copay and a coinsurance on one visit whose benefit has only one of them."""
    sharing, right = case.sharing, case.right.columns
    copay, coinsurance = case.visit.printed["copay"], case.visit.printed["coinsurance"]
    if sharing is None or not copay or not coinsurance:
        return
    has_copay, has_coinsurance = bool(sharing.copay[0]), bool(sharing.coinsurance[0])
    if has_copay == has_coinsurance:
        return
    kept, added, more = ("copay", "coinsurance", coinsurance) if has_copay else ("coinsurance", "copay", copay)
    # a coinsurance may be taken of what the copay leaves, and the maximum may leave room for a part of it
    less = (0.0, float(sharing.coinsurance[0]) * copay, more)
    options = {"deductible": (right["deductible"],), kept: [right[kept] - each for each in less]}
    if all(_near(case.visit, name, each) for name, each in options.items()):
        yield Explanation(Kind.COPAY_AND_COINSURANCE, detail=added)


def _near(visit: Visit, name: str, options: Sequence[float]) -> bool:
    """Return whether an amount is printed as one of these, or not at all."""
    printed = visit.printed[name]
    return printed is None or any(abs(printed - each) <= visit.tolerance for each in options)


def _copays(case: Case) -> Iterator[Explanation]:
    """Yield one copay for each line of a visit, where the plan asks for one a visit."""
    sharing, visit = case.sharing, case.visit
    if sharing is None or case.right.columns["copay"] == 0.0 or visit.printed["copay"] is None:
        return
    charged = [line for line in visit.lines if line.amounts["copay"]]
    each = [min(float(sharing.copay[0]), line.amounts["allowed"] or np.inf) for line in charged]
    room = np.inf if sharing.maximum is None else case.left[sharing.maximum]
    if len(charged) > 1 and _near(visit, "copay", (min(sum(each), room),)):
        yield Explanation(Kind.COPAY_PER_LINE)


def _on_billed(case: Case) -> Iterator[Explanation]:
    """Yield a coinsurance that is taken from what is billed instead of what is allowed."""
    sharing, right, above = case.sharing, case.right.columns, case.visit.above
    shared = (case.visit.allowed or 0.0) - right["deductible"] - right["copay"]
    if sharing is None or above <= 0.0 or shared <= 0.0 or not sharing.coinsurance[0]:
        return
    dearer = replace(sharing, coinsurance=sharing.coinsurance * (1.0 + above / shared))
    yield from _fits(replace(case, card=_with_benefit(case, dearer)), Kind.COINSURANCE_ON_BILLED, case.left)


def _with_benefit(case: Case, sharing: CostSharing) -> Card:
    """Return the card with another benefit where the visit meets its own."""
    terms, category = case.card.terms, case.visit.category
    if case.visit.in_network:
        terms = replace(terms, sharing={**terms.sharing, category: sharing})
    else:
        terms = replace(terms, out_of_network={**terms.out_of_network, category: sharing})
    return replace(case.card, terms=terms)


def _limits(case: Case) -> Iterator[Explanation]:
    """Yield splits from another state of the limits."""
    fresh, sharing = case.card.fresh, case.sharing
    if sharing is None:
        return
    if sharing.maximum is not None:
        yield from _fits(case, Kind.ABOVE_MAXIMUM, {**case.left, sharing.maximum: np.inf})
    if sharing.deductible is not None:
        again = {**case.left, sharing.deductible: fresh[sharing.deductible]}
        yield from _fits(case, Kind.DEDUCTIBLE_TWICE, again)
        yield from _rest_of_deductible(case, sharing.deductible)


def _rest_of_deductible(case: Case, name: str) -> Iterator[Explanation]:
    """Yield more of a deductible than is left of it, though not all of it again."""
    printed, left = case.visit.printed["deductible"], case.left[name]
    if printed is not None and left + case.visit.tolerance < printed <= case.card.fresh[name]:
        yield from _fits(case, Kind.DEDUCTIBLE_TWICE, {**case.left, name: printed})


def _fits(case: Case, kind: Kind, left: Left, detail: str = "") -> Iterator[Explanation]:
    split = case.card.split(case.visit, left, case.before)
    if agrees(case.visit, split):
        yield Explanation(kind, split, detail, tuple(case.before))


def _benefits(case: Case) -> Iterator[Explanation]:
    """Yield splits by another benefit, network or tier of coverage."""
    card, visit, sharing = case.card, case.visit, case.sharing
    if sharing is not None and sharing.deductible is None and "deductible" in case.left:
        applied = _with_benefit(case, replace(sharing, deductible="deductible"))
        yield from _fits(replace(case, card=applied), Kind.DEDUCTIBLE_WHERE_NONE, case.left)
    other = tuple(replace(line, in_network=not visit.in_network) for line in visit.lines)
    elsewhere = replace(visit, lines=other)
    words = "out of network" if visit.in_network else "in network"
    if card.sharing(elsewhere) is not None:
        yield from _fits(replace(case, visit=elsewhere), Kind.WRONG_NETWORK, case.left, words)
    for category in card.terms.sharing:
        if category is not visit.category:
            taken = replace(case, visit=replace(visit, category=category))
            yield from _fits(taken, Kind.WRONG_TIER, case.left, str(category))
    used = {name: each - case.left[name] for name, each in card.fresh.items()}
    for whose, tier in case.tiers.items():
        left = {name: max(each - used.get(name, 0.0), 0.0) for name, each in tier.fresh.items()}
        yield from _fits(replace(case, card=tier), Kind.WRONG_TIER, left, f"by {whose}")


_RULES: tuple[Callable[[Case], Iterator[Explanation]], ...] = (
    _years, _refusal, _beside, _both, _copays, _on_billed, _limits, _benefits,
)  # fmt: skip
