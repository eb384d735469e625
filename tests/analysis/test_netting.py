"""What remains of lines taken back, corrected and printed twice; nothing is dropped without a word."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from calc.analysis.netting import Entry, netted
from calc.errors import ParameterFileError


def entries(*rows: tuple[str, float] | tuple[str, float, str], claim: str = "C") -> list[Entry]:
    """Return lines of one service: number, amount, and what the status says."""
    return [
        Entry(
            at,
            f"row {at}",
            claim,
            row[0],
            "visit",
            (row[1],),
            reversal="back" in row[2:],
            correction="instead" in row[2:],
        )
        for at, row in enumerate(rows)
    ]


def left(rows: Sequence[Entry]) -> list[float | None]:
    return [each.amounts[0] for each in netted(rows).entries]


def test_a_line_below_0_takes_back_the_line_of_its_number() -> None:
    done = netted(entries(("1", 34.8), ("1", -34.8), ("1", 34.8)))
    assert [each.amounts for each in done.entries] == [(34.8,)]
    assert len(done.notes) == 1
    assert "taken back in full at row 1" in done.notes[0]


def test_where_numbers_say_nothing_the_service_and_its_day_do() -> None:
    assert left(entries(("1", 34.8), ("2", -34.8), ("3", 34.8))) == [34.8]
    assert left(entries(("", 224.11), ("", 224.11), ("", -224.11), claim="")) == [224.11]


def test_a_reversal_without_signs_takes_back_all_the_same() -> None:
    assert left(entries(("1", 50.0), ("1", 50.0, "back"))) == []


def test_a_part_is_taken_back_in_part() -> None:
    done = netted(entries(("1", 50.0), ("1", -20.0)))
    assert done.entries[0].amounts == (30.0,)
    assert "lowered" in done.notes[0]


def test_a_correction_replaces_what_it_corrects_and_a_copy_counts_once() -> None:
    done = netted(entries(("1", 50.0), ("1", 40.0, "instead"), ("2", 7.0), ("2", 7.0)))
    assert [each.amounts[0] for each in done.entries] == [40.0, 7.0]
    assert ["is corrected at" in done.notes[0], "printed twice" in done.notes[1]] == [True, True]


def test_alike_lines_of_one_day_both_count_and_are_asked_about() -> None:
    done = netted([*entries(("1", 50.0), claim="A"), *entries(("1", 50.0), claim="B")])
    assert len(done.entries) == 2
    assert "Was it done twice?" in done.notes[0]


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ([("1", -5.0)], "takes back a line that is not here"),
        ([("1", 5.0), ("1", -8.0)], "more is taken back"),
        ([("1", 5.0), ("1", 6.0)], "stands twice with different amounts"),
    ],
)
def test_what_cannot_be_netted_is_refused_with_its_line(rows: list[tuple[str, float]], words: str) -> None:
    with pytest.raises(ParameterFileError, match=words) as raised:
        netted(entries(*rows))
    assert raised.value.problems[0].where == f"row {len(rows) - 1}"


def test_everything_that_cannot_be_netted_is_told_at_once() -> None:
    with pytest.raises(ParameterFileError) as raised:
        netted([*entries(("1", -5.0), claim="A"), *entries(("1", 5.0), ("1", 6.0), claim="B")])
    assert len(raised.value.problems) == 2


@given(st.lists(st.tuples(st.integers(1, 9), st.booleans()), max_size=8), st.randoms())
def test_lines_and_what_takes_them_back_cancel_in_any_order(drawn: list[tuple[int, bool]], shuffled: Random) -> None:
    rows = [(str(at), float(cents)) for at, (cents, _) in enumerate(drawn)]
    backs = [(str(at), -float(cents)) for at, (cents, taken) in enumerate(drawn) if taken]
    mixed = entries(*rows, *backs)
    shuffled.shuffle(mixed)
    assert sum(each or 0.0 for each in left(mixed)) == sum(amount for _, amount in rows + backs)
