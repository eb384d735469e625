"""Plans out of public files: each trap of a format as a small file, read right or refused by its row."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from pathlib import Path

import pandas as pd
import pytest
from click.testing import CliRunner

import calc
from calc.cli import main
from calc.errors import ParameterFileError
from calc.exchange.plan_attributes import money_in
from calc.exchange.plan_files import imported_plan
from calc.exchange.table import Table, index_of, index_text, read_index
from calc.inputs.load import load_library
from calc.inputs.parameter import Category
from calc.inputs.plan import Plan
from calc.inputs.written import plan_text

from ..inputs.mini import write

PLAN = "12345TX0010001-01"
ROW = {
    "BusinessYear": "2026", "StateCode": "TX", "StandardComponentId": PLAN[:-3], "PlanId": PLAN, "BenefitName": "",
    "CopayInnTier1": "Not Applicable", "CopayInnTier2": "", "CopayOutofNet": "Not Applicable",
    "CoinsInnTier1": "Not Applicable", "CoinsInnTier2": "", "CoinsOutofNet": "100.00%", "IsCovered": "Covered",
    "QuantLimitOnSvc": "No", "LimitQty": "", "LimitUnit": "", "Exclusions": "", "Explanation": "",
    "IsExclFromInnMOOP": "No",
}  # fmt: skip
ABOUT = {
    "BusinessYear": "2026", "StateCode": "TX", "IssuerMarketPlaceMarketingName": "An issuer", "PlanId": PLAN,
    "PlanMarketingName": "Silver, 4500", "PlanType": "PPO", "MetalLevel": "Silver", "DentalOnlyPlan": "No",
    "MedicalDrugDeductiblesIntegrated": "Yes", "MedicalDrugMaximumOutofPocketIntegrated": "Yes",
    "TEHBDedInnTier1Individual": "$4,500 ", "TEHBDedInnTier1FamilyPerPerson": "$4500 per person",
    "TEHBDedInnTier1FamilyPerGroup": "$9000 per group", "TEHBInnTier1IndividualMOOP": "$8,000 ",
    "TEHBInnTier1FamilyPerPersonMOOP": "per person not applicable",
    "TEHBInnTier1FamilyPerGroupMOOP": "$16000 per group", "TEHBDedOutOfNetIndividual": "Not Applicable",
    "IsHSAEligible": "No", "InpatientCopaymentMaximumDays": "0", "SpecialtyDrugMaximumCoinsurance": "$500",
}  # fmt: skip
VISIT = {"BenefitName": "Specialist Visit", "CopayInnTier1": "$60.00"}
STAY = {
    "BenefitName": "Inpatient Hospital Services (e.g., Hospital Stay)",
    "CopayInnTier1": "$500.00 Copay per Day with deductible",
}


def table(head: dict[str, str], *rows: dict[str, str]) -> str:
    stream = io.StringIO()
    writer = csv.DictWriter(stream, list(head), lineterminator="\n")
    writer.writeheader()
    for row in rows:
        writer.writerow(head | row)
    return stream.getvalue()


def files(folder: Path, *rows: dict[str, str], **about: str) -> list[Path]:
    one, two = folder / "benefits.csv", folder / "attributes.csv"
    one.write_text(table(ROW, *rows), encoding="utf-8")
    two.write_text(table(ABOUT, about), encoding="utf-8")
    return [one, two]


def read(folder: Path, *rows: dict[str, str], **about: str) -> tuple[Plan, str]:
    found = imported_plan(
        files(folder, *rows, **about), plan_id=PLAN, year=2026, sources=["cms_marketplace_2026"], keep=lambda *_: None
    )
    plan_text(found.data, "it", frozenset(["cms_marketplace_2026"]))
    return Plan.model_validate(found.data), "\n".join([*found.notes, *found.not_held])


def value(parameter: object) -> float:
    (claim,) = parameter.claims  # type: ignore[attr-defined]
    return float(claim.reading.value)


def test_each_figure_is_a_claim_with_its_source_file_row_and_date(tmp_path: Path) -> None:
    plan, _ = read(tmp_path, {"BenefitName": "Acupuncture", "IsCovered": "Not Covered"}, VISIT)
    visit = plan.benefits[Category.SPECIALIST_VISIT]
    (claim,) = visit.copay.claims  # type: ignore[union-attr]
    assert (claim.reading.value, claim.source) == (60, "cms_marketplace_2026")
    assert claim.section == f"Benefits and Cost Sharing, {PLAN}, Specialist Visit"
    assert claim.note is not None
    assert claim.note.startswith("benefits.csv, row 3, dated 20")
    assert not plan.benefits[Category.ACUPUNCTURE].covered


def test_limits_come_from_the_attributes_person_and_group_apart(tmp_path: Path) -> None:
    plan, _ = read(tmp_path, VISIT)
    family = plan.family
    assert family is not None
    assert value(plan.deductible) == 4500
    assert value(plan.out_of_pocket_maximum) == 8000
    assert (value(family.deductible), value(family.person_deductible), family.rule) == (9000, 4500, "embedded")
    assert (value(family.out_of_pocket_maximum), family.person_out_of_pocket_maximum) == (16000, None)


def test_drugs_have_limits_of_their_own_where_they_are_not_integrated(tmp_path: Path) -> None:
    apart = {"MedicalDrugDeductiblesIntegrated": "No", "MEHBDedInnTier1Individual": "$2,000 "}
    (tmp_path / "a").mkdir()
    one, two = files(tmp_path / "a", VISIT)
    two.write_text(table(ABOUT | apart | {"DEHBDedInnTier1Individual": "$300 "}, {}), encoding="utf-8")
    found = imported_plan([two, one], plan_id=PLAN, year=2026, sources=[], keep=lambda *_: None)
    plan = Plan.model_validate(found.data)
    assert (value(plan.deductible), value(plan.drugs.deductible)) == (2000, 300)  # type: ignore[union-attr]
    assert plan.deductible is not None
    assert plan.deductible.claims[0].yours is not None  # the library names no such source


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ({"CoinsOutofNet": "100.00%"}, {"covered": False}),
        ({"CoinsOutofNet": "50.00% Coinsurance after deductible"}, {"deductible": True, "coinsurance": 0.5}),
        ({"CopayOutofNet": "$80.00", "CoinsOutofNet": "Not Applicable"}, {"deductible": False, "copay": 80}),
    ],
)
def test_all_of_it_out_of_network_means_not_covered(
    tmp_path: Path, row: dict[str, str], expected: dict[str, object]
) -> None:
    plan, _ = read(tmp_path, VISIT | row)
    outside = plan.benefits[Category.SPECIALIST_VISIT].out_of_network
    assert outside is not None
    found = {name: getattr(outside, name) for name in expected}
    assert {name: each if isinstance(each, bool) else value(each) for name, each in found.items()} == expected


def test_a_second_tier_and_limits_and_what_lies_outside_the_maximum(tmp_path: Path) -> None:
    chiropractic = {
        "BenefitName": "Chiropractic Care", "CoinsInnTier1": "30.00% Coinsurance after deductible",
        "CopayInnTier2": "$70.00", "CoinsInnTier2": "Not Applicable", "IsExclFromInnMOOP": "Yes",
        "QuantLimitOnSvc": "Yes", "LimitQty": "35.0", "LimitUnit": "Visit(s) per Benefit Period",
    }  # fmt: skip
    nursing = {
        "BenefitName": "Skilled Nursing Facility", "CoinsInnTier1": "20.00%", "QuantLimitOnSvc": "Yes",
        "LimitQty": "25", "LimitUnit": "Days per Admission",
    }  # fmt: skip
    odd = {
        "BenefitName": "Durable Medical Equipment", "CoinsInnTier1": "20.00%", "QuantLimitOnSvc": "Yes",
        "LimitQty": "1", "LimitUnit": "Item(s) per 3 Years", "Explanation": "One wheelchair.",
    }  # fmt: skip
    plan, told = read(tmp_path, chiropractic, nursing, odd, {"BenefitName": "Infusion Therapy"})
    benefit = plan.benefits[Category.CHIROPRACTIC]
    assert (value(benefit.visit_limit), benefit.limit_per, benefit.counts_to_maximum) == (35, "benefit_period", False)
    assert value(benefit.second_tier.copay) == 70  # type: ignore[union-attr]
    stay = plan.benefits[Category.SKILLED_NURSING]
    assert (value(stay.day_limit), stay.limit_per) == (25, "stay")
    for words in ("limit: 1 Item(s) per 3 Years", "explanation: One wheelchair.", "Infusion Therapy (no category)"):
        assert words in told
    assert "Not held here, of what the file says: 3 things." in str(plan.note)


def test_with_the_deductible_is_said_to_be_read_as_after_it(tmp_path: Path) -> None:
    plan, told = read(tmp_path, STAY, InpatientCopaymentMaximumDays="3")
    stay = plan.benefits[Category.INPATIENT_FACILITY]
    assert (stay.deductible, stay.copay_per, value(stay.copay), value(stay.copay_days)) == (True, "day", 500, 3)
    assert "'with deductible' is read as 'after deductible'" in told


def test_where_the_rule_does_not_follow_from_the_words_both_readings_are_kept_and_told(tmp_path: Path) -> None:
    plan, told = read(tmp_path, STAY | {"CopayInnTier1": "$900.00 Copay per Stay", "CoinsInnTier1": "20.00%"})
    other = plan.as_otherwise_read()
    assert other is not None
    both = [each.benefits[Category.INPATIENT_FACILITY] for each in (plan, other)]
    assert [(each.deductible, each.coinsurance is not None) for each in both] == [(True, False), (False, True)]
    assert "Both readings are kept." in told


def test_a_deductible_that_no_cell_gives_is_not_known_and_never_0(tmp_path: Path) -> None:
    row = VISIT | {"CopayInnTier1": "$60.00 Copay after deductible"}
    plan, told = read(tmp_path, row, TEHBDedInnTier1Individual="Not Applicable")
    assert plan.deductible is not None
    assert not plan.deductible.claims[0].reading.known
    assert "the file gives its amount nowhere" in told


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ({"CopayInnTier1": "$60 copay"}, "benefits.csv:2: CopayInnTier1: '$60 copay' is no cost share"),
        ({"CoinsInnTier1": "20 percent"}, "benefits.csv:2: CoinsInnTier1: '20 percent' is no cost share"),
        (
            {"CopayInnTier1": "$60.00 Copay per Day after deductible", "CoinsInnTier1": "No Charge"},
            "is no pair that CMS's rules know",
        ),
        ({"BusinessYear": "2025"}, "benefits.csv:2: BusinessYear: a row of 2025. Say --year 2025."),
    ],
)
def test_what_is_not_understood_stops_the_import_with_its_row(tmp_path: Path, row: dict[str, str], words: str) -> None:
    with pytest.raises(ParameterFileError) as told:
        read(tmp_path, VISIT | row)
    assert words in str(told.value)


def test_every_row_that_is_not_understood_is_told_at_once(tmp_path: Path) -> None:
    bad = {"CopayInnTier1": "free"}
    with pytest.raises(ParameterFileError) as told:
        read(tmp_path, VISIT | bad, STAY | bad)
    assert len(told.value.problems) == 2


@pytest.mark.parametrize(
    ("text", "amount"),
    [("$6,000", 6000), ("$12000 per group", 12000), ("$0 per person", 0), ("Not Applicable", None), ("", None),
     ("per group not applicable", None), ("$1,250.50", 1250.5)],
)  # fmt: skip
def test_an_amount_of_the_attributes_is_read(text: str, amount: float | None) -> None:
    found = money_in(text)
    assert (None if found is None else float(found)) == amount


def test_an_amount_that_is_none_is_told(tmp_path: Path) -> None:
    with pytest.raises(ParameterFileError, match=r"attributes.csv:2: TEHBDedInnTier1Individual: '4500' is no amount"):
        read(tmp_path, VISIT, TEHBDedInnTier1Individual="4500")


def test_a_zip_reads_as_its_csv_and_an_index_finds_the_same_rows(tmp_path: Path) -> None:
    note = 'Two lines,\nwith a "quote"'
    rows = [
        {"PlanId": f"12345TX00100{number % 7:02d}-01", "BenefitName": f"Benefit {number}", "Explanation": note}
        for number in range(40)
    ]
    plain, packed = tmp_path / "b.csv", tmp_path / "b.zip"
    plain.write_text("\ufeff" + table(ROW, *rows).replace("\n", "\r\n"), encoding="utf-8")
    with zipfile.ZipFile(packed, "w") as into:
        into.write(plain, "b.csv")
    for file in (plain, packed):
        whole = Table(file)
        index = index_of(whole, "PlanId")
        for plan in ("12345TX0010003-01", "12345TX0010006-01"):
            slow = list(whole.records("PlanId", plan))
            assert [each["BenefitName"] for each in slow] == [r["BenefitName"] for r in rows if r["PlanId"] == plan]
            assert list(whole.records("PlanId", plan, index)) == slow
        file.with_name(f"{file.name}.index").write_text(index_text(whole, index), encoding="utf-8")
        assert read_index(whole) == index
    plain.write_text(table(ROW, *rows[:3]), encoding="utf-8")
    assert read_index(Table(plain)) is None  # made of another file


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "bad.csv:1: the file is empty"),
        (b"a;b;c\n1;2;3\n", "neither of the two files of plans"),
        (b"PlanId,PlanId\n1,2\n", "PlanId: this column stands twice"),
        (b"PK\x05\x06" + b"\0" * 18, "the zip holds nothing"),
        (b"\0\1\2binary\n", "this is no text"),
        (table(ROW, VISIT).encode() + b"2026,TX,1\n", "bad.csv:3: 3 cells under"),
        (table(ROW, VISIT).encode()[:-30] + b'"open\n', "a quotation mark is left open"),
        (b'{"resourceType": "Patient"}', "this is no plan"),
        (b'{"in_network": [], "reporting_entity_name": "x"}', "it seems to be a file of prices"),
        (b'{"resourceType": ', "this is no JSON"),
    ],
)
def test_a_file_that_is_something_else_is_told_so_and_nothing_is_written(
    tmp_path: Path, content: bytes, words: str
) -> None:
    root = write(tmp_path / "params")
    before = sorted(root.rglob("*"))
    bad = tmp_path / "bad.csv"
    bad.write_bytes(content)
    others = [] if content[:1] == b"{" else [str(files(tmp_path, VISIT)[1])]
    arguments = ["import", "plan", str(bad), *others, "--plan-id", "2026,TX"]
    done = CliRunner().invoke(main, [*arguments, "--params", str(root)])
    assert done.exit_code == 2
    assert words in done.stderr
    assert sorted(root.rglob("*")) == before


def test_a_plan_is_found_by_state_metal_and_name_and_written_and_used(tmp_path: Path) -> None:
    root = write(tmp_path / "params")
    one, two = files(tmp_path, VISIT)
    rows = [{}, {"StateCode": "AK"}, {"MetalLevel": "Gold"}, {"PlanMarketingName": "Other"}, {"DentalOnlyPlan": "Yes"}]
    two.write_text(
        table(ABOUT, *({"PlanId": f"12345TX00100{at:02d}-01"} | row for at, row in enumerate(rows, start=1))),
        encoding="utf-8",
    )
    listed = CliRunner().invoke(
        main, ["import", "plan", str(two), "--list", "--state", "tx", "--metal", "silver", "--search", "4500"]
    )
    assert listed.output.splitlines()[0].startswith("12345TX0010001-01  TX Silver PPO")
    assert listed.output.splitlines()[-1] == "1 plans."
    arguments = ["import", "plan", str(one), str(two), "--plan-id", PLAN, "--as", "mine", "--params", str(root)]
    done = CliRunner().invoke(main, arguments)
    assert done.exit_code == 0, done.output
    assert "mine" in load_library(root).plans
    bills = pd.DataFrame({"date": ["2026-03-02"], "category": "specialist_visit", "allowed": 200})
    assert calc.patient_share(bills, plan="mine", params=root).totals["you_pay"] == 60
    again = CliRunner().invoke(main, arguments)
    assert again.exit_code == 2
    assert "there is such a file already" in again.stderr


def fhir(**changed: object) -> dict[str, object]:
    """Return the few fields of CARIN's example of a Summary of Benefits that bear on a plan, as JSON."""

    def cost(words: str, place: str, amount: float, unit: str = "USD") -> dict[str, object]:
        where = {"coding": [{"system": "http://terminology.hl7.org/CodeSystem/applicability", "code": place}]}
        return {"type": {"text": words}, "applicability": where, "value": {"value": amount, "unit": unit}}

    def service(code: str, *costs: dict[str, object], limit: str = "") -> dict[str, object]:
        extension = [{"url": "http://example.org/limitation", "valueString": limit}] if limit else []
        return {"category": {"coding": [{"code": code}]}, "benefit": [{"cost": list(costs), "extension": extension}]}

    general = {
        "Individual Deductible": 1500, "Family Deductible": 3000, "Individual Out-of-Pocket Maximum": 6000,
        "Family Out-of-Pocket Maximum": 12000,
    }  # fmt: skip
    plan = {
        "generalCost": [
            {"type": {"text": name}, "cost": {"value": amount, "currency": "USD"}} for name, amount in general.items()
        ],
        "specificCost": [
            service("preventive-care", cost("No charge", "in-network", 0)),
            service("specialist-visit", cost("Copayment", "in-network", 50), cost("Not covered", "out-of-network", 0)),
            service(
                "emergency-room-care", cost("Copayment", "in-network", 350), cost("Copayment", "out-of-network", 350),
                limit="Copay waived if admitted",
            ),
            service(
                "hospital-inpatient", cost("Coinsurance", "in-network", 20, "%"),
                cost("Not covered", "out-of-network", 0, "%"), limit="Prior authorization required",
            ),
        ],
    }  # fmt: skip
    whole = {"resourceType": "InsurancePlan", "name": "Sample HMO", "period": {"start": "2025-01-01"}, "plan": [plan]}
    return {**whole, **changed}


