"""YAML text → data and places: what a scalar means, where it stands, and what is refused at once."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from calc.errors import ParameterFileError
from calc.inputs.tree import MOST_BYTES, MOST_DEPTH, MOST_EVENTS, Tree, as_yaml, read_tree, tree_of


def read(folder: Path, text: str | bytes) -> Tree:
    file = folder / "one.yaml"
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    return read_tree(file, shown="one.yaml")


def refused(folder: Path, text: str | bytes) -> list[str]:
    with pytest.raises(ParameterFileError) as caught:
        read(folder, text)
    return [str(problem) for problem in caught.value.problems]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("no", "no"), ("yes", "yes"), ("on", "on"), ("off", "off"), ("y", "y"),
        ("true", True), ("True", True), ("FALSE", False), ("tRUE", "tRUE"),
        ("null", None), ("~", None), ("", None), ("Null", None), ("none", "none"),
        ("010", 10), ("-7", -7), ("+5", 5), ("0", 0), ("0o17", "0o17"), ("0x1F", "0x1F"), ("1_000", "1_000"),
        ("1e3", 1000.0), ("1.", 1.0), (".5", 0.5), ("-1.5E-2", -0.015), ("1e999", float("inf")), ("1.2.3", "1.2.3"),
        ("12:30", "12:30"), ("2026-01-31", "2026-01-31"), (".nan", ".nan"), (".inf", ".inf"), ("1,000", "1,000"),
        ("'12'", "12"), ('"true"', "true"), ("'null'", "null"), ("''", ""), ("|\n  12\n", "12\n"), (">-\n  12\n", "12"),
        ("<<", "<<"), ("=", "="), ("12 # a note", 12), ("٣", "٣"),
    ],
)  # fmt: skip
def test_scalars_follow_yaml_1_2(tmp_path: Path, text: str, value: object) -> None:
    found = read(tmp_path, f"a: {text}\n").data["a"]
    assert (found, type(found)) == (value, type(value))


@pytest.mark.parametrize("key", ["no", "010", "~", "1e3", "true", "'a b'"])
def test_keys_are_always_text(tmp_path: Path, key: str) -> None:
    assert read(tmp_path, f"{key}: 1\n").data == {key.strip("'"): 1}


WORDS = st.text(max_size=60) | st.sampled_from(
    ["no", "010", "1e3", "~", "12:30", "true", "", ".inf", "<<", "a: b", "- a"]
)
SCALARS = (
    st.none()
    | st.booleans()
    | st.integers(-(10**30), 10**30)
    | st.floats(allow_nan=False, allow_infinity=False)
    | WORDS
)
NESTED = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(WORDS, inner, max_size=4), max_leaves=25
)


class Plainly(yaml.SafeDumper):
    """Writes repeated parts out, and quotes text that is a number to YAML 1.2 though not to 1.1."""

    def ignore_aliases(self, _data: object) -> bool:
        return True

    def represent_str(self, data: str) -> yaml.ScalarNode:
        style = '"' if re.match(r"[-+]?\.?[0-9]", data) else None
        return self.represent_scalar("tag:yaml.org,2002:str", data, style=style)


Plainly.add_representer(str, Plainly.represent_str)


@given(data=st.dictionaries(WORDS, NESTED, min_size=1, max_size=5), flow=st.sampled_from([True, False, None]))
def test_what_pyyaml_writes_comes_back_equal(tmp_path: Path, data: dict[str, Any], flow: bool | None) -> None:
    text = yaml.dump(data, Dumper=Plainly, default_flow_style=flow, sort_keys=False)
    found = read(tmp_path, text).data
    assert found == data
    assert repr(found) == repr(data)  # 1 is not True, and -0.0 is not 0.0


PLAIN = st.recursive(
    st.from_regex("[a-z]{1,8}", fullmatch=True) | st.integers(0, 99),
    lambda inner: (
        st.lists(inner, min_size=1, max_size=3)
        | st.dictionaries(st.from_regex("k[a-z]{1,5}", fullmatch=True), inner, min_size=1, max_size=3)
    ),
    max_leaves=20,
)


def _paths(data: object, path: tuple[str | int, ...] = ()) -> list[tuple[tuple[str | int, ...], object]]:
    inside = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    return [(path, data), *(found for key, value in inside for found in _paths(value, (*path, key)))]


@given(
    data=st.dictionaries(st.from_regex("k[a-z]{1,5}", fullmatch=True), PLAIN, min_size=1, max_size=4),
    flow=st.sampled_from([True, False, None]),
)
def test_every_key_and_entry_has_its_place(tmp_path: Path, data: dict[str, Any], flow: bool | None) -> None:
    text = yaml.dump(data, Dumper=Plainly, default_flow_style=flow, sort_keys=False)
    tree, lines = read(tmp_path, text), text.splitlines()
    every = _paths(data)
    assert set(tree.places) == {path for path, _ in every}
    for path, value in every:
        line, column = tree.places[path]
        here = lines[line - 1][column - 1 :]
        if path and isinstance(path[-1], str):
            assert here.startswith(f"{path[-1]}:")
        elif not isinstance(value, dict | list):
            assert here.startswith(yaml.dump(value, default_flow_style=True).splitlines()[0])


def test_places_count_from_one_and_letters_not_bytes(tmp_path: Path) -> None:
    tree = read(tmp_path, "# note\na:\n  - 1\n  - b: é\n{}: 2\n".replace("{}", "c"))
    assert dict(tree.places) == {
        (): (2, 1),
        ("a",): (2, 1),
        ("a", 0): (3, 5),
        ("a", 1): (4, 5),
        ("a", 1, "b"): (4, 5),
        ("c",): (5, 1),
    }
    assert read(tmp_path, "{é: é, b: 1}\n").places["b",] == (1, 8)


def test_a_part_that_is_missing_is_told_at_what_should_hold_it(tmp_path: Path) -> None:
    tree = read(tmp_path, "a: 1\nb:\n  c: 2\n")
    assert tree.where(("b", "c")) == "one.yaml:3:3"
    assert tree.where(("b", "d", 0, "e")) == "one.yaml:2:1"
    assert tree.where(("x",)) == "one.yaml:1:1"
    assert str(tree.problem(("b", "d"), "it is missing", "Add it.")) == "one.yaml:2:1: b.d: it is missing. Add it."


@pytest.mark.parametrize(
    "text", ["a: 1\na: 2\n", "{a: 1, a: 2}\n", "a: {b: 1}\na: {b: 2}\n", "'a': 1\na: 1\n", "a:\na:\n"]
)
def test_a_key_given_twice_is_refused(tmp_path: Path, text: str) -> None:
    (said,) = refused(tmp_path, text)[:1]
    assert "the key 'a' is given twice" in said
    assert "first is on line 1" in said


@pytest.mark.parametrize(
    "text",
    [
        "a: !!python/object/apply:os.system [echo]\n", "a: !!int 1\n", "a: !x {b: 1}\n", "!!map {a: 1}\n", "!!str a: 1\n",
        "a: &b 1\n", "&a b: 1\n", "a: &b [1]\nc: *b\n", "a: *b\n", "*a : 1\n", "a: &a {<<: *a}\n", "&r\na: 1\n", "- &a *a\n",
    ],
)  # fmt: skip
def test_tags_anchors_and_aliases_are_refused(tmp_path: Path, text: str) -> None:
    assert any(
        word in said for said in refused(tmp_path, text) for word in ("the tag", "an anchor or alias", "not YAML")
    )


@pytest.mark.parametrize("opening", ["[", "{a: ", "- ", "? ", "[[{a: [", "a: [", "'", "{? "])
def test_nesting_100_000_deep_is_refused_at_once(tmp_path: Path, opening: str) -> None:
    assert len(refused(tmp_path, opening * 100_000)) == 1


def test_block_nesting_1_000_deep_is_refused_at_once(tmp_path: Path) -> None:
    assert "nested deeper" in refused(tmp_path, "".join(f"{' ' * n}a:\n" for n in range(1000)))[0]


def test_nesting_is_allowed_up_to_its_limit(tmp_path: Path) -> None:
    inner = MOST_DEPTH - 1
    assert read(tmp_path, f"a: {'[' * inner}{']' * inner}\n")
    assert "nested deeper" in refused(tmp_path, f"a: {'[' * (inner + 1)}{']' * (inner + 1)}\n")[0]


def test_a_billion_laughs_are_refused_at_once(tmp_path: Path) -> None:
    lines = ["a0: &a0 [ha, ha, ha, ha, ha, ha, ha, ha, ha]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 30)]
    said = refused(tmp_path, "\n".join(lines))
    assert len(said) == 30 + 29 * 9


def test_a_file_that_is_too_large_or_has_too_many_parts_is_refused(tmp_path: Path) -> None:
    assert "larger than" in refused(tmp_path, b"a: " + b"x" * MOST_BYTES)[0]
    assert "parts" in refused(tmp_path, "a: [" + "1," * MOST_EVENTS + "]")[0]


def test_a_number_of_very_many_digits_is_refused(tmp_path: Path) -> None:
    assert read(tmp_path, f"a: {'9' * 40}").data == {"a": 10**40 - 1}
    (said,) = refused(tmp_path, f"a: {'9' * 10_000}")
    assert "one.yaml:1:4" in said
    assert "10000 characters" in said


def test_several_problems_are_told_at_once(tmp_path: Path) -> None:
    said = refused(tmp_path, "a: 1\na: 2\nb: &x 3\nc: !!str 4\n---\nd: 5\n")
    assert [line.split(": ")[0] for line in said] == [f"one.yaml:{at}" for at in ("2:1", "3:4", "4:4", "5:1")]


@pytest.mark.parametrize("text", ["", "\n\n", "# only a note\n", "---\n", "just words\n", "- a\n", "12\n", "null\n"])
def test_a_file_without_keys_is_refused(tmp_path: Path, text: str) -> None:
    assert "holds no mapping" in refused(tmp_path, text)[0]


@pytest.mark.parametrize("text", ["[a]: 1\n", "{a: 1}: 2\n", "? [a]\n: 1\n"])
def test_a_key_that_is_no_word_is_refused(tmp_path: Path, text: str) -> None:
    assert "a key is a list or a mapping" in refused(tmp_path, text)[-1]


def test_a_byte_order_mark_and_windows_line_ends_are_accepted(tmp_path: Path) -> None:
    tree = read(tmp_path, b"\xef\xbb\xbfa: 1\r\nb: x\r\n")
    assert (tree.data, dict(tree.places)) == ({"a": 1, "b": "x"}, {(): (1, 1), ("a",): (1, 1), ("b",): (2, 1)})


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_a_byte_that_is_not_utf_8_is_told_with_its_place(tmp_path: Path, mark: bytes) -> None:
    assert "one.yaml:2:2: the file is not UTF-8" in refused(tmp_path, mark + b"a: 1\nb\xff: 2\n")[0]
    assert "one.yaml:2:1: the file is not UTF-8" in refused(tmp_path, mark + b"a: 1\n\xff: 2\n")[0]


def test_a_file_that_is_not_there_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(ParameterFileError, match="cannot be read"):
        read_tree(tmp_path / "none.yaml")


PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**18), 10**18) | st.floats(allow_nan=False, allow_infinity=False) | st.text(st.characters(codec="utf-8", categories=["L", "N", "P", "S", "Zs"]))
    | st.sampled_from(["no", "1e3", "010", "1_000", "12:30", "2026-01-02", "~", "", "null", "0x1F", " x ", "a: b", "#c", "- d"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.from_regex(r"[a-z][a-z_]{0,5}", fullmatch=True), inner, max_size=3),
    max_leaves=8,
)  # fmt: skip


@given(data=st.dictionaries(st.from_regex(r"[a-z][a-z_]{0,5}", fullmatch=True), PLAIN, min_size=1, max_size=4))
def test_what_is_written_as_yaml_is_read_back_as_it_was(data: dict[str, Any]) -> None:
    assert tree_of(as_yaml(data).encode(), "x.yaml").data == data
