"""Statements and estimates dropped on the page: what they say goes into its fields, and is kept nowhere."""

from __future__ import annotations

import tempfile
from datetime import UTC, datetime
from pathlib import Path

import pytest

from calc.errors import ParameterFileError
from calc.explore.desk import Desk
from calc.explore.engine import Engine
from calc.explore.papers import quoted_in, said_met

REPOSITORY = Path(__file__).resolve().parents[2]
CASES = REPOSITORY / "tests" / "cases" / "statements"
STUDY = "chronic_low_back_pain"
DRAWS = {"more": "study.draws=64"}
LETTERS = b"""estimate,date,category,allowed,treatment,item
clinic,2026-12-01,outpatient_procedure,4000,stem_cell_injection,injection
clinic,2027-01-05,outpatient_procedure,4500,stem_cell_injection,injection
"""


@pytest.fixture(scope="module")
def engine() -> Engine:
    return Engine(REPOSITORY / "params", STUDY)


def dropped(name: str, content: bytes) -> tuple[dict[str, object]]:
    at = datetime(2026, 11, 23, tzinfo=UTC)
    return ({"name": name, "content": content, "type": "", "size": len(content), "last_modified": at},)


def test_what_statements_say_is_met_takes_the_place_of_what_was_entered(engine: Engine) -> None:
    """As counted in tests/analysis/test_met.py: eight of the nine lines are of before the decision."""
    given = DRAWS | {"plan": "high_deductible_2026", "met_deductible": "5", "met_maximum": "5", "budget": "70"}
    state, problems = engine.read(given, engine.start)
    assert not problems
    entries, said = said_met({"eob.csv": (CASES / "hdhp_2026.csv").read_bytes()}, engine, state)
    assert (entries["met_deductible"], entries["met_maximum"], entries["budget"]) == ("1700", "7928", "70")
    assert "$1,700 towards the deductible, $7,900 out of pocket" in said
    assert "1 line is not of the plan year" in said


def test_estimates_become_quotes_and_are_added_up_under_the_plan(engine: Engine) -> None:
    state, _ = engine.read(DRAWS, engine.start)
    entries, said = quoted_in({"letters.csv": LETTERS}, engine, state)
    assert entries["quotes"] == "stem_cell_injection.injection=4500"
    assert said.startswith("Added up under “Employer PPO 2026”: $")
    assert "each alone, $" in said


def test_a_dropped_statement_changes_the_answer_with_the_state_before_beside_it(engine: Engine) -> None:
    desk = Desk(engine, DRAWS | {"plan": "high_deductible_2026"})
    before = desk.answer
    desk.papers.statement.value = dropped("eob.csv", (CASES / "hdhp_2026.csv").read_bytes())
    assert (desk.state.met_deductible, desk.state.met_maximum) == (1700, 7928)
    assert desk.pinned is before
    assert "Paid towards the deductible" in desk.panels["pinned"].value
    assert any("Counted from it: $1,700" in each.value for each in desk.papers.widgets if hasattr(each, "placeholder"))


def test_what_is_wrong_with_a_file_is_told_by_its_own_name_beside_its_button(engine: Engine) -> None:
    desk = Desk(engine, DRAWS)
    state = desk.state
    desk.papers.estimate.value = dropped("letters.csv", b"date,allowed\nyesterday,lots\n")
    place = desk.papers.widgets.index(desk.papers.estimate)
    told = desk.papers.widgets[place + 1].value
    assert "letters.csv:" in told
    assert tempfile.gettempdir() not in told
    assert (desk.message.value, desk.state) == ("", state)


def test_nothing_of_a_file_is_left_on_the_machine(
    engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    state, _ = engine.read(DRAWS, engine.start)
    quoted_in({"letters.csv": LETTERS}, engine, state)
    with pytest.raises(ParameterFileError, match=r"^letters\.csv"):
        quoted_in({"../letters.csv": b"date\n"}, engine, state)
    assert list(tmp_path.iterdir()) == []