def of_json(folder: Path, document: dict[str, object], year: int = 2025) -> tuple[Plan, str]:
    file = folder / "plan.json"
    file.write_text(json.dumps(document), encoding="utf-8")
    found = imported_plan([file], plan_id=None, year=year, sources=[], keep=lambda *_: None)
    return Plan.model_validate(found.data), "\n".join([*found.notes, *found.not_held])


def test_a_fhir_insurance_plan_keeps_not_covered_apart_from_free_and_both_readings(tmp_path: Path) -> None:
    plan, told = of_json(tmp_path, fhir())
    visit = plan.benefits[Category.SPECIALIST_VISIT]
    assert visit.out_of_network is not None
    assert not visit.out_of_network.covered
    assert (value(visit.copay), value(plan.family.out_of_pocket_maximum)) == (50, 12000)  # type: ignore[union-attr]
    assert plan.benefits[Category.EMERGENCY_ROOM].copay_waived_if_admitted
    assert value(plan.benefits[Category.INPATIENT_FACILITY].coinsurance) == 0.2
    other = plan.as_otherwise_read()
    assert other is not None
    assert not visit.deductible
    assert other.benefits[Category.SPECIALIST_VISIT].deductible
    assert "preventive-care (no category)" in told
    assert "hospital-inpatient: Prior authorization required" in told


