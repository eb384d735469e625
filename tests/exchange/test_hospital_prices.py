"""Hospitals' price files: every layout says the same, every odd cell is read or told with its row and column."""

from __future__ import annotations

import csv
import io
import tracemalloc
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from calc.errors import CalcError, ParameterFileError
from calc.exchange.hospital_prices import read_hospital_prices
from calc.exchange.price import Basis, PriceFile, Spread
from calc.inputs.bundle import Part

from .made import EPIDURAL, FILES, HEAD, hospital, said

#: codes of CMS's example: an agreed price, an algorithm, a percentage, a case rate, a device, a price per day
EXAMPLE = frozenset(
    ["CPT 70551", "CPT 99283", "CPT 49505", "CPT 92626", "MS-DRG 470", "MS-DRG 786", "MS-DRG 001", "HCPCS C1785"]
)
ANYWHERE = settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])


def one(folder: Path, **cells: str) -> PriceFile:
    row = EPIDURAL | {name.replace("__", "|"): text for name, text in cells.items()}
    return read_hospital_prices(hospital(folder, row), frozenset(["CPT 62323"]))


def of_payers(read: PriceFile) -> list[tuple[Basis, Spread]]:
    return [(price.basis, price.spread) for price in read.prices if price.payer]


def test_tall_wide_and_json_of_one_example_say_the_same() -> None:
    tall, wide, objects = (
        read_hospital_prices(FILES / f"hpt_v3_{name}", EXAMPLE)
        for name in ("tall_example.csv", "wide_example.csv", "example.json")
    )
    assert len(tall.prices) > 12
    assert said(tall) == said(wide) == said(objects)
    assert {(each.code, each.payer, each.why) for each in tall.passed} == {
        (each.code, each.payer, each.why) for each in objects.passed
    }
    assert tall.dated == wide.dated == objects.dated


def test_tall_and_wide_of_version_2_say_the_same_though_one_is_not_utf_8() -> None:
    tall, wide = (read_hospital_prices(FILES / f"hpt_v2_{name}_example.csv", EXAMPLE) for name in ("tall", "wide"))
    assert said(tall) == said(wide)
    assert {price.basis for price in tall.prices} == {Basis.CASH, Basis.AGREED, Basis.ESTIMATED}


def test_percentiles_of_allowed_amounts_go_before_the_agreed_price(tmp_path: Path) -> None:
    (price,) = of_payers(one(tmp_path, standard_charge__negotiated_dollar="1000"))
    assert price == (Basis.ALLOWED, Spread(437, 1339, 3147, 2489))


def test_a_cash_price_listed_for_each_payer_is_one_price(tmp_path: Path) -> None:
    file = hospital(tmp_path, EPIDURAL, EPIDURAL | {"payer_name": "Red Plan"})
    read = read_hospital_prices(file, frozenset(["CPT 62323"]))
    assert [price.spread.middle for price in read.prices if price.basis is Basis.CASH] == [1600]
    assert {price.payer for price in read.prices} == {"Blue Plan", "Red Plan", ""}


BARE = {"median_amount": "", "10th_percentile": "", "90th_percentile": "", "count": ""}


@pytest.mark.parametrize(
    ("cells", "words"),
    [
        ({}, 'a rule in words, which is not computed: "lesser of charges and 2,000"'),
        ({"count": "0"}, "no bill in the hospital's year"),
        ({"standard_charge|negotiated_percentage": "70.5"}, "70.5 % of an amount that the row does not print"),
        ({"standard_charge|negotiated_dollar": "999999999"}, "nines, which stand for an amount"),
        ({"standard_charge|negotiated_dollar": "0.01"}, "a price of 0.01, which hospitals write for none"),
        (
            {"standard_charge|negotiated_dollar": "900", "standard_charge|methodology": "Per Diem"},
            "a price per day of the stay",
        ),
    ],
)
def test_what_is_no_amount_is_refused_with_the_words_shown(tmp_path: Path, cells: dict[str, str], words: str) -> None:
    file = hospital(tmp_path, EPIDURAL | BARE | cells)
    read = read_hospital_prices(file, frozenset(["CPT 62323"]))
    assert of_payers(read) == []
    (passed,) = read.passed
    assert words in passed.why
    assert passed.where == f"{file}:4"


