"""Prices of codes × a treatment's billing bundle → claims about its price items, each with file, row and date."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import product
from math import prod
from pathlib import Path
from typing import Any

import numpy as np

from ..inputs.bundle import BilledLine, Need, Part, Place
from ..inputs.claim import Claim, Market
from ..inputs.distribution import distribution
from ..inputs.parameter import Category, PriceItem
from ..inputs.treatment import Treatment
from ..units import Unit
from .price import Basis, Price, PriceFile, Spread

__all__ = ["Asked", "Bill", "ItemPrices", "claims_of", "codes_of", "item_prices", "label_of"]

#: more ways to add up one bill than this are no answer: the plan should be named
_MOST_BILLS = 40
_INPATIENT = (Category.INPATIENT_FACILITY, Category.INPATIENT_PROFESSIONAL)
_CASH = (Basis.CASH, Basis.OWN)


@dataclass(frozen=True)
class Asked:
    """Whose prices are wanted: a payer and plan (empty for the cash price), whose market, where."""

    payer: str = ""
    plan: str = ""
    market: Market | None = None
    setting: str = ""
    place: Place | None = None


@dataclass(frozen=True)
class Entry:
    """A figure for one line of the bill: from the file, or where ``price`` is None from the study's own claims."""

    line: BilledLine
    spread: Spread
    price: Price | None
    said: str


@dataclass(frozen=True)
class Bill:
    """One way in which an item's bill adds up; its parts as they were added.

    ``place`` is None where it adds up alike at several.
    """

    place: Place | None
    spread: Spread
    entries: tuple[Entry, ...]


@dataclass(frozen=True)
class ItemPrices:
    """What the files say of one price item in one market; without ``bills``, ``lacking`` says why.

    ``possible`` are lines that some such bills have beside, which no sum here holds, with their prices.
    """

    item: str
    market: Market
    bills: tuple[Bill, ...]
    lacking: tuple[str, ...]
    possible: tuple[tuple[BilledLine, tuple[Price, ...]], ...]


def codes_of(treatment: Treatment) -> frozenset[str]:
    """Return every code of a treatment's bundle."""
    return frozenset(code for lines in treatment.bundle.values() for line in lines for code in line.codes)


def item_prices(treatment: Treatment, files: Sequence[PriceFile], asked: Asked) -> Iterator[ItemPrices]:
    """Yield what the files say of each price item, as the cash price and as the payer's.

    The parts of a bill are added percentile by percentile, as if a dear bill were dear in all its
    parts. What a required part lacks is filled from the claims that the bundle has of it.
    """
    prices = [price for file in files for price in file.prices]
    for market, some in _by_market(prices, asked).items():
        for name, lines in treatment.bundle.items():
            yield _item(name, treatment.price[name], lines, some, market, asked)


def _by_market(prices: Sequence[Price], asked: Asked) -> Mapping[Market, list[Price]]:
    """Return the prices that are asked for, by whose they are."""
    found = {Market.CASH: [price for price in prices if price.basis in _CASH]}
    theirs = [price for price in prices if price.basis not in _CASH and _named(price, asked)]
    own = asked.market or (Market.COMMERCIAL if asked.payer else Market.CASH)
    if own is not Market.CASH:
        mine = [price for price in prices if price.basis is Basis.OWN]
        return {own: theirs + mine, Market.CASH: [each for each in found[Market.CASH] if each.basis is Basis.CASH]}
    return found


def _named(price: Price, asked: Asked) -> bool:
    def fits(name: str, wanted: str) -> bool:
        return wanted.casefold().replace("_", " ") in name.casefold()

    return bool(asked.payer) and fits(price.payer, asked.payer) and fits(price.plan, asked.plan)


def _item(
    name: str, item: PriceItem, lines: Sequence[BilledLine], prices: Sequence[Price], market: Market, asked: Asked
) -> ItemPrices:
    setting = asked.setting or ("inpatient" if item.category in _INPATIENT else "outpatient")
    some = [price for price in prices if price.setting in ("", "both", setting)]
    plans = {(price.payer, price.plan) for price in some if price.payer} or {("", "")}
    bills, lacking = list[Bill](), list[str]()
    for plan, place in product(sorted(plans), [asked.place] if asked.place else Place):
        there = [line for line in lines if place in line.places and line.need is Need.REQUIRED]
        of_plan = [price for price in some if not price.payer or (price.payer, price.plan) == plan]
        entries, missing = _entries(there, place, of_plan, market)
        if missing:
            lacking += missing
        elif entries:
            ways = prod(map(len, entries))
            if ways > _MOST_BILLS:
                lacking.append(f"{place}: {ways} ways to add up the bill; name the plan with --plan")
                continue
            bills += [Bill(place, _sum(way), way) for way in product(*entries)]
    possible = tuple((line, _seen(line, some)) for line in lines if line.need is Need.POSSIBLE)
    return ItemPrices(name, market, _alike(bills), tuple(dict.fromkeys(lacking)), possible)


def _seen(line: BilledLine, prices: Sequence[Price]) -> tuple[Price, ...]:
    return tuple(price for price in prices if price.code in line.codes and price.modifiers == line.modifiers)