def test_a_fhir_plan_of_another_year_or_with_another_kind_of_cost_is_told(tmp_path: Path) -> None:
    spoilt = json.loads(json.dumps(fhir()).replace("Coinsurance", "Share"))
    with pytest.raises(ParameterFileError) as told:
        of_json(tmp_path, spoilt, year=2026)
    assert "a plan of 2025. Say --year 2025." in str(told.value)
    assert "specificCost[3].benefit[0].cost[0].type.text: 'share' is no kind of cost" in str(told.value)


def standard() -> dict[str, object]:
    """Return a document in the shape of the standard's examples."""

    def share(kind: str, **more: object) -> dict[str, object]:
        return {"type": kind, "sequence": 1, "applies_to_deductible": False, "applies_to_moop": True, **more}

    def benefit(key: str, inside: list[object], outside: list[object] | None) -> dict[str, object]:
        out = {"tier_id": "OUT", "covered": outside is not None, "cost_shares": outside or []}
        tiers = [{"tier_id": "IN", "covered": True, "cost_shares": inside}, out]
        return {"canonical_key": key, "service_name": key, "network_cost_shares": tiers, "limits": [], "conditions": []}

    half = [share("deductible", rate=1.0), share("coinsurance", sequence=2, rate=0.5, applies_to_deductible=True)]
    return {
        "plan_name": "A PPO", "plan_year": 2025, "carrier": "An insurer", "plan_type": "PPO",
        "accumulators": {
            "individual_deductible": {"amount": 1500}, "family_deductible": {"amount": 4500, "embedded": False},
            "individual_oop_max": {"amount": 5500}, "oon_individual_deductible": {"amount": 3000},
            "oon_family_oop_max": {"amount": 22000},
        },
        "benefits": [
            benefit("specialist", [share("copay", amount=50, basis="per_visit")], half),
            benefit("imaging_advanced", [share("coinsurance", rate=0.2, applies_to_deductible=True)], None),
            benefit("inpatient_hospital_facility", [share("copay", amount=300, basis="per_day")], half),
            benefit("prenatal_care", [share("copay", amount=0)], half),
        ],
    }  # fmt: skip


