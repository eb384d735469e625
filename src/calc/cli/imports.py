"""Files of others into parameter files: ``calc import plan``."""

from __future__ import annotations

from pathlib import Path
from shutil import get_terminal_size

import click

from .options import PARAMS, tidy

__all__ = ["imports"]


@click.group("import")
def imports() -> None:
    """Read plans as they are sold, and prices as they are published. Nothing is fetched from anywhere."""


@imports.command("plan")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path, dir_okay=False, exists=True))
@click.option("--plan-id", help="Which plan: the HIOS number with its variant, such as 20069TX0100053-01.")
@click.option("--year", type=int, default=2026, show_default=True, help="The plan year that the files must be of.")
@click.option("--as", "name", help="Name of the new file under params/plans (default: from the plan's own name).")
@click.option("--list", "listing", is_flag=True, help="List the plans of a Plan Attributes file, and write nothing.")
@click.option("--state", default="", help="With --list: a state, such as TX.")
@click.option("--metal", default="", help="With --list: bronze, silver, gold, platinum or catastrophic.")
@click.option("--search", default="", help="With --list: a part of the plan's or the issuer's name.")
@PARAMS
@tidy
def plan(
    files: tuple[Path, ...],
    plan_id: str | None,
    year: int,
    name: str | None,
    listing: bool,
    state: str,
    metal: str,
    search: str,
    params: Path | None,
) -> None:
    """Write a plan under params/plans from FILES.

    FILES are the two marketplace files of CMS, Benefits and Cost Sharing and Plan Attributes, each a CSV or
    the zip as downloaded; or one JSON, a FHIR InsurancePlan or a Benefit Plan Standard document.
    """
    from ..exchange.plan_files import imported_plan, listing_of
    from ..inputs.card import sources_under
    from ..inputs.load import find_params
    from ..report.imported import keep_index, write_plan

    if listing:
        width = min(max(get_terminal_size((120, 40)).columns, 80), 180)
        click.echo(listing_of(files, state=state, metal=metal, search=search, width=width))
        return
    root = params or find_params()
    found = imported_plan(files, plan_id=plan_id, year=year, sources=sources_under(root), keep=keep_index)
    file, told = write_plan(found, name, root)
    for each in told:
        click.echo(each)
    click.echo(f"{file} is written. Check it against the plan's own papers, then run: calc check")