def _alike(bills: Sequence[Bill]) -> tuple[Bill, ...]:
    """Return the bills with those that are the same at several places as one."""
    found: dict[object, Bill] = {}
    for bill in bills:
        key = (bill.spread, tuple((entry.price, entry.spread) for entry in bill.entries))
        found[key] = bill if key not in found else replace(found[key], place=None)
    return tuple(found.values())


def _entries(
    lines: Sequence[BilledLine], place: Place, prices: Sequence[Price], market: Market
) -> tuple[list[list[Entry]], list[str]]:
    """Return the figures for each line at a place, and what neither a file nor a claim prices.

    Both are empty where the files price no line at that place. One bill for both parts stands for
    all the lines of its code.
    """
    found, whole = list[tuple[BilledLine, list[Entry]]](), set[tuple[str, ...]]()
    for line in lines:
        both = _matching(line, place, prices, (Part.BOTH,))
        if both and line.codes not in whole:
            found.append((line, both))
        elif not both:
            found.append((line, _matching(line, place, prices, (line.part,))))
        if both:
            whole.add(line.codes)
    if not any(entries for _, entries in found):
        return [], []
    filled = [(line, entries or list(_filled(line, market))) for line, entries in found]
    missing = [f"{place}: no price of {line.label} ({', '.join(line.codes)})" for line, each in filled if not each]
    return [entries for _, entries in filled], missing


def _matching(line: BilledLine, place: Place, prices: Sequence[Price], parts: tuple[Part, ...]) -> list[Entry]:
    return [
        Entry(line, _times(price.spread, units), price, f"{units:g} units" if units != 1 else "")
        for price in prices
        if price.code in line.codes
        and price.part in parts
        and price.place in (None, place)
        and price.modifiers == line.modifiers
        for units in line.units
    ]


def _filled(line: BilledLine, market: Market) -> Iterator[Entry]:
    """Yield what the study's own claims say of a line that the files lack."""
    own = [claim for claim in line.claims if claim.market is market]
    for claim in own or [claim for claim in line.claims if claim.market is None]:
        values = distribution(claim, Unit.USD)(np.array([0.1, 0.5, 0.9]))
        low, middle, high = (round(float(value), 2) for value in values)
        for units in line.units:
            yield Entry(line, _times(Spread(low, middle, high), units), None, claim.source or claim.assumption or "")


def _times(spread: Spread, units: float) -> Spread:
    if units == 1:
        return spread
    low, middle, high = (round(each * units, 2) for each in (spread.low, spread.middle, spread.high))
    return replace(spread, low=low, middle=middle, high=high)


def _sum(entries: Sequence[Entry]) -> Spread:
    least = min(
        (each.spread for each in entries if each.price is not None and each.spread.count is not None),
        key=lambda spread: spread.count or 0,
        default=Spread.exact(0.0),
    )
    low, middle, high = (
        round(sum(each), 2)
        for each in zip(*((e.spread.low, e.spread.middle, e.spread.high) for e in entries), strict=True)
    )
    return replace(least, low=low, middle=middle, high=high)


def claims_of(found: ItemPrices, item: PriceItem, whose: str) -> list[dict[str, Any]]:
    """Return an item's claims as an overlay file has them: the imported ones, then the study's own of other markets.

    Parameters
    ----------
    found
        With at least one bill.
    item
        The study's own price item.
    whose
        The file, whose it is and of when; each claim adds its row.
    """
    claims = [_claim(bill, found.market, whose) for bill in found.bills]
    return claims + [_plain(claim) for claim in item.claims if claim.market is not found.market]


def _claim(bill: Bill, market: Market, whose: str) -> dict[str, Any]:
    rows = ", ".join(dict.fromkeys(Path(each.price.where).name for each in bill.entries if each.price is not None))
    claim: dict[str, Any] = {"yours": f"{whose}; {rows}"[:2000], "market": str(market), **_figures(bill.spread)}
    return claim | {"note": _note(bill)}


def _figures(spread: Spread) -> dict[str, Any]:
    if spread.low == spread.high:
        return {"reading": "exact", "value": spread.middle}
    figures: dict[str, Any] = {"reading": "percentiles"}
    figures["percentiles"] = {10: spread.low, 50: spread.middle, 90: spread.high}
    return figures | ({"count": spread.count} if spread.count is not None else {})


def _note(bill: Bill) -> str:
    parts = [_part(each) for each in bill.entries]
    where = f"At {_AT[bill.place]}" if bill.place else "Wherever it is given"
    return f"{where}: {'; '.join(parts)}."[:2000]


def _part(entry: Entry) -> str:
    said = [str(entry.price.basis), entry.price.said, _few(entry)] if entry.price is not None else [_FILLED]
    words = ", ".join(each for each in (*said, entry.said) if each)
    return f"{label_of(entry)} ({words})"


def label_of(entry: Entry) -> str:
    """Return what a figure is for: its line, or the whole bill of that code."""
    whole = entry.price is not None and entry.price.part is Part.BOTH
    return f"{entry.line.label.partition(',')[0]}, one bill for all parts" if whole else entry.line.label


def _few(entry: Entry) -> str:
    return "of 1 through 10 bills" if entry.spread.few else ""


_FILLED = "not in the file, filled from the study's own claims"
_AT = {Place.OFFICE: "an office", Place.SURGERY_CENTER: "a surgery center", Place.HOSPITAL: "a hospital"}


def _plain(claim: Claim) -> dict[str, Any]:
    return claim.model_dump(mode="json", exclude_defaults=True)
