"""What a check of statements rests on: plan, patient, codes and lines, all that is wrong told at once."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import TypeVar

from ..errors import ParameterFileError, Problem, UnknownNameError
from ..exchange.codes import read_codes
from ..exchange.lines import AMOUNTS, StatementLine, Statements, Status
from ..exchange.statement_files import read_statements
from ..inputs.card import check_days, patient_named, plan_named, sources_under
from ..inputs.load import find_params, load_library
from ..inputs.met import met_misfits
from ..inputs.parameter import Category
from ..inputs.patient import Met, Patient, Remaining, Tier
from ..inputs.plan import Plan
from ..inputs.source import Source
from ..inputs.treatment import Treatment
from ..model.terms import stated_terms
from ..units import DAYS_PER_WEEK
from .netting import Entry, netted
from .splits import Card

__all__ = ["Held", "card_of", "counted_from", "held", "held_lines", "protected", "settled"]

T = TypeVar("T")


@dataclass(frozen=True)
class Held:
    """What somebody holds: the plan's card, who they are, and the lines, each with its one benefit.

    ``sources`` are what the plan's figures cite, ``treatments`` what a line may be a price of.
    """

    plan: Plan
    patient: Patient
    sources: Mapping[str, Source]
    treatments: Mapping[str, Treatment]
    lines: tuple[StatementLine, ...]
    notes: tuple[str, ...]


def held(
    files: Sequence[Path | str],
    *,
    plan: str,
    patient: str | None = None,
    codes: Path | str | None = None,
    params: Path | str | None = None,
    letters: bool = False,
) -> Held:
    """Read files, plan and patient.

    Parameters
    ----------
    files
        Tables (CSV), FHIR ExplanationOfBenefit (JSON) or X12 835.
    plan, patient
        Names under ``params/``, or files of your own that end in ``.yaml``. Without a patient
        nothing is met before the first line and the plan year begins on 1 January.
    codes
        A table ``code,category`` that says which benefit a code falls under.
    params
        The ``params/`` folder; the nearest here or above by default.
    letters
        Whether each file, or each estimate in it, stands by itself; else all are of one account.

    Raises
    ------
    ParameterFileError
        listing everything that is wrong with any of them.
    """
    root = find_params() if params is None else Path(params)
    problems: list[Problem] = []
    sources = sources_under(root)
    card = _tried(problems, "--plan", lambda: plan_named(plan, root, sources))
    someone = _tried(problems, "--patient", lambda: None if patient is None else patient_named(patient, root, sources))
    read = _tried(problems, "", lambda: held_lines(files, codes, letters=letters))
    if card is not None and read is not None:
        days = [(line.where, line.day) for line in read.lines]
        _tried(problems, "", lambda: check_days(card, days))
    if problems or card is None or read is None:
        raise ParameterFileError(problems)
    someone = someone or Patient(label="You", decision_date=min(line.day for line in read.lines))
    if impossible := [
        Problem("--patient", ".".join(map(str, path)), what, fix) for path, what, fix in met_misfits(card, someone)
    ]:
        raise ParameterFileError(impossible)
    treatments = load_library(root).treatments if letters else {}
    return Held(card, someone, sources, treatments, read.lines, read.notes)


def held_lines(files: Sequence[Path | str], codes: Path | str | None, *, letters: bool = False) -> Statements:
    """Read files alone (see :func:`held`).

    Raises
    ------
    ParameterFileError
    """
    problems: list[Problem] = []
    own = _tried(problems, "", lambda: {} if codes is None else read_codes(Path(codes)))
    read = _tried(problems, "", lambda: read_statements([Path(each) for each in files]))
    if problems or own is None or read is None:
        raise ParameterFileError(problems)
    lines = _with_categories(read.lines, own)
    return replace(read, lines=lines if letters else tuple(replace(each, estimate="") for each in lines))


def _tried(problems: list[Problem], option: str, read: Callable[[], T]) -> T | None:
    """Return what is read, or keep its problems."""
    try:
        return read()
    except UnknownNameError as error:
        what, _, fix = str(error).partition(". ")
        problems.append(Problem(option, "", what, fix))
    except ParameterFileError as error:
        problems += error.problems
    return None


def _with_categories(lines: Sequence[StatementLine], codes: Mapping[str, Category]) -> tuple[StatementLine, ...]:
    """Return the lines each with its one benefit.

    Raises
    ------
    ParameterFileError
        naming each code that may fall under several or none.
    """
    found: list[StatementLine] = []
    unsettled: dict[str, StatementLine] = {}
    for line in lines:
        own = codes.get(line.code.upper())
        if own is None and len(line.categories) != 1:
            unsettled.setdefault(line.code, line)
        found.append(line if own is None else replace(line, categories=(own,)))
    if unsettled:
        raise ParameterFileError(_open(line) for line in unsettled.values())
    return tuple(found)


def _open(line: StatementLine) -> Problem:
    may = " or ".join(line.categories) or "a category"
    fix = f"Fill in the column 'category', or give with --codes a table 'code,category' that says {may}."
    return Problem(line.where, "code", f"{line.code or 'no code'} does not say which benefit it falls under", fix)


def settled(lines: Sequence[StatementLine]) -> tuple[tuple[StatementLine, ...], tuple[str, ...]]:
    """Return what remains of lines that were reversed, corrected or printed twice, and a note on each that does not.

    Raises
    ------
    ParameterFileError
    """
    entries = [
        Entry(
            at,
            each.where,
            each.claim,
            each.line,
            (each.day, each.code, each.categories, each.in_network, each.estimate),
            tuple(each.amounts[name] for name in AMOUNTS),
            reversal=each.status is Status.REVERSED,
            correction=each.status is Status.CORRECTED,
            said=each.description,
        )
        for at, each in enumerate(lines)
    ]
    done = netted(entries)
    kept = tuple(
        replace(lines[each.at], amounts=dict(zip(AMOUNTS, each.amounts, strict=True))) for each in done.entries
    )
    return kept, done.notes


def counted_from(given: Held, first: date) -> Held:
    """Return the same with what is met only where the first line falls into the plan year that it was met in."""
    patient = given.patient
    if (patient.met, patient.remaining) == (Met(), Remaining()) or patient.year_starting_after(
        first
    ) == patient.year_starting_after(patient.decision_date):
        return given
    note = "What the patient's file says is met counts in another plan year than the first line."
    return replace(
        given, patient=patient.model_copy(update={"met": Met(), "remaining": Remaining()}), notes=(*given.notes, note)
    )


def protected(given: Held) -> Held:
    """Return the same with emergencies out of network at the network's terms, where the federal rule says so."""
    found = tuple(
        replace(line, in_network=True) if line.categories == (Category.EMERGENCY_ROOM,) else line
        for line in given.lines
    )
    if not given.plan.surprise_bills_banned or found == given.lines:
        return given
    note = "Emergencies out of network are split in network, with no balance bill: the federal rule on surprise bills."
    return replace(given, lines=found, notes=(*given.notes, note))


def card_of(given: Held, first: date, last: date, *, tier: Tier | None = None) -> tuple[Card, tuple[str, ...]]:
    """Return the terms as the plan's papers state them, and a note on those that they give as ranges.

    ``tier`` is another coverage than the patient's, under which nothing is met.
    """
    patient = given.patient
    if tier is not None:
        patient = patient.model_copy(update={"tier": tier, "met": Met(), "remaining": Remaining()})
    weeks = (last - first).days / DAYS_PER_WEEK + 1
    used = {category for line in given.lines for category in line.categories}
    places = {"out_of_network"} if any(not line.in_network for line in given.lines) else set[str]()
    needed = given.plan.figures_for(used, family=patient.tier is Tier.FAMILY, places=places)
    terms, ranges = stated_terms(given.plan, patient, first, weeks, given.sources, frozenset(needed))
    note = f"The plan gives a range for {', '.join(ranges)}; the middle is used."
    return Card(terms, patient, first), (note,) if ranges else ()
