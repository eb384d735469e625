"""What a table rests on is the claims behind each of its rows."""

from __future__ import annotations

import pandas as pd

from calc.analysis.basis import joined, with_basis

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


def basis(name: str) -> str:
    return str(with_basis(name, TABLES)["basis"].iloc[0])


def test_a_row_rests_on_what_its_keys_name() -> None:
    assert basis("comparison") == "public"
    assert basis("bills") == "public"
    assert basis("phases") == "document"
    assert basis("resting") == "yours"
    assert basis("unknowns") == "yours + unknown"
    assert basis("sources") == "document"
    assert basis("contradictions") == "document + public"


def test_a_difference_rests_on_the_reference_too() -> None:
    assert basis("paired") == "public + assumption"


def test_bases_stand_once_and_in_one_order() -> None:
    assert joined(["unknown", "assumption + document", "assumption"]) == "document + assumption + unknown"
    assert joined([]) == ""
