from __future__ import annotations

import pytest
from click.testing import CliRunner

from calc.cli import main
from calc.report.explain import chain, explained

from .shipped import PARAMS, shipped


def test_the_chain_names_source_section_date_stance_grade_reading_and_distribution() -> None:
    text = explained(shipped(), "stem_cell_injection.price.extraction", width=200)
    for words in (
        "Harvest of the cells",
        "document 003 (2025)",
        "Average Cost of Stem Cell Therapy for Back",
        "1,000 to 3,000 usd",
        "typical range",
        "clinic",
        "unsourced",
        "1,732",  # the median of a log-normal between 1,000 and 3,000: the root of their product
        "out of pocket",
        "% of its spread",
    ):
        assert words in text


def test_what_nobody_knows_has_no_quantiles() -> None:
    text = explained(shipped(), "stem_cell_injection.relief", width=200)
    assert "nobody knows" in text
    assert "?" in text
    assert "not stated or not known" in text


@pytest.mark.parametrize(
    "path",
    [
        "plan.deductible",
        "facet_nerve_ablation.diagnostic.passed",
        "lumbar_fusion.harms.reoperation",
        "epidural_steroid_injection.effect",
        "epidural_steroid_injection.coverage",
        "epidural_steroid_injection.natural.share",
        "epidural_steroid_injection.natural.sham",
    ],
)
def test_every_kind_of_parameter_can_be_explained(path: str) -> None:
    assert explained(shipped(), path).startswith(path)


def test_an_effect_is_explained_by_what_it_was_compared_with_and_the_results_that_rest_on_it() -> None:
    links = chain(shipped(), "epidural_steroid_injection.effect")
    assert links["Who says what"]["Says"].str.contains("against sham").any()
    assert "weeks in relief" in set(links["Results that rest on it"]["Outcome"])


def test_every_parameter_of_the_study_can_be_explained() -> None:
    for name, treatment in shipped(64).inputs.treatments.items():
        for path in treatment.parameters():
            assert explained(shipped(64), f"{name}.{path}")


def test_the_command_offers_the_nearest_path() -> None:
    done = CliRunner().invoke(
        main, ["explain", "stem_cell_injection.prise.extraction", "--params", str(PARAMS), "--draws", "64"]
    )
    assert done.exit_code == 2
    assert "stem_cell_injection.price.extraction" in done.stderr


@pytest.mark.parametrize(
    "path",
    [
        "plan.benefits.emergency_room.coinsurance",
        "plan.benefits.primary_care_visit.copay",
        "plan.benefits.urgent_care.coinsurance",
    ],
)
def test_a_number_that_no_result_uses_says_so(path: str) -> None:
    for title, table in chain(shipped(64), path).items():
        assert len(table), title
    assert explained(shipped(64), path).count("no result of this study uses this number") == 3


def test_a_number_of_the_plan_is_followed_to_what_it_carries() -> None:
    found = chain(shipped(64), "plan.deductible")
    assert set(found["Which claim each view believes"]["View"]) == {"Guidelines", "Clinic"}
    assert "Lumbar fusion" in set(found["How much of their spread it carries"]["Of"])
