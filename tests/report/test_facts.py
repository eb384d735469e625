"""A word belongs to its number: each number of the first page stands in the cell that its fact names."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from datetime import date
from functools import cache

import pandas as pd
import pytest

from calc.analysis.compare import Result, compare
from calc.report.facts import (
    COLUMNS,
    Cells,
    Count,
    Fact,
    Label,
    Sentence,
    Spread,
    bare,
    day,
    facts_of,
    marked,
    plain,
)
from calc.report.questions import asked
from calc.report.screen import screen
from calc.report.sheet import sheet_sentences

from .shipped import PARAMS, STUDY

#: words that say what kind of number it is
WORDS = re.compile(r"\b(on average|in the middle|about|at most|at least|of 100|between|median|mean)\b|[\d$%]")
CASES = [
    (STUDY, kind, plan, views)
    for kind, plan, views in (
        ("back_alone", "employer_ppo_2026", ("guideline", "clinic")),
        ("nerve_root", "employer_ppo_2026", ("clinic", "guideline")),
        ("not_sure", "self_pay", ("balanced",)),
        ("back_alone", "medicare_2026", ("documents_only", "guideline")),
        ("nerve_root", "medicare_supplement_2026", ("guideline", "between", "documents_only")),
        ("facet_joints", "high_deductible_2026", ("guideline", "clinic")),
    )
] + [("stepped_care", kind, "employer_ppo_2026", ("guideline", "clinic")) for kind in ("back_alone", "nerve_root")]


@cache
def result_of(study: str, kind: str, plan: str, views: tuple[str, ...]) -> Result:
    settings: dict[str, object] = {"study.draws": 128, "study.plan": plan, "study.views": list(views)}
    return compare(study, params=PARAMS, settings=settings | {"patient.kind_of_pain": kind})


def tables_of(result: Result) -> Mapping[str, pd.DataFrame]:
    """Return the tables that sentences may quote, as they are written to files."""
    return {name: getattr(result, name) for name in (*COLUMNS, "effects")}


def sentences(result: Result) -> Iterator[Sentence]:
    yield from screen(result).sentences()
    yield from sheet_sentences(result)
    yield from (each.why for each in asked(result))


def cell(result: Result, fact: Fact) -> float:
    """Look the value up anew, without what the product looks it up with."""
    if fact.table == "patient.met":
        return float(getattr(result.inputs.patient.met, fact.column))
    rows = tables_of(result)[fact.table]
    for name, value in fact.key:
        rows = rows[rows[name].astype(str) == value]
    found = rows[fact.column].astype(float).unique()
    assert len(found) == 1, fact.cell
    return float(found[0])


@pytest.mark.parametrize("case", CASES, ids=lambda case: "-".join((*case[:3], *case[3])))
def test_every_number_stands_in_the_cell_that_its_fact_names(case: tuple[str, str, str, tuple[str, ...]]) -> None:
    result = result_of(*case)
    count = 0
    for sentence in sentences(result):
        for fact in facts_of(sentence):
            count += 1
            if isinstance(fact, Count):
                rows = tables_of(result)[fact.table]
                for name, value in fact.key:
                    rows = rows[rows[name].astype(str) == value]
                assert sum(fact.holds in str(each) for each in rows[fact.column]) == fact.value
            else:
                assert cell(result, fact) == fact.value, fact.cell
    assert count > 60


@pytest.mark.parametrize("case", CASES, ids=lambda case: "-".join((*case[:3], *case[3])))
def test_no_number_and_no_word_of_a_statistic_is_typed_beside_a_fact(
    case: tuple[str, str, str, tuple[str, ...]],
) -> None:
    for sentence in sentences(result_of(*case)):
        for piece in sentence:
            if isinstance(piece, str) and not isinstance(piece, Label):
                assert not WORDS.search(piece), plain(sentence)


def test_the_words_of_a_number_are_those_of_its_column() -> None:
    cells = Cells(result_of(*CASES[0]))
    key = {"view": "guideline", "treatment": "facet_nerve_ablation"}
    for column, words in (
        ("cost_if_refused", r"about \$[\d,]+"),
        ("cost_if_refused_mean", r"\$[\d,]+ on average"),
        ("gained_weeks", r"[\d.]+ weeks? on average"),
        ("with_treatment", r"\d+ of 100"),
    ):
        assert re.fullmatch(words, cells.fact("effects", column, **key).words()), column


def test_every_column_that_a_sentence_may_quote_is_called_what_it_is() -> None:
    ends = {"p05": "low", "p95": "high", "p50": "median", "mean": "mean"}
    for table, columns in COLUMNS.items():
        for column, (statistic, _) in columns.items():
            last = column.rpartition("_")[2] if "_" in column else column
            if last in ends:
                assert str(statistic).startswith(ends[last]), (table, column)


def test_a_share_leaves_the_rest_of_100() -> None:
    cells = Cells(result_of(*CASES[0]))
    key = {"view": "guideline", "treatment": "no_procedure"}
    whole = [each("effects", "with_neither", **key).number() for each in (cells.fact, cells.rest)]
    assert sum(map(int, whole)) == 100


def test_an_amount_is_never_rounded_above_what_the_plan_lets_you_pay() -> None:
    result = compare(
        STUDY, params=PARAMS, settings={"study.draws": 128, "plan.out_of_pocket_maximum": 4065, "plan.deductible": 2000}
    )
    # the middle: a second operation can fall into the next plan year and meet its limit too
    fact = Cells(result).fact("effects", "cost_if_covered", view="guideline", treatment="lumbar_fusion")
    assert fact.value == pytest.approx(4065)
    assert fact.number() == "$4,065"


def test_digits_follow_the_monte_carlo_error() -> None:
    place = ("comparison", (), "p50", COLUMNS["comparison"]["p50"][0], "USD")
    assert Fact(1234.0, *place, error=1.0).number() == "$1,200"
    assert Fact(1234.0, *place, error=400.0).number() == "$1,000"
    weeks = (*place[:4], "weeks")
    assert Fact(37.4, *weeks, error=0.1).number() == "37 weeks"
    assert Fact(37.4, *weeks, error=12.0).number() == "40 weeks"


def test_a_spread_of_one_number_is_that_number() -> None:
    cells = Cells(result_of(*CASES[0]))
    fact = cells.fact("effects", "cost_if_refused", view="guideline", treatment="no_procedure")
    assert Spread(fact, fact, fact).words() == "$0"


def test_html_says_the_same_as_plain_text_and_names_the_cells() -> None:
    cells = Cells(result_of(*CASES[0]))
    fact = cells.fact("effects", "with_sham", view="guideline", treatment="facet_nerve_ablation")
    text = marked(("With a <sham>: ", fact, "."))
    assert re.sub(r"<.*?>", "", text) == plain(("With a &lt;sham&gt;: ", fact, "."))
    assert f'value="{fact.cell}"' in text
    assert bare(fact).words() == fact.words().removesuffix(" of 100")
    assert math.isfinite(fact.value)


def test_a_date_is_written_as_in_the_us() -> None:
    assert day(date(2027, 2, 3)) == "Feb 3, 2027"
