"""The files under ``params/`` → one checked library; a study → everything that it asks for."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Annotated, Any

from pydantic import StringConstraints, TypeAdapter

from ..errors import ParameterFileError, Problem, UnknownNameError, did_you_mean, listed
from .claim import Basis, Claim
from .overlay import Given, read_overlay
from .plan import Patient, Plan
from .settings import RESERVED, with_settings
from .source import Source, SourceKind
from .study import Study, View
from .treatment import Treatment
from .tree import Tree, read_tree
from .validate import validated

__all__ = [
    "FOLDERS",
    "Library",
    "StudyInputs",
    "assemble",
    "basis_of",
    "check_choices",
    "chosen_of",
    "find_params",
    "load_library",
    "load_study",
    "read_trees",
]

SourceId = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_]{2,63}$")]

FOLDERS: Mapping[str, TypeAdapter[Any]] = {
    "sources": TypeAdapter(dict[SourceId, Source]),
    "treatments": TypeAdapter(Treatment),
    "plans": TypeAdapter(Plan),
    "patients": TypeAdapter(Patient),
    "views": TypeAdapter(View),
    "studies": TypeAdapter(Study),
}
Address = tuple[str, str]
Trees = Mapping[Address, Tree | None]
_NAME = re.compile(r"[a-z][a-z0-9_]{0,59}")


@dataclass(frozen=True)
class Library:
    """Everything under one ``params/`` folder, valid and cross-checked; mappings are by name."""

    root: Path
    sources: Mapping[str, Source]
    treatments: Mapping[str, Treatment]
    plans: Mapping[str, Plan]
    patients: Mapping[str, Patient]
    views: Mapping[str, View]
    studies: Mapping[str, Study]


@dataclass(frozen=True)
class StudyInputs:
    """A study with the treatments, plan, patient and views it names, in its order."""

    name: str
    study: Study
    treatments: Mapping[str, Treatment]
    plan: Plan
    patient: Patient
    views: Mapping[str, View]
    sources: Mapping[str, Source]
    files: tuple[Path, ...]
    settings: Mapping[str, object]


def basis_of(claim: Claim, sources: Mapping[str, Source]) -> Basis:
    """Return what a claim rests on (see :mod:`calc.inputs.claim`)."""
    if claim.yours is not None:
        return Basis.YOURS
    if claim.assumption is not None:
        return Basis.ASSUMPTION
    if claim.source is None:
        return Basis.UNKNOWN
    if sources[claim.source].kind is SourceKind.DOCUMENT:
        return Basis.DOCUMENT
    return Basis.PUBLIC


def find_params(start: Path | None = None) -> Path:
    """Return the nearest ``params/`` folder at or above ``start`` (the working directory).

    Raises
    ------
    UnknownNameError
        if there is none.
    """
    here = (start or Path.cwd()).resolve()
    for folder in (here, *here.parents):
        if (folder / "params" / "sources").is_dir():
            return folder / "params"
    raise UnknownNameError("folder", "params", ["a folder params/ here or above, with sources/ in it"])


def load_library(root: Path) -> Library:
    """Read and check every file under ``root``.

    Raises
    ------
    ParameterFileError
        listing every problem of every file.
    """
    return assemble(root, *read_trees(root))


def load_study(
    study: str,
    *,
    root: Path | None = None,
    settings: Mapping[str, object] | None = None,
    overlays: Sequence[Path] = (),
) -> StudyInputs:
    """Load one study and all that it names.

    Parameters
    ----------
    study
        A name under ``params/studies``, or the path of a study file in such a folder.
    root
        The ``params/`` folder; by default the one of the study's file, or the nearest here or above.
    settings
        One run's own values by dotted path (see :mod:`calc.inputs.settings`).
    overlays
        Files of one's own values (see :mod:`calc.inputs.overlay`); settings go before them.

    Raises
    ------
    ParameterFileError, UnknownNameError, SettingError
    """
    file = Path(study)
    if file.suffix == ".yaml":
        if not file.is_file():
            raise UnknownNameError("study file", study, map(str, file.parent.glob("*.yaml")))
        root, study = file.resolve().parent.parent, file.stem
    root = root or find_params()
    trees, problems = read_trees(root)
    if trees.get(("studies", study)) is None:
        known = (name for folder, name in trees if folder == "studies")
        raise ParameterFileError(problems) if problems else UnknownNameError("study", study, known)
    given = {path: each for file in overlays for path, each in read_overlay(file).items()} | dict(settings or {})
    check_choices(trees, given)
    return chosen_of(assemble(root, with_settings(trees, study, given), problems), study, settings or {}, overlays)


def chosen_of(library: Library, study: str, settings: Mapping[str, object], overlays: Sequence[Path]) -> StudyInputs:
    """Return what a study of a library names, and the files that this stands in."""
    chosen = library.studies[study]
    used = [("studies", study), ("plans", chosen.plan), ("patients", chosen.patient)]
    used += [("treatments", name) for name in chosen.treatments] + [("views", name) for name in chosen.views]
    files = sorted(library.root / folder / f"{name}.yaml" for folder, name in used)
    return StudyInputs(
        name=study,
        study=chosen,
        treatments=MappingProxyType({name: library.treatments[name] for name in chosen.treatments}),
        plan=library.plans[chosen.plan],
        patient=library.patients[chosen.patient],
        views=MappingProxyType({name: library.views[name] for name in chosen.views}),
        sources=library.sources,
        files=(*files, *sorted((library.root / "sources").glob("*.yaml")), *overlays),
        settings=MappingProxyType(dict(settings)),
    )


def check_choices(trees: Trees, settings: Mapping[str, object]) -> None:
    """Raise for a plan, view, patient or treatment chosen for this run that no file bears."""
    for path, kind, folder in (
        ("study.plan", "plan", "plans"),
        ("study.patient", "patient", "patients"),
        ("study.views", "view", "views"),
        ("study.treatments", "treatment", "treatments"),
    ):
        chosen = settings.get(path, ())
        chosen = chosen.value if isinstance(chosen, Given) else chosen
        known = [name for of, name in trees if of == folder]
        names = chosen.split(",") if isinstance(chosen, str) else chosen if isinstance(chosen, list | tuple) else []
        for name in (each.strip() if isinstance(each, str) else each for each in names):
            if name not in known:
                raise UnknownNameError(kind, str(name), known)


def read_trees(root: Path) -> tuple[Trees, list[Problem]]:
    """Return every file by folder and name, None where one cannot be read, and the problems met."""
    problems: list[Problem] = []
    trees: dict[Address, Tree | None] = {}
    for folder, file in _files(root, problems):
        try:
            trees[folder, file.stem] = read_tree(file, shown=_shown(file))
        except ParameterFileError as error:
            trees[folder, file.stem] = None
            problems += error.problems
    return trees, problems


def _shown(file: Path) -> str:
    here = Path.cwd()
    return str(file.relative_to(here)) if file.is_relative_to(here) else str(file)


def _files(root: Path, problems: list[Problem]) -> Iterator[tuple[str, Path]]:
    if not root.is_dir():
        raise ParameterFileError([Problem(f"{root}:1:1", "", "there is no such folder", "Name a params/ folder.")])
    inside = root.resolve()
    for file in sorted(path for path in root.iterdir() if path.is_file()):
        fix = f"Move it into one of {listed(FOLDERS)}."
        problems.append(Problem(f"{_shown(file)}:1:1", "", "this file stands in none of the folders", fix))
    for folder in sorted(path for path in root.iterdir() if path.is_dir() and path.name not in ("schema", "batches")):
        if folder.name not in FOLDERS:
            fix = did_you_mean(folder.name, FOLDERS)
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


def assemble(root: Path, trees: Trees, problems: list[Problem]) -> Library:
    """Validate the trees, sources first so that claims can be held against them."""
    found: dict[str, dict[str, Any]] = {folder: {} for folder in FOLDERS}
    listed_in: dict[str, Tree] = {}
    known: frozenset[str] | None = None
    for folder, adapter in FOLDERS.items():
        for (of, name), tree in trees.items():
            if of != folder or tree is None:
                continue
            model = validated(adapter, tree, sources=known)
            if isinstance(model, list):
                problems += model
            elif folder == "sources":
                for identifier, source in model.items():
                    if identifier in listed_in:
                        fix = f"Keep one; the other stands in {listed_in[identifier].where((identifier,))}."
                        problems.append(tree.problem((identifier,), "this source is listed twice", fix))
                    listed_in[identifier] = tree
                    found["sources"][identifier] = source
            else:
                found[folder][name] = model
        if folder == "sources":
            read = [tree for (of, _), tree in trees.items() if of == folder]
            # where a file of sources cannot be read, nobody can say which are missing
            known = None if None in read else frozenset(str(key) for tree in read if tree for key in tree.data)
    problems += _crossed(found, trees)
    if problems:
        raise ParameterFileError(problems)
    shut = {folder: MappingProxyType(dict(sorted(models.items()))) for folder, models in found.items()}
    return Library(root=root, **shut)


def _crossed(found: Mapping[str, Mapping[str, Any]], trees: Trees) -> Iterator[Problem]:
    """Yield the names in studies that no file bears."""

    def known(folder: str) -> set[str]:
        return {name for of, name in trees if of == folder}

    for name, study in found["studies"].items():
        tree = trees["studies", name]
        assert tree is not None  # noqa: S101  a study that was found has been read
        wanted: list[tuple[str, tuple[str | int, ...], str]] = [
            ("plans", ("plan",), study.plan),
            ("patients", ("patient",), study.patient),
            *(("treatments", ("treatments", i), each) for i, each in enumerate(study.treatments)),
            *(("views", ("views", i), each) for i, each in enumerate(study.views)),
        ]
        for folder, path, each in wanted:
            if each not in known(folder):
                what = f"there is no {each!r} under params/{folder}"
                yield tree.problem(path, what, did_you_mean(each, known(folder)))
