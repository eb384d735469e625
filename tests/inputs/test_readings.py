"""What each reading says of itself, and that files, schema, tables and sensitivity analyses know it by that."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml
from jsonschema import Draft202012Validator

import calc
from calc.analysis.evidence import claims, words_of
from calc.analysis.flips import variants
from calc.inputs.load import load_study
from calc.inputs.readings import READINGS, Reading
from calc.report.schema import schemas
from calc.units import Unit

from .mini import FILES, drawn, write
from .test_claim import FIGURES, RIGHT

PARAMS = Path(__file__).parents[2] / "params"
TREATMENT = Draft202012Validator(json.loads(schemas()["treatment.json"]))
#: a unit in which the figures of RIGHT make sense
UNITS = {"count_range": Unit.SESSIONS, "proportion": Unit.SHARE}
BILLS = "reading: percentiles\n        percentiles: {10: 437, 50: 1200, 90: 3147}\n        count: 2489"
RANGE = "reading: typical_range\n        low: 1000\n        high: 3000"


def reading(name: str, **figures: object) -> Reading:
    return READINGS[name].model_validate(figures)


def wrong(claim: dict[str, Any]) -> list[str]:
    """Return what the schema finds wrong with a treatment of which one claim is this."""
    shot = yaml.safe_load(FILES["treatments/shot"])
    shot["price"]["needle"]["claims"] = [json.loads(json.dumps({"assumption": "Ours.", **claim}))]
    return [error.message for error in TREATMENT.iter_errors(shot)]


TRIANGLE = """
from typing import ClassVar

from .reading import Range


class Triangle(Range):
    name: ClassVar[str] = "triangle"
    steepness: float = 2.0

    def inverse(self, unit, coverage):
        return lambda u: self.low + (self.high - self.low) * u ** (1 / self.steepness)

    def levels(self, coverage):
        return 0.25, 1.0
"""
ASK = """
import json
import sys
from pathlib import Path

import numpy as np

from calc.analysis.contradictions import _ends, _words
from calc.analysis.evidence import claims, words_of
from calc.analysis.range_bounds import _ends as held
from calc.errors import ParameterFileError
from calc.inputs.distribution import distribution
from calc.inputs.load import load_study
from calc.report.schema import schemas

good, bad = map(Path, sys.argv[1:])
inputs = load_study("question", root=good)
needle = inputs.treatments["shot"].price["needle"]
[claim] = needle.claims
table = claims(inputs)
try:
    load_study("question", root=bad)
except ParameterFileError as error:
    said = str(error)
