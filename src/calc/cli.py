"""The command ``calc``. Every command imports what it needs when it runs, so that help is instant."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from shutil import get_terminal_size
from typing import Any

import click

from .errors import CalcError, ParameterFileError, Problem, RunError, SettingError

__all__ = ["main"]

_PARAMS = click.option(
    "--params",
    type=click.Path(path_type=Path, file_okay=False),
    help="The params/ folder (default: nearest here or above).",
)


def _study_options(command: Callable[..., None]) -> Callable[..., None]:
    """Add the options by which one run differs from the study's file."""
    options = [
        click.option("--plan", help="Another insurance plan, a name under params/plans."),
        click.option("--view", "views", multiple=True, help="Whom to believe; repeat to set views side by side."),
        click.option("--horizon", help='How far to look ahead, such as "24 months".'),
        click.option("--draws", type=int, help="Number of draws, a power of two."),
        click.option("--seed", type=int, help="Seed of the draws; 0 is a seed."),
        click.option(
            "--set", "settings", multiple=True, metavar="PATH=VALUE", help="Any parameter: plan.deductible=3000."
        ),
        click.option(
            "--with",
            "overlays",
            multiple=True,
            type=click.Path(path_type=Path, dir_okay=False, exists=True),
            help="A file of your own numbers, such as a quote.",
        ),
        _PARAMS,
    ]
    for option in reversed(options):
        command = option(command)
    return command


def _settings(
    *,
    plan: str | None,
    views: tuple[str, ...],
    horizon: str | None,
    draws: int | None,
    seed: int | None,
    settings: tuple[str, ...],
) -> dict[str, object]:
    """Return the options as settings by dotted path."""
    given: dict[str, object] = {"study.plan": plan, "study.horizon": horizon, "study.draws": draws, "study.seed": seed}
    given["study.views"] = list(views) or None
    found = {path: value for path, value in given.items() if value is not None}
    problems = []
    for each in settings:
        path, equals, value = each.partition("=")
        if not equals or not path.strip() or not value.strip():
            problems.append(Problem(f"--set {each}", "", "this is not PATH=VALUE", "Write it as plan.deductible=3000."))
        found[path.strip()] = value.strip()
    if problems:
        raise SettingError(problems)
    return found


def _tidy(command: Callable[..., None]) -> Callable[..., None]:
    """Turn errors that are ours into their message and an exit code: 2 wrong input, 1 a failed run."""

    @wraps(command)
    def run(*args: Any, **kwargs: Any) -> None:
        try:
            command(*args, **kwargs)
        except CalcError as error:
            click.echo(str(error), err=True)
            if isinstance(error, ParameterFileError | SettingError) and len(error.problems) > 1:
                click.echo(f"{len(error.problems)} problems; nothing was written.", err=True)
            sys.exit(1 if isinstance(error, RunError) else 2)

    return run


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="treatment-calc", prog_name="calc")
def main() -> None:
    """Compare what treatments for chronic back pain cost you, when relief comes and how long it lasts.

    Not medical advice, and not a quote.
    """


@main.command()
@click.argument("path", required=False, type=click.Path(path_type=Path))
@_tidy
def check(path: Path | None) -> None:
    """Check every file under params/ and report all problems.

    PATH is a params/ folder, a folder that holds one, or a file in one.
    """
    from .inputs.batch import read_batch
    from .inputs.load import find_params, load_library

    if path is None:
        path = find_params()
    elif path.is_file():
        path = path.resolve().parent.parent
    elif (path / "params").is_dir():
        path = path / "params"
    library = load_library(path)
    for file in sorted((path / "batches").glob("*.yaml")):  # its scenarios are checked by calc batch --dry-run
        read_batch(file)
    counts = [
        f"{len(getattr(library, kind))} {kind}"
        for kind in ("sources", "treatments", "plans", "patients", "views", "studies")
    ]
    click.echo(f"{library.root}: all right. {', '.join(counts)}.")


