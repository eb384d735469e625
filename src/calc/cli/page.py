"""The explorer as a web page: app."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from .options import PARAMS, tidy

__all__ = ["app"]


@click.command()
@click.option("--study", default="chronic_low_back_pain", show_default=True, help="A name under params/studies.")
@click.option("--port", type=click.IntRange(1, 65535), default=8866, show_default=True)
@click.option("--listen", default="127.0.0.1", show_default=True, metavar="ADDRESS", help="Another needs a token.")
@click.option("--token", default="", help="A word that visitors have to know, eight characters or more.")
@click.option("--host", "hosts", multiple=True, metavar="NAME", help="A name under which it is reached as well.")
@click.option("--open-to-all", is_flag=True, help="Listen elsewhere without a token.")
@click.option(
    "--ready", type=click.IntRange(0, 64), default=2, show_default=True, help="Kernels that wait for visitors."
)
@click.option(
    "--idle", type=click.IntRange(min=10), default=900, show_default=True, help="Seconds until an idle one ends."
)
@click.option("--memory", type=click.FloatRange(min=1.0), default=4.0, show_default=True, help="GB a visitor may use.")
@click.option("--seconds", type=click.FloatRange(min=1.0), default=120.0, show_default=True, help="For one change.")
@click.option("--dry-run", is_flag=True, help="Check everything, and stop there.")
@PARAMS
@tidy
def app(
    study: str,
    port: int,
    listen: str,
    token: str,
    hosts: tuple[str, ...],
    open_to_all: bool,
    ready: int,
    idle: int,
    memory: float,
    seconds: float,
    dry_run: bool,
    params: Path | None,
) -> None:
    """Serve the explorer of a study as a web page, on this machine only unless told otherwise.

    Nothing that is entered is logged, and nothing is asked of any other host.
    """
    # jsonschema would build a grammar for a kind of address that no notebook holds: seconds of start
    sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]
    from ..explore.serve import Serving, serve

    how = Serving(
        port=port,
        listen=listen,
        token=token,
        hosts=hosts,
        open_to_all=open_to_all,
        ready=ready,
        idle=idle,
        gigabytes=memory,
        seconds=seconds,
    )
    serve(study, params, how, click.echo, dry_run=dry_run)
