"""The files under ``params/`` → one checked library; a study → everything that it asks for."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import MappingProxyType
from typing import Annotated, Any

from pydantic import StringConstraints, TypeAdapter

from ..errors import ParameterFileError, Problem, UnknownNameError
from ..units import DAYS_PER_WEEK, day_after
from .attributed import Said
from .claim import Basis
from .condition import Condition
from .contradiction import Contradiction
from .crossed import crossed
from .files import Trees, read_files
from .in_state import in_state, tables_under
from .named import named_by, of_these
from .overlay import Given, read_overlay
from .pathway import Pathway, pathways_of
from .patient import Patient
from .plan import Plan
from .population import KindOfPain
from .quantity import EffectQuantity, Quantity
from .settings import canonical, with_settings
from .source import Source, SourceKind
from .study import Study, View
from .treatment import Treatment
from .tree import Tree
from .under_plan import check_stays, plans_that_fit, under_plan
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
]

SourceId = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_]{2,63}$")]

FOLDERS: Mapping[str, TypeAdapter[Any]] = {
    "sources": TypeAdapter(dict[SourceId, Source]),
    "conditions": TypeAdapter(Condition),
    "treatments": TypeAdapter(Treatment),
    "contradictions": TypeAdapter(dict[SourceId, Contradiction]),
    "plans": TypeAdapter(Plan),
    "patients": TypeAdapter(Patient),
    "views": TypeAdapter(View),
    "studies": TypeAdapter(Study),
}


#: folders whose files each list several things by name
_LISTS = ("sources", "contradictions")


@dataclass(frozen=True)
class Library:
    """Everything under one ``params/`` folder, valid and cross-checked; mappings are by name."""

    root: Path
    sources: Mapping[str, Source]
    conditions: Mapping[str, Condition]
    treatments: Mapping[str, Treatment]
    contradictions: Mapping[str, Contradiction]
    plans: Mapping[str, Plan]
    patients: Mapping[str, Patient]
    views: Mapping[str, View]
    studies: Mapping[str, Study]


@dataclass(frozen=True)
class StudyInputs:
    """A study with all that it names, in its order; ``by_plan`` asks the same under each of its plans that fits it."""

    name: str
    study: Study
    treatments: Mapping[str, Treatment]
    pathways: Mapping[str, Pathway]
    plan: Plan
    patient: Patient
    views: Mapping[str, View]
    sources: Mapping[str, Source]
    contradictions: Mapping[str, Contradiction]
    files: tuple[Path, ...]
    settings: Mapping[str, object]
    condition: Condition
    known: Mapping[str, Treatment]
    by_plan: Mapping[str, StudyInputs] = field(default_factory=dict)

    @property
    def options(self) -> Mapping[str, Treatment | Pathway]:
        """All that is compared: the treatments, then the pathways made of treatments."""
        return MappingProxyType({**self.treatments, **self.pathways})

    @property
    def weeks(self) -> float:
        """The horizon in weeks, to the day: its months are those of the calendar from the decision on."""
        start = self.patient.decision_date
        return (day_after(start, self.study.horizon) - start).days / DAYS_PER_WEEK

    @property
    def kind(self) -> KindOfPain:
        """The kind of pain that the patient has."""
        return self.patient.kind_of_pain

    @property
    def relief(self) -> str:
        """The definition of relief in use."""
        return self.study.relief or self.condition.relief_default

    @property
    def natural(self) -> Mapping[str, Quantity]:
        """What happens with neither treatment nor sham, and what a sham adds, by path: the same for every option."""
        course = self.condition.natural_course[self.kind]
        return {
            "natural.share": course.share[self.relief],
            "natural.onset": course.onset,
            "natural.relief": course.relief,
            "natural.sham": EffectQuantity("Share in relief with a sham", self.condition.sham),
        }

    def quantities(self, option: str) -> Mapping[str, Quantity]:
        """Return everything that claims are made about and that an option may rest on, by path in the option."""
        plan = {f"plan.{path}": each for path, each in self.plan.parameters().items()}
        return {**self.options[option].quantities(), **self.natural, **plan}

    def quantity(self, option: str, path: str) -> Quantity:
        """Return one of them; the cash price of an item is a claim about the item."""
        return self.quantities(option)[path.removesuffix(".cash")]

    def address(self, option: str, path: str) -> str:
        """Return where the claims about an option's parameter are listed: a pathway's mostly at its treatments."""
        treatment, _, inner = path.partition(".")
        if treatment == "plan":
            return f"plans.{self.study.plan}.{inner}"
        if treatment == "natural":
            inner = f"share.{self.relief}" if inner == "share" else inner
            course = inner if inner == "sham" else f"natural_course.{self.kind}.{inner}"
            return f"conditions.{self.study.condition}.{course}"
        at_treatment = option in self.pathways and treatment in self.treatments and inner != "patience"
        return path if at_treatment else f"{option}.{path}"


def basis_of(claim: Said, sources: Mapping[str, Source]) -> Basis:
    """Return what a claim or an effect rests on (see :mod:`calc.inputs.claim`)."""
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
    trees, problems = read_files(root, FOLDERS)
    return assemble(root, trees, problems)


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
    trees, problems = read_files(root, FOLDERS)
    if trees.get(("studies", study)) is None:
        known = (name for folder, name in trees if folder == "studies")
        raise ParameterFileError(problems) if problems else UnknownNameError("study", study, known)
    given = {path: each for file in overlays for path, each in read_overlay(file).items()} | dict(settings or {})
    check_choices(trees, given)
    laid = in_state(with_settings(trees, study, given), study, root)
    library = assemble(root, laid, problems, named_by(laid, study))
    return chosen_of(library, laid, study, settings or {}, overlays)


def chosen_of(
    library: Library, trees: Trees, study: str, settings: Mapping[str, object], overlays: Sequence[Path]
) -> StudyInputs:
    """Return what a study of a library names, and the files that this stands in.

    ``trees`` are the files that the library was made of, settings laid.
    """
    chosen = library.studies[study]
    plan = library.plans[chosen.plan]
    named = dict.fromkeys(name for _, name in chosen.treatments_named())
    treatments = {name: library.treatments[name] for name in named}
    check_stays(plan, treatments, trees)
    used = [("studies", study), ("patients", chosen.patient), *(("plans", name) for name in chosen.all_plans)]
    used += [("treatments", name) for name in named] + [("views", name) for name in chosen.views]
    used += [("conditions", chosen.condition)]
    used += [address for address in trees if address[0] in _LISTS]
    tables = tables_under(library.root) if chosen.state else ()
    inputs = StudyInputs(
        name=study,
        study=chosen,
        **_options(chosen, plan, treatments),
        plan=plan,
        patient=library.patients[chosen.patient],
        views=MappingProxyType({name: library.views[name] for name in chosen.views}),
        sources=library.sources,
        contradictions=_about(chosen.treatments, library.contradictions),
        files=(*(library.root / folder / f"{name}.yaml" for folder, name in sorted(used)), *tables, *overlays),
        settings=MappingProxyType({path: canonical(each) for path, each in settings.items()}),
        condition=library.conditions[chosen.condition],
        known=library.treatments,
    )
    under = {}
    for name, each in plans_that_fit({name: library.plans[name] for name in chosen.all_plans}, treatments).items():
        asked = chosen.model_copy(update={"plan": name})
        under[name] = replace(inputs, study=asked, plan=each, **_options(chosen, each, treatments))
    return replace(inputs, by_plan=MappingProxyType(under))


def _options(study: Study, plan: Plan, treatments: Mapping[str, Treatment]) -> dict[str, Any]:
    """Return what a study compares, as a plan sees it: its treatments, and the pathways made of treatments."""
    seen = under_plan(plan, treatments)
    alone = {name: seen[name] for name in study.ordered}
    return {"treatments": MappingProxyType(alone), "pathways": pathways_of(study.pathways, seen)}


def _about(treatments: Sequence[str], known: Mapping[str, Contradiction]) -> Mapping[str, Contradiction]:
    """Return the contradictions that concern some of these treatments, and those that concern none by name."""
    return MappingProxyType(
        {
            name: each
            for name, each in known.items()
            if not each.parameters or any(path.split(".")[0] in treatments for path in each.parameters)
        }
    )


def check_choices(trees: Trees, settings: Mapping[str, object]) -> None:
    """Raise for a plan, view, patient or treatment chosen for this run that no file bears."""
    for path, kind, folder in (
        ("study.plan", "plan", "plans"),
        ("study.plans", "plan", "plans"),
        ("study.patient", "patient", "patients"),
        ("study.condition", "condition", "conditions"),
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


def assemble(
    root: Path, trees: Trees, problems: list[Problem], needed: Collection[tuple[str, str]] | None = None
) -> Library:
    """Validate the trees, sources first so that claims can be held against them.

    Where the files that are ``needed`` are named, others may be unfinished: they are then not in the library.
    """
    found: dict[str, dict[str, Any]] = {folder: {} for folder in FOLDERS}
    known: frozenset[str] | None = None
    for folder, adapter in FOLDERS.items():
        places: dict[str, Tree] = {}
        for (of, name), tree in trees.items():
            if of != folder or tree is None:
                continue
            model = validated(adapter, tree, sources=known)
            if isinstance(model, list):
                problems += model
            elif folder in _LISTS:
                problems += _listed_twice(folder, model, tree, places)
                found[folder] |= model
                places |= dict.fromkeys(model, tree)
            else:
                found[folder][name] = model
        if folder == "sources":
            read = [tree for (of, _), tree in trees.items() if of == folder]
            # where a file of sources cannot be read, nobody can say which are missing
            known = None if None in read else frozenset(str(key) for tree in read if tree for key in tree.data)
    problems += crossed(found, trees, known)
    problems = problems if needed is None else list(of_these(problems, trees, needed))
    if problems:
        raise ParameterFileError(problems)
    shut = {folder: MappingProxyType(dict(sorted(models.items()))) for folder, models in found.items()}
    return Library(root=root, **shut)


def _listed_twice(
    folder: str, model: Mapping[str, object], tree: Tree, places: Mapping[str, Tree]
) -> Iterator[Problem]:
    for name in model.keys() & places.keys():
        fix = f"Keep one; the other stands in {places[name].where((name,))}."
        yield tree.problem((name,), f"this {folder.removesuffix('s')} is listed twice", fix)
