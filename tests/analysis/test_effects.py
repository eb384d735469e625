from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import cache

import pandas as pd
import pytest

from calc.analysis.compare import Result
from calc.analysis.effects import Group, leading
from calc.inputs.guidance import Direction, Recommendation, Strength
from calc.inputs.load import load_study
from calc.inputs.source import Source, SourceKind, Stance
from calc.model.simulate import simulate_views


def source(kind: SourceKind, year: int) -> Source:
    publication = kind is SourceKind.PUBLICATION
    cited = {"citation": "One, 2020", "url": "https://example.org"} if publication else {"sha256": "0" * 64}
    return Source(
        kind=kind, title="One", publisher="Somebody", stance=Stance.GUIDELINE, published=date(year, 1, 1), **cited
    )


SOURCES: Mapping[str, Source] = {
    "page": source(SourceKind.DOCUMENT, 2026),
    "body": source(SourceKind.PUBLICATION, 2016),
    "newer": source(SourceKind.PUBLICATION, 2020),
}


def said(by: str, direction: Direction, strength: Strength = Strength.UNSTATED) -> Recommendation:
    return Recommendation(
        source=by, section="Advice", kinds=("back_alone",), direction=direction, strength=strength
    )  # fmt: skip


@pytest.mark.parametrize(
    ("advice", "leads"),
    [
        ([said("page", Direction.FOR, Strength.STRONG), said("body", Direction.AGAINST)], "body"),
        ([said("newer", Direction.EITHER), said("body", Direction.AGAINST, Strength.STRONG)], "body"),
        ([said("body", Direction.FOR), said("newer", Direction.AGAINST)], "newer"),
        ([said("newer", Direction.NONE), said("page", Direction.FOR)], "page"),
    ],
)
def test_a_body_s_own_advice_leads_then_the_strongest_then_the_newest(advice: list[Recommendation], leads: str) -> None:
    found = leading(advice, SOURCES)
    assert found is not None
    assert found.source == leads


def test_where_nobody_advises_nothing_leads() -> None:
    assert leading([], SOURCES) is None


@cache
def effects(kind: str) -> pd.DataFrame:
    made = load_study("chronic_low_back_pain", settings={"study.draws": 256, "patient.kind_of_pain": kind})
    table = Result(made, simulate_views(made)).effects
    return table[table["view"] == "guideline"].set_index("treatment")


@pytest.mark.parametrize("kind", ["back_alone", "nerve_root", "facet_joints", "not_sure"])
def test_every_option_stands_in_a_group_and_doing_nothing_in_its_own(kind: str) -> None:
    groups = effects(kind)["group"]
    assert set(groups) <= set(map(str, Group))
    assert groups[groups == str(Group.NOTHING)].index.tolist() == ["no_procedure"]


def test_advice_against_is_never_shown_as_advised() -> None:
    for kind in ("back_alone", "nerve_root"):
        table = effects(kind)
        against = table[table["recommendation"] == "against"]
        assert not against.empty
        assert set(against["group"]) == {str(Group.NOT_RECOMMENDED)}


def test_a_body_s_advice_for_a_kind_of_pain_goes_before_whom_the_trials_took() -> None:
    manipulation = effects("nerve_root").loc["spinal_manipulation"]
    assert manipulation["recommended_by"] == "nice_ng59_conservative"
    assert manipulation["group"] == str(Group.RECOMMENDED)
    assert effects("nerve_root").loc["anti_inflammatories", "group"] == str(Group.NOT_RECOMMENDED)


def test_nobody_is_shown_worse_off_than_with_nothing_done() -> None:
    table = effects("not_sure")
    stated = table[table["known"] == "stated"]
    assert (stated["with_treatment"] >= stated["with_neither"] - 1e-9).all()
    assert (table["gained_weeks"].dropna() >= 0).all()


def test_surgery_for_a_disc_helps_the_leg_and_is_kept_for_it() -> None:
    assert effects("nerve_root").loc["lumbar_discectomy", "known"] == "stated"
    assert effects("back_alone").loc["lumbar_discectomy", "group"] == str(Group.NOT_RECOMMENDED)
