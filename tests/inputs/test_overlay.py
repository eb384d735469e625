"""One's own numbers as a file: laid over the parameters, marked as one's own, told where they are wrong."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from calc.cli import main
from calc.errors import ParameterFileError, SettingError
from calc.inputs.claim import Basis, Market
from calc.inputs.load import StudyInputs, basis_of, load_library, load_study
from calc.inputs.overlay import read_overlay

from ..report.shipped import PARAMS, STUDY


def overlay(folder: Path, text: str, name: str = "quote.yaml") -> Path:
    file = folder / name
    file.write_text(text, encoding="utf-8")
    return file


def loaded(*files: Path, **settings: object) -> StudyInputs:
    return load_study(STUDY, root=PARAMS, settings=settings, overlays=files)


def test_numbers_lists_and_claims_are_laid_by_their_path(tmp_path: Path) -> None:
    file = overlay(
        tmp_path,
        "label: Quote of December\n"
        "stem_cell_injection:\n"
        "  price:\n"
        "    injection: 5500\n"
        "  effect: unknown\n"
        "  coverage: excluded\n"
        "plan:\n"
        "  deductible: {claims: [{reading: bounds, low: 2500, high: 3000}]}\n"
        "patient:\n"
        "  met: {deductible: 800, out_of_pocket: 900}\n"
        "study:\n"
        "  horizon: 12 months\n",
    )
    inputs = loaded(file)
    (quote,) = inputs.treatments["stem_cell_injection"].price["injection"].claims
    assert (quote.reading.value, quote.yours) == (5500.0, "Quote of December")
    (effect,), (status,) = (getattr(inputs.treatments["stem_cell_injection"], each) for each in ("effects", "coverage"))
    assert (effect.measure.kind, effect.yours) == ("unknown", "Quote of December")
    assert (status.status, status.yours) == ("excluded", "Quote of December")
    assert basis_of(quote, inputs.sources) is Basis.YOURS
    deductible = inputs.plan.parameters()["deductible"].claims
    assert [(claim.reading.low, claim.reading.high, claim.yours) for claim in deductible] == [
        (2500.0, 3000.0, "Quote of December")
    ]
    assert inputs.patient.met.out_of_pocket == 900
    assert inputs.study.horizon == "12 months"
    assert file in inputs.files


def test_the_files_themselves_stay_as_they_are(tmp_path: Path) -> None:
    loaded(overlay(tmp_path, "stem_cell_injection: {price: {injection: 1}}\n"))
    assert load_library(PARAMS).treatments["stem_cell_injection"].price["injection"].claims[0].reading.low == 2000


@pytest.mark.parametrize(("item", "bill"), [("total_per_course", "total_per_course"), ("injection", "components")])
def test_a_quote_for_the_whole_replaces_the_parts_that_it_covers(item: str, bill: str, tmp_path: Path) -> None:
    inputs = loaded(overlay(tmp_path, f"stem_cell_injection: {{price: {{{item}: 8500}}}}\n"))
    treatment = inputs.treatments["stem_cell_injection"]
    assert treatment.bill == bill
    assert item in treatment.billed()


def test_a_bill_chosen_by_name_is_kept(tmp_path: Path) -> None:
    text = "stem_cell_injection: {price: {total_per_course: 8500}, bill: components}\n"
    assert loaded(overlay(tmp_path, text)).treatments["stem_cell_injection"].bill == "components"


def test_a_setting_goes_before_a_file_and_a_later_file_before_an_earlier_one(tmp_path: Path) -> None:
    first = overlay(tmp_path, "stem_cell_injection: {price: {injection: 1000, extraction: 10}}\n", "a.yaml")
    second = overlay(tmp_path, "stem_cell_injection: {price: {injection: 2000}}\n", "b.yaml")
    price = (
        loaded(first, second, **{"stem_cell_injection.price.extraction": "30"}).treatments["stem_cell_injection"].price
    )
    assert [price[name].claims[0].reading.value for name in ("injection", "extraction")] == [2000.0, 30.0]
    assert price["injection"].claims[0].yours == "b.yaml"  # no label: the file's own name


def test_a_claim_that_names_a_source_stays_that_source_s(tmp_path: Path) -> None:
    said = "{source: 003_2ae1ae0a30734b8a, section: Average Cost of Stem Cell Therapy for Back, reading: exact, value: 7000}"
    inputs = loaded(overlay(tmp_path, f"stem_cell_injection: {{price: {{injection: {{claims: [{said}]}}}}}}\n"))
    (claim,) = inputs.treatments["stem_cell_injection"].price["injection"].claims
    assert basis_of(claim, inputs.sources) is Basis.DOCUMENT


def test_every_path_that_leads_nowhere_is_told_with_its_line_at_once(tmp_path: Path) -> None:
    file = overlay(
        tmp_path, "stem_cell_injecton:\n  price: {injection: 5}\nplan:\n  deductibel: 3000\n  market: cash\n"
    )
    with pytest.raises(SettingError) as caught:
        loaded(file)
    assert [problem.where for problem in caught.value.problems] == [f"{file}:2:11", f"{file}:4:3"]
    assert "mean 'stem_cell_injection'?" in str(caught.value)
    assert "mean 'deductible'?" in str(caught.value)


def test_a_value_of_the_wrong_kind_is_told_where_it_stands_in_the_overlay(tmp_path: Path) -> None:
    file = overlay(tmp_path, "plan:\n  deductible: plenty\nstem_cell_injection:\n  effect: 60\n")
    with pytest.raises(ParameterFileError) as caught:
        loaded(file)
    said = str(caught.value)
    assert f"{file}:2:3" in said
    assert f"{file}:4:3" in said
    assert "Write 0.6" in said


@pytest.mark.parametrize(
    "text", ["", "- 1\n", "plan: [\n", "plan: &a {deductible: 1}\n", "plan: !!python/name:os.system x\n"]
)
def test_what_is_no_plain_mapping_is_refused(text: str, tmp_path: Path) -> None:
    with pytest.raises(ParameterFileError, match=r"quote\.yaml:\d:"):
        read_overlay(overlay(tmp_path, text))


def test_the_command_takes_several_files_and_refuses_one_that_is_not_there(tmp_path: Path) -> None:
    file = overlay(tmp_path, "label: My quote\nstem_cell_injection: {price: {total_per_course: 8500}}\n")
    arguments = ["compare", STUDY, "--params", str(PARAMS), "--draws", "64", "--plan", "self_pay"]
    shown = CliRunner().invoke(main, [*arguments, "--with", str(file)])
    assert shown.exit_code == 0
    assert "yours" in shown.output
    assert CliRunner().invoke(main, [*arguments, "--with", str(tmp_path / "none.yaml")]).exit_code == 2


def test_one_s_own_price_holds_for_every_market(tmp_path: Path) -> None:
    inputs = loaded(overlay(tmp_path, "epidural_steroid_injection: {price: {injection: 900}}\n"))
    (claim,) = inputs.treatments["epidural_steroid_injection"].price["injection"].claims
    assert claim.market is None
    assert inputs.plan.market is Market.COMMERCIAL
