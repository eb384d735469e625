"""Whatever a treatment's file holds, it loads or is refused with a message; nothing else ever comes out."""

from __future__ import annotations

import copy
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from calc.errors import ParameterFileError
from calc.inputs.distribution import distribution
from calc.inputs.load import FOLDERS, load_library

from .mini import FILES, write

SHOT = yaml.safe_load(FILES["treatments/shot"])
RAW = FILES["treatments/shot"].encode()
TOKENS = [
    b"- ",
    b": ",
    b"{",
    b"}",
    b"[",
    b"]",
    b"&a ",
    b"*a",
    b"!!x ",
    b"\t",
    b"\n",
    b"---\n",
    b"'",
    b'"',
    b"|",
    b"\x00",
    b"\xff",
    b"? ",
    b"[key]: 1\n",
]


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write(tmp_path_factory.mktemp("fuzz") / "params")


def loads_or_is_refused(root: Path, raw: bytes, name: str = "treatments/shot") -> bool:
    (root / f"{name}.yaml").write_bytes(raw)
    try:
        library = load_library(root)
    except ParameterFileError as error:
        assert error.problems
        assert all(
            (problem.what and f"{name}.yaml:" in problem.where) or "studies/" in problem.where
            for problem in error.problems
        )
        return False
    finally:
        (root / f"{name}.yaml").write_text(FILES[name], encoding="utf-8")
    for parameter in library.treatments["shot"].parameters().values():
        for claim in parameter.claims:
            distribution(claim, parameter.measure)
    return True


@settings(max_examples=800)
@given(raw=st.binary(max_size=200))
def test_any_bytes_load_or_are_refused(root: Path, raw: bytes) -> None:
    assert not loads_or_is_refused(root, raw)


@settings(max_examples=900)
@given(data=st.data())
def test_a_file_with_passages_cut_or_put_in_loads_or_is_refused(root: Path, data: st.DataObject) -> None:
    raw = RAW
    for _ in range(data.draw(st.integers(1, 3))):
        at = data.draw(st.integers(0, len(raw)))
        cut = data.draw(st.sampled_from([0, 0, 1, 3, 40]))
        raw = raw[:at] + data.draw(st.sampled_from(TOKENS) | st.binary(max_size=4)) + raw[at + cut :]
    loads_or_is_refused(root, raw)


NUMBERS = st.sampled_from([0, -1, 1, 2, 0.5, 1e-200, 1e-300, 1e200, 1e308, -1e308, 10**39, -(10**39), 1.5])
LEAVES = (
    NUMBERS
    | st.none()
    | st.booleans()
    | st.sampled_from(
        [
            "",
            "unknown",
            "bounds",
            "mean_sd",
            "count_range",
            "page",
            "weeks",
            "share",
            "{}",
            "{given}",
            "%s",
            "é",
            "a" * 3000,
        ]
    )
    | st.sampled_from([[], {}, [[]], [1, 2, 3], {"a": 1}, [None]])
)
KEYS = st.sampled_from(
    [*SHOT, *SHOT["wait"], *SHOT["price"]["needle"]["claims"][0], "mean", "sd", "mode", "value", "events", "total", "weights", "weight", "[key]",
     "0", "", "{given}"]
)  # fmt: skip


def _nodes(data: object) -> list[Any]:
    inside = data.values() if isinstance(data, dict) else data if isinstance(data, list) else ()
    return [data, *(found for each in inside for found in _nodes(each))] if isinstance(data, dict | list) else []


@settings(max_examples=1300)
@given(data=st.data())
def test_a_tree_with_other_parts_loads_or_is_refused(root: Path, data: st.DataObject) -> None:
    tree = copy.deepcopy(SHOT)
    for _ in range(data.draw(st.integers(1, 3))):
        node = data.draw(st.sampled_from(_nodes(tree)))
        leaf = copy.deepcopy(data.draw(LEAVES))
        if isinstance(node, list):
            node.insert(data.draw(st.integers(0, len(node))), leaf)
        elif node and data.draw(st.booleans()):
            node[data.draw(st.sampled_from(sorted(node)))] = leaf
        elif node and data.draw(st.booleans()):
            del node[data.draw(st.sampled_from(sorted(node)))]
        else:
            node[data.draw(KEYS)] = leaf
    loads_or_is_refused(root, yaml.safe_dump(tree, allow_unicode=True).encode())


@pytest.mark.parametrize(
    "claim",
    [
        {"reading": "mean_sd", "mean": 1, "sd": 1e200},
        {"reading": "mean_sd", "mean": 1e-200, "sd": 1},
        {"reading": "count_range", "low": 1, "high": 2, "weights": []},
        {"reading": "proportion", "events": 0, "total": 10**39},
        {"reading": "bounds", "low": -1e308, "high": 1e308},
        {"reading": "{reading}"},
        {"[key]": 1},
    ],
)
def test_absurd_claims_are_read_or_refused(root: Path, claim: dict[str, object]) -> None:
    tree = copy.deepcopy(SHOT)
    tree["price"]["needle"]["claims"][0] = {"assumption": "Ours.", **claim}
    loads_or_is_refused(root, yaml.safe_dump(tree).encode())


@pytest.mark.parametrize("name", [name for name in FILES if not name.startswith("plans/self")])
@pytest.mark.parametrize(
    "line", ["'[key]': 1\n", "'{}': 1\n", "'{0}': {a: 1}\n", "? ''\n: []\n", "note: {a: [1]}\n", "label: [x]\n"]
)
def test_an_odd_key_in_any_kind_of_file_is_refused(root: Path, name: str, line: str) -> None:
    assert name.partition("/")[0] in FOLDERS
    assert not loads_or_is_refused(root, (FILES[name] + line).encode(), name)
