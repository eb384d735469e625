"""Payers' price files: rates by part and place, percentiles by a plain reference, memory that stays."""

from __future__ import annotations

import json
import tracemalloc
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from calc.errors import CalcError, ParameterFileError
from calc.exchange.payer_prices import read_payer_prices
from calc.exchange.price import Basis, Price, Spread
from calc.inputs.bundle import Part, Place

from .made import FILES, payer, rate

EPIDURAL = frozenset(["CPT 62323"])
ANYWHERE = settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])


def read(folder: Path, *rates: dict[str, Any]) -> list[Price]:
    return list(read_payer_prices(payer(folder, {"62323": rates}), EPIDURAL).prices)


def test_the_example_of_all_kinds_gives_what_can_be_paid_and_says_what_cannot() -> None:
    codes = frozenset(["CPT 27447", "CPT 99214", "CPT 97110", "CPT 80053", "CPT 99285", "RC 0200"])
    found = read_payer_prices(FILES / "tic_in_network_all_types.json", codes)
    assert {(price.code, price.part, price.place, price.spread.middle) for price in found.prices} == {
        ("CPT 99214", Part.PROFESSIONAL, Place.OFFICE, 150.0),
        ("CPT 27447", Part.PROFESSIONAL, Place.HOSPITAL, 8500.0),
        ("CPT 27447", Part.FACILITY, None, 12000.0),
        ("CPT 99285", Part.FACILITY, None, 2500.0),
    }
    assert {(each.code, each.why.split()[1]) for each in found.passed} == {
        ("CPT 97110", "percentage"),
        ("CPT 99285", "percentage"),
        ("RC 0200", "price"),
        ("CPT 80053", "amount"),
    }
    assert (found.publisher, str(found.dated)) == ("Comprehensive Health Insurance", "2024-01-15")


def test_allowed_amounts_out_of_network_count_each_bill(tmp_path: Path) -> None:
    text = (FILES / "tic_allowed_single.json").read_text("utf-8")
    file = tmp_path / "allowed.json"
    file.write_text(text.replace('"01", "02", "03"', '"11"'), encoding="utf-8")
    found = read_payer_prices(file, frozenset(["CPT 99214"]))
    assert {(price.basis, price.spread) for price in found.prices} == {(Basis.ALLOWED, Spread(25, 25, 25, 3))}
    assert found.kind.startswith("payer's price file, amounts allowed out of network")


def test_a_place_that_no_bundle_has_is_told() -> None:
    found = read_payer_prices(FILES / "tic_allowed_single.json", frozenset(["CPT 99214"]))
    assert [each.why for each in found.passed] == ["given at places that are no office, surgery center or hospital"]
    assert not found.prices


@ANYWHERE
@given(amounts=st.lists(st.integers(200, 900_000), min_size=1, max_size=60))
def test_percentiles_are_those_of_all_rates_sorted(tmp_path: Path, amounts: list[int]) -> None:
    (price,) = read(tmp_path, *[rate(cents / 100) for cents in amounts])
    wanted = np.quantile(np.array(amounts) / 100, [0.1, 0.5, 0.9], method="inverted_cdf")
    assert (price.spread.low, price.spread.middle, price.spread.high) == tuple(wanted)
    assert price.spread.count == len(amounts)


def test_a_fee_schedule_goes_before_the_negotiated_rate_of_the_same_thing_only(tmp_path: Path) -> None:
    found = read(
        tmp_path,
        rate(500),
        rate(300, negotiated_type="fee schedule"),
        rate(900, billing_class="institutional", service_code=[]),
    )
    assert {(price.part, price.spread.middle) for price in found} == {(Part.PROFESSIONAL, 300), (Part.FACILITY, 900)}


def test_places_of_service_tell_an_office_from_a_facility(tmp_path: Path) -> None:
    found = read(
        tmp_path, rate(250, service_code=["11"]), rate(100, service_code=["22", "24"]), rate(70, service_code=["12"])
    )
    assert {(price.place, price.spread.middle) for price in found} == {
        (Place.OFFICE, 250),
        (Place.HOSPITAL, 100),
        (Place.SURGERY_CENTER, 100),
    }
    (anywhere,) = read(tmp_path, rate(80, service_code=["CSTM-00"]))
    assert anywhere.place is None


