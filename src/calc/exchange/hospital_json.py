"""A hospital's price file as JSON, versions 2 and 3, an item at a time."""

from __future__ import annotations

from pathlib import Path
from typing import IO, Any

from ..errors import ParameterFileError, Problem
from .charges import Charges, Header, Row
from .json_stream import Events
from .price import PriceFile, clean, listed_of

__all__ = ["read_json"]

_MOST_PROBLEMS = 50
_FIELDS = {
    "standard_charge_dollar": "negotiated_dollar",
    "standard_charge_percentage": "negotiated_percentage",
    "standard_charge_algorithm": "negotiated_algorithm",
    **{name: name for name in ("estimated_amount", "median_amount", "10th_percentile", "90th_percentile", "count")},
    "methodology": "methodology",
}
_ROW = {
    "setting": "setting",
    "billing_class": "billing_class",
    "gross_charge": "gross",
    "discounted_cash": "discounted_cash",
}


def read_json(stream: IO[bytes], file: Path, wanted: frozenset[str]) -> PriceFile:
    """Return what the file says about the wanted codes.

    Raises
    ------
    ParameterFileError
        with the place of whatever is wrong.
    """
    events = Events(stream, file)
    top: dict[str, str] = {}
    gathered = Charges(wanted)
    problems: list[Problem] = []
    listed = False
    for key in events.members():
        events.at = key
        if key == "standard_charge_information":
            listed = True
            _items(events, gathered, problems)
        elif key == "modifier_information":
            for first in events.items(key):
                _modifier(events.value(first), gathered, events)
        else:
            top[key] = _text(events.value())
    if problems:
        raise ParameterFileError(problems)
    if not listed:
        events.at = ""
        raise events.wrong("the file has no standard_charge_information", "A hospital's file lists its prices there.")
    return gathered.done(Header.of(top, str(file)), file.name, "hospital's price file, JSON")


def _text(value: Any) -> str:
    if isinstance(value, list):  # general_contract_provisions: one a payer
        said = [each.get("provisions", "") if isinstance(each, dict) else each for each in value]
        return " ".join(clean(each, 600) for each in said)
    return "" if isinstance(value, dict) else clean(value or "", 600)


def _items(events: Events, gathered: Charges, problems: list[Problem]) -> None:
    for first in events.items("standard_charge_information"):
        item = events.value(first)
        try:
            _item(item, gathered, events)
        except ParameterFileError as error:
            problems += error.problems
            if len(problems) >= _MOST_PROBLEMS:
                raise ParameterFileError(problems) from error


def _item(item: Any, gathered: Charges, events: Events) -> None:
    codes = [(each.get("type"), each.get("code")) for each in _objects(item, "code_information", events)]
    charges = _objects(item, "standard_charges", events)
    for number, charge in enumerate(charges):
        said = {name: charge.get(key) for key, name in _ROW.items()}
        said["modifiers"] = "|".join(map(clean, listed_of(charge.get("modifier_code"))))
        row = Row(f"{events.file}:{events.at}.standard_charges[{number}]", codes, said)
        if not gathered.wants(row):
            continue
        for payer in _objects(charge, "payers_information", events):
            fields = {name: payer.get(key) for key, name in _FIELDS.items()}
            gathered.add(row, str(payer.get("payer_name") or ""), str(payer.get("plan_name") or ""), fields)
        gathered.add_cash(row)


def _modifier(item: Any, gathered: Charges, events: Events) -> None:
    for payer in _objects(item, "modifier_payer_information", events):
        names = (clean(item.get("code")), clean(payer.get("payer_name")), clean(payer.get("plan_name")))
        gathered.add_modifier(*names, clean(payer.get("description"), 300))


def _objects(item: Any, key: str, events: Events) -> list[Any]:
    """Return the list of objects under a key of an item, empty where it is left out."""
    found = item.get(key) if isinstance(item, dict) else item
    found = [] if found is None and isinstance(item, dict) else found
    if not isinstance(found, list) or not all(isinstance(each, dict) for each in found):
        raise events.wrong(f"{key} is no list of objects")
    return found
