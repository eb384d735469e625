"""The zoo of wrong files: one failure each, put into a valid library, and what must be said of it."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from .mini import problems

INVALID = Path(__file__).parent.parent / "invalid"
FILES = {
    "sources": "documents",
    "treatments": "shot",
    "plans": "insured",
    "patients": "someone",
    "views": "guideline",
    "studies": "question",
    "contradictions": "read",
    "conditions": "back",
}
SOURCES, TREATMENT, PLAN, PATIENT, VIEW, STUDY, CONTRADICTION, CONDITION = FILES

SAYS: dict[str, tuple[str, list[str]]] = {
    # the YAML itself
    "file_empty": (TREATMENT, ["shot.yaml:1:1: the file holds no mapping", "Start it with 'label"]),
    "file_of_a_list": (TREATMENT, ["shot.yaml:1:1: the file holds no mapping"]),
    "file_not_utf8": (TREATMENT, ["shot.yaml:1:12: the file is not UTF-8", "Save it as UTF-8"]),
    "file_with_control_character": (TREATMENT, ["shot.yaml:1:1: this is not YAML", "Remove the control character"]),
    "tab_indents": (TREATMENT, ["shot.yaml:14:1: this is not YAML", "tab", "Check the indentation"]),
    "bracket_left_open": (TREATMENT, ["shot.yaml:16:102: this is not YAML", "expected ',' or ']'"]),
    "tag_that_would_run": (TREATMENT, ["shot.yaml:1:8: the tag", "os.system", "Remove it"]),
    "anchors_that_multiply": (
        TREATMENT,
        ["shot.yaml:1:4: an anchor", "shot.yaml:2:36: an anchor", "Write the value out"],
    ),
    "nested_too_deep": (TREATMENT, ["shot.yaml:3:39: nested deeper than 30", "Flatten it"]),
    "second_document": (TREATMENT, ["shot.yaml:24:1: a second document", "one document a file"]),
    # keys
    "key_unknown": (TREATMENT, ["shot.yaml:4:1: sumary: 'sumary' is not a key", "mean 'summary'?"]),
    "key_unknown_in_claim": (TREATMENT, ["shot.yaml:15:9: price.needle.claims.0.hgih", "mean 'high'?"]),
    "key_twice": (TREATMENT, ["shot.yaml:16:9: price.needle.claims.0.low", "given twice", "first is on line 14"]),
    "key_missing": (TREATMENT, ["shot.yaml:1:1: downtime: 'downtime' is missing", "'reading: unknown'"]),
    "text_instead_of_a_parameter": (TREATMENT, ["shot.yaml:23:1: repeat: 'never' stands where keys", "Indent"]),
    # numbers
    "number_with_comma": (TREATMENT, ["shot.yaml:14:9: price.needle.claims.0.low: '1,000' is not a number", "comma"]),
    "number_with_dollar": (TREATMENT, ["shot.yaml:14:9: price.needle.claims.0.low: '$1000' is not a number", "sign"]),
    "number_nan": (TREATMENT, ["shot.yaml:14:9: price.needle.claims.0.low: '.nan' is not a number"]),
    "number_infinite": (TREATMENT, ["shot.yaml:15:9: price.needle.claims.0.high: '.inf' is not a number"]),
    "number_too_large": (TREATMENT, ["shot.yaml:15:9: price.needle.claims.0.high: inf is not a finite number"]),
    "share_of_20": (
        TREATMENT,
        ["shot.yaml:25:88: harms.ache.claims.0.value: value 20 lies outside 0 to 1", "Write 0.2"],
    ),
    # units
    "unit_unknown": (TREATMENT, ["shot.yaml:7:5: price.needle.unit: unknown unit 'eur'", "'usd'"]),
    "unit_of_other_dimension": (TREATMENT, ["shot.yaml:16:21: wait.unit: wait is given in usd", "Give it in days"]),
    "claim_unit_of_other_dimension": (
        TREATMENT,
        ["shot.yaml:14:9: price.needle.claims.0.unit", "weeks for a parameter in usd"],
    ),
    "proportion_of_weeks": (TREATMENT, ["shot.yaml:22:80: relief.claims.0.reading", "months", "unit 'share'"]),
    # claims
    "reading_unknown": (TREATMENT, ["shot.yaml:13:9: price.needle.claims.0.reading", "mean 'typical_range'?"]),
    "reading_lacks_a_figure": (TREATMENT, ["shot.yaml:11:9: price.needle.claims.0", "lacks 'high'", "low, high"]),
    "figure_of_another_reading": (TREATMENT, ["shot.yaml:16:9: price.needle.claims.0.mean", "no place", "open_above"]),
    "claims_empty": (TREATMENT, ["shot.yaml:10:5: price.needle.claims: no claim is made", "'reading: unknown'"]),
    "claim_without_origin": (TREATMENT, ["shot.yaml:11:9: price.needle.claims.0: nobody is named", "'source'"]),
    "claim_yours_and_a_source": (TREATMENT, ["shot.yaml:13:9: price.needle.claims.0.yours", "Keep one"]),
    "source_unknown": (TREATMENT, ["shot.yaml:11:9: price.needle.claims.0.source", "no source 'pgae'", "mean 'page'?"]),
    "source_without_section": (TREATMENT, ["shot.yaml:11:9: price.needle.claims.0.source", "Add 'section'"]),
    "at_least_without_reason": (TREATMENT, ["shot.yaml:22:107: relief.claims.0.high", "one side only", "'assumption'"]),
    "low_above_high": (TREATMENT, ["shot.yaml:14:9: price.needle.claims.0.low: low 4000 is above high 3000", "Swap"]),
    "low_is_high": (TREATMENT, ["shot.yaml:14:9: price.needle.claims.0.low", "both 3000", "'exact'"]),
    "mode_outside": (TREATMENT, ["shot.yaml:20:111: onset.claims.0.mode: mode 7 lies outside 1 to 6"]),
    "more_events_than_total": (TREATMENT, ["shot.yaml:21:185: effects.0.measure.treated.events: 66 events out of 65"]),
    "count_of_fractions": (TREATMENT, ["shot.yaml:17:108: sessions.claims.0.low: 1.5 to 3", "whole numbers"]),
    "count_weights_wrong": (TREATMENT, ["shot.yaml:17:125: sessions.claims.0.weights: 2 weights for 3 counts"]),
    "percentiles_that_fall": (
        TREATMENT,
        ["shot.yaml:14:42: price.needle.claims.0.percentiles.90", "900, is below that at 50, 1200", "check both"],
    ),
    "percentiles_of_one": (TREATMENT, ["shot.yaml:14:9: price.needle.claims.0.percentiles: fewer than two", "'exact'"]),
    "percentiles_of_no_percent": (
        TREATMENT,
        ["shot.yaml:14:23: price.needle.claims.0.percentiles.p10: 'p10' is no percentile", "{10: 437"],
    ),
    "percentiles_from_0": (TREATMENT, ["shot.yaml:14:23: price.needle.claims.0.percentiles.10", "from 0", "'bounds'"]),
    "percentiles_counted_in_fractions": (
        TREATMENT,
        ["shot.yaml:15:9: price.needle.claims.0.count: 2489.5 is not a whole number", "digits only"],
    ),
    "low_beside_percentiles": (
        TREATMENT,
        ["shot.yaml:15:9: price.needle.claims.0.low", "no place", "percentiles, count"],
    ),
    "typical_range_from_0": (
        TREATMENT,
        ["shot.yaml:14:9: price.needle.claims.0.low: typical_range from 0", "'bounds'"],
    ),
    "share_mean_sd_impossible": (TREATMENT, ["shot.yaml:25:101: harms.ache.claims.0.sd", "mean 0.5 and sd 0.6"]),
    # treatments
    "sessions_without_interval": (
        TREATMENT,
        ["shot.yaml:17:1: sessions: several sessions", "Add the parameter 'interval'"],
    ),
    "bill_of_no_item": (TREATMENT, ["shot.yaml:17:3: bills.one", "'needel', which is no price item", "mean 'needle'?"]),
    "bill_not_chosen": (TREATMENT, ["shot.yaml:16:1: bills: several bills and none chosen", "'bill'"]),
    "diagnostic_item_without_diagnostic": (TREATMENT, ["shot.yaml:8:5: price.needle.per", "Add 'diagnostic'"]),
    "repeat_without_limit": (TREATMENT, ["shot.yaml:23:1: repeat", "no limit a year", "'most_per_year'"]),
    "recovery_that_ends_first": (TREATMENT, ["shot.yaml:26:49: recovery.0.last_day", "ends on day 3", "Swap"]),
    "recovery_of_unknown_source": (
        TREATMENT,
        ["shot.yaml:26:6: recovery.0.source", "no source 'pgae'", "mean 'page'?"],
    ),
    "harm_within_usd": (TREATMENT, ["harms.ache.within.unit: harms.ache.within is given in usd", "Give it in days"]),
    # effects, coverage and the condition
    "effect_against_nobody_named": (TREATMENT, ["shot.yaml:21:46: effects.0.against: against treatment", "'versus'"]),
    "effect_against_unknown_treatment": (
        TREATMENT,
        ["shot.yaml:21:66: effects.0.versus: there is no treatment 'rset'", "mean 'rest'?"],
    ),
    "effect_share_that_compares": (TREATMENT, ["shot.yaml:21:151: effects.0.measure", "'against: uncontrolled'"]),
    "effect_on_a_kind_twice": (TREATMENT, ["shot.yaml:21:64: effects.0.kinds", "twice", "Name each once"]),
    "effect_measured_otherwise": (TREATMENT, ["shot.yaml:21:151: effects.0.measure: 'event'", "'risk_ratio'"]),
    "effect_ratio_below_zero": (TREATMENT, ["shot.yaml:21:191: effects.0.measure.low: a ratio of -0.1", "above 0"]),
    "effect_difference_in_points": (TREATMENT, ["shot.yaml:21:184: effects.0.measure.value", "0.12 for 12 of 100"]),
    "effect_means_without_error": (TREATMENT, ["shot.yaml:21:151: effects.0.measure", "'low' and 'high'", "'se'"]),
    "effect_that_never_begins": (
        TREATMENT,
        ["shot.yaml:20:1: effects: an effect, and no 'onset'", "parameter 'onset'"],
    ),
    "coverage_on_no_conditions": (TREATMENT, ["shot.yaml:24:12: coverage.0.conditions", "what has to be met"]),
    "coverage_of_no_status": (TREATMENT, ["shot.yaml:24:33: coverage.0.status: 'coverd'", "mean 'covered'?"]),
    "coverage_delay_in_usd": (TREATMENT, ["shot.yaml:24:104: coverage.0.authorization.delay.unit", "Give it in days"]),
    "condition_without_a_kind": (CONDITION, ["back.yaml:8:1: kinds: 'not_sure' is missing", "patient's answer"]),
    "condition_of_no_such_relief": (CONDITION, ["back.yaml:7:1: relief_default", "'thrity'", "mean 'thirty'?"]),
    "condition_sham_against_a_sham": (CONDITION, ["back.yaml:33:5: sham.0.against", "usual care or with nothing"]),
    "study_of_unknown_condition": (STUDY, ["question.yaml:6:1: condition: there is no 'bakc'", "mean 'back'?"]),
    "study_of_unknown_relief": (STUDY, ["question.yaml:7:1: relief", "'fifty' in the study's condition", "'thirty'"]),
    # plans and patients
    "work_of_no_kind": (PATIENT, ["someone.yaml:3:1: work", "'office'"]),
    "coinsurance_in_usd": (PLAN, ["insured.yaml:10:39: benefits.outpatient_procedure.coinsurance.unit", "share: 0.2"]),
    "copay_first_without_copay": (
        PLAN,
        ["insured.yaml:10:5: benefits.outpatient_procedure.copay_first", "needs a copay"],
    ),
    "copay_days_without_day": (
        PLAN,
        ["insured.yaml:9:5: benefits.inpatient_facility.copay_days", "Write 'copay_per: day'"],
    ),
    "coinsurance_most_of_none": (
        PLAN,
        ["insured.yaml:8:5: benefits.preferred_brand_drugs.coinsurance_most", "no coinsurance"],
    ),
    "benefit_period_of_nothing": (PLAN, ["insured.yaml:7:23: benefit_period.days.unit", "Give it in days or weeks"]),
    "cash_plan_with_benefits": (PLAN, ["insured.yaml:7:1: benefits", "cash market", "'commercial'"]),
    "plan_without_benefits": (PLAN, ["insured.yaml:4:1: market: a plan without benefits", "'market: cash'"]),
    "category_unknown": (PLAN, ["insured.yaml:11:3: benefits.specialist_visits", "mean 'specialist_visit' or"]),
    "plan_year_too_late": (PLAN, ["insured.yaml:3:1: year: 2206 is above 2040", "Give 2040 or less"]),
    "met_less_than_deductible": (PATIENT, ["someone.yaml:5:3: met.out_of_pocket", "counts as out of pocket too"]),
    "date_of_no_day": (PATIENT, ["someone.yaml:2:1: decision_date: '2026-02-30' is no date", "year-month-day"]),
    "date_written_the_other_way": (PATIENT, ["someone.yaml:2:1: decision_date: '03/01/2026' is no date"]),
    "plan_year_start_of_no_day": (PATIENT, ["someone.yaml:3:1: plan_year_start: '13-01' is no day", '"01-01"']),
    # views
    "view_without_weight": (VIEW, ["guideline.yaml:4:1: weights", "at least one stance a weight above 0"]),
    "view_of_unknown_stance": (VIEW, ["guideline.yaml:4:11: weights.guidline", "mean 'guideline'?"]),
    "view_falls_back_twice": (VIEW, ["guideline.yaml:5:1: fallback", "Name each once"]),
    # studies
    "study_of_unknown_treatment": (STUDY, ["question.yaml:3:14: treatments.0: there is no 'shott'", "mean 'shot'?"]),
    "study_of_unknown_plan": (STUDY, ["question.yaml:5:1: plan: there is no 'insurd'", "mean 'insured'?"]),
    "study_of_unknown_view": (STUDY, ["question.yaml:7:20: views.1: there is no 'clinics'", "mean 'clinic'?"]),
    "reference_is_no_treatment": (STUDY, ["question.yaml:4:1: reference", "not among the treatments", "'wait'"]),
    "usual_care_is_no_treatment": (STUDY, ["question.yaml:4:1: usual_care: the usual care is not among", "'wait'"]),
    "pathway_of_unknown_treatment": (
        STUDY,
        ["question.yaml:12:9: pathways.way.steps.1.treatment: there is no 'rset'", "mean 'rest'?"],
    ),
    "pathway_with_a_step_twice": (STUDY, ["pathways.way.steps.1.treatment: 'shot' is a step twice", "'courses'"]),
    "pathway_of_one_step": (STUDY, ["question.yaml:9:5: pathways.way.steps: a pathway of one step"]),
    "pathway_named_like_a_treatment": (STUDY, ["question.yaml:5:3: pathways.shot: 'shot' is a treatment already"]),
    "patience_in_usd": (STUDY, ["pathways.way.steps.0.patience.unit: a wait in usd", "weeks"]),
    "treatment_named_twice": (STUDY, ["question.yaml:3:1: treatments: one of the treatments is named twice"]),
    "draws_no_power_of_two": (STUDY, ["question.yaml:10:1: draws: 300 draws", "Write 256 or 512"]),
    "draws_with_point": (STUDY, ["question.yaml:10:1: draws: 256.5 is not a whole number"]),
    "horizon_without_unit": (STUDY, ["question.yaml:8:1: horizon: '24' is no stretch of time", "'24 months'"]),
    "coverage_of_the_range_too_high": (STUDY, ["question.yaml:11:1: range_coverage: 0.99 is above 0.98"]),
    # sources
    "publication_without_citation": (SOURCES, ["documents.yaml:8:1: survey", "Add 'citation'"]),
    "document_without_sha256": (SOURCES, ["documents.yaml:1:1: page", "Add the sha256"]),
    "follow_up_without_unit": (SOURCES, ["documents.yaml:15:3: survey.follow_up: '12' is no stretch", "'24 months'"]),
    "remark_without_section": (SOURCES, ["documents.yaml:16:7: survey.statements.0.section: 'section' is missing"]),
    # contradictions
    "contradiction_of_unknown_source": (
        CONTRADICTION,
        ["read.yaml:6:8: how_long.sides.0.source: there is no source 'pgae'", "mean 'page'?"],
    ),
    "contradiction_of_unknown_treatment": (
        CONTRADICTION,
        ["read.yaml:4:16: how_long.parameters.0: there is no treatment 'shto'", "mean 'shot'?"],
    ),
    "contradiction_of_unknown_parameter": (
        CONTRADICTION,
        ["read.yaml:4:16: how_long.parameters.0: 'shot' has no parameter 'releif'", "mean 'relief'?"],
    ),
    "contradiction_without_sides": (CONTRADICTION, ["read.yaml:5:3: how_long.sides: the list is empty", "at least 1"]),
    "contradiction_of_nothing_we_show": (CONTRADICTION, ["read.yaml:3:14: how_long.bears_on.0", "mean 'cost'?"]),
    # statements and pools
    "statement_without_reason": (TREATMENT, ["shot.yaml:26:5: statements.0.no_number: 'no_number' is missing"]),
    "statement_of_another_reason": (TREATMENT, ["shot.yaml:29:5: statements.0.no_number", "mean 'direction'?"]),
    "cited_source_unknown": (TREATMENT, ["shot.yaml:16:17: price.needle.claims.0.cites.0", "no source 'survye'"]),
    "pool_of_one": (TREATMENT, ["shot.yaml:25:42: harms.ache.pool: 1 claims of sources", "needs 3 at least"]),
    "pool_of_ranges": (TREATMENT, ["harms.ache.claims.1.reading: a reading 'bounds' cannot be pooled", "'proportion'"]),
    "pool_of_counts": (TREATMENT, ["shot.yaml:17:45: sessions.pool: sessions cannot be pooled", "Pool shares"]),
    "source_of_no_such_day": (SOURCES, ["documents.yaml:6:3: page.updated: 'May 2025' is no date"]),
}


def test_every_wrong_file_has_its_words() -> None:
    assert {path.stem for path in INVALID.iterdir()} == set(SAYS)
    assert {path.suffix for path in INVALID.iterdir()} == {".yaml"}


def test_the_library_is_valid_before_a_file_is_spoilt(params: Path) -> None:
    assert problems(params) == ()


@pytest.mark.parametrize("stem", sorted(SAYS))
def test_a_wrong_file_is_told_where_what_and_what_would_be_right(stem: str, params: Path) -> None:
    folder, words = SAYS[stem]
    shutil.copyfile(INVALID / f"{stem}.yaml", params / folder / f"{FILES[folder]}.yaml")
    said = "\n".join(map(str, problems(params)))
    assert [word for word in words if word not in said] == [], said


@pytest.mark.parametrize("stem", sorted(SAYS.keys() - {"anchors_that_multiply"}))
def test_one_fault_is_told_once(stem: str, params: Path) -> None:
    folder, _ = SAYS[stem]
    shutil.copyfile(INVALID / f"{stem}.yaml", params / folder / f"{FILES[folder]}.yaml")
    found = [problem for problem in problems(params) if f"/{folder}/" in problem.where]
    assert len(found) == 1, found
    assert found[0].fix
