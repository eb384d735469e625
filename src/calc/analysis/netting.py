"""What remains of lines that were taken back, corrected or printed twice; every step of it is told.

Within a claim:

1. a line below 0 (or a reversal, X12's status 22) takes back the line with the opposite amounts, of
   the same number or else of the same service and day;
2. one without such a counterpart lowers the line of its number, or of its service and day;
3. of what is left under one claim and number, a copy counts once and a correction replaces what it corrects.

What then is below 0, or stands twice with other amounts, is refused.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, replace

from ..errors import ParameterFileError, Problem

__all__ = ["Entry", "netted"]

Amounts = tuple[float | None, ...]


@dataclass(frozen=True)
class Entry:
    """One printed line: ``at`` its place in the caller's list, ``service`` what was done and on which day.

    ``amounts`` are USD with their signs, None where not printed; ``reversal`` and ``correction`` are
    what the line's status says. ``claim`` and ``line`` are empty where not printed; ``said`` tells
    services apart that are alike otherwise.
    """

    at: int
    where: str
    claim: str
    line: str
    service: Hashable
    amounts: Amounts
    reversal: bool = False
    correction: bool = False
    said: str = ""

    @property
    def name(self) -> str:
        """Return what a reader finds the line by."""
        if not self.claim:
            return self.where
        return f"claim {self.claim}, line {self.line}" if self.line else f"claim {self.claim} ({self.where})"


@dataclass(frozen=True)
class Netted:
    """The lines that remain, in their order, with their net amounts, and a note on every one that does not."""

    entries: tuple[Entry, ...]
    notes: tuple[str, ...]


def netted(entries: Sequence[Entry]) -> Netted:
    """Return what remains.

    Raises
    ------
    ParameterFileError
        listing each line that takes back what is not there, or stands twice with other amounts.
    """
    notes: list[str] = []
    problems: list[Problem] = []
    live, taken = _signed(entries)
    for back in taken:
        match = _found(back, live, opposite=True)
        if match is not None:
            live.remove(match)
            notes.append(f"{match.name} ({match.where}) is taken back in full at {back.where}; neither counts.")
            continue
        match = _found(back, live, opposite=False)
        if match is None:
            fix = "Add the statement with that line, or give both the same claim and line."
            problems.append(Problem(back.where, "", f"{back.name} takes back a line that is not here", fix))
            continue
        net = tuple(_sum(one, two) for one, two in zip(match.amounts, back.amounts, strict=True))
        if any(each is not None and each < 0 for each in net):
            fix = "Check the amounts and their signs."
            problems.append(Problem(back.where, "", f"more is taken back than {match.name} holds", fix))
            continue
        live[live.index(match)] = replace(match, amounts=net)
        notes.append(f"{match.name} ({match.where}) is lowered by what {back.where} takes back.")
    kept = _each_once(live, notes, problems)
    for each in kept:
        if any(amount is not None and amount < 0.0 for amount in each.amounts):
            fix = "Check the signs: a line either charges or takes back."
            problems.append(Problem(each.where, "", f"{each.name} has amounts of both signs", fix))
    if problems:
        raise ParameterFileError(problems)
    notes += _same_elsewhere(kept)
    return Netted(tuple(kept), tuple(notes))


def _signed(entries: Sequence[Entry]) -> tuple[list[Entry], list[Entry]]:
    """Return what is charged, and what is taken back with its amounts below 0, in the order printed."""
    live: list[Entry] = []
    taken: list[Entry] = []
    for each in entries:
        below = sum(amount or 0.0 for amount in each.amounts) < 0.0
        if each.reversal and not below:  # printed without signs
            each = replace(each, amounts=tuple(None if one is None else -one for one in each.amounts))
        (taken if below or each.reversal else live).append(each)
    return live, taken


def _found(back: Entry, live: Sequence[Entry], *, opposite: bool) -> Entry | None:
    """Return the line that is taken back: of the same number first, then of the same service and day."""
    mine = [each for each in live if each.claim == back.claim]
    if opposite:
        mine = [each for each in mine if _cancel(each.amounts, back.amounts)]
    numbered = [each for each in mine if back.line and each.line == back.line and each.service == back.service]
    alike = [each for each in mine if each.service == back.service]
    return next(iter(numbered or alike), None)


def _cancel(one: Amounts, two: Amounts) -> bool:
    return all(a is None or b is None or abs(a + b) < 0.005 for a, b in zip(one, two, strict=True))


def _sum(one: float | None, two: float | None) -> float | None:
    return one if one is None or two is None else round(one + two, 2)


def _each_once(live: Sequence[Entry], notes: list[str], problems: list[Problem]) -> list[Entry]:
    """Return the lines with copies and what was corrected left out."""
    kept: list[Entry] = []
    by_number: dict[tuple[str, str], Entry] = {}
    for each in live:
        key = (each.claim, each.line)
        before = by_number.get(key) if each.claim and each.line else None
        if before is not None and (before.service, before.amounts) == (each.service, each.amounts):
            notes.append(f"{each.name} is printed twice ({before.where}, {each.where}); it counts once.")
            continue
        if before is not None and each.correction:
            notes.append(f"{each.name} is corrected at {each.where}; what {before.where} says does not count.")
            kept.remove(before)
        elif before is not None:
            fix = f"It differs from {before.where}. Give the later one the status 'corrected', or a line of its own."
            problems.append(Problem(each.where, "", f"{each.name} stands twice with different amounts", fix))
            continue
        by_number[key] = each
        kept.append(each)
    return kept


def _same_elsewhere(kept: Sequence[Entry]) -> list[str]:
    """Return a note on lines that say the same of one day: they may be one service printed or billed twice."""
    first: dict[tuple[Hashable, str, Amounts], Entry] = {}
    notes = []
    for each in kept:
        before = first.setdefault((each.service, each.said, each.amounts), each)
        if before is not each:
            notes.append(
                f"{each.where} says the same as {before.where}, of the same day; both count. Was it done twice?"
            )
    return notes
