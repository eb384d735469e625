"""Commands on what somebody holds in their hands: estimates before, statements after."""

from __future__ import annotations

from pathlib import Path
from shutil import get_terminal_size

import click

from .options import PARAMS, tidy

__all__ = ["check_bill", "estimates"]

_FILE = click.Path(path_type=Path, dir_okay=False)
_FILES = click.argument("files", nargs=-1, required=True, type=_FILE)
_PLAN = click.option("--plan", required=True, help="A name under params/plans, or a plan file of your own.")
_PATIENT = click.option("--patient", help="A patient's name or file (default: nothing met before the first line).")
_CODES = click.option("--codes", type=_FILE, help="CSV of code,category: which benefit a code falls under.")


def _width() -> int:
    return min(max(get_terminal_size((140, 40)).columns, 100), 200)


@click.command("check-bill")
@_FILES
@_PLAN
@_PATIENT
@_CODES
@click.option("--out", type=_FILE, help="Write every line beside ours to this CSV as well.")
@click.option("--letter", "letters", type=_FILE, multiple=True, help="What differs, as .html to send or .txt to say.")
@click.option("--name", default="", help="Whose name stands under the letter (default: nobody's).")
@PARAMS
@tidy
def check_bill(
    files: tuple[Path, ...],
    plan: str,
    patient: str | None,
    codes: Path | None,
    out: Path | None,
    letters: tuple[Path, ...],
    name: str,
    params: Path | None,
) -> None:
    """Check statements against your plan: which line differs first, why, and what later lines owe to it.

    FILES are tables (CSV), FHIR ExplanationOfBenefit (JSON) or X12 835. Nothing leaves this machine.
    """
    from ..analysis.statements import check_bill as run
    from ..report.check import checked
    from ..report.letter import check_letters, save_letter
    from ..report.save import save_table

    check_letters(letters)
    done = run(files, plan=plan, patient=patient, codes=codes, params=params)
    if out is not None:
        save_table(done.lines, out)
    for each in letters:
        save_letter(done, each, name=name)
    click.echo(checked(done, width=_width()))


@click.command()
@_FILES
@_PLAN
@_PATIENT
@_CODES
@click.option("--out", type=_FILE, help="Write the lines to this CSV as well.")
@click.option("--as-overlay", "overlay", type=_FILE, help="Write the quoted prices as a file for --with.")
@PARAMS
@tidy
def estimates(
    files: tuple[Path, ...],
    plan: str,
    patient: str | None,
    codes: Path | None,
    out: Path | None,
    overlay: Path | None,
    params: Path | None,
) -> None:
    """Add up estimates of one course: each alone, and together under one deductible and one maximum.

    FILES are letters as tables (CSV), or one table with a column 'estimate'. Columns 'treatment' and
    'item' say whose price a line quotes, for --as-overlay.
    """
    from ..analysis.estimates import estimates as run
    from ..report.check import added_up
    from ..report.overlay import save_overlay
    from ..report.save import save_table

    done = run(files, plan=plan, patient=patient, codes=codes, params=params)
    if overlay is not None:
        save_overlay(done.quoted, overlay)
    if out is not None:
        save_table(done.lines, out)
    click.echo(added_up(done, width=_width()))
