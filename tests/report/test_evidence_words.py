"""The evidence in words: each table says whose word it is, and what it carries."""

from __future__ import annotations

from calc.report.evidence_words import (
    codings_in_words,
    contradictions_in_words,
    old_sources_in_words,
    resting_in_words,
    stances_in_words,
)

from .shipped import shipped


def test_every_contradiction_says_who_says_what_how_it_was_found_and_what_is_done() -> None:
    table = contradictions_in_words(shipped())
    assert len(table) == len(shipped().contradictions)
    assert (table["Who says what"].str.len() > 0).all()
    assert (table["What is done with it"].str.len() > 0).all()
    assert table["How it was found"].str.startswith("computed").any()
    assert "document 003 (Average Cost of Stem Cell Therapy for Back)" in " ".join(table["Who says what"])


def test_old_sources_are_the_study_s_and_the_oldest_comes_first() -> None:
    """Five years before November 2026: document 001 of June 2021 is old, document 002 of May 2025 is not."""
    table = old_sources_in_words(shipped())
    years = [int(each) for each in table["Years old"] if each != "not known"]
    assert years == sorted(years, reverse=True)
    assert min(years) >= 5
    assert "document 001" in set(table["Source"])
    assert "document 002" not in set(table["Source"])
    assert (table["Claims"] > 0).all()


def test_the_results_that_rest_on_a_claim_are_told_with_the_views() -> None:
    table = resting_in_words(shipped())
    assert len(table) == len(shipped().claims)
    years = table[table["Claim"] == "Stem cell injection: Weeks that relief lasts: 12 to 36 months"].iloc[0]
    assert years["Results that rest on it"] == (
        "weeks in relief (Clinic); weeks gained (Clinic); longest without relief (Clinic); in relief at horizon (Clinic)"
    )
    assert "none in these views" in set(table["Results that rest on it"])


def test_words_coded_as_figures_say_how_and_what_that_could_move() -> None:
    table = codings_in_words(shipped())
    coded = table[table["About"] == "Stem cell injection: Weeks that relief lasts"].iloc[0]
    assert coded["Coded as"] == "12 to 36 months"
    assert coded["Whose words"] == "document 003 (2025)"
    assert "Years" in coded["How"]
    assert coded["Moves at most"].endswith("% of the spread of weeks in relief")


def test_a_mixed_view_is_taken_apart_where_its_stances_differ() -> None:
    table = stances_in_words(shipped(views=("balanced",)))
    stem = table[
        (table["Treatment"] == "Stem cell injection into the spine") & (table["Outcome"] == "weeks in relief")
    ].iloc[0]
    assert stem["If guideline (33 %)"].startswith("not known")
    assert "weeks" in stem["If clinic (33 %)"]
    assert stem["Spread that is disagreement"] == "not known"
    assert "No procedure (usual care)" not in set(table["Treatment"])
    assert stances_in_words(shipped()).empty
