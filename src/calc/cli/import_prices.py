"""The command that reads price files: import prices."""

from __future__ import annotations

from pathlib import Path

import click

from .options import PARAMS, tidy

__all__ = ["prices"]


@click.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path, dir_okay=False, exists=True))
@click.option("--treatment", required=True, help="A name under params/treatments.")
@click.option("--payer", default="", help="The payer, or a part of its name; without it the cash price is read.")
@click.option("--plan", default="", help="The payer's plan, or a part of its name.")
@click.option("--market", type=click.Choice(["cash", "commercial", "medicare"]), help="Whose prices these are.")
@click.option("--setting", type=click.Choice(["inpatient", "outpatient"]), help="Default: as the price item is billed.")
@click.option("--place", type=click.Choice(["office", "surgery_center", "hospital"]), help="Default: all in the files.")
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), help="Default: TREATMENT_prices.yaml.")
@PARAMS
@tidy
def prices(
    files: tuple[Path, ...],
    treatment: str,
    payer: str,
    plan: str,
    market: str | None,
    setting: str | None,
    place: str | None,
    out: Path | None,
    params: Path | None,
) -> None:
    """Read FILES of a hospital's or a payer's prices into a file that --with takes.

    A hospital's file (CMS versions 2 and 3, CSV or JSON), a payer's (Transparency in Coverage, JSON),
    or a CSV of your own with the columns code and price; as downloaded, also gzip or zip. Nothing is
    fetched from anywhere.
    """
    from ..errors import UnknownNameError
    from ..exchange.bundled import Asked
    from ..exchange.imported import import_prices
    from ..inputs.bundle import Place
    from ..inputs.claim import Market
    from ..inputs.load import find_params, load_library
    from ..report.imports import save_overlay, told

    known = load_library(params or find_params()).treatments
    if treatment not in known:
        raise UnknownNameError("treatment", treatment, known)
    asked = Asked(payer, plan, Market(market) if market else None, setting or "", Place(place) if place else None)
    found = import_prices(treatment, known[treatment], files, asked)
    out = out or Path(f"{treatment}_prices.yaml")
    said = told(found)
    save_overlay(found.overlay, out)
    click.echo(f"{said}\n\n{out} is written. Use it: calc compare STUDY --with {out}")
