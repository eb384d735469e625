"""One screen: what is advised, what it would cost, what nobody knows; then an option a row, in groups."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ..analysis.compare import Result
from ..analysis.effects import Group
from ..model.outcomes import Known
from .facts import Cells, Fact, Label, Sentence, bare, joined, sure
from .format import records
from .screen_words import advice, certainty, lower, opening
from .yours import changed

__all__ = ["CELLS", "HEADS", "Row", "Screen", "screen"]

#: the cells of a row after its name, and their heads
HEADS: Mapping[str, str] = {
    "advice": "Advised?",
    "people": "Of 100 who get it, better",
    "soon": "How soon, if it helps",
    "lasts": "How long, if it helps",
    "harms": "What may go wrong",
    "covered": "You pay if covered",
    "refused": "You pay if refused",
}
CELLS = tuple(HEADS)
#: smaller differences between two views are not worth a line
_PEOPLE, _MONEY = 0.03, 0.1
_MOST_HARMS = 3
#: in the topics of statements that name harms without a count
_HARM_WORDS = ("harm", "side effect", "tumour", "complication", "risk")


@dataclass(frozen=True)
class Row:
    """One option: its cells as sentences, the three shares as facts, and what is a guess of ours."""

    treatment: str
    name: Label
    what: Sentence
    whom: Sentence
    shares: Mapping[str, Fact | None]
    cells: Mapping[str, Sentence]


@dataclass(frozen=True)
class Screen:
    """Sentences that answer, the rows by group, and where the other views differ."""

    opening: tuple[Sentence, ...]
    groups: Mapping[Group, tuple[Row, ...]]
    differences: tuple[Sentence, ...]
    notes: tuple[Sentence, ...]

    @property
    def rows(self) -> tuple[Row, ...]:
        """Every row, in the order of the page."""
        return tuple(row for rows in self.groups.values() for row in rows)

    def sentences(self) -> Iterator[Sentence]:
        """Yield every sentence and cell."""
        yield from (*self.opening, *self.differences, *self.notes)
        for row in self.rows:
            yield from ((row.name,), row.what, row.whom, *row.cells.values())


def screen(
    result: Result, view: str | None = None, *, only: Sequence[str] = (), before: Result | None = None
) -> Screen:
    """Return the screen of one view (the study's first by default), and where the others differ.

    ``only`` names the options to show; doing nothing stands first, as the zero of all others. ``before`` is the
    study without the numbers of one's own; with it, a sentence says what these changed.
    """
    cells = Cells(result)
    first = view or next(iter(result.views))
    wanted = [
        name for name in result.inputs.options if not only or name in only or name == result.inputs.study.usual_care
    ]
    grouped: dict[Group, tuple[Row, ...]] = {}
    for group in Group:
        names = [name for name in wanted if cells.row("effects", view=first, treatment=name)["group"] == group]
        if names:
            grouped[group] = tuple(_row(cells, first, name) for name in names)
    others = [name for name in result.views if name != first]
    differences = [each for other in others for each in _differences(cells, first, other, wanted)]
    told = [*opening(cells, first, wanted)]
    if before is not None:
        told += changed(cells, Cells(before), first, wanted)
    return Screen(tuple(told), grouped, tuple(differences), tuple(_notes(cells, first)))


def _row(cells: Cells, view: str, name: str) -> Row:
    option = cells.result.inputs.options[name]
    effects = cells.row("effects", view=view, treatment=name)
    shares = {
        column: fact if sure(fact := cells.fact("effects", column, view=view, treatment=name)) else None
        for column in (("with_neither",) if _nothing(cells, name) else ("with_treatment", "with_sham", "with_neither"))
        if column != "with_sham" or sure(cells.fact("effects", column, view=view, treatment=name))
    }
    what = getattr(option, "what", None)
    return Row(
        treatment=name,
        name=Label(option.short),
        what=(Label(what),) if what else (),
        whom=(Label(effects["for_whom"]),) if effects["for_whom"] else (),
        shares=shares,
        cells={
            "advice": (*advice(cells, effects), *certainty(effects)),
            "people": _people(cells, view, name, effects),
            "soon": _soon(cells, view, name),
            "lasts": _lasts(cells, view, name),
            "harms": _harms(cells, view, name),
            "covered": _cost(cells, view, name, "cost_if_covered"),
            "refused": _cost(cells, view, name, "cost_if_refused"),
        },
    )


def _nothing(cells: Cells, name: str) -> bool:
    return name == cells.result.inputs.study.usual_care


def _people(cells: Cells, view: str, name: str, effects: Mapping[str, Any]) -> Sentence:
    key = {"view": view, "treatment": name}
    neither = cells.spread("effects", ("with_neither", "with_neither_p05", "with_neither_p95"), **key)
    if _nothing(cells, name) and not sure(neither.middle):
        return ("Nobody knows how many get better",)
    if _nothing(cells, name):
        return (bare(neither), " get better; ", bare(cells.rest("effects", "with_neither", **key)), " do not")
    treated = cells.spread("effects", ("with_treatment", "with_treatment_p05", "with_treatment_p95"), **key)
    said: list[Any] = [bare(treated), " with it"] if sure(treated.middle) else [_unknown(cells, name, effects)]
    if effects["assumed"] > 0:
        said.append(", partly a guess*")
    sham = cells.fact("effects", "with_sham", **key)
    said += ["; ", bare(sham), " with a sham"] if sure(sham) else ["; no sham was tried"]
    said += ["; ", bare(neither.middle), " with neither"] if sure(neither.middle) else []
    return tuple(said)


def _unknown(cells: Cells, name: str, effects: Mapping[str, Any]) -> str:
    if len(_steps(cells, name)) > 1:
        return "with it: depends on the step"
    return "with it: nobody knows" if effects["known"] == Known.UNKNOWN else "with it: we found no count"


def _steps(cells: Cells, name: str) -> Sequence[str]:
    option = cells.result.inputs.options[name]
    return [each.treatment for each in option.rules.steps] if hasattr(option, "rules") else [name]


def _soon(cells: Cells, view: str, name: str) -> Sentence:
    key = {"view": view, "treatment": name}
    found = cells.spread("comparison", ("if_p50", "if_p05", "if_p95"), outcome="weeks_to_relief", **key)
    said: list[Any] = [found] if sure(found.middle) else ["Nobody knows"]
    lost = cells.spread("comparison", ("p50", "p05", "p95"), outcome="working_days_lost", **key)
    if sure(lost.middle) and lost.high.value > 0:
        work = str(cells.result.inputs.patient.kind_of_work)
        said += [f"; off {work} work: ", lost]
    return tuple(said)


def _lasts(cells: Cells, view: str, name: str) -> Sentence:
    key = {"view": view, "treatment": name}
    if _nothing(cells, name):
        return ("The zero that all else is set against",)
    said: list[Any] = []
    if cells.has("phases", phase="relief", **key):
        relief = cells.spread("phases", ("p50", "p05", "p95"), phase="relief", **key)
        said += [relief] if sure(relief.middle) else []
    gained = cells.fact("effects", "gained_weeks", **key)
    if sure(gained):
        said += ["; " if said else "", "gain: ", gained]
    return tuple(said) or ("Nobody knows",)


def _harms(cells: Cells, view: str, name: str) -> Sentence:
    mine = [
        row
        for row in records(cells.result.harms)
        if row["view"] == view and row["treatment"] in _steps(cells, name) and not math.isnan(row["p50"])
    ]
    if not mine:
        return ("Nothing is done to you",) if _nothing(cells, name) else (_uncounted(cells, name),)
    most = sorted(mine, key=lambda row: -row["p50"])[:_MOST_HARMS]
    key = [{"view": view, "treatment": row["treatment"], "parameter": row["parameter"]} for row in most]
    return joined(
        [(Label(row["label"]), ": ", cells.fact("harms", "p50", **each)) for row, each in zip(most, key, strict=True)],
        between="; ",
        last="; ",
    )


def _uncounted(cells: Cells, name: str) -> str:
    """Return whether sources name a harm that none of them counts."""
    treatments = cells.result.inputs.treatments
    topics = [each.topic.lower() for step in _steps(cells, name) for each in treatments[step].statements]
    named = any(word in topic for topic in topics for word in _HARM_WORDS)
    return "Harms are reported; nobody counts how often" if named else "We found no count; harm may still come"


def _cost(cells: Cells, view: str, name: str, column: str) -> Sentence:
    key = {"view": view, "treatment": name}
    found = cells.spread("effects", (column, f"{column}_p05", f"{column}_p95"), **key)
    if sure(found.middle):
        return (found, "*") if _guessed(cells, view, name) else (found,)
    covered = cells.row("effects", **key)["coverage"]
    if column == "cost_if_covered" and "excluded" in str(covered):
        return ("Your plan does not cover it",)
    return ("No source has a price",)


def _guessed(cells: Cells, view: str, name: str) -> bool:
    row = cells.row("comparison", view=view, treatment=name, outcome="out_of_pocket")
    return "assumption" in str(row["basis"]) and row["p95"] != 0


def _differences(cells: Cells, first: str, other: str, names: Sequence[str]) -> Iterator[Sentence]:
    """Yield one line an option that another view sees otherwise, the widest gap first."""
    found = []
    for name in names:
        parts, gap = _apart(cells, first, other, name)
        if parts:
            label = Label(cells.result.inputs.options[name].label)
            found.append((gap, (label, ": ", *joined(parts, between="; ", last="; "), ".")))
    shorts = [Label(lower(cells.result.inputs.views[view].label)) for view in (first, other)]
    if not found:
        yield (Label(cells.result.inputs.views[other].label), ", you get the same numbers as ", shorts[0], ".")
    yield from (sentence for _, sentence in sorted(found, key=lambda each: -each[0]))


def _apart(cells: Cells, first: str, other: str, name: str) -> tuple[list[Sentence], float]:
    parts: list[Sentence] = []
    widest = 0.0
    for column, what, unknown in (
        ("with_treatment", "better with it", "nobody knows"),
        ("cost_if_covered", "you pay if covered", "no price"),
        ("cost_if_refused", "you pay if refused", "no price"),
    ):
        one, two = (cells.fact("effects", column, view=view, treatment=name) for view in (first, other))
        gap = _gap(one, two)
        if gap > (_PEOPLE if one.unit == "people" else _MONEY):
            widest = max(widest, gap * (10 if one.unit == "people" else 1))
            parts.append((f"{what}: ", *_by(cells, first, one, unknown), " or ", *_by(cells, other, two, unknown)))
    return parts, widest


def _gap(one: Fact, two: Fact) -> float:
    if sure(one) != sure(two):
        return 1.0
    if not sure(one):
        return 0.0
    if one.words() == two.words():
        return 0.0
    apart = abs(one.value - two.value)
    return apart if one.unit == "people" else apart / max(abs(one.value), abs(two.value), 1.0)


def _by(cells: Cells, view: str, fact: Fact, unknown: str) -> Sentence:
    return (fact if sure(fact) else unknown, " (", Label(cells.result.inputs.views[view].short), ")")


def _notes(cells: Cells, view: str) -> Iterator[Sentence]:
    inputs = cells.result.inputs
    relief = inputs.condition.relief[inputs.relief].label
    yield ("Better: ", Label(lower(relief)), ", when the trials looked. How soon and how long stand beside it.")
    yield (
        "A sham looks like the treatment but does nothing. What a treatment adds to a sham is its own work. The rest "
        "is care, hope and time.",
    )
    yield ("Costs are for care in the network. The plan's limits begin anew with each plan year.",)
    if len(cells.result.views) > 1:
        yield ("A side's number is what the sources that it believes say. It need not be that side's own word.",)
    yield ("Gain: weeks in relief that you would not have had with nothing done.",)
    yield ("In brackets: the range that holds nine times out of ten. A number past it is rare, but can happen.",)
    rows, all_rows = (
        cells.count("comparison", "basis", each, view=view, outcome="out_of_pocket") for each in ("assumption", "")
    )
    yield ("* A guess of ours is part of this number. So it is for the cost of ", rows, " of ", all_rows, ".")
