"""Errors: one tree, each also a built-in, and sentences that offer what is near."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from calc import errors
from calc.errors import (
    CalcError,
    ParameterFileError,
    Problem,
    RunError,
    SettingError,
    UnknownNameError,
    did_you_mean,
    listed,
)


@pytest.mark.parametrize(
    ("error", "builtin"),
    [
        (ParameterFileError([]), ValueError), (SettingError([]), ValueError),
        (UnknownNameError("plan", "a", ["b"]), LookupError), (RunError("stopped"), RuntimeError),
    ],
)  # fmt: skip
def test_each_error_is_ours_and_a_builtin(error: Exception, builtin: type[Exception]) -> None:
    assert isinstance(error, CalcError)
    assert isinstance(error, builtin)


def test_the_tree_is_complete() -> None:
    classes = {name for name, each in vars(errors).items() if isinstance(each, type) and issubclass(each, CalcError)}
    assert classes == {
        "CalcError",
        "ParameterFileError",
        "SettingError",
        "UnknownNameError",
        "RunError",
        "DrawsError",
        "SelfCheckError",
    }
    assert classes < set(errors.__all__)
    assert all(name in str(errors.__doc__) for name in classes)


def test_a_problem_reads_place_path_what_and_fix() -> None:
    assert (
        str(Problem("plan.yaml:3:1", "year", "2206 is above 2040", "Give less."))
        == "plan.yaml:3:1: year: 2206 is above 2040. Give less."
    )
    assert str(Problem("plan.yaml:1:1", "", "it is empty", "")) == "plan.yaml:1:1: it is empty."


@pytest.mark.parametrize("kind", [ParameterFileError, SettingError])
def test_an_error_tells_all_its_problems(kind: type[ParameterFileError]) -> None:
    problems = [Problem("a:1:1", "b", "c", "D."), Problem("e:2:2", "", "f", "G.")]
    error = kind(iter(problems))
    assert error.problems == tuple(problems)
    assert str(error) == "a:1:1: b: c. D.\ne:2:2: f. G."


def test_an_unknown_name_keeps_its_kind_and_name() -> None:
    error = UnknownNameError("view", "guidline", ["guideline", "clinic"])
    assert (error.kind, error.name) == ("view", "guidline")
    assert str(error) == "there is no view named 'guidline'. Did you mean 'guideline'?"


@pytest.mark.parametrize(
    ("names", "text"), [([], "nothing"), (["b"], "'b'"), (["b", "a"], "'a' or 'b'"), ([3, 1, 2], "'1', '2' or '3'")]
)
def test_names_are_listed_sorted_and_quoted(names: list[object], text: str) -> None:
    assert listed(names) == text


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("guidline", "Did you mean 'guideline'?"),
        ("clinics", "Did you mean 'clinic'?"),
        ("documents", "Did you mean 'documents_only'?"),
        ("xyz", "Known: 'clinic', 'documents_only' or 'guideline'."),
        ("", "Known: 'clinic', 'documents_only' or 'guideline'."),
    ],
)
def test_near_names_are_offered_and_else_all(name: str, text: str) -> None:
    assert did_you_mean(name, ["guideline", "clinic", "documents_only", "clinic"]) == text


@given(name=st.text(max_size=20), known=st.lists(st.text(max_size=20), max_size=6))
def test_a_name_itself_is_always_near(name: str, known: list[str]) -> None:
    said = did_you_mean(name, [*known, name])
    assert said.endswith(("?", "."))
    assert f"'{name}'" in said