@pytest.mark.parametrize(
    ("cells", "spread"),
    [
        ({"count": "1 through 10"}, Spread(437, 1339, 3147, 1, few=True)),
        ({"count": "0"}, Spread(437, 1339, 3147)),
        ({"10th_percentile": ""}, Spread(1339, 1339, 1339, 2489)),
        ({"median_amount": "$1,339.00"}, Spread(437, 1339, 3147, 2489)),
    ],
)
def test_counts_and_amounts_are_read_as_hospitals_write_them(
    tmp_path: Path, cells: dict[str, str], spread: Spread
) -> None:
    read = read_hospital_prices(hospital(tmp_path, EPIDURAL | cells), frozenset(["CPT 62323"]))
    assert of_payers(read) == [(Basis.ALLOWED, spread)]


def test_a_percentage_of_charges_is_taken_of_the_rows_own_list_price(tmp_path: Path) -> None:
    share = {"standard_charge|negotiated_percentage": "70.5", "standard_charge|gross": "4000"}
    row = EPIDURAL | BARE | share | {"standard_charge|methodology": "percent of total billed charges"}
    read = read_hospital_prices(hospital(tmp_path, row), frozenset(["CPT 62323"]))
    assert of_payers(read) == [(Basis.AGREED, Spread.exact(2820))]


def test_a_modifier_alone_on_a_row_is_never_a_price(tmp_path: Path) -> None:
    row = {"modifiers": "50|62", "payer_name": "Blue Plan", "standard_charge|negotiated_percentage": "150"}
    read = read_hospital_prices(hospital(tmp_path, EPIDURAL, row), frozenset(["CPT 62323"]))
    assert len(of_payers(read)) == 1
    assert any("modifier 50|62, Blue Plan : 150 % of the price" in each for each in read.remarks)


def test_a_code_of_another_list_is_another_code(tmp_path: Path) -> None:
    rows = [EPIDURAL | {"code|1": "451", "code|1|type": kind} for kind in ("RC", "APR-DRG", "MS-DRG")]
    read = read_hospital_prices(hospital(tmp_path, *rows), frozenset(["MS-DRG 451"]))
    assert {price.where.rpartition(":")[2] for price in read.prices} == {"6"}


def test_a_class_of_bill_says_whose_part_it_is(tmp_path: Path) -> None:
    assert {price.part for price in one(tmp_path, billing_class="Professional").prices} == {Part.PROFESSIONAL}
    silent = one(tmp_path)
    assert {price.part for price in silent.prices} == {Part.FACILITY}
    assert any("does not tell a physician's prices" in each for each in silent.remarks)


@ANYWHERE
@given(st.data())
def test_headers_may_stand_in_any_order_case_and_room(tmp_path: Path, data: st.DataObject) -> None:
    plain = (FILES / "hpt_v3_tall_example.csv").read_text("utf-8")
    top, below = list(csv.reader(io.StringIO(plain)))[:2], list(csv.reader(io.StringIO(plain)))[2:]
    order = data.draw(st.permutations(range(len(below[0]))))
    spaced = data.draw(st.sampled_from(["|", " | ", "  |"]))
    cased = data.draw(st.sampled_from([str.lower, str.upper, str.title]))
    ends = data.draw(st.lists(st.sampled_from(["\n", "\r\n"]), min_size=1, max_size=5))
    below[0] = [cased(spaced.join(part.strip() for part in name.split("|"))) for name in below[0]]
    text = "\ufeff" if data.draw(st.booleans()) else ""
    for number, row in enumerate([*top, *([cells[i] for i in order] for cells in below)]):
        line = io.StringIO()
        csv.writer(line, lineterminator="").writerow(row)
        text += line.getvalue() + ends[number % len(ends)]
    file = tmp_path / "moved.csv"
    file.write_bytes(text.encode())
    assert said(read_hospital_prices(file, EXAMPLE)) == said(
        read_hospital_prices(FILES / "hpt_v3_tall_example.csv", EXAMPLE)
    )


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("sample-bad-header.csv", ":2: last_updated_on: 'July 1 2024' is no date. It should be 2026-04-01"),
        ("sample-no-data.csv", ":4: there is no row below the header"),
        ("sample-lots-of-errors.csv", 2),
        ("sample-tall-mixed-line-endings.csv", 4),
        ("sample-tall-small-rows.csv", 4),
        ("sample-tall-valid.csv", 4),
        ("sample-valid-bom.json", 4),
        ("sample-wide-blank-headers.csv", 2),
        ("sample-wide-valid.csv", 4),
    ],
)
def test_every_sample_of_the_validator_is_read_or_refused_in_words(name: str, told: str | int) -> None:
    file = FILES / f"hptv_{name}"
    if isinstance(told, str):
        with pytest.raises(ParameterFileError) as raised:
            read_hospital_prices(file, EXAMPLE)
        assert f"{name}{told}" in str(raised.value)
    else:
        assert len(of_payers(read_hospital_prices(file, EXAMPLE))) == told


