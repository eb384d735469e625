"""What a difference between a statement and a plan's terms is called, in plain words that accuse nobody."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from ..analysis.explanations import Explanation, Kind
from ..analysis.statements import Difference
from ..inputs.benefit import CopayPer
from ..inputs.claim import Claim
from ..inputs.parameter import Category, Parameter
from ..inputs.plan import Plan

__all__ = ["asked_of", "dollars", "looks_like", "plan_says", "service", "short", "which"]

_INSURER, _PROVIDER, _BOTH = (
    "the insurer",
    "the provider's billing office",
    "the insurer and the provider's billing office",
)


@dataclass(frozen=True)
class _Words:
    """A kind in a few words, as a sentence, which figures of the plan bear on it, and whom to ask."""

    short: str
    sentence: str
    figures: tuple[str, ...]
    ask: str = _INSURER


_KINDS: Mapping[Kind, _Words] = {
    Kind.DEDUCTIBLE_TWICE: _Words(
        "deductible taken again",
        "More of the deductible is taken here than was left of it after the lines before.",
        ("deductible",),
    ),
    Kind.DEDUCTIBLE_WHERE_NONE: _Words(
        "deductible where none applies",
        "A deductible is taken, and the plan has none for this kind of service.",
        ("benefit",),
    ),
    Kind.COPAY_AND_COINSURANCE: _Words(
        "copay and coinsurance both",
        "Both a copay and a coinsurance are taken; the plan has only one of them for this kind of service.",
        ("benefit",),
    ),
    Kind.COPAY_PER_LINE: _Words(
        "a copay for each line",
        "A copay is taken for each line, and all these lines are of one visit; the plan asks for one a visit.",
        ("benefit",),
    ),
    Kind.COINSURANCE_ON_BILLED: _Words(
        "coinsurance of what was billed",
        "The coinsurance is a share of the amount billed; the plan takes it from the allowed amount.",
        ("benefit",),
    ),
    Kind.ABOVE_MAXIMUM: _Words(
        "above the yearly maximum",
        "With the lines before, this is more than the most that the plan lets a person pay in its year.",
        ("out_of_pocket_maximum",),
    ),
    Kind.BALANCE_BILL: _Words(
        "balance bill in network",
        "What you owe is more than the parts of it: it also has the amount billed above the allowed amount, which "
        "nobody owes in network.",
        ("benefit",),
        _BOTH,
    ),
    Kind.OVER_CONTRACT: _Words(
        "amount over the contract",
        "The amount above the contract is printed as not covered and as owed by you; in network it is the provider's "
        "to write off.",
        ("benefit",),
        _BOTH,
    ),
    Kind.VISIT_LIMIT: _Words(
        "limit of visits",
        "The line is counted otherwise against the plan's limit of visits than its lines before it add up to.",
        ("benefit",),
    ),
    Kind.REFUSED: _Words(
        "not covered",
        "Nothing is paid, and the plan lists a benefit for this kind of service. Which rule is it refused by?",
        ("benefit",),
    ),
    Kind.PLAN_YEAR: _Words(
        "another plan year",
        "The line is split as if it fell into another plan year.",
        ("deductible", "out_of_pocket_maximum"),
    ),
    Kind.WRONG_NETWORK: _Words(
        "the other network",
        "The line is split as if the provider were in the other network.",
        ("benefit", "network"),
        _BOTH,
    ),
    Kind.WRONG_TIER: _Words(
        "another benefit or tier",
        "The line is split as another kind of service, or another coverage, would be.",
        ("benefit",),
    ),
    Kind.DOES_NOT_ADD_UP: _Words(
        "does not add up", "The amount owed is not the sum of its parts.", ("benefit",), _BOTH
    ),
    Kind.OTHER: _Words(
        "differs", "The line is split in a way that the plan's terms do not give.", ("benefit", "deductible")
    ),
}

_PARTS = {
    "deductible": "deductible",
    "copay": "copay",
    "coinsurance": "coinsurance",
    "coinsurance_most": "most that the coinsurance of one service can be",
    "copay_days": "days for which a copay is charged",
    "visits_before_deductible": "visits before the deductible",
    "visit_limit": "visits that are covered a year",
    "reference_price": "price above which nothing is paid",
}


def dollars(value: float | None) -> str:
    """Return an amount to the cent.

    >>> dollars(1234.5), dollars(-2), dollars(None)
    ('$1,234.50', '−$2.00', 'not printed')
    """
    if value is None or value != value:
        return "not printed"
    return f"{'−' if value < 0 else ''}${abs(value):,.2f}"


def short(difference: Difference) -> str:
    """Return a difference in a few words."""
    if difference.kind is None:
        return "follows from the line before it that differs"
    return _KINDS[difference.kind].short


def which(difference: Difference) -> str:
    """Return the lines that differ, as somebody finds them on the statement."""
    lines = difference.lines
    claim = f"Claim {lines[0].claim}, " if lines[0].claim else ""
    numbers = [each.line for each in lines if each.line]
    named = f"line{'s' * (len(numbers) > 1)} {', '.join(numbers)}" if numbers else f"the line at {lines[0].where}"
    day = lines[0].day
    told = f"{claim}{named}, of {day:%B} {day.day}, {day.year}"
    return told[0].upper() + told[1:]


def service(category: Category) -> str:
    """Return a kind of service in words."""
    return str(category).replace("_", " ")


def looks_like(difference: Difference) -> list[str]:
    """Return what each explanation that fits says, the first one first."""
    return [_sentence(each) for each in difference.explanations]


def _sentence(explanation: Explanation) -> str:
    words = _KINDS[explanation.kind].sentence
    detail = explanation.detail.replace("_", " ")
    return f"{words[:-1]}: {detail}." if detail else words


def asked_of(difference: Difference) -> str:
    """Return whom to ask."""
    return _INSURER if difference.kind is None else _KINDS[difference.kind].ask


def plan_says(plan: Plan, difference: Difference) -> list[str]:
    """Return what the plan's own document says about a line, each figure with the section it stands in."""
    category = difference.visit.category
    wanted = ("benefit",) if difference.kind is None else _KINDS[difference.kind].figures
    said: list[str] = []
    for name in wanted:
        if name == "benefit":
            said += _benefit(plan, category)
        elif name == "network":
            said.append(_network(plan))
        else:
            said += [_figure(name, each) for each in (getattr(plan, name),) if each is not None]
    return said


