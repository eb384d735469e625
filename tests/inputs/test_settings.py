"""One run's own settings: they replace what the files say, are marked as yours, and change no file."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from calc.errors import CalcError, ParameterFileError, SettingError, UnknownNameError
from calc.inputs.claim import Basis, Claim
from calc.inputs.load import StudyInputs, basis_of, load_study
from calc.inputs.readings.bounds import Bounds
from calc.inputs.readings.exact import Exact

from .mini import FILES, write


def with_(params: Path, settings: Mapping[str, object]) -> StudyInputs:
    return load_study("question", root=params, settings=settings)


def refused(params: Path, settings: Mapping[str, object]) -> str:
    with pytest.raises(CalcError) as caught:
        with_(params, settings)
    return str(caught.value)


def deductible(params: Path, value: object) -> Claim:
    found = with_(params, {"plan.deductible": value})
    assert found.plan.deductible is not None
    (claim,) = found.plan.deductible.claims
    assert basis_of(claim, found.sources) is Basis.YOURS
    return claim


@pytest.mark.parametrize("value", ["3000", 3000, 3000.0, " 3000 ", "3e3"])
def test_a_number_replaces_every_claim_and_is_yours(params: Path, value: object) -> None:
    claim = deductible(params, value)
    assert claim.reading == Exact(value=3000)


def test_two_numbers_are_bounds(params: Path) -> None:
    claim = deductible(params, "4000..6000")
    assert claim.reading == Bounds(low=4000, high=6000)
    claim = deductible(params, "0.5..1.5")
    assert claim.reading == Bounds(low=0.5, high=1.5)


def test_unknown_says_that_nobody_knows(params: Path) -> None:
    assert not deductible(params, "unknown").reading.known


def test_a_setting_reaches_every_kind_of_file_and_any_depth(params: Path) -> None:
    found = with_(
        params,
        {
            "shot.price.needle": "2500",
            "shot.sessions": "2",
            "plan.benefits.specialist_visit.copay": "55",
            "plan.benefits.outpatient_procedure.deductible": "false",
            "patient.met.out_of_pocket": "2000",
            "patient.decision_date": "2026-07-01",
            "study.horizon": "6 months",
            "study.seed": 7,
            "study.range_coverage": "0.9",
        },
    )
    assert found.treatments["shot"].price["needle"].claims[0].reading.value == 2500
    assert found.plan.parameters()["benefits.specialist_visit.copay"].claims[0].reading.value == 55
    assert [benefit.deductible for benefit in found.plan.benefits.values()] == [False, False]
    assert found.patient.met.out_of_pocket == 2000
    assert found.patient.decision_date.month == 7
    assert (found.study.horizon, found.study.seed, found.study.range_coverage) == ("6 months", 7, 0.9)
    assert found.settings["shot.sessions"] == 2  # one figure is one setting, however it is written


def test_settings_apply_to_the_plan_that_the_same_run_chose(params: Path) -> None:
    (params / "plans" / "other.yaml").write_text(FILES["plans/insured"].replace("1500", "900"), encoding="utf-8")
    for settings in ({"study.plan": "other", "plan.deductible": "3"}, {"plan.deductible": "3", "study.plan": "other"}):
        assert with_(params, settings).plan.deductible.claims[0].reading.value == 3  # type: ignore[union-attr]
    assert "deductible" in refused(params, {"study.plan": "self_pay", "plan.deductible": "3"})


def test_views_and_treatments_can_be_chosen_as_lists(params: Path) -> None:
    found = with_(params, {"study.views": ["clinic"], "study.treatments": ["rest"]})
    assert (list(found.views), list(found.treatments)) == (["clinic"], ["rest"])


def test_no_setting_changes_a_file(params: Path) -> None:
    before = {file: file.read_bytes() for file in params.rglob("*.yaml")}
    with_(params, {"plan.deductible": "3000", "shot.effect": "unknown", "study.draws": "64"})
    assert {file: file.read_bytes() for file in params.rglob("*.yaml")} == before
    assert with_(params, {}).plan.deductible.claims[0].reading.value == 1500  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("plan.deductable", ["setting plan.deductable", "nothing at 'deductable'", "mean 'deductible'?"]),
        ("plan.benefits.specialist.copay", ["nothing at 'specialist'", "'specialist_visit'"]),
        ("plan.benefits.specialist_visit.copey", ["nothing at 'copey'", "mean 'copay'?"]),
        ("plan.benefits.specialist_visit", ["holds several keys", "'copay'"]),
        ("shto.sessions", ["nothing at 'shto'", "mean 'shot'?"]),
        ("shot.price.needel", ["nothing at 'needel'", "mean 'needle'?"]),
        ("shot.price.needle.claims.0", ["setting shot.price.needle.claims.0"]),
        ("shot.label.x", ["nothing at 'label'"]),
        ("shot", ["'shot' is a whole file", "shot.…=VALUE"]),
        ("study.drawz", ["nothing at 'drawz'", "mean 'draws'?"]),
        ("plan", ["'plan' is a whole file"]),
        ("", ["nothing at ''"]),
        ("plan.", ["nothing at ''"]),
        ("..", ["nothing at ''"]),
    ],
)
def test_a_path_that_leads_nowhere_gives_the_nearest_keys(params: Path, path: str, words: list[str]) -> None:
    with pytest.raises(SettingError) as caught:
        with_(params, {path: "3"})
    assert [word for word in words if word not in str(caught.value)] == [], str(caught.value)


def test_all_paths_that_lead_nowhere_are_told_at_once(params: Path) -> None:
    said = refused(params, {"plan.a": "1", "shot.b": "2", "c.d": "3"})
    assert all(f"setting {path}" in said for path in ("plan.a", "shot.b", "c.d"))


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("plan.deductible", "-5"), ("plan.deductible", "much"), ("plan.deductible", "6000..4000"), ("plan.deductible", "..5"),
        ("plan.deductible", "1e999"), ("plan.deductible", "$5"), ("plan.deductible", "5,000"), ("plan.deductible", "5..5"),
        ("shot.effect", "20"), ("shot.effect", "50%"), ("shot.coverage", "0.5"), ("shot.coverage", "perhaps"), ("shot.wait", "-1..3"), ("shot.onset", "1..x"),
        ("study.horizon", "two years"), ("study.draws", "1000"), ("study.draws", 1000), ("study.seed", "-1"),
        ("study.range_coverage", "2"), ("study.reference", "wait"), ("patient.decision_date", "tomorrow"),
        ("patient.plan_year_start", "13-01"),
        ("plan.benefits.outpatient_procedure.deductible", "perhaps"),
    ],
)  # fmt: skip
def test_a_wrong_value_is_named_by_its_setting_and_not_by_a_file(params: Path, path: str, value: object) -> None:
    said = refused(params, {path: value})
    assert said.startswith(f"setting {path}:"), said
    assert "\n" not in said


@pytest.mark.parametrize(
    ("path", "value", "words"),
    [
        ("study.plan", "insurd", "no plan named 'insurd'. Did you mean 'insured'?"),
        ("study.views", ["clinic", "clinics"], "no view named 'clinics'. Did you mean 'clinic'?"),
        ("study.treatments", ["shott"], "no treatment named 'shott'. Did you mean 'shot'?"),
        ("study.patient", "some", "no patient named 'some'. Did you mean 'someone'?"),
    ],
)
def test_a_choice_that_no_file_bears_gives_the_nearest(params: Path, path: str, value: object, words: str) -> None:
    with pytest.raises(UnknownNameError) as caught:
        with_(params, {path: value})
    assert words in str(caught.value)


@pytest.mark.parametrize(
    "path", ["study.plan", "study.views", "study.treatments", "plan.deductible", "shot.bill", "study.draws"]
)
@pytest.mark.parametrize("value", [5, None, True, 1.5, [3], {"a": 1}, "", "9" * 5000])
def test_a_value_of_another_kind_is_refused_as_ours(params: Path, path: str, value: object) -> None:
    try:
        with_(params, {path: value})
    except CalcError:
        return
    assert (path, value) in [("plan.deductible", 5), ("plan.deductible", 1.5), ("shot.bill", None)]


WORDS = st.sampled_from(
    [
        "study",
        "plan",
        "patient",
        "shot",
        "rest",
        "deductible",
        "price",
        "needle",
        "benefits",
        "draws",
        "met",
        "views",
        "",
    ]
)


@given(
    path=st.lists(WORDS, min_size=1, max_size=4).map(".".join),
    value=st.text(max_size=12) | st.floats() | st.integers() | st.from_regex(r"[0-9.]{1,8}", fullmatch=True),
)
def test_any_setting_is_taken_or_refused_as_ours(
    tmp_path_factory: pytest.TempPathFactory, path: str, value: object
) -> None:
    root = tmp_path_factory.getbasetemp() / "any_setting"
    if not root.is_dir():
        write(root)
    try:
        assert with_(root, {path: value}).name == "question"
    except (ParameterFileError, SettingError, UnknownNameError) as error:
        assert str(error)
