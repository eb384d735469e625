"""Names that one file uses and another must bear: a study's plan, a contradiction's parameter."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ..errors import Problem, did_you_mean
from .condition import Condition
from .contradiction import Contradiction
from .files import Trees
from .study import Study
from .treatment import Treatment
from .tree import Key, Tree

__all__ = ["crossed"]


def crossed(found: Mapping[str, Mapping[str, Any]], trees: Trees, sources: frozenset[str] | None) -> Iterator[Problem]:
    """Yield what is named in one file and stands in none.

    Parameters
    ----------
    found
        The models by folder and name, as far as they are valid.
    trees
        Every file by folder and name, also those that are not.
    sources
        The names of all sources; None where nobody can say.
    """
    for name, study in found["studies"].items():
        asked = _tree(trees, "studies", name)
        yield from _of_study(study, asked, trees)
        yield from _of_relief(study, asked, found["conditions"])
    for name, treatment in found["treatments"].items():
        yield from _of_effects(treatment, _tree(trees, "treatments", name), trees)
    for (folder, _), tree in trees.items():
        if folder == "contradictions" and tree is not None:
            for name in tree.data.keys() & found[folder].keys():
                yield from _of_contradiction(name, found[folder][name], tree, found, trees, sources)


def _tree(trees: Trees, folder: str, name: str) -> Tree:
    tree = trees[folder, name]
    assert tree is not None  # noqa: S101  what was found has been read
    return tree


def _names(trees: Trees, folder: str) -> set[str]:
    return {name for of, name in trees if of == folder}


def _of_study(study: Study, tree: Tree, trees: Trees) -> Iterator[Problem]:
    wanted: list[tuple[str, Key, str]] = [
        ("plans", ("plan",), study.plan),
        *(("plans", ("plans", i), each) for i, each in enumerate(study.plans)),
        ("patients", ("patient",), study.patient),
        ("conditions", ("condition",), study.condition),
        *(("treatments", path, each) for path, each in study.treatments_named()),
        *(("views", ("views", i), each) for i, each in enumerate(study.views)),
    ]
    for folder, path, each in wanted:
        if each not in (known := _names(trees, folder)):
            yield tree.problem(path, f"there is no {each!r} under params/{folder}", did_you_mean(each, known))


def _of_relief(study: Study, tree: Tree, conditions: Mapping[str, Condition]) -> Iterator[Problem]:
    """Yield a definition of relief that the study's condition does not have."""
    if study.relief is None or study.condition not in conditions:
        return
    known = conditions[study.condition].relief
    if study.relief not in known:
        what = f"there is no definition of relief {study.relief!r} in the study's condition"
        yield tree.problem(("relief",), what, did_you_mean(study.relief, known))


def _of_effects(treatment: Treatment, tree: Tree, trees: Trees) -> Iterator[Problem]:
    """Yield treatments that an effect compares with and nobody knows."""
    known = _names(trees, "treatments")
    for place, effect in enumerate(treatment.effects):
        if effect.versus is not None and effect.versus not in known:
            what = f"there is no treatment {effect.versus!r}"
            yield tree.problem(("effects", place, "versus"), what, did_you_mean(effect.versus, known))


def _of_contradiction(
    name: str,
    contradiction: Contradiction,
    tree: Tree,
    found: Mapping[str, Mapping[str, Any]],
    trees: Trees,
    sources: frozenset[str] | None,
) -> Iterator[Problem]:
    for index, side in enumerate(contradiction.sides):
        if sources is not None and side.source not in sources:
            what = f"there is no source {side.source!r} under params/sources"
            yield tree.problem((name, "sides", index, "source"), what, did_you_mean(side.source, sources))
    treatments = _names(trees, "treatments")
    for index, path in enumerate(contradiction.parameters):
        place = (name, "parameters", index)
        owner, _, inner = path.partition(".")
        if owner not in treatments:
            yield tree.problem(place, f"there is no treatment {owner!r}", did_you_mean(owner, treatments))
        elif owner in found["treatments"] and inner not in (known := found["treatments"][owner].quantities()):
            near = did_you_mean(inner, known)
            yield tree.problem(place, f"{owner!r} has no parameter {inner!r}", near)