def _benefit(plan: Plan, category: Category) -> Iterator[str]:
    own, named = plan.benefit_for(category), service(category).capitalize()
    benefit = plan.benefits.get(own) if own is not None else None
    if benefit is None:
        yield f"{named}: there is no benefit; it is not covered."
        return
    yield f"{named}: the deductible {'applies' if benefit.deductible else 'does not apply'}."
    per = "" if benefit.copay_per is CopayPer.VISIT else f" a {benefit.copay_per}"
    for name, parameter in benefit.parameters().items():
        if name in _PARTS:
            yield _figure(f"{named}, {_PARTS[name]}{per if name == 'copay' else ''}", parameter)


def _network(plan: Plan) -> str:
    if plan.out_of_network is None or plan.out_of_network.coinsurance is None:
        return "The plan has no benefit out of network; in network it pays by its contract with the provider."
    return _figure("out of network, the coinsurance", plan.out_of_network.coinsurance)


def _figure(name: str, parameter: Parameter) -> str:
    claim = parameter.claims[0]
    words = name.replace("_", " ")
    return f"{words[0].upper()}{words[1:]}: {_value(claim, parameter)}{_where(claim)}."


def _value(claim: Claim, parameter: Parameter) -> str:
    figures = dict(claim.reading.figures())
    ends = [figures[name] for name in ("value", "low", "high") if isinstance(figures.get(name), int | float)]
    return " to ".join(_one(float(each), parameter) for each in ends) or "not stated"


def _one(value: float, parameter: Parameter) -> str:
    if parameter.measure.dimension == "money":
        return dollars(value)
    if parameter.measure.dimension == "share":
        return f"{value * 100:g} %"
    return f"{value:g}" if parameter.unit == "sessions" else f"{value:g} {parameter.unit}"


def _where(claim: Claim) -> str:
    where = claim.section or claim.yours or claim.assumption
    return f" ({where.rstrip('.')})" if where else ""
