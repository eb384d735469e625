"""Commands that answer a study's question: compare, report, export."""

from __future__ import annotations

from pathlib import Path
from shutil import get_terminal_size
from typing import Any

import click

from .options import MET_FROM, PRECISION, loudness, met_settings, progress_of, settings_of, study_options, tidy

__all__ = ["compare", "export", "report", "sheet"]


@click.command()
@click.argument("study")
@study_options
@PRECISION
@MET_FROM
@loudness
@tidy
def compare(
    study: str,
    params: Path | None,
    overlays: tuple[Path, ...],
    precision: float | None,
    met_from: tuple[Path, ...],
    quiet: bool,
    verbose: bool,
    **options: Any,
) -> None:
    """Print the comparison of STUDY (a name under params/studies, or a path) in the terminal."""
    settings = met_settings(
        study, met_from, params=params, settings=settings_of(**options), overlays=overlays, quiet=quiet
    )
    from ..analysis.compare import compare as run
    from ..analysis.precise import compare_precisely
    from ..report.terminal import printed
    from ..report.yours import without_yours

    width = min(max(get_terminal_size((120, 40)).columns, 80), 180)
    with progress_of(quiet=quiet, verbose=verbose).step("Draws and tables"):
        if precision is None:
            result = run(study, params=params, settings=settings, overlays=overlays)
        else:
            result = compare_precisely(study, precision, params=params, settings=settings, overlays=overlays)
        before = without_yours(study, params, settings, overlays)
        page = printed(result, width=width, before=before)
    click.echo(page)


@click.command()
@click.argument("study")
@click.option("--out", type=click.Path(path_type=Path, file_okay=False), default=Path("outputs"), show_default=True)
@click.option("--notebook", default="04_comparison", show_default=True, help="A notebook under notebooks/.")
@click.option("--format", "formats", default="html", show_default=True, help="html, or html,pdf (needs a Chromium).")
@click.option("--lang", type=click.Choice(["en"]), default="en", show_default=True, help="Language of the page.")
@study_options
@PRECISION
@MET_FROM
@loudness
@tidy
def report(
    study: str,
    out: Path,
    notebook: str,
    formats: str,
    lang: str,
    params: Path | None,
    overlays: tuple[Path, ...],
    precision: float | None,
    met_from: tuple[Path, ...],
    quiet: bool,
    verbose: bool,
    **options: Any,
) -> None:
    """Run a notebook on STUDY and write its report, figures, tables and manifest."""
    settings = met_settings(
        study, met_from, params=params, settings=settings_of(**options), overlays=overlays, quiet=quiet
    )
    from ..analysis.precise import compare_precisely
    from ..report.run import run_report

    progress = progress_of(quiet=quiet, verbose=verbose)
    if precision is not None:
        with progress.step("Draws until they are enough"):
            found = compare_precisely(study, precision, params=params, settings=settings, overlays=overlays)
            settings["study.draws"] = found.inputs.study.draws
    with progress.step(f"Notebook {notebook}"):
        folder = run_report(
            study,
            notebook=notebook,
            out=out,
            params=params,
            settings=settings,
            overlays=overlays,
            formats=[each.strip() for each in formats.split(",") if each.strip()],
            lang=lang,
            say=(lambda _: None) if quiet else click.echo,
        )
    click.echo(f"The results are in {folder}/ (open {folder / 'report.html'})")


@click.command()
@click.argument("study")
@click.option(
    "--to",
    type=click.Path(path_type=Path),
    required=True,
    help="A deck (.pptx), a workbook of all tables (.xlsx), or a folder for figures.",
)
@click.option("--figures", default="", help="Figures by name, separated by commas, or all.")
@click.option("--theme", default="light", show_default=True, help="light or dark.")
@click.option("--size", default="16:9", show_default=True, help="Of a deck's slides: 16:9 or 4:3.")
@click.option("--format", "formats", default="", help="Of figures: svg, pdf, png, separated by commas (default: all).")
@click.option("--dpi", type=float, help="Of PNG figures (default: 120, which makes 1920 x 1080).")
@click.option("--options", "names", default="", help="Options to show, separated by commas (default: all).")
@click.option("--label", "labels", multiple=True, metavar="OPTION=NAME", help="Another name for an option; repeat.")
@click.option(
    "--template",
    type=click.Path(path_type=Path, dir_okay=False, exists=True),
    help="Your own presentation, whose master and fonts the deck takes.",
)
@click.option(
    "--contact-sheet", "sheet", type=click.Path(path_type=Path), help="A picture (.png) of all slides of the deck."
)
@study_options
@loudness
@tidy
def export(
    study: str,
    to: Path,
    figures: str,
    theme: str,
    size: str,
    formats: str,
    dpi: float | None,
    names: str,
    labels: tuple[str, ...],
    template: Path | None,
    sheet: Path | None,
    params: Path | None,
    overlays: tuple[Path, ...],
    quiet: bool,
    verbose: bool,
    **options: Any,
) -> None:
    """Write the results of STUDY as a deck, a workbook or figures."""
    settings = settings_of(**options)
    from ..analysis.compare import compare as run
    from ..report.chosen import chosen, labels_of
    from ..report.export import checked_choices
    from ..report.export import export as write
    from ..report.formats import names_in

    choices = checked_choices(
        to, figures=figures, theme=theme, size=size, formats=formats, dpi=dpi, template=template, sheet=sheet
    )
    called = labels_of(labels)
    progress = progress_of(quiet=quiet, verbose=verbose)
    with progress.step("Draws"):
        result = chosen(run(study, params=params, settings=settings, overlays=overlays), names_in(names), called)
    written = write(result, choices, progress)
    if not quiet:
        few = len(written) <= 2
        click.echo(f"{' and '.join(map(str, written))} written." if few else f"{len(written)} files are in {to}/")


@click.command()
@click.argument("study")
@click.option(
    "--options", "chosen", default="", metavar="A,B,C", help="Up to six options (default: some of each group)."
)
@click.option("--format", "formats", default="pdf,html", show_default=True, help="pdf (needs a Chromium), html.")
@click.option("--paper", type=click.Choice(["letter", "a4"]), default="letter", show_default=True)
@click.option(
    "--out", type=click.Path(path_type=Path, file_okay=False), default=Path("outputs/sheet"), show_default=True
)
@click.option("--report", "where", default="", help="Where the long report is, printed on the sheet.")
@study_options
@loudness
@tidy
def sheet(
    study: str,
    chosen: str,
    formats: str,
    paper: str,
    out: Path,
    where: str,
    params: Path | None,
    overlays: tuple[Path, ...],
    quiet: bool,
    verbose: bool,
    **options: Any,
) -> None:
    """Write one page on STUDY to take along: a table, two pictures, five questions with room for the answers."""
    settings = settings_of(**options)
    from ..analysis.compare import compare as run
    from ..report.sheet import sheet as page_of
    from ..report.sheet import write_sheet
    from ..report.yours import without_yours

    with progress_of(quiet=quiet, verbose=verbose).step("Sheet"):
        result = run(study, params=params, settings=settings, overlays=overlays)
        before = without_yours(study, params, settings, overlays)
        page = page_of(result, _names(chosen), paper=paper, report=where, before=before)
        written = write_sheet(page, out, _names(formats), result)
    if not quiet:
        click.echo(f"The sheet is in {' and '.join(map(str, written))}.")


def _names(text: str) -> tuple[str, ...]:
    return tuple(each.strip() for each in text.split(",") if each.strip())
