from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from calc.errors import DrawsError
from calc.inputs.draws_table import read_draws

COST = "old,new\n1,2\n3,4\n"
EFFECT = "new,old\n0.2,0.1\n0.4,0.3\n"


def files(folder: Path, **texts: str | bytes) -> tuple[Path, ...]:
    found = []
    for name, text in texts.items():
        found.append(folder / f"{name}.csv")
        found[-1].write_bytes(text if isinstance(text, bytes) else text.encode("utf-8"))
    return tuple(found)


def refused(folder: Path, **texts: str | bytes) -> list[str]:
    with pytest.raises(DrawsError) as caught:
        read_draws(*files(folder, **texts))
    return [str(problem).replace(f"{folder}/", "") for problem in caught.value.problems]


def test_columns_are_matched_by_name(tmp_path: Path) -> None:
    cost, effect, parameters = read_draws(*files(tmp_path, cost=COST, effect=EFFECT))
    assert cost.to_dict("list") == {"old": [1, 3], "new": [2, 4]}
    assert effect.to_dict("list") == {"old": [0.1, 0.3], "new": [0.2, 0.4]}
    assert parameters.shape == (2, 0)


@pytest.mark.parametrize("name", ["sim", "draw", "", '"sim"', "Iteration"])
def test_a_first_column_that_numbers_the_draws_is_no_option(tmp_path: Path, name: str) -> None:
    cost = f'{name},"a"\n1,"2.5"\n2,"3.5"\n'
    cost_, _, parameters = read_draws(*files(tmp_path, cost=cost, effect=cost, parameters=f"{name},p\n1,7\n2,8\n"))
    assert cost_.to_dict("list") == {"a": [2.5, 3.5]}
    assert parameters.to_dict("list") == {"p": [7, 8]}


@pytest.mark.parametrize(
    "change",
    [lambda text: text.replace("\n", "\r\n"), lambda text: "\ufeff" + text, lambda text: text + "\n\n", str.rstrip],
)
def test_line_ends_and_byte_order_marks_do_not_matter(tmp_path: Path, change: object) -> None:
    cost, *_ = read_draws(*files(tmp_path, cost=change(COST), effect=EFFECT))  # type: ignore[operator]
    assert cost.to_dict("list") == {"old": [1, 3], "new": [2, 4]}


@given(st.lists(st.floats(allow_nan=False, allow_infinity=False), min_size=1, max_size=5))
def test_numbers_come_back_to_the_last_bit(tmp_path: Path, values: list[float]) -> None:
    text = "a\n" + "".join(f"{value!r}\n" for value in values)
    cost, *_ = read_draws(*files(tmp_path, cost=text, effect=text))
    np.testing.assert_array_equal(cost["a"].to_numpy(), values)


@pytest.mark.parametrize(
    ("cost", "words"),
    [
        ("old,new\n1,2\n3,x\n", "cost.csv:3:2: new: 'x' is not a number"),
        ("old,new\n1,\n3,4\n", "cost.csv:2:2: new: the cell is empty"),
        ("old,new\n1,nan\n3,4\n", "cost.csv:2:2: new: nan is not finite"),
        ("old,new\n1,2\n3,-inf\n", "cost.csv:3:2: new: -inf is not finite"),
        ("old,new\n1,2\n1_000,4\n", "cost.csv:3:1: old: '1_000' is not a number"),
        ('old,new\n1,2\n"1,000",4\n', "cost.csv:3:1: old: '1,000' is not a number"),
        ("old,new\n1,$2\n3,4\n", "cost.csv:2:2: new: '$2' is not a number"),
        ("old,new\n1,2,3\n3,4\n", "cost.csv:2:3: 3 figures, but 2 names"),
        ("old,new\n1\n3,4\n", "cost.csv:2:2: 1 figures, but 2 names"),
        ("old,new\n1,2\n\n3,4\n", "cost.csv:3:1: the row is empty"),
        ("old,old\n1,2\n3,4\n", "cost.csv:1:2: old: two columns have this name"),
        ("old,\n1,2\n3,4\n", "cost.csv:1:2: a column has no name"),
        ("1,2\n3,4\n5,6\n", "cost.csv:1:1: 1: a number stands where a name is expected"),
        ("old;new\n1;2\n3;4\n", "cost.csv:1:1: old;new: there is no comma"),
        ("old,new\n", "cost.csv: there are no draws"),
        ("", "cost.csv: the file is empty"),
        (b"old,new\n1,\xff\n", "cost.csv: byte 10 is not UTF-8"),
    ],
)
def test_what_is_wrong_is_told_with_its_place(tmp_path: Path, cost: str | bytes, words: str) -> None:
    assert any(problem.startswith(words) for problem in refused(tmp_path, cost=cost, effect=EFFECT))


