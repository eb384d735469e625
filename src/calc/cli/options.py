"""What the commands share: the options of one run, errors as messages, how much is told."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ..errors import CalcError, Problem, RunError, SelfCheckError, SettingError

if TYPE_CHECKING:
    from ..report.progress import Progress

__all__ = [
    "MET_FROM",
    "PARAMS",
    "PRECISION",
    "QUIET",
    "loudness",
    "met_settings",
    "progress_of",
    "settings_of",
    "study_options",
    "tidy",
]

PARAMS = click.option(
    "--params",
    type=click.Path(path_type=Path, file_okay=False),
    help="The params/ folder (default: nearest here or above).",
)


QUIET = click.option("-q", "--quiet", is_flag=True, help="Tell nothing while it runs.")

MET_FROM = click.option(
    "--met-from",
    multiple=True,
    type=click.Path(path_type=Path, dir_okay=False),
    help="Statements of this plan year, from which what is met is taken; repeat.",
)

PRECISION = click.option(
    "--precision",
    type=float,
    metavar="USD",
    help="Draw until every average cost has at most this Monte Carlo standard error.",
)


def study_options(command: Callable[..., None]) -> Callable[..., None]:
    """Add the options by which one run differs from the study's file."""
    options = [
        click.option("--plan", help="Another insurance plan, a name under params/plans."),
        click.option("--view", "views", multiple=True, help="Whom to believe; repeat to set views side by side."),
        click.option("--horizon", help='How far to look ahead, such as "24 months".'),
        click.option("--draws", type=int, help="Number of draws, a power of two."),
        click.option("--seed", type=int, help="Seed of the draws; 0 is a seed."),
        click.option("--order", help="Of tables and figures: study, name, or treatments with commas, shown first."),
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
        PARAMS,
    ]
    for option in reversed(options):
        command = option(command)
    return command


def loudness(command: Callable[..., None]) -> Callable[..., None]:
    """Add the options that say how much is told while it runs."""
    command = click.option("-v", "--verbose", is_flag=True, help="Tell of every step and its seconds.")(command)
    return QUIET(command)


def progress_of(*, quiet: bool, verbose: bool) -> Progress:
    """Return what tells on the error stream what is going on."""
    from ..report.progress import Loudness, Progress

    return Progress(sys.stderr, Loudness.QUIET if quiet else Loudness.VERBOSE if verbose else Loudness.NORMAL)


def settings_of(
    *,
    plan: str | None,
    views: tuple[str, ...],
    horizon: str | None,
    draws: int | None,
    seed: int | None,
    order: str | None,
    settings: tuple[str, ...],
) -> dict[str, object]:
    """Return the options as settings by dotted path."""
    given: dict[str, object] = {"study.plan": plan, "study.horizon": horizon, "study.draws": draws, "study.seed": seed}
    given["study.order"] = order
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


def _command(context: click.Context) -> str:
    """Return the names below ``calc`` that lead to a command, each after a space."""
    return f"{_command(context.parent)} {context.info_name}" if context.parent is not None else ""


def _strangers(given: Iterable[object], said: str) -> Iterator[str]:
    """Yield what each file given to the failed command seems to be, where another command reads it, or none."""
    from ..exchange.sniff import sniff

    command = _command(click.get_current_context())
    for each in given:
        if isinstance(each, tuple):
            yield from _strangers(each, said)
        elif isinstance(each, str | Path) and each and len(str(each)) < 4096 and Path(each).is_file():
            seen = sniff(Path(each))
            if not seen.ours and seen.kind not in said and not seen.command.startswith(f"calc{command} "):
                yield str(seen)


def met_settings(
    study: str,
    met_from: tuple[Path, ...],
    *,
    params: Path | None,
    settings: dict[str, object],
    overlays: tuple[Path, ...],
    quiet: bool,
) -> dict[str, object]:
    """Return the settings with what is met taken from statements, and tell what is to be known of it."""
    if not met_from:
        return settings
    from ..analysis.met import met_from as counted
    from ..inputs.load import load_study

    found, notes = counted(met_from, load_study(study, root=params, settings=settings, overlays=overlays))
    if not quiet:
        for note in notes:
            click.echo(note, err=True)
        named = {path.removeprefix("patient.met.").translate({95: " ", 46: " "}): each for path, each in found.items()}
        words = ", ".join(f"{name} {each:,.2f}" for name, each in named.items() if each)
        click.echo(f"Met by then, from your statements: {words or 'nothing'}.", err=True)
    return {**settings, **found}


def tidy(command: Callable[..., None]) -> Callable[..., None]:
    """Turn errors that are ours into their message and an exit code: 2 wrong input, 1 a failed run."""

    @wraps(command)
    def run(*args: Any, **kwargs: Any) -> None:
        try:
            command(*args, **kwargs)
        except CalcError as error:
            click.echo(str(error), err=True)
            for hint in _strangers((*args, *kwargs.values()), str(error)):
                click.echo(hint, err=True)
            count = len(getattr(error, "problems", ()))
            if count > 1:
                click.echo(f"{count} problems; nothing was written.", err=True)
            sys.exit(1 if isinstance(error, RunError | SelfCheckError) else 2)

    return run
