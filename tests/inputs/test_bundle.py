"""Billing bundles: every line has a ground, names a price item and codes of a known list."""

from __future__ import annotations

from pathlib import Path

import pytest

from calc.inputs.bundle import Need, Part, Place
from calc.inputs.load import load_library

from .mini import FILES, problems, write

PARAMS = Path(__file__).resolve().parents[2] / "params"
LINE = "{label: Needle, codes: [CPT 62323], part: both, places: [office], assumption: Usual.}"


def with_bundle(text: str) -> str:
    return f"{FILES['treatments/shot']}bundle: {text}\n"


def test_a_line_that_says_no_more_is_one_required_unit_without_modifiers(tmp_path: Path) -> None:
    write(tmp_path, treatments_shot=with_bundle(f"{{needle: [{LINE}]}}"))
    (line,) = load_library(tmp_path).treatments["shot"].bundle["needle"]
    assert (line.need, line.units, line.modifiers, line.claims) == (Need.REQUIRED, (1.0,), frozenset(), ())


@pytest.mark.parametrize(
    ("bundle", "told"),
    [
        (
            f"{{needel: [{LINE}]}}",
            "bundle.needel: the bundle names 'needel', which is no price item. Did you mean 'needle'?",
        ),
        (
            f"{{needle: [{LINE.replace(', assumption: Usual.', '')}]}}",
            "nobody is named who bills it so. Name a 'source'",
        ),
        (f"{{needle: [{LINE.replace('assumption: Usual.', 'source: page')}]}}", "a source without its section"),
        (
            f"{{needle: [{LINE.replace('assumption: Usual.', 'source: pag, section: A')}]}}",
            "there is no source 'pag' under params/sources. Did you mean 'page'?",
        ),
        (f"{{needle: [{LINE.replace('CPT 62323', 'RC 360')}]}}", "'RC 360' has another form than expected"),
        (f"{{needle: [{LINE.replace('both', 'all')}]}}", "'all' is not one of 'both', 'facility' or 'professional'"),
        (f"{{needle: [{LINE.replace('assumption', 'units: [0], assumption')}]}}", "bundle.needle.0.units.0"),
        (
            f"{{needle: [{LINE.replace('assumption', 'claims: [{reading: unknown, note: x}], assumption')}]}}",
            "an unknown price of a line. Leave the claim out.",
        ),
        (
            f"{{needle: [{LINE.replace('assumption', 'claims: [{assumption: x, reading: exact, value: -1}], assumption')}]}}",
            "value -1 lies outside 0 to",
        ),
    ],
)
def test_a_line_without_ground_or_place_is_refused(tmp_path: Path, bundle: str, told: str) -> None:
    write(tmp_path, treatments_shot=with_bundle(bundle))
    assert told in "\n".join(map(str, problems(tmp_path)))


def test_every_treatment_that_is_billed_by_code_names_its_codes() -> None:
    treatments = load_library(PARAMS).treatments
    without = {name for name, treatment in treatments.items() if not treatment.bundle}
    by_month_or_visit = {"anti_inflammatories", "duloxetine", "exercise_therapy"}
    assert without == {"no_procedure", "psychological_therapies", "spinal_manipulation", *by_month_or_visit}
    for treatment in treatments.values():
        for lines in treatment.bundle.values():
            assert any(line.need is Need.REQUIRED for line in lines)


def test_wherever_a_facility_bills_a_required_code_somebody_bills_as_professional_or_the_facility_does_alone() -> None:
    alone = {"physical_therapy"}
    for name, treatment in load_library(PARAMS).treatments.items():
        for item, lines in treatment.bundle.items():
            for place in Place:
                parts = {line.part for line in lines if line.need is Need.REQUIRED and place in line.places}
                assert name in alone or Part.FACILITY not in parts or Part.PROFESSIONAL in parts, (name, item, place)
