"""Commands on anyone's own data: patient-share on bills, decide on draws."""

from __future__ import annotations

from pathlib import Path
from shutil import get_terminal_size

import click

from .options import PARAMS, loudness, progress_of, tidy

__all__ = ["decide", "patient_share", "plans"]

_TABLE = click.Path(path_type=Path, dir_okay=False)


@click.command("patient-share")
@click.option("--plan", required=True, help="A name under params/plans, or a plan file of your own.")
@click.option(
    "--services",
    type=click.Path(path_type=Path, dir_okay=False),
    required=True,
    help="CSV: date, category, allowed; cash_price, charge, network, covered, description, days, visit, claim, "
    "protected and admitted if you like.",
)
@click.option("--patient", help="A name under params/patients, or a patient file of your own (default: nothing met).")
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), help="Write the lines to this CSV as well.")
@PARAMS
@tidy
def patient_share(plan: str, services: Path, patient: str | None, out: Path | None, params: Path | None) -> None:
    """Split dated bills between patient and plan, line by line, with what is left of each limit."""
    from ..analysis.patient_share import patient_share as run
    from ..report.save import save_table
    from ..report.terminal import statement

    done = run(services, plan=plan, patient=patient, params=params)
    if out is not None:
        save_table(done.lines, out)
    click.echo(statement(done, width=min(max(get_terminal_size((140, 40)).columns, 100), 200)))


@click.command()
@click.argument("names", nargs=-1, required=True, metavar="PLAN...")
@click.option("--study", default="chronic_low_back_pain", show_default=True, help="The study whose treatments count.")
@click.option("--view", help="Whom to believe (default: the study's first view).")
@PARAMS
@tidy
def plans(names: tuple[str, ...], study: str, view: str | None, params: Path | None) -> None:
    """Print what a year costs under each PLAN, with and without each treatment, premiums included where given."""
    from ..analysis.plan_years import plan_years
    from ..inputs.load import find_params, load_library
    from ..report.plan_years import years_in_words

    root = params or find_params()
    table = plan_years(study, names, view=view, params=root)
    width = min(max(get_terminal_size((120, 40)).columns, 80), 200)
    click.echo(years_in_words(table, load_library(root), width=width))


@click.command()
@click.option("--cost", type=_TABLE, required=True, help="CSV: a row a draw, a column an option.")
@click.option("--effect", type=_TABLE, required=True, help="CSV of the same draws and options.")
@click.option("--parameters", type=_TABLE, help="CSV of the same draws: a column a parameter that they were made with.")
@click.option(
    "--wtp",
    default="0:200000:2000",
    show_default=True,
    help="Values of a unit of effect: FROM:TO:STEP, or a list such as '50, 100'.",
)
@click.option("--at", type=float, help="The one of these for tornado, what to find out first and the headline.")
@click.option("--reference", help="The option that others are compared with (default: the first).")
@click.option("--group", "groups", multiple=True, metavar="NAME=A,B", help="Parameters found out together; repeat.")
@click.option(
    "--future-study",
    "designs",
    multiple=True,
    metavar="NAME=KIND:SIZES",
    help="What a study of a parameter would be worth: KIND is share, or how much people differ (SD); repeat.",
)
@click.option("--currency", default="$", show_default=True, help="Sign of the money in which cost is given.")
@click.option(
    "--unit", default="unit of effect", show_default=True, help='What effect counts, such as "week of relief".'
)
@click.option("--out", type=click.Path(path_type=Path, file_okay=False), required=True, help="A new folder.")
@loudness
@tidy
def decide(
    cost: Path,
    effect: Path,
    parameters: Path | None,
    wtp: str,
    at: float | None,
    reference: str | None,
    groups: tuple[str, ...],
    designs: tuple[str, ...],
    currency: str,
    unit: str,
    out: Path,
    quiet: bool,
    verbose: bool,
) -> None:
    """Analyse anyone's draws of cost and effect: what to choose, how sure, what to find out first.

    Writes summary.csv, icers.csv, ceac.csv, expected_loss.csv, evpi.csv, evppi.csv, tornado.csv,
    one_way.csv and figures to the folder OUT, all or nothing; with --future-study evsi.csv.
    """
    from ..inputs.values import designs_of, groups_of, values_of
    from ..report.decide import run_decide
    from ..report.figures.lines import Wording

    said = run_decide(
        cost,
        effect,
        parameters,
        wtp=values_of(wtp),
        out=out,
        reference=reference,
        at=at,
        groups=groups_of(groups),
        designs=designs_of(designs),
        words=Wording(currency, unit),
        progress=progress_of(quiet=quiet, verbose=verbose),
    )
    click.echo(f"{said}\nThe results are in {out}/ (tables as CSV, figures/)")