def test_problems_of_all_files_come_at_once(tmp_path: Path) -> None:
    found = refused(tmp_path, cost="old,new\n1,x\ny,4\n", effect="new,old\n0.2,\n0.4,inf\n", parameters="p\nz\n1\n")
    assert len(found) == 5
    assert {problem.split(":")[0] for problem in found} == {"cost.csv", "effect.csv", "parameters.csv"}


def test_a_file_full_of_problems_is_not_listed_to_the_end(tmp_path: Path) -> None:
    found = refused(tmp_path, cost="old,new\n" + "x,y\n" * 500, effect=EFFECT)
    assert len(found) == 101
    assert "more than 100 problems" in found[-1]


@pytest.mark.parametrize(
    ("texts", "words"),
    [
        (
            {"effect": "old,newer\n1,2\n3,4\n"},
            ["option 'new' of cost.csv is missing. Did you mean 'newer'?", "option 'newer' of effect.csv is missing"],
        ),
        ({"effect": "old,new\n1,2\n"}, ["effect.csv: 1 draws, but 2 in cost.csv"]),
        ({"effect": EFFECT, "parameters": "p\n1\n2\n3\n"}, ["parameters.csv: 3 draws, but 2 in cost.csv"]),
    ],
)
def test_files_that_do_not_fit_together_are_refused(tmp_path: Path, texts: dict[str, str], words: list[str]) -> None:
    found = "\n".join(refused(tmp_path, cost=COST, **texts))
    assert all(each in found for each in words), found


def test_draws_numbered_in_another_order_are_refused(tmp_path: Path) -> None:
    found = refused(tmp_path, cost="sim,a\n1,5\n2,6\n", effect="sim,a\n2,5\n1,6\n")
    assert found[0].startswith("effect.csv:2:1: draw 2 stands beside draw 1 of cost.csv")


def test_one_file_for_both_is_refused(tmp_path: Path) -> None:
    (file,) = files(tmp_path, cost=COST)
    with pytest.raises(DrawsError, match="given twice"):
        read_draws(file, file)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(DrawsError, match=r"nowhere\.csv: it cannot be read"):
        read_draws(tmp_path / "nowhere.csv", *files(tmp_path, effect=EFFECT))


@pytest.mark.parametrize("name", ["sample", "n", "Row number"])
@pytest.mark.parametrize("first", [0, 1])
def test_a_first_column_that_numbers_the_draws_under_another_name_is_asked_about(
    tmp_path: Path, name: str, first: int
) -> None:
    rows = "".join(f"{first + row},{7 - row},{row * row}\n" for row in range(4))
    found = refused(tmp_path, cost=f"{name},A,B\n{rows}", effect=f"{name},A,B\n{rows}")
    assert found[0].startswith(f"cost.csv:1:1: {name}: it goes {first}, {first + 1}, … {first + 3}, as if it numbered")
    assert found[1].startswith(f"effect.csv:1:1: {name}: it goes")


def test_a_column_of_parameters_that_numbers_the_draws_is_asked_about(tmp_path: Path) -> None:
    three = "old,new\n5,2\n3,4\n5,6\n"
    found = refused(tmp_path, cost=three, effect=three, parameters="no,p\n1,0.3\n2,0.1\n3,0.7\n")
    assert found == [
        "parameters.csv:1:1: no: it goes 1, 2, … 3, as if it numbered the draws. "
        "Name it 'draw' in the file, or leave it out: it is no option or parameter."
    ]


def test_a_column_named_for_numbers_of_draws_that_holds_others_is_told(tmp_path: Path) -> None:
    found = refused(tmp_path, cost="iter,a\n1,5\n2.5,6\n", effect="iter,a\n1,5\n2,6\n")
    assert found[0].startswith("cost.csv:3:1: iter: 2.5 is no number of a draw")
