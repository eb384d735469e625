"""A study's results as files for others: a deck, a workbook, or a folder of figures."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from ..analysis.compare import Result
from ..errors import Problem, SettingError, did_you_mean
from .contact import contact_sheet
from .deck import SIZES, deck, usable
from .figures.gallery import FIGURES, slides
from .figures.theme import darkened
from .formats import format_problems, formats_of, names_in
from .manifest import identity, sha256
from .office import workbook
from .progress import Progress
from .save import slide_bytes
from .whole import write_whole

__all__ = ["checked_choices", "export"]

_THEMES = ("light", "dark")
#: what a deck shows where no figures are named: a talk's worth, beside its native charts
_TALK = ("cost_intervals", "timeline", "cost_relief", "harms", "of_100", "relief_curves")
#: how many slides a deck has at most, unless its figures are named
_SLIDES = 12
_NEEDS = {".pptx": "pptx", ".xlsx": "xlsxwriter"}


@dataclass(frozen=True)
class Choices:
    """What is exported and how: target, figures by name, theme, size of slides, formats and dots per inch."""

    to: Path
    figures: tuple[str, ...]
    theme: str
    size: str
    formats: tuple[str, ...]
    dpi: float | None
    most: int | None = None
    template: bytes | None = None
    sheet: Path | None = None

    @property
    def dark(self) -> bool:
        """Whether the dark theme is wanted."""
        return self.theme == "dark"


def checked_choices(
    to: Path,
    *,
    figures: str = "",
    theme: str = "light",
    size: str = "16:9",
    formats: str = "",
    dpi: float | None = None,
    template: Path | None = None,
    sheet: Path | None = None,
) -> Choices:
    """Return the choices, lists given as text with commas.

    Without ``figures`` a deck takes a talk's worth of them, a folder all.

    Raises
    ------
    SettingError
        with every choice that is wrong, and where a package is missing for what is wanted.
    """
    problems = []
    kind = to.suffix.lower()
    if kind not in ("", *_NEEDS):
        fix = "Name a file that ends in .pptx or .xlsx, or a folder."
        problems.append(Problem(f"--to {to}", "", f"{kind} is no format for an export", fix))
    needed = _NEEDS.get(kind)
    if needed and find_spec(needed) is None:
        fix = "Install the extra that holds it: pip install 'treatment-calc[slides]'."
        problems.append(Problem(f"--to {to}", "", f"this needs the package {needed}, which is not installed", fix))
    usual = list(FIGURES if kind == "" else _TALK)
    chosen = list(FIGURES) if figures == "all" else names_in(figures) or usual
    for option, given, known in (
        ("--figures", chosen, list(FIGURES)),
        ("--theme", [theme], list(_THEMES)),
        ("--size", [size], list(SIZES)),
    ):
        problems += [
            Problem(f"{option} {each}", "", f"there is no {each!r}", did_you_mean(each, known))
            for each in given
            if each not in known
        ]
    problems += format_problems("--format", formats)
    problems += _deck_problems(kind, template, sheet)
    if dpi is not None and not 20 <= dpi <= 1200:
        problems.append(Problem(f"--dpi {dpi:g}", "", "no figure is made so", "Give 20 to 1200 dots per inch."))
    if problems:
        raise SettingError(problems)
    most = None if figures else _SLIDES
    content = template.read_bytes() if template is not None else None
    return Choices(to, tuple(chosen), theme, size, formats_of(formats), dpi, most, content, sheet)


def _deck_problems(kind: str, template: Path | None, sheet: Path | None) -> list[Problem]:
    """Return what is wrong with a deck's template and with its contact sheet."""
    problems = []
    for option, file in (("--template", template), ("--contact-sheet", sheet)):
        if file is not None and kind != ".pptx":
            fix = "Name a deck with --to deck.pptx."
            problems.append(Problem(f"{option} {file}", "", "only a deck has it", fix))
    if sheet is not None and sheet.suffix.lower() != ".png":
        problems.append(Problem(f"--contact-sheet {sheet}", "", "it is a picture", "Name a file that ends in .png."))
    if template is not None and not usable(template):
        fix = "Name a .pptx that PowerPoint opens, with a layout of a title and a body."
        problems.append(Problem(f"--template {template}", "", "it is no presentation to build on", fix))
    return problems


def export(result: Result, choices: Choices, progress: Progress) -> Sequence[Path]:
    """Write what was chosen and return the files, each whole or not there.

    Raises
    ------
    RunError
        if a file cannot be written.
    """
    match choices.to.suffix.lower():
        case ".pptx":
            with progress.step("Slides", len(choices.figures) + 3):
                content = deck(
                    result,
                    choices.figures,
                    dark=choices.dark,
                    size=choices.size,
                    most=choices.most,
                    template=choices.template,
                    step=progress.advance,
                )
            if choices.sheet is not None:
                return [write_whole(choices.to, content), write_whole(choices.sheet, contact_sheet(content))]
        case ".xlsx":
            with progress.step("Tables"):
                content = workbook(result)
        case _:
            return _figures(result, choices, progress)
    return [write_whole(choices.to, content)]


def _figures(result: Result, choices: Choices, progress: Progress) -> Sequence[Path]:
    written: dict[str, bytes] = {}
    texts = {}
    with progress.step("Figures", len(choices.figures)):
        for name in choices.figures:
            progress.advance(name)
            for made in slides(result, name):
                if choices.dark:
                    darkened(made.figure)
                for form in choices.formats:
                    written[f"{made.name}.{form}"] = slide_bytes(made, form, dpi=choices.dpi)
                texts[made.name] = {"title": made.title, "alt": made.alt, "tables": FIGURES[name].tables}
    about = {
        "made_by": identity(result.inputs),
        "figures": texts,
        "files": {name: sha256(content) for name, content in sorted(written.items())},
    }
    written["figures.json"] = (json.dumps(about, indent=1, ensure_ascii=False) + "\n").encode("utf-8")
    return [write_whole(choices.to / name, content) for name, content in written.items()]
