"""What is met, taken from statements instead of typed in: a study's accumulators on its day of decision."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from ..inputs.load import StudyInputs
from ..inputs.patient import Met
from .statement_inputs import Held, held_lines, settled
from .statements import check_held

__all__ = ["met_from"]


def met_from(
    files: Sequence[Path | str], inputs: StudyInputs, codes: Path | str | None = None
) -> tuple[dict[str, float], tuple[str, ...]]:
    """Return settings that take what is met from statements, in place of what the patient's file says.

    Counted is what the plan's terms give for the lines of the plan year in which the study decides,
    up to that day; nothing is met before the first of them.

    Parameters
    ----------
    files
        Statements, all of the plan year.
    inputs
        The study, with the plan and the patient that it is asked for.
    codes
        As in :func:`calc.analysis.statement_inputs.held`.

    Returns
    -------
    tuple
        Values by dotted path, such as ``patient.met.deductible``, and what to know about them.

    Raises
    ------
    ParameterFileError
    """
    patient = inputs.patient.model_copy(update={"met": Met()})
    read = held_lines(files, codes)
    notes = list(read.notes)
    kept, more = settled(read.lines)
    ends = patient.year_starting_after(patient.decision_date)
    counted = tuple(
        line for line in kept if line.day <= patient.decision_date and patient.year_starting_after(line.day) == ends
    )
    notes += more
    if others := len(kept) - len(counted):
        are = "lines are" if others > 1 else "line is"
        of = patient.decision_date.isoformat()
        notes.append(f"{others} {are} not of the plan year up to {of}, and {'do' if others > 1 else 'does'} not count.")
    met = Met()
    if counted:
        done = check_held(Held(inputs.plan, patient, inputs.sources, {}, counted, ()))
        met = done.met
        notes += done.notes
        if done.faults:
            notes.append(
                f"Not all is split as the plan's terms give ({len(done.faults)} of {len(done.lines)} visits differ by "
                "themselves); what is met is counted by the terms. See calc check-bill."
            )
    return _flat(met), tuple(notes)


def _flat(met: Met) -> dict[str, float]:
    """Return what is met by dotted path."""
    found = {}
    for name in ("deductible", "out_of_pocket"):
        found[f"patient.met.{name}"] = float(getattr(met, name))
        for part in ("family", "drugs", "out_of_network"):
            found[f"patient.met.{part}.{name}"] = float(getattr(getattr(met, part), name))
    return found