print(json.dumps({
    "quartile": float(distribution(claim, needle.measure)(np.array([0.25]))[0]),
    "held": held(needle, [claim], None, 0.8),  # draws are asked of effects alone
    "lies": _ends(claim, needle.measure),
    "words": [words_of(inputs)["shot.price.needle", 0], _words(claim, needle)],
    "table": table[table["parameter"] == "shot.price.needle"]["steepness"].tolist(),
    "schema": [
        each["properties"]["steepness"]["type"]
        for each in json.loads(schemas()["treatment.json"])["$defs"]["Claim"]["oneOf"]
        if each["title"] == "triangle"
    ],
    "said": said,
}))
"""


def test_a_reading_in_one_new_file_is_known_to_files_schema_distributions_bounds_tables_and_words(
    tmp_path: Path,
) -> None:
    shutil.copytree(Path(calc.__file__).parent, tmp_path / "src" / "calc", ignore=shutil.ignore_patterns("__pycache__"))
    (tmp_path / "src" / "calc" / "inputs" / "readings" / "triangle.py").write_text(TRIANGLE, encoding="utf-8")
    shot = FILES["treatments/shot"]
    good = write(tmp_path / "good", treatments_shot=shot.replace("reading: typical_range", "reading: triangle"))
    lacks = "reading: triangle\n        steepnes: 2\n        low: 1000"
    bad = write(tmp_path / "bad", treatments_shot=shot.replace(RANGE, lacks))
    done = subprocess.run(
        [sys.executable, "-c", ASK, str(good), str(bad)],
        env={**os.environ, "PYTHONPATH": str(tmp_path / "src")}, cwd=tmp_path, capture_output=True, text=True, check=True,
    )  # fmt: skip
    found = json.loads(done.stdout)
    said = found.pop("said")
    assert "price.needle.claims.0: the reading 'triangle' lacks 'high'" in said
    assert "price.needle.claims.0.steepnes: 'steepnes' is not a key here. Did you mean 'steepness'?" in said
    assert found == {
        "quartile": 2000.0, "held": [2000.0, 3000.0], "lies": [1000.0, 3000.0],
        "words": ["1,000 to 3,000 usd"] * 2, "table": [2.0], "schema": ["number"],
    }  # fmt: skip


@pytest.mark.parametrize("name", sorted(READINGS))
def test_the_schema_takes_a_reading_with_its_own_figures_and_no_others(name: str) -> None:
    own = RIGHT[name]
    assert not wrong({"reading": name, **own})
    assert all(wrong({"reading": name, **{key: own[key] for key in own.keys() - {left_out}}}) for left_out in own)
    foreign = FIGURES.keys() - READINGS[name].model_fields.keys()
    assert all(wrong({"reading": name, **own, figure: FIGURES[figure]}) for figure in foreign)
    assert wrong({"reading": name, **own, "wieght": 1})


def test_the_schema_knows_no_reading_of_another_name() -> None:
    assert wrong({"reading": "typical", "low": 1, "high": 2})
    assert wrong({"low": 1, "high": 2})


@pytest.mark.parametrize("file", sorted((PARAMS / "treatments").glob("*.yaml")), ids=lambda file: file.stem)
def test_the_schema_takes_every_treatment_that_is_shipped(file: Path) -> None:
    data = json.loads(json.dumps(yaml.safe_load(file.read_text("utf-8")), default=str))
    assert [error.message for error in TREATMENT.iter_errors(data)] == []


@pytest.mark.parametrize("name", sorted(READINGS))
@pytest.mark.parametrize("coverage", [0.5, 0.8, 0.98])
def test_the_levels_of_a_reading_are_where_its_stated_ends_lie(name: str, coverage: float) -> None:
    unit, said = UNITS.get(name, Unit.USD), reading(name, **RIGHT[name])
    levels, stated = said.levels(coverage), said.stated(unit)
    if levels is not None:
        assert 0 <= levels[0] < levels[1] <= 1
    if levels is not None and stated is not None:
        ends = drawn(unit, name, range_coverage=coverage, **RIGHT[name])(np.array(levels)) if said.amounts() else stated
        assert ends[0] == pytest.approx(stated[0])
        assert stated[1] in (np.inf, pytest.approx(ends[1]))


def test_percentiles_are_held_at_the_outermost_whatever_the_coverage_of_ranges() -> None:
    said = reading("percentiles", percentiles={"25": 2, "50": 3, "90": 5})
    assert said.levels(0.5) == said.levels(0.98) == (0.25, 0.9)


@pytest.mark.parametrize("name", sorted(READINGS))
def test_only_a_typical_range_is_read_otherwise_in_a_sensitivity_analysis(name: str) -> None:
    said = reading(name, **RIGHT[name])
    if name == "typical_range":
        assert said.alternative() == reading("bounds", low=2, high=5)
    else:
        assert said.alternative() is said


@pytest.mark.parametrize(
    ("name", "figures", "unit", "words"),
    [
        ("exact", {"value": 1200}, Unit.USD, "1,200 usd"),
        ("typical_range", {"low": 1000, "high": 3000, "open_above": True}, Unit.USD, "1,000 to 3,000 or more usd"),
        ("bounds", {"low": 2, "high": 5, "mode": 3}, Unit.WEEKS, "2 to 5 weeks"),
        ("at_most", {"high": 5}, Unit.DAYS, "at most 5 days"),
        ("at_least", {"low": 4, "high": 52}, Unit.WEEKS, "at least 4 weeks, taken up to 52"),
        ("mean_sd", {"mean": 4, "sd": 1.5}, Unit.SCORE_0_10, "mean 4, sd 1.5 score 0 10"),
        ("estimate_ci", {"value": 10, "low": 8, "high": 20}, Unit.USD, "10 (8 to 20) usd"),
        ("proportion", {"events": 14, "total": 65}, Unit.SHARE, "14 of 65"),
        ("count_range", {"low": 1, "high": 3}, Unit.SESSIONS, "1 to 3 sessions"),
        ("unknown", {}, Unit.WEEKS, "nobody knows"),
        (
            "percentiles", {"percentiles": {10: 437, 50: 1200, 90: 3147}, "count": 2489}, Unit.USD,
            "between 437 and 3,147 usd in 80 of 100 bills, half below 1,200; 2,489 bills",
        ),
        ("percentiles", {"percentiles": {2.5: 1, 97.5: 9}}, Unit.WEEKS, "between 1 and 9 weeks in 95 of 100 cases"),
    ],
)  # fmt: skip
def test_a_reading_tells_a_reader_what_the_source_says(
    name: str, figures: dict[str, object], unit: Unit, words: str
) -> None:
    assert reading(name, **figures).words(unit) == words


def test_percentiles_in_a_file_reach_the_table_of_claims_and_its_words(tmp_path: Path) -> None:
    text = FILES["treatments/shot"].replace(RANGE, BILLS)
    inputs = load_study("question", root=write(tmp_path / "params", treatments_shot=text))
    table = claims(inputs)
    row = table[table["parameter"] == "shot.price.needle"].iloc[0]
    assert row[["p10", "p50", "p90", "count"]].tolist() == [437, 1200, 3147, 2489]
    assert words_of(inputs)["shot.price.needle", 0].endswith("half below 1,200; 2,489 bills")
    plain = claims(load_study("question", root=write(tmp_path / "plain")))
    assert set(table.columns) - set(plain.columns) == {"p10", "p50", "p90", "count"}


@pytest.mark.parametrize(("said", "read"), [(RANGE, "bounds"), (BILLS, "percentiles")])
def test_the_question_with_ranges_as_bounds_leaves_percentiles_alone(tmp_path: Path, said: str, read: str) -> None:
    text = FILES["treatments/shot"].replace(RANGE, said)
    inputs = load_study("question", root=write(tmp_path / "params", treatments_shot=text))
    [other] = [found for varied, _, found in variants(inputs, ()) if varied == "reading"]
    assert other.treatments["shot"].price["needle"].claims[0].reading.name == read
