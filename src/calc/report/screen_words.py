"""The words of the first screen: what is advised and by whom, how sure that is, and three sentences that answer."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from ..analysis.effects import Group
from ..inputs.claim import Market
from ..inputs.guidance import Direction, Strength
from ..inputs.population import KindOfPain
from ..model.outcomes import Known
from .facts import Cells, Fact, Label, Sentence, joined, sure

__all__ = ["GROUPS", "advice", "certainty", "kind_words", "lower", "opening"]

GROUPS: Mapping[Group, str] = {
    Group.NOTHING: "Doing nothing",
    Group.RECOMMENDED: "Advised for this pain",
    Group.MAY_HELP: "May help",
    Group.NOT_RECOMMENDED: "Advised against, or not for this pain",
    Group.NOBODY_KNOWS: "Nobody knows, or we found no count",
}
_KINDS = {
    KindOfPain.BACK_ALONE: "pain in the back alone",
    KindOfPain.NERVE_ROOT: "pain that runs into the leg",
    KindOfPain.FACET_JOINTS: "pain from the small joints of the spine",
    KindOfPain.NOT_SURE: "back pain of unclear cause",
}
_ADVICE = {
    (Direction.FOR, Strength.STRONG): "Yes, strongly",
    (Direction.FOR, Strength.CONDITIONAL): "Yes, for some",
    (Direction.FOR, Strength.UNSTATED): "Yes",
    (Direction.AGAINST, Strength.STRONG): "No, strongly",
    (Direction.AGAINST, Strength.CONDITIONAL): "No, for most",
    (Direction.AGAINST, Strength.UNSTATED): "No",
}
_SHORT = {"for": "yes", "against": "no", "either": "up to you", "none": "no advice"}


def kind_words(kind: KindOfPain) -> str:
    """Return a kind of pain in plain words."""
    return _KINDS[kind]


def lower(text: str) -> str:
    """Return a label as it stands inside a sentence."""
    return text if text[1:2].isupper() else text[:1].lower() + text[1:]


def advice(cells: Cells, effects: Mapping[str, Any]) -> Sentence:
    """Return what is advised, by whom, and who says otherwise."""
    if not effects["recommendation"]:
        return ("No advice found",)
    direction, strength = Direction(effects["recommendation"]), Strength(effects["strength"])
    said = _ADVICE.get((direction, strength), "Up to you" if direction is Direction.EITHER else "No advice")
    found: list[Any] = [said, " (", _who(cells, effects["recommended_by"]), ")"]
    others: dict[str, list[Label]] = {}
    for each in filter(None, str(effects["other_advice"]).split("; ")):
        what, _, who = each.partition(": ")
        others.setdefault(_SHORT[what], []).append(_who(cells, who, dated=False))
    for what, named in others.items():
        found += [f"; others: {what} (", *joined([(who,) for who in dict.fromkeys(named)]), ")"]
    return tuple(found)


def _who(cells: Cells, identifier: str, *, dated: bool = True) -> Label:
    """Return who published a source, with its year; its title where nobody is named."""
    source = cells.result.inputs.sources.get(identifier)
    if source is None:
        return Label("our own reading")
    name = source.publisher or source.title
    return Label(f"{name}, {source.dated.year}" if dated and source.dated else name)


def certainty(effects: Mapping[str, Any]) -> Sentence:
    """Return how sure the evidence is."""
    return (f"; how sure: {effects['certainty']}",) if effects["certainty"] else ("; how sure: not graded",)


#: options in a sentence on what nobody knows; with more, those that are not for this pain stand in the table alone
_MOST_NAMES = 5


def opening(cells: Cells, view: str, names: Sequence[str]) -> Iterator[Sentence]:
    """Yield the three sentences that answer: what is advised, what it would cost, what nobody knows."""
    groups = {name: cells.row("effects", view=view, treatment=name)["group"] for name in names}
    yes = [name for name in names if groups[name] == Group.RECOMMENDED]
    no = [name for name in names if groups[name] == Group.NOT_RECOMMENDED]
    yield _advised(cells, view, yes, no, whole=len(names) == len(cells.result.inputs.options))
    one = "an advised one" if yes else "one"
    yield _costs(cells, view, yes or [name for name in names if groups[name] != Group.NOTHING], one)
    yield _open(cells, view, [name for name in names if groups[name] != Group.NOTHING])


def _named(cells: Cells, names: Sequence[str]) -> Sentence:
    return joined([(Label(lower(cells.result.inputs.options[name].short)),) for name in names])


def _advised(cells: Cells, view: str, yes: Sequence[str], no: Sequence[str], *, whole: bool) -> Sentence:
    kind = kind_words(cells.result.inputs.kind)
    said: list[Any] = [f"For {kind}, no guideline says yes to any of these. "]
    if yes:
        said = [f"For {kind}, guidelines say yes to: ", *_named(cells, yes), ". "]
    if no:
        held = str(Group.NOT_RECOMMENDED)
        counted = (cells.count("effects", "group", held, view=view),)
        said += ["They say no to ", *(counted if whole else _named(cells, no)), ", or keep them for other pain."]
    return tuple(said)


def _costs(cells: Cells, view: str, names: Sequence[str], one: str) -> Sentence:
    """Return the span of the middle costs, every option at an end named, so that ties are."""
    said: list[Any] = []
    ways = [("cost_if_covered", f"If your plan pays for {one}, "), ("cost_if_refused", "If it says no, ")]
    if cells.result.inputs.plan.market is Market.CASH:
        ways = [("cost_if_refused", f"Without insurance, for {one}, ")]
    for column, words in ways:
        known = [fact for name in names if sure(fact := cells.fact("effects", column, view=view, treatment=name))]
        if not known:
            continue
        least, most = (end(known, key=lambda fact: fact.value) for end in (min, max))
        said += [words, "you pay "]
        if least.words() == most.words():
            said += [least, ". "]
        else:
            said += [
                "from ",
                least,
                " (",
                *_at(cells, known, least),
                ") to ",
                most,
                " (",
                *_at(cells, known, most),
                "). ",
            ]
    return tuple(said) or ("No source says what you would pay.",)


def _at(cells: Cells, known: Sequence[Fact], end: Fact) -> Sentence:
    return _named(cells, [dict(fact.key)["treatment"] for fact in known if fact.words() == end.words()])


def _open(cells: Cells, view: str, names: Sequence[str]) -> Sentence:
    rows = {name: cells.row("effects", view=view, treatment=name) for name in names}
    gaps = [name for name in names if not sure(cells.fact("effects", "with_treatment", view=view, treatment=name))]
    said: list[Any] = []
    if gaps:
        meant = [name for name in gaps if rows[name]["group"] != Group.NOT_RECOMMENDED]
        told = meant if len(gaps) > _MOST_NAMES and meant else gaps
        unknown = [name for name in told if rows[name]["known"] == Known.UNKNOWN]
        missing = [name for name in told if name not in unknown]
        said += ["Nobody knows how many people get better with: ", *_named(cells, unknown), ". "] if unknown else []
        said += ["We found no count for: ", *_named(cells, missing), ". "] if missing else []
        said += ["The table names more. "] if told != gaps else []
    else:
        said += ["For each option somebody has counted how many get better. "]
    guessed = [name for name in names if rows[name]["assumed"] > 0]
    if guessed:
        said += ["How many get better is in part our own guess for: ", *_named(cells, guessed), "."]
    return tuple(said)
