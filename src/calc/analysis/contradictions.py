"""Where the sources contradict each other or themselves: found by arithmetic, and joined with what was read.

Five rules, over every treatment's claims:

======================  ==========================================================================
``parts_and_total``     one source's parts do not add up to the total that it prints
``session_and_course``  one source prints one range both for a session and for a whole course
``disjoint``            two sources' ranges for one quantity do not meet
``known_and_unknown``   a source states what another says nobody knows, or covered and not covered
``follow_up``           relief is said to last longer than the studies cited for it have watched
======================  ==========================================================================
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations

import numpy as np
import pandas as pd

from ..inputs.attributed import Said
from ..inputs.claim import Claim, Market
from ..inputs.contradiction import BearsOn, Contradiction
from ..inputs.coverage import Covered
from ..inputs.distribution import distribution
from ..inputs.effect import ClaimedShare, Effect, Events, Unknown
from ..inputs.parameter import Parameter
from ..inputs.readings.reading import Range
from ..inputs.source import Source
from ..inputs.treatment import Treatment
from ..units import Unit, weeks_of

__all__ = ["Conflict", "computed", "conflicts", "contradictions", "effect_words"]

_AS_BILLS = "Both are kept as readings of the bill; the one in use is named, the others stand beside it."
_HANDLED = {
    "parts_and_total": _AS_BILLS,
    "session_and_course": _AS_BILLS,
    "disjoint": "None is averaged away: a world believes one stance; several claims of one stance are drawn in turn.",
    "known_and_unknown": "The view decides: a world that believes the one has its range, the other leaves it unknown.",
    "follow_up": "The figure stands for its own source's world only; views that believe another do not use it.",
}
_BEARS_ON = {
    "price": (BearsOn.COST,),
    "sessions": (BearsOn.COST, BearsOn.TIME),
    "repeat": (BearsOn.COST, BearsOn.TIME),
    "effect": (BearsOn.RESPONSE,),
    "harms": (BearsOn.HARM,),
    "coverage": (BearsOn.COVERAGE, BearsOn.COST),
}


@dataclass(frozen=True)
class Conflict:
    """One contradiction; ``parameters`` by dotted path, ``sides`` as (source, section, what it says)."""

    name: str
    rule: str
    topic: str
    bears_on: tuple[BearsOn, ...]
    parameters: tuple[str, ...]
    sides: tuple[tuple[str, str, str], ...]
    size: str
    handled: str

    @property
    def sources(self) -> frozenset[str]:
        """Whose words they are."""
        return frozenset(source for source, _, _ in self.sides)


def contradictions(
    treatments: Mapping[str, Treatment], sources: Mapping[str, Source], declared: Mapping[str, Contradiction]
) -> pd.DataFrame:
    """Return every contradiction, computed and declared, one a row (see :func:`conflicts`)."""
    rows = [
        {
            "contradiction": each.name,
            "found": each.rule or "read",
            "topic": each.topic,
            "bears_on": ", ".join(each.bears_on),
            "parameters": " ".join(each.parameters),
            "sides": "; ".join(f"{source} ({section}): {says}" for source, section, says in each.sides),
            "size": each.size,
            "handled": each.handled,
        }
        for each in conflicts(treatments, sources, declared)
    ]
    columns = ["contradiction", "found", "topic", "bears_on", "parameters", "sides", "size", "handled"]
    return pd.DataFrame(rows, columns=columns)


def conflicts(
    treatments: Mapping[str, Treatment], sources: Mapping[str, Source], declared: Mapping[str, Contradiction]
) -> tuple[Conflict, ...]:
    """Return the declared contradictions and the computed ones that none of them tells of.

    A declared one that arithmetic finds too, by its parameter and sources, bears the rules' names.
    """
    found = tuple(computed(treatments, sources))
    told = {name: _declared(name, each) for name, each in declared.items()}
    alone = []
    for each in found:
        homes = [
            name
            for name, known in told.items()
            if set(each.parameters) <= set(known.parameters) and each.sources <= known.sources
        ]
        for name in homes:
            rules = dict.fromkeys([*filter(None, told[name].rule.split(", ")), each.rule])
            told[name] = replace(told[name], rule=", ".join(rules))
        if not homes:
            alone.append(each)
    return (*told.values(), *alone)


def _declared(name: str, each: Contradiction) -> Conflict:
    sides = tuple((side.source, side.section, side.says) for side in each.sides)
    return Conflict(name, "", each.topic, each.bears_on, each.parameters, sides, each.size or "", each.handled)


def computed(treatments: Mapping[str, Treatment], sources: Mapping[str, Source]) -> Iterator[Conflict]:
    """Yield what the claims contradict by arithmetic alone."""
    for name, treatment in treatments.items():
        yield from _parts_and_total(name, treatment)
        yield from _session_and_course(name, treatment)
        for path, parameter in treatment.parameters().items():
            for claims in _by_market(parameter):
                yield from _disjoint(name, path, parameter, claims)
                yield from _known_and_unknown(name, path, parameter, claims)
                yield from _beyond_follow_up(name, path, parameter, claims, sources)
        yield from _effect_known_and_unknown(name, treatment)
        yield from _covered_and_not(name, treatment)


def _effect_known_and_unknown(name: str, treatment: Treatment) -> Iterator[Conflict]:
    """Yield that one source states an effect of which another says that nobody knows it."""
    said = [(each, effect_words(each)) for each in treatment.effects if each.source]
    unknown = [pair for pair in said if isinstance(pair[0].measure, Unknown)]
    known = [pair for pair in said if not isinstance(pair[0].measure, Unknown)]
    if unknown and known:
        label = f"{_named(name)}: how many people it helps"
        yield _conflict("known_and_unknown", name, ["effect"], label, [*unknown, *known])


def _covered_and_not(name: str, treatment: Treatment) -> Iterator[Conflict]:
    """Yield that one source calls excluded what another calls covered, or what varies, for the same plans and pain."""
    said = [each for each in treatment.coverage if each.source]
    apart = [
        (one, other)
        for one, other in combinations(said, 2)
        if (one.status is Covered.EXCLUDED) != (other.status is Covered.EXCLUDED)
        and (one.market in (None, other.market) or other.market is None)
        and set(one.kinds) & set(other.kinds)
    ]
    if apart:
        sides = [(each, str(each.status).replace("_", " ")) for pair in apart for each in pair]
        yield _conflict("known_and_unknown", name, ["coverage"], f"{_named(name)}: whether plans pay for it", sides)


def effect_words(effect: Effect) -> str:
    """Return what an effect says, as short words."""
    measure = effect.measure
    if isinstance(measure, Unknown):
        return "nobody knows"
    against = f"against {(effect.versus or str(effect.against)).replace('_', ' ')}"
    if isinstance(measure, Events):
        return f"{measure.treated.events:g} of {measure.treated.total:g}, {against}"
    if isinstance(measure, ClaimedShare):
        coded = " (coded from words)" if effect.assumption else ""
        return f"{measure.reading.words(Unit.SHARE)}, nobody compared with{coded}"
    return f"{measure.kind.replace('_', ' ')} {measure.value:g}, {against}"


def _named(name: str) -> str:
    return name.replace("_", " ").capitalize()


def _conflict(
    rule: str, owner: str, paths: Sequence[str], label: str, claims: Sequence[tuple[Said, str]], size: str = ""
) -> Conflict:
    """Return a computed conflict; ``claims`` each with the words for what it says."""
    bears = tuple(dict.fromkeys(on for path in paths for on in _BEARS_ON.get(path.split(".")[0], (BearsOn.TIME,))))
    full = tuple(f"{owner}.{path}" for path in paths)
    sides = tuple(dict.fromkeys((claim.source or "", claim.section or "", words) for claim, words in claims))
    return Conflict(f"{rule}.{full[0]}", rule, label, bears, full, sides, size, _HANDLED[rule])


def _by_market(parameter: Parameter) -> Iterator[list[Claim]]:
    """Yield the sourced claims that speak of one market, those about all of them in each."""
    sourced = [claim for claim in parameter.claims if claim.source]
    markets = list(dict.fromkeys(claim.market for claim in sourced if claim.market)) or [Market.CASH]
    seen: set[tuple[int, ...]] = set()
    for market in markets:
        group = [claim for claim in sourced if claim.market in (None, market)]
        if (key := tuple(map(id, group))) not in seen:
            seen.add(key)
            yield group


def _parts_and_total(name: str, treatment: Treatment) -> Iterator[Conflict]:
    told = set()
    for parts, total in _sums(treatment):
        said = {item: dict(_ranges_of(treatment.price[item])) for item in (*parts, total)}
        for source in sorted(set.intersection(*map(set, said.values()))):
            ends = {item: each[source][1] for item, each in said.items()}
            added = sum(ends[item][0] for item in parts), sum(ends[item][1] for item in parts)
            whole = ends[total]
            if np.allclose(added, whole, rtol=1e-9) or (source, parts, whole) in told:
                continue
            told.add((source, parts, whole))
            size = f"Parts {added[0]:,.0f} to {added[1]:,.0f}, total {whole[0]:,.0f} to {whole[1]:,.0f} USD."
            claims = [
                (each[source][0], f"{treatment.price[item].label}: {_words(each[source][0], treatment.price[item])}")
                for item, each in said.items()
            ]
            paths = [f"price.{item}" for item in (total, *parts)]
            label = f"{treatment.short}: parts of the price and its total"
            yield _conflict("parts_and_total", name, paths, label, claims, size)


def _sums(treatment: Treatment) -> Iterator[tuple[tuple[str, ...], str]]:
    """Yield the bills of several items beside those of a single one, which may be their total."""
    bills = treatment.bills.values()
    for parts in (items for items in bills if len(items) > 1):
        for (total,) in (items for items in bills if len(items) == 1):
            yield parts, total


def _session_and_course(name: str, treatment: Treatment) -> Iterator[Conflict]:
    most = max(max(claim.reading.amounts().values(), default=0) for claim in treatment.sessions.claims)
    for (one, first), (two, second) in combinations(treatment.price.items(), 2):
        here, there = dict(_ranges_of(first)), dict(_ranges_of(second))
        for source in sorted(here.keys() & there.keys()):
            (claim, ends), (other, same) = here[source], there[source]
            if ends == same and first.per != second.per and most > 1:
                size = f"{ends[0]:,.0f} to {ends[1]:,.0f} once, or {ends[0]:,.0f} to {most * ends[1]:,.0f} USD."
                claims = [
                    (claim, f"{_words(claim, first)} a {first.per}"),
                    (other, f"{_words(other, second)} a {second.per}"),
                ]
                label = f"{treatment.short}: one price, for a session or for the whole"
                yield _conflict("session_and_course", name, [f"price.{one}", f"price.{two}"], label, claims, size)


def _ranges_of(parameter: Parameter) -> Iterator[tuple[str, tuple[Claim, tuple[float, float]]]]:
    """Yield each source that prints two ends, with its claim and these."""
    for claim in parameter.claims:
        if claim.source and claim.assumption is None and isinstance(claim.reading, Range):
            yield claim.source, (claim, (claim.reading.low, claim.reading.high))


def _disjoint(name: str, path: str, parameter: Parameter, claims: Sequence[Claim]) -> Iterator[Conflict]:
    ends = [(claim, _ends(claim, parameter.measure)) for claim in claims if claim.reading.known]
    apart = [pair for pair in combinations(ends, 2) if pair[0][1][1] < pair[1][1][0] or pair[1][1][1] < pair[0][1][0]]
    if apart:
        sides = [(claim, _words(claim, parameter)) for pair in apart for claim, _ in pair]
        yield _conflict("disjoint", name, [path], _label(name, parameter), sides)


def _known_and_unknown(name: str, path: str, parameter: Parameter, claims: Sequence[Claim]) -> Iterator[Conflict]:
    unknown = [claim for claim in claims if not claim.reading.known]
    known = [claim for claim in claims if claim.reading.known]
    if not unknown or not known:
        return
    yield _conflict(
        "known_and_unknown",
        name,
        [path],
        _label(name, parameter),
        [(claim, _words(claim, parameter)) for claim in claims],
    )


def _beyond_follow_up(
    name: str, path: str, parameter: Parameter, claims: Sequence[Claim], sources: Mapping[str, Source]
) -> Iterator[Conflict]:
    for claim in claims:
        watched = [sources[each].follow_up for each in claim.cites]
        if parameter.measure.dimension != "time" or not watched or None in watched:
            continue
        longest = max(weeks_of(each) for each in watched if each)
        if claim.reading.known and _ends(claim, parameter.measure)[1] > longest * (1 + 1e-9):
            size = f"Followed for {' and '.join(str(each) for each in watched)}: {', '.join(claim.cites)}."
            sides = [(claim, _words(claim, parameter))]
            yield _conflict("follow_up", name, [path], _label(name, parameter), sides, size)


def _label(name: str, parameter: Parameter) -> str:
    return f"{_named(name)}: {parameter.label[:1].lower()}{parameter.label[1:]}"


def _ends(claim: Claim, unit: Unit) -> tuple[float, float]:
    """Return between which values a claim lies, in the model's unit: as stated, else its middle 95 %."""
    own = claim.measure(unit)
    stated = claim.reading.stated(own)
    if stated is None:
        low, high = distribution(claim, unit)(np.array([0.025, 0.975]))
        return float(low), float(high)
    return stated[0] * own.in_weeks, stated[1] * own.in_weeks


def _words(claim: Claim, parameter: Parameter) -> str:
    """Return what a claim says, as short words."""
    words = claim.reading.words(claim.measure(parameter.measure))
    # an assumption that the reading asks for is about the side that the source leaves open
    coded = claim.assumption and isinstance(claim.reading, Range) and not any(claim.reading.groundless(None))
    return f"{words} (coded from words)" if coded else words
