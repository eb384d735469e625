"""A study's decision analysis in sentences, tables and figures: what is said is what the tables hold."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from calc.analysis.compare import Result, compare
from calc.analysis.decisions import Decisions
from calc.analysis.table import tables_of
from calc.report.figures.gallery import FIGURES, slides
from calc.report.format import in_100, money
from calc.report.show import Page
from calc.report.uncertainty_tables import UNCERTAINTY_CAPTIONS, uncertainty_table
from calc.report.uncertainty_words import asked_for, said

from ..analysis.own import plain, result
from ..model.small import claim, fixed, parameter, responding, unknown
from .shipped import PARAMS, shipped

VIEWS = ("guideline", "clinic", "balanced", "documents_only")
WEIGHED = {name for name, figure in FIGURES.items() if figure.at_once == 1 and "05_uncertainty" in figure.notebooks}


def mixed() -> Result:
    return shipped(64, VIEWS)


@cache
def hand_made() -> Result:
    """Two known needles, and two that nobody knows, whose answers can be worked out by hand."""
    return result(
        sure=plain("Sure", usd=200, effects=responding(fixed("share", 0.5))),
        open=plain("Open", usd=200, relief=parameter("weeks", claim("bounds", low=0, high=40))),
        dark=plain("Dark", usd=400, effects=responding(unknown("share"))),
        rest=plain("Rest", usd=0, effects=responding(unknown("share")), relief=unknown("weeks")),
        draws=4096,
    )


def looked_at(made: Result, name: str, view: str, column: str = "value_of_week") -> pd.DataFrame:
    table: pd.DataFrame = getattr(made.decisions, name)
    table = table[table["view"] == view]
    choice = made.decisions.choice
    [value] = choice[(choice["view"] == view) & choice["at"]]["value_of_week"]
    return table[table[column] == value]


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize("name", sorted(UNCERTAINTY_CAPTIONS))
def test_nothing_that_is_said_or_shown_is_not_a_number(name: str, view: str) -> None:
    words = " ".join(said(mixed(), name, view)) + uncertainty_table(mixed(), name, view).to_csv()
    assert "nan" not in words.lower().replace("finance", "")
    assert "inf " not in words


def test_every_table_is_shown_or_drawn_somewhere() -> None:
    drawn = {"acceptability", "break_even_two_way", "settling"}
    assert set(UNCERTAINTY_CAPTIONS) | drawn | {"expected_loss"} == set(tables_of(Decisions))


@pytest.mark.parametrize("view", ["guideline", "clinic"])
def test_the_headline_says_the_figures_of_its_table(view: str) -> None:
    made = shipped()
    [row] = looked_at(made, "choice", view).to_dict("records")
    words = " ".join(said(made, "choice", view))
    assert f"If a week in relief is worth {money(row['value_of_week'])} to you, {row['label']} comes out ahead" in words
    assert f"{money(row['lead'])} ahead of {made.inputs.options[row['second']].short}" in words
    assert f"best of them is {in_100(row['chance'])}, " in words
    assert f"choosing it loses {money(row['evpi'])} on average" in words


@pytest.mark.parametrize("view", ["guideline", "clinic"])
def test_what_to_find_out_first_is_the_most_valuable_of_the_table(view: str) -> None:
    made = shipped()
    rows = looked_at(made, "find_out", view)
    top = rows[rows["kind"] == "parameter"].sort_values("evppi", ascending=False).iloc[0]
    first = said(made, "find_out", view)[0]
    worth = f"{asked_for(top['parameter'], top['label'])} is worth up to {money(top['evppi'])}"
    assert first.startswith(f"What to find out first: {worth}")


def test_the_answer_turns_where_the_table_says() -> None:
    made = shipped()
    choice = made.decisions.choice
    rows = choice[choice["view"] == "guideline"]
    turned = rows[rows["treatment"] != rows["treatment"].iloc[0]].iloc[0]
    words = " ".join(said(made, "choice", "guideline"))
    assert f"{rows['label'].iloc[0]}, then {turned['label']} from {money(turned['value_of_week'])}" in words


def test_what_is_better_even_without_relief_is_said_first() -> None:
    made = result(sure=plain("Sure", usd=5000), rest=plain("Rest", usd=0, effects=responding(unknown("share"))))
    words = said(made, "choice", "ours")
    assert "Rest is better than all of the 1 options whose cost and relief are both known, even if" in words[0]
    assert said(made, "break_even", "ours") == ("Rest beats Sure even if it brings no relief at all.",)


def test_an_unknown_share_is_told_as_people_like_you() -> None:
    told = " ".join(said(hand_made(), "break_even", "ours"))
    # 100 * 20 r - 400 >= 100 * 10 - 200
    assert "Dark would have to work in at least 60 of 100 people like you to beat " in told
    assert "Rest would have to work in at least 15 of 100 people like you" in told
    assert told.count("even if everything else about it that nobody knows were as good as can be") == 1


def test_the_count_of_flips_is_that_of_the_table() -> None:
    flips = hand_made().decisions.flips
    [first, *_] = said(hand_made(), "flips", "ours")
    count = int(flips["flips"].sum())
    assert f"Of {len(flips) - 1} other ways to put the question, {count} give another answer" in first
    assert flips[flips["flips"]]["level"].iloc[0] in first


def test_the_luck_in_the_spread_is_told() -> None:
    best = hand_made().decisions.problems["ours"].decision
    assert best is not None
    table = hand_made().decisions.variance_by_source
    name = hand_made().decisions.problems["ours"].names[best.rivals[0]]
    own = table[(table["treatment"] == name) & (table["outcome"] == "weeks_in_relief") & (table["source"] == "luck")]
    assert (
        f"{in_100(float(own['share'].iloc[0]))} parts are one person's luck"
        in said(hand_made(), "variance_by_source", "ours")[1]
    )


def test_a_study_without_a_value_of_a_week_says_so() -> None:
    made = result(sure=plain("Sure"), worth=None)
    assert said(made, "choice", "ours") == ("The study names no value of a week in relief, so nothing can be weighed.",)


def test_where_nothing_is_known_that_is_what_is_said() -> None:
    [words] = said(mixed(), "choice", "documents_only")
    assert words.startswith("There is nothing to choose between")
    assert uncertainty_table(mixed(), "choice", "documents_only").empty


@pytest.mark.parametrize(
    ("parameter", "words"),
    [
        ("a.coverage", "asking your insurer whether it covers A"),
        ("a.price.needle", "asking your insurer what it allows (A: b)"),
        ("a.price.needle.cash", "asking the clinic for a price (A: b)"),
        ("plans.p.deductible", "reading your plan's papers on A: b"),
        ("a.relief", "another opinion (A: b)"),
    ],
)
def test_whom_to_ask_follows_from_what_is_asked(parameter: str, words: str) -> None:
    assert asked_for(parameter, "A: b") == words


@pytest.mark.parametrize("name", sorted(WEIGHED))
def test_a_figure_names_the_view_that_it_shows(name: str) -> None:
    made = slides(shipped(), name)
    assert [each.views for each in made] == [("guideline",), ("clinic",)]
    for each in made:
        label = shipped().inputs.views[each.views[0]].label
        heads = [axes.get_title(loc="left") for axes in each.figure.axes]
        footers = [text.get_text() for text in each.figure.texts]
        assert any(label in " ".join(text.split()) for text in heads + footers)


def test_the_lead_is_drawn_as_its_table_says() -> None:
    table = shipped().decisions.settling
    line = slides(shipped(), "convergence")[0].figure.axes[0].lines[0]
    assert list(line.get_ydata()) == list(table[table["view"] == "guideline"]["mean"])


def test_bars_of_chances_are_as_long_as_the_chances() -> None:
    table = shipped().decisions.outlook
    rows = table[table["view"] == "guideline"]
    bars = [patch.get_width() for patch in slides(shipped(), "best_chances")[0].figure.axes[0].patches]
    shown = rows[["best", "cheapest", "longest", "relieved"]].to_numpy().T.ravel()
    assert np.array(bars[1::2]) / bars[0] == pytest.approx(shown)


def test_parts_of_the_variance_fill_their_bars() -> None:
    for axes in slides(shipped(), "variance_by_source")[0].figure.axes:
        ends = {}
        for patch in axes.patches:
            ends[patch.get_y()] = max(ends.get(patch.get_y(), 0.0), patch.get_x() + patch.get_width())
        assert all(end == pytest.approx(100, abs=1.5) for end in ends.values())


def test_a_page_writes_every_table_once_with_its_basis(tmp_path: Path) -> None:
    made = hand_made()
    shown = Page(made, tmp_path).decided("choice").data
    assert "If a week in relief is worth" in shown
    assert "<caption>What to choose" in shown
    files = {file.stem: pd.read_csv(file) for file in (tmp_path / "tables").glob("decision_*.csv")}
    assert set(files) == {f"decision_{name}" for name in tables_of(Decisions)}
    assert all("basis" in table for table in files.values())


def test_a_value_set_for_a_run_is_looked_at_and_marked_as_yours() -> None:
    settings = {"study.draws": 64, "study.value_of_week": "20..80", "study.views": ["guideline"]}
    made = compare("chronic_low_back_pain", params=PARAMS, settings=settings)
    choice = made.decisions.choice
    assert (choice["value_of_week"].min(), choice["value_of_week"].max()) == (20, 80)
    assert choice[choice["at"]]["value_of_week"].tolist() == [50]
    assert choice["basis"].str.contains("yours").all()


def test_a_pathway_is_weighed_or_told_like_any_option() -> None:
    made = compare("stepped_care", params=PARAMS, settings={"study.draws": 64, "study.views": ["guideline"]})
    weighed, told = set(made.decisions.acceptability["treatment"]), set(made.decisions.break_even["treatment"])
    assert weighed | told == {"stepped_care", *made.inputs.treatments}
    assert not weighed & told
