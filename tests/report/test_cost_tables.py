"""The cost tables in words, and what the cost figures draw of them."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd
import pytest
from matplotlib.figure import Figure

from calc.analysis.compare import Result, compare
from calc.inputs.parameter import Category
from calc.report.cost_tables import COST_CAPTIONS, cost_table
from calc.report.figures import cash_flow, cost_dots, cost_stacks
from calc.report.figures.cost_stacks import COMPONENTS, PAYERS
from calc.report.figures.gallery import slides
from calc.report.format import money

from .shipped import REPOSITORY, shipped


@pytest.fixture(scope="module")
def asking() -> Result:
    settings = {
        "study.draws": 64,
        "study.patient": "with_travel_work_and_loan",
        "study.treatments": ["stem_cell_injection"],
    }
    settings |= {
        "study.reference": "stem_cell_injection",
        "study.usual_care": "stem_cell_injection",
        "study.plan": "self_pay",
        "study.views": ["guideline"],
    }
    return compare("chronic_low_back_pain", params=REPOSITORY / "params", settings=settings)


@pytest.mark.parametrize("name", sorted(COST_CAPTIONS))
def test_every_cost_table_is_told_in_words_without_a_gap(name: str) -> None:
    table = cost_table(shipped(), name)
    assert len(table) > 0
    assert not table.isna().to_numpy().any()
    assert not [cell for cell in table.to_numpy().ravel() if re.search(r"\b(nan|inf)\b", str(cell))]


def test_a_bound_is_told_in_whole_dollars_with_what_lifts_it() -> None:
    table = cost_table(shipped(), "questions").set_index("Treatment")
    (column,) = [name for name in table.columns if name.startswith("Most you could pay: Guideline")]
    assert table.loc["Lumbar fusion", column] == "$12,000; no bound if the plan does not cover it"
    assert table.loc["Stem cell injection into the spine", column] == "no bound: the plan does not cover it"


def test_a_budget_an_estimate_and_the_lines_beside_the_bill_are_told_where_the_patient_gives_them(
    asking: Result,
) -> None:
    asked = cost_table(asking, "questions").iloc[0]
    over = (asking.costs.questions["over_budget"].item(), asking.costs.questions["over_estimate"].item())
    assert asked["Over your budget of $5,000"] == f"{round(100 * over[0])} in 100"
    assert asked["$400 or more above the written estimate"] == f"{round(100 * over[1])} in 100"
    lines = cost_table(asking, "beside").set_index("Line")["Amount"]
    assert list(lines.index) == [
        "Travel", "Unpaid time off, before tax", "Tax saved by paying from the account", "Payment a month",
        "Interest, paid on time", "Interest if the last payment is late",
    ]  # fmt: skip
    assert lines["Interest, paid on time"] == "$0"
    assert "to" in lines["Payment a month"]


def test_without_figures_beside_the_bill_the_table_says_so() -> None:
    assert "no figures" in cost_table(shipped(), "beside").iloc[0, 0]


def stack(**cells: object) -> pd.DataFrame:
    row = {
        "view": "v",
        "label": "A",
        "unit": "USD",
        "known": "stated",
        "mean": 90.0,
        "p05": 10.0,
        "p50": 80.0,
        "p95": 200.0,
    }
    return pd.DataFrame([row | {"low": np.nan, "high": np.nan} | cells])


def test_the_parts_of_a_bar_are_drawn_end_to_end_and_told() -> None:
    table = stack(deductible=50.0, copay=0.0, coinsurance=25.0, not_covered=15.0, balance_bill=0.0, plan_paid=100.0)
    axes = cost_stacks.draw(table, Figure().add_subplot(), parts=PAYERS, reach=300, views=["v"])
    bars = [(bar.get_x(), bar.get_width()) for bar in axes.patches if bar.get_width()]
    assert bars == [(0, 50), (50, 25), (75, 15), (90, 100)]
    assert "$90 ($10 to $200)" in [text.get_text() for text in axes.texts]
    told = cost_stacks.describe(table, PAYERS)
    assert all(words in told for words in ("A pays $90 ($10 to $200)", "You: deductible $50", "Plan pays $100"))


def test_a_bar_longer_than_the_axis_is_cut_and_says_how_long_it_is() -> None:
    table = stack(deductible=50_000.0)
    axes = cost_stacks.draw(table, Figure().add_subplot(), parts=PAYERS, reach=300, views=["v"], words=False)
    assert max(bar.get_x() + bar.get_width() for bar in axes.patches) == 300
    assert [text.get_text() for text in axes.texts] == ["to $50k"]


def test_a_cost_that_is_not_known_is_an_open_box_over_its_range() -> None:
    table = stack(known="not known", low=100.0, high=250.0, deductible=np.nan)
    axes = cost_stacks.draw(table, Figure().add_subplot(), parts=PAYERS, reach=300, views=["v"])
    assert [(bar.get_x(), bar.get_width(), bar.get_fill()) for bar in axes.patches] == [(100, 150, False)]


def test_every_category_of_care_has_its_part_of_the_bar() -> None:
    found = [name for part in COMPONENTS for name in part.columns]
    assert sorted(found) == sorted(map(str, Category))
    for parts in (COMPONENTS, PAYERS):
        assert len({part.hatch for part in parts[:-1]}) == len(parts) - 1


def test_twenty_dots_are_drawn_or_counted_and_none_covers_another() -> None:
    usd = np.r_[np.full(12, 400.0), 410.0, 700.0, 900.0, 1_000.0, 1_200.0, 3_000.0, 8_000.0, 9_000.0]
    table = pd.DataFrame({"label": "A", "usd": usd})
    axes = cost_dots.draw(
        table, Figure().add_subplot(), order=["A", "B"], reach=2_000, colour="#000000", open_={"B": "not known"},
        budget=1_500,
    )  # fmt: skip
    (dots,) = [line for line in axes.lines if line.get_marker() == "o" and len(line.get_xdata())]
    assert len(set(zip(dots.get_xdata(), dots.get_ydata(), strict=True))) == 17
    words = [text.get_text() for text in axes.texts]
    assert f"▸ 3 more, up to {money(9_000)}" in words
    assert "not known" in words
    assert "budget $1,500" in words


def test_each_month_has_its_bar_and_what_is_not_known_has_none() -> None:
    table = pd.DataFrame({"view": "v", "month": [1, 2, 3], "mean": [100.0, 0.0, 40.0]})
    axes = cash_flow.draw(table, Figure().add_subplot(), views=["v"], months=3)
    assert [bar.get_height() for bar in axes.patches] == [100, 0, 40]
    empty = cash_flow.draw(table[:0], Figure().add_subplot(), views=["v"], months=3)
    assert [text.get_text() for text in empty.texts] == ["cost not known"]


def test_the_budget_stands_on_the_dot_plot_and_money_axes_start_at_zero(asking: Result) -> None:
    (made,) = slides(asking, "cost_dots")
    assert "budget $5,000" in [text.get_text() for text in made.figure.axes[0].texts]
    for name in ("cost_components", "cost_payers", "cost_by_plan"):
        assert all(axes.get_xlim()[0] == 0 for axes in slides(asking, name)[0].figure.axes)
    for name in ("cash_flow", "limits_met"):
        assert all(axes.get_ylim()[0] == 0 for axes in slides(asking, name)[0].figure.axes)
