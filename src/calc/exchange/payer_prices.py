"""A payer's price file (Transparency in Coverage), in-network or allowed amounts, streamed and filtered by code."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

from ..inputs.bundle import Part, Place
from .json_stream import Event, Events
from .opened import opened, wrong
from .price import Basis, Passed, Price, PriceFile, Spread, clean, code_of, day_of, listed_of, usd_of

__all__ = ["read_payer_prices"]

#: places of service by CMS's numbers; CSTM-00 stands for all of them
_PLACES = {"11": Place.OFFICE, "24": Place.SURGERY_CENTER} | dict.fromkeys(("19", "21", "22"), Place.HOSPITAL)
_CLASSES = {"professional": Part.PROFESSIONAL, "institutional": Part.FACILITY, "both": Part.BOTH}
#: lists of who gives a service can be longer than all else, and nothing here needs them
_WITHOUT = frozenset({"provider_references", "provider_groups", "npi"})
_MOST_WAITING = 1_000
_MOST_AMOUNTS = 500_000
_REFUSED = {
    "percentage": "a percentage of charges that the file does not print",
    "per diem": "a price per day of the stay, and the file does not say how many days",
    "derived": "an amount derived for the payer's own books, which nobody agreed on",
}


class _Key(NamedTuple):
    """What a rate is for."""

    code: str
    part: Part
    place: Place | None
    setting: str
    modifiers: frozenset[str]
    kind: str


@dataclass
class _Gathered:
    """Counts each amount by what it is for, so that memory follows the amounts that differ, not the file."""

    dated: date | None = None
    amounts: dict[_Key, Counter[float]] = field(default_factory=dict)
    first: dict[_Key, str] = field(default_factory=dict)
    passed: dict[tuple[str, str], Passed] = field(default_factory=dict)  # one of each kind
    seen: int = 0

    def add(self, key: _Key, amount: float, where: str, times: int = 1) -> None:
        counter = self.amounts.setdefault(key, Counter())
        self.seen += amount not in counter
        if self.seen > _MOST_AMOUNTS:
            raise wrong(where, "", f"more than {_MOST_AMOUNTS:,} different amounts", "Give the files one at a time.")
        counter[amount] += times
        self.first.setdefault(key, where)

    def refuse(self, code: str, why: str, where: str) -> None:
        self.passed.setdefault((code, why), Passed(where, code, "", "", why))


def read_payer_prices(file: Path, wanted: frozenset[str]) -> PriceFile:
    """Read a payer's file as downloaded, in one pass; memory does not follow its size.

    Each agreed rate of a code counts once, wherever it is agreed; their 10th, 50th and 90th percentile
    are given by part, place and modifiers. A rate of the kind "fee schedule" decides what the patient
    pays, and goes before the negotiated one. Fields by
    https://github.com/CMSgov/price-transparency-guide, schema 2.0.0 (and 1).

    Parameters
    ----------
    file
        JSON, plain, gzip or zip.
    wanted
        Codes as bundles write them, such as "CPT 62323".

    Raises
    ------
    ParameterFileError
        with the place of whatever is wrong.
    """
    top: dict[str, str] = {}
    found = _Gathered()
    listed = ""
    with opened(file) as stream:
        events = Events(stream, file)
        for key in events.members():
            events.at = key
            if key in ("in_network", "out_of_network"):
                listed = key
                found.dated = (
                    day_of(top["last_updated_on"], str(file), "last_updated_on") if "last_updated_on" in top else None
                )
                for first in events.items(key):
                    _item(events, first, wanted, found)
            elif key == "provider_references":
                events.skip()
            else:
                value = events.value()
                top[key] = "" if isinstance(value, dict | list) else clean(value or "")
    if not listed:
        fix = "A payer's file has in_network or out_of_network; a table of contents names the files that do."
        raise wrong(file, "", "the file lists no prices", fix)
    dated = day_of(top.get("last_updated_on", ""), str(file), "last_updated_on")
    return _file(file, listed, dated, top, found)


def _item(events: Events, first: Event, wanted: frozenset[str], found: _Gathered) -> None:
    """Take in one service: its rates one by one, or none of them where its code is not wanted."""
    if first[0] != "start_map":
        raise events.wrong("an entry is no object")
    at, said, waiting = events.at, dict[str, Any](), list[Any]()
    while (event := events.next())[0] != "end_map":
        name = event[1]
        if name not in ("negotiated_rates", "allowed_amounts"):
            if name in _SAID:
                said[name] = events.value()
            else:
                events.skip()
            continue
        known = "billing_code" in said and "billing_code_type" in said
        if known and _code(said) not in wanted:
            events.skip()
            continue
        for entry in events.items(f"{at}.{name}"):
            rate = events.value(entry, _WITHOUT)
            if known:
                _rate(rate, said, found, events)
            elif len(waiting) < _MOST_WAITING:
                waiting.append((events.at, rate))
            else:
                raise events.wrong("its billing_code stands after its rates, which are many", "It should stand before.")
    for place, rate in waiting if _code(said) in wanted else ():
        events.at = place
        _rate(rate, said, found, events)


_SAID = ("billing_code", "billing_code_type", "negotiation_arrangement")


def _code(said: Mapping[str, Any]) -> str:
    return code_of(said.get("billing_code_type", ""), said.get("billing_code", ""))


def _rate(rate: Any, said: Mapping[str, Any], found: _Gathered, events: Events) -> None:
    code, where = _code(said), f"{events.file}:{events.at}"
    arrangement = clean(said.get("negotiation_arrangement") or "ffs")
    if arrangement != "ffs":
        found.refuse(code, f"paid as {arrangement}, not by the service", where)
        return
    for price in _list(rate, "negotiated_prices", events):
        _negotiated(price, code, found, where)
    for payment in _list(rate, "payments", events):
        amount = usd_of(payment.get("allowed_amount"), where, "allowed_amount")
        bills = max(len(listed_of(payment.get("providers"))), 1)
        _keep({**rate, **payment}, code, "allowed", amount, found, where, bills)


def _negotiated(price: Mapping[str, Any], code: str, found: _Gathered, where: str) -> None:
    kind = clean(price.get("negotiated_type") or "negotiated").lower()
    if kind in _REFUSED:
        found.refuse(code, _REFUSED[kind], where)
        return
    amount = usd_of(price.get("negotiated_rate"), where, "negotiated_rate")
    ends = price.get("expiration_date")
    if ends and found.dated and day_of(str(ends), where, "expiration_date") < found.dated:
        found.refuse(code, "rates that ended before the day of the file", where)
        return
    _keep(price, code, kind, amount, found, where)


def _keep(
    price: Mapping[str, Any],
    code: str,
    kind: str,
    amount: float | str | None,
    found: _Gathered,
    where: str,
    times: int = 1,
) -> None:
    if not isinstance(amount, float):
        found.refuse(code, amount or "no amount", where)
        return
    part = _CLASSES.get(clean(price.get("billing_class") or "").lower())
    if part is None:
        fix = "It should be professional, institutional or both."
        raise wrong(where, "billing_class", f"{clean(price.get('billing_class'), 40)!r} is no class of bill", fix)
    modifiers = frozenset(clean(each).upper() for each in listed_of(price.get("billing_code_modifier")))
    setting = clean(price.get("setting") or "").lower()
    places = _places(listed_of(price.get("service_code")))
    if not places:
        found.refuse(code, "given at places that are no office, surgery center or hospital", where)
    for place in places:
        found.add(_Key(code, part, place, setting, modifiers, kind), amount, where, times)


def _places(codes: Sequence[Any]) -> set[Place | None]:
    """Return where a rate holds; a None in it is anywhere, and nothing means places of no interest here."""
    numbers = [clean(each).zfill(2) for each in codes]
    if not numbers or "CSTM-00" in numbers:
        return {None}
    return {_PLACES[each] for each in numbers if each in _PLACES}


def _list(item: Any, key: str, events: Events) -> list[Any]:
    found = (item.get(key) or []) if isinstance(item, dict) else None
    if not isinstance(found, list) or not all(isinstance(each, dict) for each in found):
        raise events.wrong(f"{key} is no list of objects")
    return found


def _file(file: Path, listed: str, dated: date, top: Mapping[str, str], found: _Gathered) -> PriceFile:
    payer = top.get("reporting_entity_name") or top.get("issuer_name") or ""
    kind = "agreed prices in the network" if listed == "in_network" else "amounts allowed out of network"
    remarks = ["Each agreed rate counts once, also of providers who never give the service; a rate is no bill."]
    return PriceFile(
        file.name,
        f"payer's price file, {kind}, schema {top.get('version') or 'not named'}",
        payer,
        dated,
        tuple(_prices(found, payer, top.get("plan_name", ""))),
        tuple(found.passed.values()),
        tuple(remarks if listed == "in_network" else ()),
    )


def _prices(found: _Gathered, payer: str, plan: str) -> Iterator[Price]:
    for key, counter in found.amounts.items():
        if key.kind == "negotiated" and key._replace(kind="fee schedule") in found.amounts:
            continue  # the fee schedule decides what the patient pays
        basis = Basis.ALLOWED if key.kind == "allowed" else Basis.AGREED
        said = "the fee schedule by which the patient's share is reckoned" if key.kind == "fee schedule" else ""
        code, part, place, setting, modifiers, _ = key
        yield Price(found.first[key], code, basis, _spread(counter), part, place, setting, modifiers, payer, plan, said)


def _spread(counter: Counter[float]) -> Spread:
    """Return the percentiles of amounts, each of which is one of them."""
    total = counter.total()
    reached, found = 0, list[float]()
    for amount, times in sorted(counter.items()):
        reached += times
        while len(found) < 3 and reached >= total * (0.1, 0.5, 0.9)[len(found)]:
            found.append(amount)
    low, middle, high = found
    return Spread(low, middle, high, total)