@pytest.mark.parametrize(
    ("cells", "told"),
    [
        ({"median_amount": "about 900"}, "h.csv:4: median_amount: 'about 900' is no amount. It should be dollars"),
        ({"median_amount": "-900"}, "h.csv:4: median_amount: '-900' is no amount"),
        ({"median_amount": "1e9"}, "h.csv:4: median_amount: '1e9' is no amount"),
        ({"median_amount": "9" * 300}, "h.csv:4: median_amount: '999999"),
        ({"median_amount": "12345678"}, "h.csv:4: median_amount: 12,345,678 dollars, more than 10,000,000"),
        ({"10th_percentile": "2000"}, "h.csv:4: 10th_percentile: percentiles out of order: 2,000.00, 1,339.00"),
        ({"count": "many"}, "h.csv:4: count: 'many' is no count of bills. It should be 0, '1 through 10'"),
        ({"setting": "garden"}, "h.csv:4: setting: 'garden' is no setting. It should be inpatient, outpatient"),
        ({"billing_class": "x"}, "h.csv:4: billing_class: 'x' is no class of bill. It should be professional"),
        ({"standard_charge|discounted_cash": "free"}, "h.csv:4: standard_charge|discounted_cash: 'free' is no"),
        (
            BARE | {"standard_charge|negotiated_percentage": "half"},
            "h.csv:4: negotiated_percentage: 'half' is no percentage. It should be a percentage such as 70.5",
        ),
    ],
)
def test_a_wrong_cell_is_told_with_its_row_its_column_and_what_is_right(
    tmp_path: Path, cells: dict[str, str], told: str
) -> None:
    with pytest.raises(ParameterFileError) as raised:
        read_hospital_prices(hospital(tmp_path, EPIDURAL | cells), frozenset(["CPT 62323"]))
    assert told in str(raised.value)


def test_all_wrong_rows_are_told_at_once(tmp_path: Path) -> None:
    rows = [EPIDURAL | {"median_amount": "x"}, EPIDURAL, EPIDURAL | {"count": "y"}]
    with pytest.raises(ParameterFileError) as raised:
        read_hospital_prices(hospital(tmp_path, *rows), frozenset(["CPT 62323"]))
    assert [problem.where.rpartition(":")[2] for problem in raised.value.problems] == ["4", "6"]


@pytest.mark.parametrize(
    ("head", "told"),
    [
        (HEAD | {"version": "1.1"}, ":2: version: version '1.1'. Versions 2 and 3 are read"),
        (HEAD | {"hospital_name": ""}, ":2: hospital_name: this value is missing"),
        ({"a": "b"}, ":2: last_updated_on: this value is missing"),
    ],
)
def test_a_header_that_is_none_is_told(tmp_path: Path, head: dict[str, str], told: str) -> None:
    with pytest.raises(ParameterFileError) as raised:
        read_hospital_prices(hospital(tmp_path, EPIDURAL, head=head), frozenset(["CPT 62323"]))
    assert told in str(raised.value)


@ANYWHERE
@given(st.sampled_from(sorted(FILES.glob("hpt*"))), st.data())
def test_a_spoiled_file_is_read_or_told_and_never_breaks_the_reader(
    tmp_path: Path, sample: Path, data: st.DataObject
) -> None:
    raw = bytearray(sample.read_bytes())
    for place in data.draw(st.lists(st.integers(0, len(raw) - 1), max_size=8)):
        raw[place] = data.draw(st.integers(0, 255))
    file = tmp_path / sample.name
    file.write_bytes(raw[: data.draw(st.integers(0, len(raw)))])
    try:
        read = read_hospital_prices(file, EXAMPLE)
    except CalcError as error:
        assert str(file) in str(error)
    else:
        assert all(0 < price.spread.low <= price.spread.middle <= price.spread.high for price in read.prices)


def test_memory_does_not_follow_the_length_of_the_file(tmp_path: Path) -> None:
    def most(rows: int) -> int:
        file = hospital(tmp_path, EPIDURAL, *[EPIDURAL | {"code|1": "99999"}] * rows)
        tracemalloc.start()
        read_hospital_prices(file, frozenset(["CPT 62323"]))
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return peak

    assert most(20_000) < most(500) + 200_000
