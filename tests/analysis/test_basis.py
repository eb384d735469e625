"""What a table rests on is the claims behind each of its rows."""

from __future__ import annotations

from types import SimpleNamespace

import pandas as pd

from calc.analysis.basis import about, joined, of_claim, of_parameter, of_sides, of_source

TABLES = {
    "comparison": pd.DataFrame(
        [
            {"view": "v", "treatment": "shot", "outcome": "out_of_pocket", "basis": "public"},
            {"view": "v", "treatment": "rest", "outcome": "out_of_pocket", "basis": "assumption"},
            {"view": "v", "treatment": "shot", "outcome": "weeks_in_relief", "basis": "document"},
        ]
    ),
    "claims": pd.DataFrame([{"parameter": "shot.wait", "claim": 1, "basis": "yours"}]),
    "parameters": pd.DataFrame([{"view": "v", "parameter": "shot.wait", "basis": "yours + unknown"}]),
    "sources": pd.DataFrame([{"source": "page", "kind": "document"}, {"source": "paper", "kind": "publication"}]),
    "paired": pd.DataFrame([{"view": "v", "treatment": "shot", "outcome": "out_of_pocket", "reference": "rest"}]),
    "bills": pd.DataFrame([{"view": "v", "treatment": "shot", "bill": "parts"}]),
    "phases": pd.DataFrame([{"view": "v", "treatment": "shot", "phase": "onset"}]),
    "resting": pd.DataFrame([{"parameter": "shot.wait", "claim": 1, "view": "v", "treatment": "shot"}]),
    "unknowns": pd.DataFrame([{"view": "v", "parameter": "shot.wait", "treatment": "shot"}]),
    "contradictions": pd.DataFrame([{"sides": "paper (Here): 1; page (There): 2"}]),
}


RESULT = SimpleNamespace(**TABLES)


def test_a_row_rests_on_what_its_keys_name() -> None:
    assert about("out_of_pocket")(TABLES["bills"], RESULT) == ["public"]
    assert about("weeks_in_relief")(TABLES["phases"], RESULT) == ["document"]
    assert of_claim(TABLES["resting"], RESULT) == ["yours"]
    assert of_parameter(TABLES["unknowns"], RESULT) == ["yours + unknown"]
    assert of_source(TABLES["sources"], RESULT) == ["document", "public"]
    assert of_sides(TABLES["contradictions"], RESULT) == ["document + public"]


def test_a_difference_rests_on_the_reference_too() -> None:
    assert about()(TABLES["paired"], RESULT) == ["public + assumption"]


def test_bases_stand_once_and_in_one_order() -> None:
    assert joined(["unknown", "assumption + document", "assumption"]) == "document + assumption + unknown"
    assert joined([]) == ""
