"""The command ``calc``. Every command imports what it needs when it runs, so that help is instant."""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path
from shutil import get_terminal_size
from typing import Any

import click

from .options import PARAMS, loudness, progress_of, settings_of, study_options, tidy

__all__ = ["main"]


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="treatment-calc", prog_name="calc")
def main() -> None:
    """Compare what treatments for chronic back pain cost you, when relief comes and how long it lasts.

    Not medical advice, and not a quote.
    """


@main.command()
@click.argument("path", required=False, type=click.Path(path_type=Path))
@tidy
def check(path: Path | None) -> None:
    """Check every file under params/ and report all problems.

    PATH is a params/ folder, a folder that holds one, or a file in one.
    """
    from .inputs.load import find_params, load_library

    if path is None:
        path = find_params()
    elif path.is_file():
        path = path.resolve().parent.parent
    elif (path / "params").is_dir():
        path = path / "params"
    library = load_library(path)
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
@PARAMS
@tidy
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
@PARAMS
@tidy
def contradictions(params: Path | None) -> None:
    """Print where the sources contradict each other or themselves, computed and read."""
    from .analysis.contradictions import conflicts
    from .inputs.load import find_params, load_library

    library = load_library(params or find_params())
    for each in conflicts(library.treatments, library.sources, library.contradictions):
        click.echo(f"{each.topic} ({', '.join(each.bears_on)}; {each.rule or 'read'})")
        for source, section, says in each.sides:
            click.echo(f"  {source}, {section}: {says}")
        if each.size:
            click.echo(f"  How far apart: {each.size}")
        click.echo(f"  What is done: {each.handled}")


@main.command()
@click.argument("kind", type=click.Choice(["treatment", "plan", "study"]))
@click.argument("name")
@PARAMS
@tidy
def new(kind: str, name: str, params: Path | None) -> None:
    """Write a commented starting file for a treatment, plan or study called NAME."""
    from datetime import UTC, datetime

    from .inputs.load import find_params, load_library
    from .report.starters import start

    file = start(kind, name, load_library(params or find_params()), year=datetime.now(UTC).year)
    click.echo(f"{file} is written. Fill it in, then run: calc check")


@main.command()
@click.argument("before", type=click.Path(path_type=Path, file_okay=False, exists=True))
@click.argument("after", type=click.Path(path_type=Path, file_okay=False, exists=True))
@tidy
def moved(before: Path, after: Path) -> None:
    """Print the claims that differ between two runs' folders, and the results that moved with them."""
    from .report.moves import told

    click.echo(told(before, after))


@main.command()
@click.argument("study")
@study_options
@loudness
@tidy
def compare(
    study: str, params: Path | None, overlays: tuple[Path, ...], quiet: bool, verbose: bool, **options: Any
) -> None:
    """Print the comparison of STUDY (a name under params/studies, or a path) in the terminal."""
    settings = settings_of(**options)
    from .analysis.compare import compare as run
    from .report.terminal import printed

    width = min(max(get_terminal_size((120, 40)).columns, 80), 180)
    with progress_of(quiet=quiet, verbose=verbose).step("Draws and tables"):
        page = printed(run(study, params=params, settings=settings, overlays=overlays), width=width)
    click.echo(page)


@main.command()
@click.argument("parameter")
@click.option(
    "--study", default="chronic_low_back_pain", show_default=True, help="The study whose views and plan count."
)
@study_options
@loudness
@tidy
def explain(
    parameter: str,
    study: str,
    params: Path | None,
    overlays: tuple[Path, ...],
    quiet: bool,
    verbose: bool,
    **options: Any,
) -> None:
    """Print where PARAMETER comes from and where it matters, such as stem_cell_injection.price.extraction."""
    settings = settings_of(**options)
    from .analysis.compare import compare as run
    from .report.explain import explained

    width = min(max(get_terminal_size((120, 40)).columns, 80), 180)
    with progress_of(quiet=quiet, verbose=verbose).step("Draws and tables"):
        chain = explained(run(study, params=params, settings=settings, overlays=overlays), parameter, width=width)
    click.echo(chain)


@main.command()
@click.argument("study")
@click.option("--out", type=click.Path(path_type=Path, file_okay=False), default=Path("outputs"), show_default=True)
@click.option("--notebook", default="04_comparison", show_default=True, help="A notebook under notebooks/.")
@click.option("--format", "formats", default="html", show_default=True, help="html, or html,pdf (needs a Chromium).")
@click.option("--lang", type=click.Choice(["en"]), default="en", show_default=True, help="Language of the page.")
@study_options
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
    quiet: bool,
    verbose: bool,
    **options: Any,
) -> None:
    """Run a notebook on STUDY and write its report, figures, tables and manifest."""
    settings = settings_of(**options)
    from .report.run import run_report

    with progress_of(quiet=quiet, verbose=verbose).step(f"Notebook {notebook}"):
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


@main.command()
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
    params: Path | None,
    overlays: tuple[Path, ...],
    quiet: bool,
    verbose: bool,
    **options: Any,
) -> None:
    """Write the results of STUDY as a deck, a workbook or figures."""
    settings = settings_of(**options)
    from .analysis.compare import compare as run
    from .report.export import checked_choices
    from .report.export import export as write

    choices = checked_choices(to, figures=figures, theme=theme, size=size, formats=formats, dpi=dpi)
    progress = progress_of(quiet=quiet, verbose=verbose)
    with progress.step("Draws"):
        result = run(study, params=params, settings=settings, overlays=overlays)
    written = write(result, choices, progress)
    if not quiet:
        click.echo(f"{len(written)} files are in {to}/" if len(written) > 1 else f"{written[0]} is written.")
