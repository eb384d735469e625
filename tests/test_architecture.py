"""The layout is the architecture: layers, no cycles, short modules, a sorted door, a map that is true."""

from __future__ import annotations

import ast
import re
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

import calc

REPOSITORY = Path(__file__).resolve().parent.parent
ROOT = REPOSITORY / "src" / "calc"
MODULES = sorted(ROOT.rglob("*.py"))
#: an import may point to a layer at or before its own
LAYERS = ["errors", "units", "inputs", "model", "analysis", "report", "batch", "explore", "cli"]
DOORS = {"__init__", "__main__"}
MOST_LINES = 500


def dotted(path: Path) -> str:
    parts = path.relative_to(ROOT.parent).with_suffix("").parts
    return ".".join(part for part in parts if part != "__init__")


def imported(path: Path) -> set[str]:
    """Return the modules of the project that a module imports, wherever in it the import stands."""
    package = list(path.relative_to(ROOT.parent).parts[:-1])
    found = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.level:
            base = package[: len(package) - node.level + 1]
            target = [*base, *(node.module or "").split(".")] if node.module else base
            for alias in node.names:
                longer = ROOT.parent.joinpath(*target, alias.name)
                is_module = longer.with_suffix(".py").is_file() or longer.is_dir()
                found.add(".".join([*target, alias.name] if is_module else target))
    return found


def rank(name: str) -> tuple[int, str]:
    """Constants, then classes, then functions, each in alphabetical order, as ruff sorts them."""
    return (0 if name.isupper() else 1 if name[0].isupper() else 2, name)


def layer(module: str) -> int:
    return LAYERS.index(module.split(".")[1])


def test_imports_have_no_cycle() -> None:
    graph = {dotted(path): imported(path) - {dotted(path)} for path in MODULES if path.stem not in DOORS}
    TopologicalSorter(graph).prepare()


def test_every_module_belongs_to_a_layer() -> None:
    tops = {path.relative_to(ROOT).parts[0].removesuffix(".py") for path in MODULES}
    assert tops - DOORS == set(LAYERS)


@pytest.mark.parametrize("path", [p for p in MODULES if p.stem not in DOORS], ids=dotted)
def test_imports_only_point_down(path: Path) -> None:
    for module in imported(path):
        assert layer(module) <= layer(dotted(path)), f"{dotted(path)} must not import {module}"


@pytest.mark.parametrize("path", MODULES, ids=dotted)
def test_no_module_is_long(path: Path) -> None:
    assert len(path.read_text("utf-8").splitlines()) <= MOST_LINES


@pytest.mark.parametrize("path", [p for p in MODULES if p.stem not in DOORS], ids=dotted)
def test_all_is_sorted_and_public(path: Path) -> None:
    tree = ast.parse(path.read_text("utf-8"))
    lists = [
        ast.literal_eval(node.value)
        for node in tree.body
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name) and node.targets[0].id == "__all__"
    ]
    assert len(lists) == 1, "every module says what it offers"
    assert lists[0] == sorted(lists[0], key=rank)
    assert not [name for name in lists[0] if name.startswith("_")]


def test_the_door_is_sorted_and_every_name_behind_it_is_there() -> None:
    assert calc.__all__ == sorted(calc.__all__, key=rank)
    for name in calc.__all__:
        assert getattr(calc, name) is not None
    with pytest.raises(AttributeError, match="no attribute 'compair'"):
        calc.compair  # noqa: B018


def test_text_is_parsed_in_inputs_only() -> None:
    for path in MODULES:
        if "yaml" in {
            alias.name
            for node in ast.walk(ast.parse(path.read_text("utf-8")))
            if isinstance(node, ast.Import)
            for alias in node.names
        }:
            assert path.parent.name == "inputs"


def test_files_are_written_in_report_and_batch_only() -> None:
    writing = re.compile(r"\.(write_text|write_bytes|mkdir|to_csv|savefig)\(")
    writers = {path.relative_to(ROOT).parts[0] for path in MODULES if writing.search(path.read_text("utf-8"))}
    assert writers <= {"report", "batch"}


def test_chance_enters_in_draws_only() -> None:
    chance = re.compile(r"default_rng|np\.random|import random|qmc")
    users = {dotted(path) for path in MODULES if chance.search(path.read_text("utf-8"))}
    assert users == {"calc.model.draws"}


def test_every_module_is_on_the_map_of_the_readme() -> None:
    named = set(re.findall(r"`([\w./]+)`", (REPOSITORY / "README.md").read_text("utf-8")))
    modules = {path.relative_to(ROOT).as_posix() for path in MODULES if path.stem not in DOORS}
    assert modules <= named


def test_every_file_the_map_names_is_there() -> None:
    text = (REPOSITORY / "README.md").read_text("utf-8")
    for name in re.findall(r"`((?:params|notebooks|tests|src|benchmarks|outputs)/[\w./]*)`", text):
        assert (REPOSITORY / name).exists(), name
