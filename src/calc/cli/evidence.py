"""Commands about what the numbers rest on: check, audit, contradictions, explain, new, moved."""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path
from shutil import get_terminal_size
from typing import Any

import click

from ..errors import ParameterFileError, Problem
from .options import PARAMS, loudness, progress_of, settings_of, study_options, tidy

__all__ = ["audit", "check", "contradictions", "explain", "moved", "new"]


@click.command()
@click.argument("path", required=False, type=click.Path(path_type=Path))
@tidy
def check(path: Path | None) -> None:
    """Check every file under params/ and report all problems.

    PATH is a params/ folder, a folder that holds one, or a file in one.
    """
    from ..inputs.batch import read_batch
    from ..inputs.files import read_files
    from ..inputs.load import FOLDERS, find_params, load_library
    from ..inputs.under_plan import benefits_idle, benefits_missing
    from ..inputs.unfinished import unfinished

    if path is None:
        path = find_params()
    elif path.is_file():
        folder = path.resolve().parent.parent
        if not (folder / "sources").is_dir():
            raise ParameterFileError([Problem(str(path), "", "it stands in no params/ folder", "")])
        path = folder
    elif (path / "params").is_dir():
        path = path / "params"
    library = load_library(path)
    for file in sorted((path / "batches").glob("*.yaml")):  # its scenarios are checked by calc batch --dry-run
        read_batch(file)
    kinds = {"source": "sources", "condition": "conditions", "treatment": "treatments", "plan": "plans"}
    kinds |= {"patient": "patients", "view": "views", "study": "studies"}
    found = {one: len(getattr(library, many)) for one, many in kinds.items()}
    counts = [f"{number} {one if number == 1 else kinds[one]}" for one, number in found.items()]
    open_ = list(unfinished(read_files(library.root, FOLDERS)[0]))
    state = "valid, but not filled in everywhere" if open_ else "all right"
    click.echo(f"{library.root}: {state}. {', '.join(counts)}.")
    for each in open_:
        click.echo(str(each))
    for name, study in library.studies.items():
        treatments = {each: library.treatments[each] for _, each in study.treatments_named()}
        for said in (benefits_missing, benefits_idle):
            if words := said(library.plans[study.plan], treatments):
                click.echo(f"{name}: {words}")


@click.command()
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
    from ..inputs.audit import audit as run
    from ..inputs.load import find_params, load_library

    findings = run(load_library(params or find_params()), documents)
    for each in findings:
        where = f"{each.source}, {each.section}" if each.section else each.source
        click.echo(f"{each.verdict}: {each.about} ({where}){f': {each.why}' if each.why else ''}")
    counts = Counter(each.verdict for each in findings)
    click.echo(", ".join(f"{count} {verdict}" for verdict, count in counts.items()))
    if any(each.wrong for each in findings):
        sys.exit(1)


@click.command()
@PARAMS
@tidy
def contradictions(params: Path | None) -> None:
    """Print where the sources contradict each other or themselves, computed and read."""
    from ..analysis.contradictions import conflicts
    from ..inputs.load import find_params, load_library

    library = load_library(params or find_params())
    for each in conflicts(library.treatments, library.sources, library.contradictions):
        click.echo(f"{each.topic} ({', '.join(each.bears_on)}; {each.rule or 'read'})")
        for source, section, says in each.sides:
            click.echo(f"  {source}, {section}: {says}")
        if each.size:
            click.echo(f"  How far apart: {each.size}")
        click.echo(f"  What is done: {each.handled}")


@click.command()
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
    from ..analysis.compare import compare as run
    from ..report.explain import explained

    width = min(max(get_terminal_size((120, 40)).columns, 80), 180)
    with progress_of(quiet=quiet, verbose=verbose).step("Draws and tables"):
        chain = explained(run(study, params=params, settings=settings, overlays=overlays), parameter, width=width)
    click.echo(chain)


@click.command()
@click.argument("kind", type=click.Choice(["treatment", "plan", "study"]))
@click.argument("name")
@click.option("--ask", is_flag=True, help="For a plan: ask the questions of its Summary of Benefits, one by one.")
@PARAMS
@tidy
def new(kind: str, name: str, ask: bool, params: Path | None) -> None:
    """Write a commented starting file for a treatment, plan or study called NAME."""
    from datetime import UTC, datetime

    from ..inputs.load import find_params, load_library
    from ..report.starters import start

    root, year = params or find_params(), datetime.now(UTC).year
    if ask and kind != "plan":
        raise click.UsageError("--ask is for a plan: there is no such page for anything else.")
    if ask:
        from .asked import asked_plan

        asked_plan(name, root, year)
        return
    file = start(kind, name, load_library(root), year=year)
    click.echo(f"{file} is written. Fill it in, then run: calc check")


@click.command()
@click.argument("before", type=click.Path(path_type=Path, file_okay=False, exists=True))
@click.argument("after", type=click.Path(path_type=Path, file_okay=False, exists=True))
@tidy
def moved(before: Path, after: Path) -> None:
    """Print the claims that differ between two runs' folders, and the results that moved with them."""
    from ..report.moves import told

    click.echo(told(before, after))
