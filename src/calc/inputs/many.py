"""Many variants of the same files, each read and checked once: a study after another, milliseconds each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

from ..errors import ParameterFileError, Problem, UnknownNameError
from .files import read_files
from .in_state import in_state
from .load import FOLDERS, Library, StudyInputs, assemble, check_choices, chosen_of
from .overlay import Given, read_overlay
from .settings import with_settings
from .tree import Tree
from .validate import validated

__all__ = ["Shelf"]

_MOST_MODELS = 1_000


class Shelf:
    """The files under one ``params/`` folder, read once; :meth:`study` gives what ``load_study`` would.

    Raises
    ------
    ParameterFileError
        listing every problem of every file, when made.
    """

    def __init__(self, root: Path) -> None:
        self._trees, problems = read_files(root, FOLDERS)
        self.library: Library = assemble(root, self._trees, problems)
        self._overlays: dict[Path, Mapping[str, Given]] = {}
        self._models: dict[str, object] = {}

    def study(
        self, name: str, settings: Mapping[str, object] | None = None, overlays: Sequence[Path] = ()
    ) -> StudyInputs:
        """Return a study with one variant's settings (see :func:`calc.inputs.load.load_study`).

        Raises
        ------
        ParameterFileError, UnknownNameError, SettingError
        """
        if name not in self.library.studies:
            raise UnknownNameError("study", name, self.library.studies)
        given = {path: each for file in overlays for path, each in self._overlay(file).items()} | dict(settings or {})
        check_choices(self._trees, given)
        laid = in_state(with_settings(self._trees, name, given), name, self.library.root)
        library, problems = self.library, list[Problem]()
        for (folder, of), tree in laid.items():
            if tree is None or tree is self._trees[folder, of]:
                continue
            model = self._checked(folder, tree)
            if isinstance(model, list):
                problems += model
            else:
                models = MappingProxyType({**getattr(library, folder), of: model})
                library = replace(library, **{folder: models})  # type: ignore[arg-type]  # folders are fields
        if problems:
            raise ParameterFileError(problems)
        return chosen_of(library, laid, name, settings or {}, overlays)

    def _overlay(self, file: Path) -> Mapping[str, Given]:
        if file not in self._overlays:
            self._overlays[file] = read_overlay(file)
        return self._overlays[file]

    def _checked(self, folder: str, tree: Tree) -> object:
        """Return the model that a changed file makes, or its problems; the same change is checked once."""
        key = repr((folder, tree.file, tree.data, tree.settings))
        if key not in self._models:
            self._models[key] = validated(FOLDERS[folder], tree, sources=frozenset(self.library.sources))
            if len(self._models) > _MOST_MODELS:
                self._models.pop(next(iter(self._models)))
        return self._models[key]
