"""The comparison as one file to hand over: page."""

from __future__ import annotations

from pathlib import Path

import click

from .options import PARAMS, loudness, progress_of, settings_of, tidy

__all__ = ["page"]


@click.command()
@click.argument("study")
@click.option(
    "--to", type=click.Path(path_type=Path, dir_okay=False), required=True, help="The file, such as decision.html."
)
@click.option("--plans", default="", metavar="A,B,C", help="Plans to choose among (default: the study's).")
@click.option("--views", default="", metavar="A,B", help="Whom to believe, to choose among (default: the study's).")
@click.option("--horizons", default="", help='How far to look ahead (default: "12 months,24 months").')
@click.option("--kinds-of-pain", "kinds", default="", metavar="A,B", help="Kinds of pain (default: all).")
@click.option("--draws", type=int, help="Number of draws, a power of two.")
@click.option("--seed", type=int, help="Seed of the draws; 0 is a seed.")
@click.option("--set", "settings", multiple=True, metavar="PATH=VALUE", help="Any parameter: plan.deductible=3000.")
@click.option(
    "--with",
    "overlays",
    multiple=True,
    type=click.Path(path_type=Path, dir_okay=False, exists=True),
    help="A file of your own numbers, such as a quote.",
)
@PARAMS
@loudness
@tidy
def page(
    study: str,
    to: Path,
    plans: str,
    views: str,
    horizons: str,
    kinds: str,
    draws: int | None,
    seed: int | None,
    settings: tuple[str, ...],
    overlays: tuple[Path, ...],
    params: Path | None,
    quiet: bool,
    verbose: bool,
) -> None:
    """Write STUDY as one file to mail and to open anywhere: choose plan, pain, time and whom to believe."""
    from ..report.decision_axes import Asked, axes_of
    from ..report.decision_page import decision_page
    from ..report.decision_states import prepared
    from ..report.formats import names_in
    from ..report.whole import write_whole

    given = settings_of(plan=None, views=(), horizon=None, draws=draws, seed=seed, order=None, settings=settings)
    names = {"plans": plans, "views": views, "horizons": horizons, "kinds": kinds}
    asked = Asked(study, params, given, overlays, **{axis: names_in(text) for axis, text in names.items()})
    with progress_of(quiet=quiet, verbose=verbose).step("Answers of the page"):
        axes = axes_of(asked)
        states = prepared(asked, axes)
        content = decision_page(axes, states).encode()
    write_whole(to, content)
    if not quiet:
        click.echo(f"{to} holds {len(states.states)} answers in {len(content) / 1e6:.2f} MB.")
