"""Commands on many scenarios at once: batch, sweep."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click

from .options import PARAMS, QUIET, loudness, tidy

__all__ = ["batch", "sweep"]


@click.command()
@click.argument("grid", metavar="BATCH")
@click.option("--out", metavar="DIR", default="outputs", show_default=True, help="A folder, or a URL of fsspec.")
@click.option("--dry-run", is_flag=True, help="Check everything, show the plan, and stop there.")
@click.option("--keep-going/--fail-fast", default=True, show_default=True, help="After a run that failed.")
@click.option("--timeout", type=click.FloatRange(min=0.1), default=900.0, show_default=True, help="Seconds a run.")
@click.option("--retries", type=click.IntRange(0, 10), default=0, show_default=True, help="Tries after a failure.")
@click.option("--jobs", type=click.IntRange(min=1), help="Runs at a time (default: one a processor).")
@click.option("--memory", type=click.FloatRange(min=0.25), help="Most memory of a run, in GB (default: its share).")
@click.option("--only", multiple=True, metavar="FILTER", help="Scenarios that fit, such as plan=employer*; repeat.")
@click.option("--force", is_flag=True, help="Run again what is there already.")
@click.option("--ordinary-kernels", "ordinary", is_flag=True, help="Start a kernel for each run, as papermill does.")
@click.option("--cluster", metavar="ADDRESS", help="Run on the workers of a Dask scheduler.")
@PARAMS
@loudness
@tidy
def batch(
    grid: str, out: str, dry_run: bool, keep_going: bool, params: Path | None, only: tuple[str, ...], **how: Any
) -> None:
    """Run a notebook once for each scenario of BATCH (a name under params/batches, or a path).

    Only what is missing, failed or changed is run; a batch that was stopped goes on where it was.
    Exit code 1 if a run failed, 130 if it was stopped.
    """
    # jsonschema would build a grammar for a kind of address that no notebook holds: a second of start
    sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]
    from ..batch.commands import run_command

    code = run_command(
        grid, out=out, dry_run=dry_run, fail_fast=not keep_going, params=params, only=only, say=click.echo, **how
    )
    sys.exit(code)


@click.command()
@click.argument("grid", metavar="BATCH")
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), required=True, help="A .csv or .parquet file.")
@click.option("--jobs", type=click.IntRange(min=1), help="Processes (default: one a processor).")
@click.option("--only", multiple=True, metavar="FILTER", help="Scenarios that fit, such as plan=employer*; repeat.")
@click.option("--cluster", metavar="ADDRESS", help="Compute on the workers of a Dask scheduler.")
@PARAMS
@QUIET
@tidy
def sweep(grid: str, out: Path, **how: Any) -> None:
    """Compute the comparison of every scenario of BATCH, without notebooks, into one table.

    A sweep that was stopped goes on where it was.
    """
    sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]  # as for batch
    from ..batch.commands import sweep_command

    sys.exit(sweep_command(grid, out=out, say=click.echo, **how))
