from __future__ import annotations

from calc.inputs.claim import Basis

from ..report.shipped import shipped


def test_every_reading_of_a_price_is_kept_and_one_is_used() -> None:
    table = shipped(plan="self_pay").bills
    mine = table[(table["treatment"] == "stem_cell_injection") & (table["view"] == "guideline")].set_index("bill")
    assert set(mine.index) == {"components", "total_per_course", "total_per_session", "us_price_survey"}
    assert mine.index[mine["used"]].tolist() == ["components"]
    assert mine.loc["total_per_course", "p50"] < mine.loc["total_per_session", "p50"]


def test_the_reading_in_use_costs_what_the_comparison_says() -> None:
    bills, comparison = shipped(plan="self_pay").bills, shipped(plan="self_pay").comparison
    used = bills[bills["used"] & (bills["view"] == "clinic")].iloc[0]
    rows = comparison[(comparison["view"] == "clinic") & (comparison["treatment"] == used["treatment"])]
    cost = rows[rows["outcome"] == "out_of_pocket"].iloc[0]
    assert (used["p05"], used["p50"], used["p95"]) == (cost["p05"], cost["p50"], cost["p95"])


def test_every_claim_says_what_it_rests_on() -> None:
    claims = shipped().claims
    assert set(claims["basis"]) <= {str(basis) for basis in Basis}
    sourced = claims["basis"].isin(["document", "public"])
    assert (claims.loc[sourced, "section"] != "").all()
    assert (claims.loc[claims["basis"] == "assumption", "reason"] != "").all()


def test_every_parameter_used_leads_to_its_claims() -> None:
    result = shipped()
    parameters, claims = result.parameters, result.claims
    known = set(zip(claims["parameter"], claims["claim"].astype(str), strict=True))
    for row in parameters.itertuples():
        for index in str(row.claims).split():
            assert (str(row.parameter).removesuffix(".cash"), index) in known


def test_an_unknown_names_who_says_so_or_that_none_does() -> None:
    table = shipped().unknowns
    mine = table[table["parameter"] == "stem_cell_injection.effect"]
    assert set(mine["view"]) == {"guideline"}
    assert set(mine["said_by"]) == {"000_3198ad11d21934ea"}
    assert set(table[table["parameter"] == "physical_therapy.off_work.desk"]["said_by"]) == {""}


def test_the_parts_of_a_cost_add_up_whether_by_item_or_by_column() -> None:
    costs = shipped().costs_by_item
    by_item = costs[costs["part"] == "item"].groupby(["view", "treatment"])["mean"].sum()
    paid = (
        costs[(costs["part"] == "column") & (costs["name"] != "plan_paid")].groupby(["view", "treatment"])["mean"].sum()
    )
    for where, total in by_item.items():
        assert abs(total - paid[where]) < 1e-6


def test_sources_stand_newest_first_and_only_those_in_use() -> None:
    table = shipped().sources
    dated = [each for each in table["dated"] if each != "undated"]
    assert dated == sorted(dated, reverse=True)
    assert {"000_3198ad11d21934ea", "003_2ae1ae0a30734b8a"} <= set(table["source"])