@main.command()
@click.option(
    "--documents",
    type=click.Path(path_type=Path, file_okay=False),
    required=True,
    help="The folder with the documents' text files.",
)
@_PARAMS
@_tidy
def audit(documents: Path, params: Path | None) -> None:
    """Check that the documents print what the claims say, in the sections that they name.

    Exit code 1 if a figure, a section or a document is not as the claims say.
    """
    from .inputs.audit import audit as run
    from .inputs.load import find_params, load_library

    findings = run(load_library(params or find_params()), documents)
    for each in findings:
        where = f"{each.source}, {each.section}" if each.section else each.source
        click.echo(f"{each.verdict}: {each.about} ({where}){f': {each.why}' if each.why else ''}")
    counts = Counter(each.verdict for each in findings)
    click.echo(", ".join(f"{count} {verdict}" for verdict, count in counts.items()))
    if any(each.wrong for each in findings):
        sys.exit(1)


@main.command()
@click.argument("study")
@_study_options
@_tidy
def compare(study: str, params: Path | None, overlays: tuple[Path, ...], **options: Any) -> None:
    """Print the comparison of STUDY (a name under params/studies, or a path) in the terminal."""
    settings = _settings(**options)
    from .analysis.compare import compare as run
    from .report.terminal import printed

    width = min(max(get_terminal_size((120, 40)).columns, 80), 180)
    click.echo(printed(run(study, params=params, settings=settings, overlays=overlays), width=width))


@main.command()
@click.argument("parameter")
@click.option(
    "--study", default="chronic_low_back_pain", show_default=True, help="The study whose views and plan count."
)
@_study_options
@_tidy
def explain(parameter: str, study: str, params: Path | None, overlays: tuple[Path, ...], **options: Any) -> None:
    """Print where PARAMETER comes from and where it matters, such as stem_cell_injection.price.extraction."""
    settings = _settings(**options)
    from .analysis.compare import compare as run
    from .report.explain import explained

    width = min(max(get_terminal_size((120, 40)).columns, 80), 180)
    click.echo(explained(run(study, params=params, settings=settings, overlays=overlays), parameter, width=width))


@main.command()
@click.argument("study")
@click.option("--out", type=click.Path(path_type=Path, file_okay=False), default=Path("outputs"), show_default=True)
@click.option("--notebook", default="04_comparison", show_default=True, help="A notebook under notebooks/.")
@_study_options
@_tidy
def report(
    study: str, out: Path, notebook: str, params: Path | None, overlays: tuple[Path, ...], **options: Any
) -> None:
    """Run a notebook on STUDY and write its report, figures, tables and manifest."""
    settings = _settings(**options)
    from .report.run import run_report

    folder = run_report(
        study, notebook=notebook, out=out, params=params, settings=settings, overlays=overlays, say=click.echo
    )
    click.echo(f"The results are in {folder}/ (open {folder / 'report.html'})")


@main.command()
@click.argument("grid", metavar="BATCH")
@click.option("--out", type=click.Path(path_type=Path, file_okay=False), default=Path("outputs"), show_default=True)
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
@_PARAMS
@_tidy
def batch(
    grid: str, out: Path, dry_run: bool, keep_going: bool, params: Path | None, only: tuple[str, ...], **how: Any
) -> None:
    """Run a notebook once for each scenario of BATCH (a name under params/batches, or a path).

    Only what is missing, failed or changed is run; a batch that was stopped goes on where it was.
    Exit code 1 if a run failed, 130 if it was stopped.
    """
    # jsonschema would build a grammar for a kind of address that no notebook holds: a second of start
    sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]
    from .batch.commands import run_command

    code = run_command(
        grid, out=out, dry_run=dry_run, fail_fast=not keep_going, params=params, only=only, say=click.echo, **how
    )
    sys.exit(code)


@main.command()
@click.argument("grid", metavar="BATCH")
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), required=True, help="A .csv or .parquet file.")
@click.option("--jobs", type=click.IntRange(min=1), help="Processes (default: one a processor).")
@click.option("--only", multiple=True, metavar="FILTER", help="Scenarios that fit, such as plan=employer*; repeat.")
@click.option("--cluster", metavar="ADDRESS", help="Compute on the workers of a Dask scheduler.")
@_PARAMS
@_tidy
def sweep(
    grid: str, out: Path, jobs: int | None, only: tuple[str, ...], cluster: str | None, params: Path | None
) -> None:
    """Compute the comparison of every scenario of BATCH, without notebooks, into one table.

    A sweep that was stopped goes on where it was.
    """
    sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]  # as for batch
    from .batch.commands import sweep_command

    sys.exit(sweep_command(grid, out=out, jobs=jobs, only=only, cluster=cluster, params=params, say=click.echo))