def test_a_benefit_plan_standard_document_is_read(tmp_path: Path) -> None:
    plan, told = of_json(tmp_path, standard())
    visit, scan = plan.benefits[Category.SPECIALIST_VISIT], plan.benefits[Category.IMAGING]
    assert visit.out_of_network is not None
    assert (visit.deductible, value(visit.copay), value(visit.out_of_network.coinsurance)) == (False, 50, 0.5)
    assert visit.out_of_network.deductible
    assert (scan.deductible, scan.out_of_network.covered) == (True, False)  # type: ignore[union-attr]
    assert plan.benefits[Category.INPATIENT_FACILITY].copay_per == "day"
    assert plan.family is not None
    assert plan.family.rule == "aggregate"
    assert value(plan.out_of_network.deductible) == 3000  # type: ignore[union-attr]
    for words in ("oon_family_oop_max: 22000", "prenatal_care (no category)"):
        assert words in told


def test_a_wrong_figure_of_a_standard_document_is_told_with_its_place(tmp_path: Path) -> None:
    spoilt = json.loads(json.dumps(standard()).replace("0.2", "20"))
    with pytest.raises(
        ParameterFileError, match=r"benefits\[1\].network_cost_shares\[0\].cost_shares\[0\].rate: 20 is no"
    ):
        of_json(tmp_path, spoilt)


def places(part: object, path: tuple[object, ...] = ()) -> list[tuple[object, ...]]:
    """Return the path of every part of a document."""
    inner = part.items() if isinstance(part, dict) else enumerate(part) if isinstance(part, list) else ()
    return [path, *(each for key, value in inner for each in places(value, (*path, key)))]


@pytest.mark.parametrize("document", [fhir(), standard()], ids=["fhir", "standard"])
@pytest.mark.parametrize("spoilt", [None, [], {}, "x", -1, 1e300, True], ids=repr)
def test_a_document_with_any_part_spoilt_is_read_or_refused_in_words(
    tmp_path: Path, document: dict[str, object], spoilt: object
) -> None:
    for path in places(document)[1:]:
        changed: object = json.loads(json.dumps(document))
        part: object = changed
        for key in path[:-1]:
            part = part[key]  # type: ignore[index]
        part[path[-1]] = spoilt  # type: ignore[index]
        file = tmp_path / "plan.json"
        file.write_text(json.dumps(changed), encoding="utf-8")
        try:
            found = imported_plan([file], plan_id=None, year=2025, sources=[], keep=lambda *_: None)
            plan_text(found.data, "it", frozenset())
        except ParameterFileError as error:
            assert error.problems, path
