"""Which files stand under ``params/``, each read once; what has no place there is told, not skipped."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path

from ..errors import ParameterFileError, Problem, did_you_mean, listed
from .settings import RESERVED
from .tree import Tree, read_tree

__all__ = ["Trees", "read_files"]

Address = tuple[str, str]
Trees = Mapping[Address, Tree | None]
_NAME = re.compile(r"[a-z][a-z0-9_]{0,59}")


def read_files(root: Path, folders: Collection[str]) -> tuple[Trees, list[Problem]]:
    """Return every file of these folders by folder and name, None where one cannot be read, and the problems met."""
    problems: list[Problem] = []
    trees: dict[Address, Tree | None] = {}
    for folder, file in _files(root, folders, problems):
        try:
            trees[folder, file.stem] = read_tree(file, shown=_shown(file))
        except ParameterFileError as error:
            trees[folder, file.stem] = None
            problems += error.problems
    return trees, problems


def _shown(file: Path) -> str:
    here = Path.cwd()
    return str(file.relative_to(here)) if file.is_relative_to(here) else str(file)


def _files(root: Path, folders: Collection[str], problems: list[Problem]) -> Iterator[tuple[str, Path]]:
    if not root.is_dir():
        raise ParameterFileError([Problem(f"{root}:1:1", "", "there is no such folder", "Name a params/ folder.")])
    inside = root.resolve()
    for file in sorted(path for path in root.iterdir() if path.is_file()):
        fix = f"Move it into one of {listed(folders)}."
        problems.append(Problem(f"{_shown(file)}:1:1", "", "this file stands in none of the folders", fix))
    for folder in sorted(
        path for path in root.iterdir() if path.is_dir() and path.name not in ("schema", "batches", "prices")
    ):
        if folder.name not in folders:
            fix = did_you_mean(folder.name, folders)
            problems.append(Problem(f"{_shown(folder)}:1:1", "", "this folder is not one of params/", fix))
            continue
        for file in sorted(folder.iterdir()):
            place = f"{_shown(file)}:1:1"
            if not _inside(file, inside):
                problems.append(Problem(place, "", "the link leads out of params/ or nowhere", "Copy the file here."))
            elif file.suffix != ".yaml" or not file.is_file():
                problems.append(Problem(place, "", "this is no parameter file", "Name it NAME.yaml, or move it away."))
            elif file.stem in RESERVED:
                fix = "Name it otherwise: settings begin with this word."
                problems.append(Problem(place, "", f"{file.stem!r} is a reserved name", fix))
            elif not _NAME.fullmatch(file.stem):
                fix = "Use lower-case letters, digits and underscores, a letter first."
                problems.append(Problem(place, "", f"{file.stem!r} is no name for a parameter file", fix))
            else:
                yield folder.name, file


def _inside(file: Path, folder: Path) -> bool:
    try:
        return file.resolve().is_relative_to(folder)
    except (OSError, RuntimeError):  # a link that leads to itself
        return False
