"""What the models refuse, in a reader's words: the place, what stands there, and what would be right."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from calc.inputs.load import load_library

from .mini import problems, spoil


@pytest.mark.parametrize(
    ("name", "old", "new", "words"),
    [
        ("plans/insured", "year: 2026", "year: 2026.5", "year: 2026.5 is not a whole number. Write digits only."),
        ("plans/insured", "year: 2026", "year: soon", "year: 'soon' is not a whole number. Write digits only."),
        ("plans/insured", "    deductible: true", "    deductible: perhaps", "'perhaps' is neither true nor false"),
        ("plans/insured", "    deductible: true", "    deductible: [1]", "a list is neither true nor false"),
        (
            "plans/insured",
            "short: Employer plan",
            "short: A plan with far too long a name",
            "longer than 28 characters",
        ),
        (
            "plans/insured",
            "short: Employer plan",
            "short: ''",
            "short: the text is empty. Write it, or leave the key out",
        ),
        ("plans/insured", "short: Employer plan", "short: 12", "short: 12 is not text. Put it in quotes"),
        ("plans/insured", "short: Employer plan", "short: {a: 1}", "short: a mapping is not text"),
        ("patients/someone", "deductible: 200", "deductible: -200", "met.deductible: -200 is below 0"),
        ("patients/someone", "2026-03-01", "", "decision_date: None is no date. Write year-month-day"),
        ("patients/someone", "2026-03-01", "2026", "decision_date: 2026 is no date. Write year-month-day"),
        ("patients/someone", "2026-03-01", "0", "decision_date: 0 is no date. Write year-month-day"),
        ("patients/someone", "2026-03-01", "2026-03-01T12:00", "is no date. Write year-month-day"),
        ("views/clinic", "fallback: []", "fallback: clinic", "fallback: 'clinic' stands where a list is expected"),
        ("views/clinic", "[document]", "document", "bases: 'document' stands where a list is expected"),
        ("views/clinic", "clinic: 3", "clinic: '3'", "weights.clinic: '3' is not a number. Write it bare"),
        ("studies/question", "[guideline, clinic]", "[]", "views: the list is empty. Add at least 1 entry."),
        ("studies/question", "plan: insured", "plan: In Sured", "plan: 'In Sured' has another form"),
        ("studies/question", "horizon: 24 months", "horizon: 24", "horizon: 24 is not text"),
        ("treatments/shot", "price:\n  needle:", "price:\n  Needle:", "price.Needle: 'Needle' has another form"),
        ("treatments/shot", "unit: usd\n", "unit: [usd]\n", "price.needle.unit: a list is not text"),
        ("treatments/shot", "high: 3000", "high: null", "lacks 'high'"),
        ("treatments/shot", "repeat: {policy: never}", "repeat: {policy: nver}", "Did you mean 'never'?"),
        (
            "treatments/shot",
            "repeat: {policy: never}",
            "repeat: {policy: never}\nonset_from: later",
            "onset_from: 'later'",
        ),
        ("sources/documents", "a" * 64, "a" * 63, "page.sha256"),
        ("sources/documents", "year: 2018", "year: 20180", "survey.year"),
        ("sources/documents", "page:", "Page 1:", "'Page 1' has another form"),
        ("sources/documents", "  publisher: null\n", "", "page.publisher: 'publisher' is missing. Add it."),
    ],
)
def test_a_wrong_value_is_told_in_a_readers_words(params: Path, name: str, old: str, new: str, words: str) -> None:
    spoil(params, name, old, new)
    said = "\n".join(map(str, problems(params)))
    assert words in said, said


def test_near_names_are_given_for_keys_at_any_depth(params: Path) -> None:
    for old, new, near in (
        ("policy: never", "polcy: never", "policy"),
        ("per: session", "pre: session", "per"),
        ("section: Prices", "secton: Prices", "section"),
    ):
        file = spoil(params, "treatments/shot", old, new)
        assert f"'{near}'" in "\n".join(map(str, problems(params)))
        file.write_text(file.read_text("utf-8").replace(new, old), encoding="utf-8")


def test_sessions_that_nobody_knows_cannot_be_simulated(params: Path) -> None:
    sessions = "[{assumption: Once., reading: exact, value: 1}]"
    spoil(params, "treatments/rest", sessions, "[{reading: unknown, note: Nowhere.}]")
    assert "sessions.claims.0.reading: a count that nobody knows cannot be simulated" in "\n".join(
        map(str, problems(params))
    )


def test_every_source_has_a_date_or_none(params: Path) -> None:
    sources = load_library(params).sources
    assert [str(source.dated) for source in sources.values()] == ["2025-05-22", "2018-12-31"]


def test_the_message_is_the_same_each_time(params: Path) -> None:
    spoil(
        params,
        "treatments/shot",
        "low: 1000",
        "low: 4000\n        sd: 1\n        mean: 2\n        section: x\n        weight: 0\n        mode: 1",
    )
    spoil(params, "treatments/shot", "        section: Prices\n", "")
    spoil(params, "treatments/rest", "wait: {label: Wait, unit: weeks,", "wait: {")
    for key in ("summary: Nothing is done.\n", "short: Rest\n", "repeat: {policy: never}\n", "price: {}\n"):
        spoil(params, "treatments/rest", key, "")
    code = (
        "import sys; from pathlib import Path; from calc.inputs.load import load_library\n"
        "try: load_library(Path(sys.argv[1]))\nexcept ValueError as error: print(error)"
    )
    said = {
        subprocess.run(
            [sys.executable, "-c", code, str(params)],
            capture_output=True,
            text=True,
            check=True,
            env={"PYTHONHASHSEED": seed},
        ).stdout
        for seed in ("1", "2", "3")
    }
    assert len(said) == 1
    assert len(said.pop().splitlines()) > 6