def test_modifiers_and_settings_keep_rates_apart(tmp_path: Path) -> None:
    found = read(tmp_path, rate(250), rate(100, billing_code_modifier=["26"]), rate(90, setting="inpatient"))
    assert {(price.modifiers, price.setting) for price in found} == {
        (frozenset(), ""),
        (frozenset(["26"]), ""),
        (frozenset(), "inpatient"),
    }


def test_a_rate_that_ended_before_the_file_is_no_price(tmp_path: Path) -> None:
    file = payer(tmp_path, {"62323": [rate(250, expiration_date="2025-12-31"), rate(300)]})
    found = read_payer_prices(file, EPIDURAL)
    assert [price.spread.middle for price in found.prices] == [300]
    assert [each.why for each in found.passed] == ["rates that ended before the day of the file"]


def test_a_code_that_stands_after_its_rates_is_still_found(tmp_path: Path) -> None:
    whole = json.loads(payer(tmp_path, {"62323": [rate(250)], "97110": [rate(9)]}).read_text("utf-8"))
    whole["in_network"] = [dict(reversed(each.items())) for each in whole["in_network"]]
    file = tmp_path / "reversed.json"
    file.write_text(json.dumps(whole), encoding="utf-8")
    assert [price.spread.middle for price in read_payer_prices(file, EPIDURAL).prices] == [250]


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ({"negotiated_rate": "much"}, "in_network[0].negotiated_rates[0]: negotiated_rate: 'much' is no amount"),
        ({"billing_class": "x"}, "in_network[0].negotiated_rates[0]: billing_class: 'x' is no class of bill"),
        ({"expiration_date": "soon"}, "in_network[0].negotiated_rates[0]: expiration_date: 'soon' is no date"),
    ],
)
def test_a_wrong_value_is_told_with_its_place(tmp_path: Path, said: dict[str, str], told: str) -> None:
    with pytest.raises(ParameterFileError) as raised:
        read(tmp_path, rate(250) | said)
    assert told in str(raised.value)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (
            '{"reporting_entity_name": "Blue", "in_network": [{"billing_code": ',
            "The file ends too early: download it again",
        ),
        ('{"reporting_entity_name": "Blue",\n "in_network": [}', "x.json:2:"),
        ('{"reporting_entity_name": "Blue"}', "the file lists no prices. A payer's file has in_network"),
        ('{"in_network": 5}', "in_network: '5' stands where a list should be"),
        ('{"in_network": [5], "last_updated_on": "2026-04-01"}', "in_network[0]: an entry is no object"),
        ("[1, 2]", "a list stands where an object should be"),
        ('{"in_network": [' + '{"a": ' * 100_000, "in_network[0]: it is nested deeper than 40"),
        ('{"a": ' + "[" * 100_000, "one entry has more than 2,000,000 parts or 40 levels"),
        ('{"a": ' + "9" * 50_000 + "}", "a figure of more than 400 digits"),
        ('{"a": 1e' + "9" * 300 + "}", "a figure that is no number"),
        ('{"in_network": []}', "last_updated_on: '' is no date"),
    ],
)
def test_what_is_no_such_file_is_told(tmp_path: Path, text: str, told: str) -> None:
    file = tmp_path / "x.json"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(ParameterFileError) as raised:
        read_payer_prices(file, EPIDURAL)
    assert told in str(raised.value)


@ANYWHERE
@given(st.sampled_from(sorted(FILES.glob("tic*"))), st.data())
def test_a_spoiled_file_is_read_or_told_and_never_breaks_the_reader(
    tmp_path: Path, sample: Path, data: st.DataObject
) -> None:
    raw = bytearray(sample.read_bytes())
    for place in data.draw(st.lists(st.integers(0, len(raw) - 1), max_size=8)):
        raw[place] = data.draw(st.integers(0, 255))
    file = tmp_path / sample.name
    file.write_bytes(raw[: data.draw(st.integers(0, len(raw)))])
    try:
        read_payer_prices(file, frozenset(["CPT 27447", "CPT 99214"]))
    except CalcError as error:
        assert str(file) in str(error)


def test_memory_does_not_follow_the_length_of_the_file(tmp_path: Path) -> None:
    def most(times: int) -> int:
        rates = [rate(100 + number % 7) for number in range(times)]
        file = payer(tmp_path, {"62323": rates, "97110": rates})
        tracemalloc.start()
        read_payer_prices(file, EPIDURAL)
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return peak

    assert most(3_000) < most(300) + 200_000
