"""Prices of a state: taken where the table has them, the whole country's elsewhere, an unknown state refused."""

from __future__ import annotations

import csv
import runpy
from pathlib import Path

import pandas as pd
import pytest

from calc.errors import ParameterFileError, SettingError
from calc.inputs.load import StudyInputs, load_library, load_study
from calc.inputs.many import Shelf

from .mini import FILES, write

REPOSITORY = Path(__file__).resolve().parents[2]
SAMPLE = REPOSITORY.parent / "shared" / "samples" / "hospital_cash_prices.csv"
TABLE = REPOSITORY / "params" / "prices" / "hospital_cash_2026.csv"

ROWS = """\
code,state,hospitals,p10,p50,p90,left_out
CPT 1,United States,900,1000.00,1700.00,3000.00,4
CPT 1,TX,40,1100.00,1500.00,2500.00,1
CPT 2,United States,500,50.00,60.00,70.00,0
CPT 2,CA,31,55.00,65.00,75.00,0
"""
CLAIM = "{source: survey, section: 'CPT 1, United States', reading: percentiles, percentiles: {10: 1000, 50: 1700, 90: 3000}, count: 900}"


@pytest.fixture
def params(tmp_path: Path) -> Path:
    shot = FILES["treatments/shot"]
    old = shot[shot.index("      - source: page\n        section: Prices") : shot.index("wait:")]
    write(tmp_path, treatments_shot=shot.replace(old, f"      - {CLAIM}\n"))
    (tmp_path / "prices").mkdir()
    (tmp_path / "prices" / "survey.csv").write_text(ROWS, encoding="utf-8")
    return tmp_path


def shown(inputs: StudyInputs) -> tuple[object, ...]:
    (claim,) = inputs.treatments["shot"].price["needle"].claims
    return claim.section, *claim.reading.percentiles.values()


def test_without_a_state_the_whole_countrys_prices_count(params: Path) -> None:
    inputs = load_study("question", root=params)
    assert shown(inputs) == ("CPT 1, United States", 1000.0, 1700.0, 3000.0)
    assert not [file for file in inputs.files if file.suffix == ".csv"]


@pytest.mark.parametrize("many", [False, True])
def test_a_states_prices_take_their_place_and_its_table_is_an_input(params: Path, many: bool) -> None:
    settings = {"study.state": "TX"}
    inputs = (
        Shelf(params).study("question", settings) if many else load_study("question", root=params, settings=settings)
    )
    assert shown(inputs) == ("CPT 1, TX", 1100.0, 1500.0, 2500.0)
    assert params / "prices" / "survey.csv" in inputs.files


def test_a_state_may_stand_in_the_studys_file(params: Path) -> None:
    file = params / "studies" / "question.yaml"
    file.write_text(f"{file.read_text('utf-8')}state: TX\n", encoding="utf-8")
    assert shown(load_study("question", root=params))[0] == "CPT 1, TX"
    load_library(params)


@pytest.mark.parametrize("state", ["CA", "tx", "Texas"])
def test_a_state_that_moves_no_price_is_refused(params: Path, state: str) -> None:
    with pytest.raises(SettingError, match="no price of this study is known for the state"):
        load_study("question", root=params, settings={"study.state": state})


def test_a_quote_of_ones_own_stays_ones_own(params: Path) -> None:
    settings = {"study.state": "TX", "shot.price.needle": "5000"}
    with pytest.raises(SettingError, match="no price of this study"):  # the only price is the quote
        load_study("question", root=params, settings=settings)


def test_a_table_of_other_columns_is_told(params: Path) -> None:
    (params / "prices" / "survey.csv").write_text("code,price\n", encoding="utf-8")
    with pytest.raises(ParameterFileError, match=r"survey\.csv:1: this is no table of prices"):
        load_study("question", root=params, settings={"study.state": "TX"})


def test_the_shipped_table_lists_states_of_thirty_hospitals_and_percentiles_in_order() -> None:
    with TABLE.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert len({(row["code"], row["state"]) for row in rows}) == len(rows) > 200
    for row in rows:
        assert int(row["hospitals"]) >= 30
        assert 1 < float(row["p10"]) <= float(row["p50"]) <= float(row["p90"])


@pytest.mark.skipif(not SAMPLE.is_file(), reason="the list of single prices lies beside the repository only")
def test_the_shipped_table_is_what_its_script_makes_of_the_list() -> None:
    made = runpy.run_path(str(REPOSITORY / "benchmarks" / "hospital_cash.py"))["table"](
        pd.read_csv(SAMPLE, dtype={"cpt": str, "ccn": str, "state": str}, keep_default_na=False)
    )
    assert made.to_csv(index=False, lineterminator="\n") == TABLE.read_text("utf-8")
