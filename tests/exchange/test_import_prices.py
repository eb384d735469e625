"""The command `calc import prices`: a bill adds up from its parts, what is lacking is said, nothing is half written."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner, Result

from calc.cli import main
from calc.inputs.load import load_study

from .made import EPIDURAL, FILES, PARAMS, STUDY, hospital, payer, rate

INJECTION = "epidural_steroid_injection"


def run(*arguments: object, treatment: str = INJECTION, out: Path) -> Result:
    given = ["import", "prices", *map(str, arguments), "--treatment", treatment]
    return CliRunner().invoke(main, [*given, "--params", str(PARAMS), "--out", str(out)])


def imported(out: Path, item: str = "injection", treatment: str = INJECTION) -> list[dict[str, Any]]:
    claims = yaml.safe_load(out.read_text("utf-8"))[treatment]["price"][item]["claims"]
    assert isinstance(claims, list)
    return [claim for claim in claims if "yours" in claim]


def of_market(out: Path, market: str, **where: str) -> list[dict[str, Any]]:
    return [claim for claim in imported(out, **where) if claim["market"] == market]


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "prices.yaml"


def test_percentiles_keep_median_count_file_row_and_date(tmp_path: Path, out: Path) -> None:
    whole = EPIDURAL | {"billing_class": "both"}
    done = run(hospital(tmp_path, whole), "--payer", "blue", out=out)
    assert done.exit_code == 0, done.output
    (claim,) = of_market(out, "commercial")
    assert claim["reading"] == "percentiles"
    assert claim["percentiles"] == {10: 437.0, 50: 1339.0, 90: 3147.0}
    assert claim["count"] == 2489
    assert claim["yours"] == "Lone Star Hospital, 2026-04-01; Blue Plan; h.csv:4"
    said = (
        "at this hospital, with Blue Plan: between $437 and $3,147 in 80 of 100 bills, half below $1,339, 2,489 bills"
    )
    assert said in done.output


def test_a_part_that_the_file_lacks_is_filled_said_and_marked(tmp_path: Path, out: Path) -> None:
    done = run(hospital(tmp_path, EPIDURAL), "--payer", "Blue Plan", out=out)
    (claim,) = of_market(out, "commercial")
    # the physician's 250 to 550 are the 10th and 90th percentile of that claim's own reading; its median is their root
    assert claim["percentiles"] == {10: 437.0 + 250, 50: 1339.0 + 370.81, 90: 3147.0 + 550}
    assert (
        "the physician's part (not in the file, filled from the study's own claims, billbusted_62323)" in claim["note"]
    )
    assert "NOT IN THE FILE, filled from the study's own claims" in done.output


def test_the_cash_price_comes_with_any_payer_and_other_markets_keep_the_studys_claims(
    tmp_path: Path, out: Path
) -> None:
    run(hospital(tmp_path, EPIDURAL | {"billing_class": "both"}), "--payer", "blue", out=out)
    (cash,) = of_market(out, "cash")
    assert (cash["reading"], cash["value"]) == ("exact", 1600.0)
    claims = yaml.safe_load(out.read_text("utf-8"))[INJECTION]["price"]["injection"]["claims"]
    assert {claim["market"] for claim in claims if "yours" not in claim} == {"medicare"}


def test_the_file_that_is_written_is_taken_by_with(tmp_path: Path, out: Path) -> None:
    run(hospital(tmp_path, EPIDURAL | {"billing_class": "both", "payer_name": "", "median_amount": ""}), out=out)
    price = load_study(STUDY, root=PARAMS, overlays=[out]).treatments[INJECTION].price["injection"]
    assert [claim.model_dump()["value"] for claim in price.claims if claim.yours] == [1600.0]


def test_a_payers_parts_add_up_place_by_place(tmp_path: Path, out: Path) -> None:
    rates = [
        rate(250, service_code=["11"]),
        rate(100, service_code=["22", "24"]),
        rate(900, billing_class="institutional", service_code=[]),
    ]
    done = run(payer(tmp_path, {"62323": rates}), out=out)
    assert done.exit_code == 0, done.output
    claims = of_market(out, "commercial")
    assert {(claim["value"], claim["note"].split(":")[0]) for claim in claims} == {
        (250.0, "At an office"),
        (1000.0, "At a surgery center"),
        (1000.0, "At a hospital"),
    }
    only = run(payer(tmp_path, {"62323": rates}), "--place", "office", out=tmp_path / "office.yaml")
    assert only.exit_code == 0
    assert [claim["value"] for claim in of_market(tmp_path / "office.yaml", "commercial")] == [250.0]


def test_units_are_multiplied_and_each_count_is_a_claim(tmp_path: Path, out: Path) -> None:
    run(payer(tmp_path, {"97110": [rate(30)]}), treatment="physical_therapy", out=out)
    values = [claim["value"] for claim in of_market(out, "commercial", item="session", treatment="physical_therapy")]
    assert values == [90.0, 120.0]


def test_an_item_with_a_required_part_that_nobody_prices_is_left_alone(tmp_path: Path, out: Path) -> None:
    # the surgery center's part of a facet injection is in no claim of the study
    lone = payer(tmp_path, {"64493": [rate(150, service_code=["24"])], "99203": [rate(120)]})
    done = run(lone, treatment="facet_joint_injection", out=out)
    assert done.exit_code == 0, done.output
    assert "not priced, the study's own claims stay (surgery_center: no price of" in done.output
    assert "injection" not in yaml.safe_load(out.read_text("utf-8"))["facet_joint_injection"]["price"]


def test_another_setting_or_modifier_is_another_price(tmp_path: Path, out: Path) -> None:
    rows = [EPIDURAL | {"setting": "inpatient"}, EPIDURAL | {"modifiers": "50"}, EPIDURAL | {"setting": "both"}]
    done = run(hospital(tmp_path, *rows), "--payer", "blue", out=out)
    assert [claim["yours"].rpartition(":")[2] for claim in of_market(out, "commercial")] == ["6"]
    assert "Prices that fit no part of the bill" in done.output
    assert "h.csv:5: CPT 62323, $437 to $3,147 (PPO, modifier 50, outpatient, facility, hospital)" in done.output


def test_without_a_payer_the_cash_price_is_read_and_payers_are_named(tmp_path: Path, out: Path) -> None:
    file = hospital(tmp_path, EPIDURAL, EPIDURAL | {"payer_name": "Red Plan"})
    done = run(file, out=out)
    assert [claim["market"] for claim in imported(out)] == ["cash"]
    assert "name one with --payer: Blue Plan, Red Plan" in done.output


def test_a_payer_of_medicare_prices_for_that_market(tmp_path: Path, out: Path) -> None:
    run(hospital(tmp_path, EPIDURAL | {"payer_name": "Blue Medicare Advantage"}), "--payer", "blue", out=out)
    assert {claim["market"] for claim in imported(out)} == {"medicare", "cash"}


@pytest.mark.parametrize(
    ("rows", "arguments", "told"),
    [
        (
            [EPIDURAL],
            ["--payer", "Bleu"],
            "no payer with prices of these codes in the files named 'Bleu'. Known: 'Blue Plan'",
        ),
        (
            [EPIDURAL],
            ["--payer", "blue", "--plan", "EPO"],
            "no plan with prices of these codes in the files named 'EPO'",
        ),
        (
            [EPIDURAL | {"code|1": "1"}],
            [],
            "no price item of epidural_steroid_injection is priced. The codes looked for",
        ),
        ([EPIDURAL | {"median_amount": "x"}], [], "h.csv:4: median_amount: 'x' is no amount"),
    ],
)
def test_nothing_is_written_where_something_is_wrong(
    tmp_path: Path, out: Path, rows: list[dict[str, str]], arguments: list[str], told: str
) -> None:
    done = run(hospital(tmp_path, *rows), *arguments, out=out)
    assert done.exit_code == 2
    assert told in done.output
    assert not list(tmp_path.glob("*.yaml*")) + list(tmp_path.glob(".*"))


def test_an_algorithm_is_shown_where_it_is_all_that_there_is(tmp_path: Path, out: Path) -> None:
    bare = {"median_amount": "", "10th_percentile": "", "90th_percentile": "", "standard_charge|discounted_cash": ""}
    done = run(hospital(tmp_path, EPIDURAL | bare), "--payer", "blue", out=out)
    assert done.exit_code == 2
    assert 'h.csv:4: CPT 62323: a rule in words, which is not computed: "lesser of charges and 2,000"' in done.output


def test_a_file_that_is_there_is_never_written_over(tmp_path: Path, out: Path) -> None:
    out.write_text("mine", encoding="utf-8")
    done = run(hospital(tmp_path, EPIDURAL), "--payer", "blue", out=out)
    assert (done.exit_code, out.read_text("utf-8")) == (2, "mine")


def test_files_of_years_apart_do_not_add_up(tmp_path: Path, out: Path) -> None:
    old = hospital(
        tmp_path, EPIDURAL, head={"hospital_name": "A", "last_updated_on": "7/1/2024", "version": "2"}, name="o.csv"
    )
    done = run(hospital(tmp_path, EPIDURAL), old, "--payer", "blue", out=out)
    assert "o.csv: last_updated_on: it is of 2024-07-01, h.csv of 2026-04-01. Give files of one year" in done.output
    assert not out.exists()


def test_two_files_of_one_import_say_one_thing_each(tmp_path: Path, out: Path) -> None:
    own = tmp_path / "own.csv"
    own.write_text("code,price,part,place\n62323,300,professional,hospital\n", encoding="utf-8")
    run(hospital(tmp_path, EPIDURAL), own, "--payer", "blue", out=out)
    (claim,) = of_market(out, "commercial")
    assert claim["percentiles"] == {10: 737.0, 50: 1639.0, 90: 3447.0}
    assert claim["yours"].endswith("own.csv:2, h.csv:4")


def test_a_treatment_without_codes_says_so(tmp_path: Path, out: Path) -> None:
    done = run(hospital(tmp_path, EPIDURAL), treatment="spinal_manipulation", out=out)
    assert "no code is known that spinal_manipulation is billed under" in done.output


@pytest.mark.parametrize("sample", sorted(FILES.glob("*.[cj]s*")), ids=lambda file: file.name)
def test_every_sample_is_imported_or_refused_in_words(sample: Path, out: Path) -> None:
    done = run(sample, treatment="lumbar_fusion", out=out)
    assert done.exit_code == 2  # none of them prices a fusion
    assert sample.name in done.output
    assert not out.exists()


def test_parts_of_different_plans_are_never_one_bill(tmp_path: Path, out: Path) -> None:
    rows = [
        EPIDURAL
        | {"plan_name": plan, "billing_class": part, "median_amount": "", "standard_charge|negotiated_dollar": usd}
        for plan, part, usd in (
            ("PPO", "facility", "1000"),
            ("PPO", "professional", "200"),
            ("HMO", "facility", "3000"),
            ("HMO", "professional", "400"),
        )
    ]
    run(hospital(tmp_path, *rows), "--payer", "blue", out=out)
    assert sorted(claim["value"] for claim in of_market(out, "commercial")) == [1200.0, 3400.0]


def test_a_possible_part_is_shown_with_its_price_and_not_counted(tmp_path: Path, out: Path) -> None:
    whole = EPIDURAL | {"billing_class": "both"}
    done = run(hospital(tmp_path, whole, whole | {"code|1": "72148"}), "--payer", "blue", out=out)
    assert "MRI of the lower back beforehand (CPT 72148: $437 to $3,147)" in done.output
    assert len(of_market(out, "commercial")) == 1
