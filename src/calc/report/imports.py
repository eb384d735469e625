"""What an import of prices found, in words, and the overlay file that it leaves."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from pathlib import Path

from ..errors import Problem, RunError, SettingError
from ..exchange.bundled import Bill, ItemPrices, label_of
from ..exchange.imported import Imported
from ..exchange.price import Basis, Passed, Price, Spread
from ..inputs.bundle import Place
from ..inputs.claim import Market

__all__ = ["save_overlay", "told"]

_PLACES = {
    Place.OFFICE: "in an office",
    Place.SURGERY_CENTER: "at a surgery center",
    Place.HOSPITAL: "at a hospital",
    None: "wherever it is given",
}
_MOST_ROWS = 12


def save_overlay(text: str, file: Path) -> None:
    """Write an overlay file, whole or not at all.

    Raises
    ------
    SettingError
        if there is such a file already.
    RunError
        if it cannot be written.
    """
    fix = "Choose another with --out, or move it away."
    if file.exists():
        raise SettingError([Problem(str(file), "", "there is such a file already", fix)])
    part = file.with_name(f".{file.name}.{os.getpid()}")
    try:
        part.write_text(text, encoding="utf-8")
        part.replace(file)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise RunError(f"{file} could not be written: {error.strerror}. Check the folder and its rights.") from error


def told(found: Imported) -> str:
    """Return what was read, item by item, and what was not."""
    lines = [
        f"{each.file}: a {each.kind}; {each.publisher or 'yours'}, {each.dated or 'no date'}" for each in found.files
    ]
    lines += ["", *_items(found), *_passed(found), *_unused(found)]
    for each in found.files:
        lines += [f"{each.file}: {remark}" for remark in each.remarks]
    if found.payers and not found.asked.payer:
        lines += [f"Prices of payers are in the files too; name one with --payer: {', '.join(found.payers[:20])}."]
    return "\n".join(lines)


def _items(found: Imported) -> Iterator[str]:
    here = "at this hospital" if all(file.kind.startswith("hospital") for file in found.files) else ""
    for item in found.items:
        label = found.treatment.price[item.item].label
        payer = f"with {found.asked.payer} {found.asked.plan}".strip() if found.asked.payer else "by your own figures"
        whose = "cash price" if item.market is Market.CASH else payer
        for bill in item.bills:
            yield f"{label}, {here or _PLACES[bill.place]}, {whose}: {_amount(bill.spread, _kind(bill))}"
            yield from _parts(bill)
        if not item.bills:
            why = "; ".join(item.lacking) or "nothing in the files"
            yield f"{label}, {whose}: not priced, the study's own claims stay ({why})"
        elif item.lacking:
            yield f"  not priced elsewhere: {'; '.join(item.lacking)}"
        if item.bills and item.possible:
            yield f"  may be billed beside, not counted: {_possible(item)}"


def _kind(bill: Bill) -> str:
    allowed = any(entry.price is not None and entry.price.basis is Basis.ALLOWED for entry in bill.entries)
    return "bills" if allowed else "prices"


def _amount(spread: Spread, kind: str) -> str:
    if spread.low == spread.high:
        return _usd(spread.middle)
    many = "1 to 10" if spread.few else f"{spread.count:,}" if spread.count is not None else ""
    count = f", {many} {kind}" if many else ""
    ends = f"between {_usd(spread.low)} and {_usd(spread.high)} in 80 of 100 {kind}"
    return f"{ends}, half below {_usd(spread.middle)}{count}"


def _parts(bill: Bill) -> Iterator[str]:
    """Yield each part; parts are added percentile by percentile, as if a dear bill were dear in all of them."""
    for entry in bill.entries:
        if entry.price is None:
            said, kind = ["NOT IN THE FILE, filled from the study's own claims", entry.said], "prices"
        else:
            price = entry.price
            said = [str(price.basis), price.plan, price.said, entry.said, price.where]
            kind = "bills" if price.basis is Basis.ALLOWED else "prices"
        words = "; ".join(part for part in said if part)
        yield f"  {label_of(entry)}: {_amount(entry.spread, kind)} ({words})"


def _possible(item: ItemPrices) -> str:
    return ", ".join(f"{line.label} ({'/'.join(line.codes)}{_seen(prices)})" for line, prices in item.possible)


def _seen(prices: Sequence[Price]) -> str:
    """Return what the files ask for a part that is not counted."""
    if not prices:
        return ""
    low, high = min(price.spread.low for price in prices), max(price.spread.high for price in prices)
    return f": {_span(Spread(low, low, high))}"


def _span(spread: Spread) -> str:
    ends = (_usd(spread.low), _usd(spread.high))
    return ends[0] if spread.low == spread.high else " to ".join(ends)


def _usd(value: float) -> str:
    return f"${value:,.0f}" if value >= 100 else f"${value:,.2f}"


def _passed(found: Imported) -> Iterator[str]:
    """Yield the rows without an amount: the payer's that is asked for, and the cash price's."""
    rows = [each for file in found.files for each in file.passed if _bears(each, found)]
    if rows:
        yield "Rows that give no amount:"
    for each in rows[:_MOST_ROWS]:
        whose = f"{each.payer} {each.plan}".strip() or "no payer"
        yield f"  {each.where}: {each.code}, {whose}: {each.why}"
    if len(rows) > _MOST_ROWS:
        yield f"  and {len(rows) - _MOST_ROWS:,} more"


def _unused(found: Imported) -> Iterator[str]:
    if found.unused:
        yield "Prices that fit no part of the bill that is asked for:"
    for price in found.unused[:_MOST_ROWS]:
        said = [price.plan, f"modifier {'|'.join(sorted(price.modifiers))}" if price.modifiers else "", price.setting]
        where = ", ".join(part for part in (*said, str(price.part), str(price.place or "")) if part)
        yield f"  {price.where}: {price.code}, {_span(price.spread)} ({where})"
    if len(found.unused) > _MOST_ROWS:
        yield f"  and {len(found.unused) - _MOST_ROWS:,} more"


def _bears(row: Passed, found: Imported) -> bool:
    return not row.payer or found.asked.payer.casefold() in row.payer.casefold()
