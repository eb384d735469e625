"""What an import of prices found, in words, and the overlay file that it leaves."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from ..errors import Problem, RunError, SettingError
from ..exchange.bundled import Bill, ItemPrices
from ..exchange.imported import Imported
from ..exchange.price import Basis, Passed
from ..inputs.bundle import Place
from ..inputs.claim import Market

__all__ = ["save_overlay", "told"]

_PLACES = {Place.OFFICE: "in an office", Place.SURGERY_CENTER: "at a surgery center", Place.HOSPITAL: "at this hospital"}
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
    lines = [f"{each.file}: a {each.kind}; {each.publisher or 'yours'}, {each.dated or 'no date'}" for each in found.files]
    lines += ["", *_items(found), *_passed(found)]
    for each in found.files:
        lines += [f"{each.file}: {remark}" for remark in each.remarks]
    if found.payers and not found.asked.payer:
        lines += [f"Prices of payers are in the files too; name one with --payer: {', '.join(found.payers[:20])}."]
    return "\n".join(lines)


def _items(found: Imported) -> Iterator[str]:
    for item in found.items:
        label = found.treatment.price[item.item].label
        whose = "cash price" if item.market is Market.CASH else f"{found.asked.payer} {found.asked.plan}".strip()
        for bill in item.bills:
            yield f"{label}, {whose or 'your own figures'}: {_bill(bill)}"
            yield from _parts(bill)
        if not item.bills:
            why = "; ".join(item.lacking) or "nothing in the files"
            yield f"{label}, {whose or 'your own figures'}: not priced, the study's own claims stay ({why})"
        elif item.lacking:
            yield f"  not priced elsewhere: {'; '.join(item.lacking)}"
        if item.bills and item.possible:
            yield f"  may be billed beside, not counted: {_possible(item)}"


def _bill(bill: Bill) -> str:
    place, spread = _PLACES[bill.place], bill.spread
    if spread.low == spread.high:
        return f"{place} {_usd(spread.middle)}"
    what = "bills" if any(each.price and each.price.basis is Basis.ALLOWED for each in bill.entries) else "prices"
    count = f", {spread.count:,} {what}" if spread.count is not None else ""
    ends = f"between {_usd(spread.low)} and {_usd(spread.high)} in 80 of 100 {what}"
    return f"{place}, {ends}, half below {_usd(spread.middle)}{count}"


def _parts(bill: Bill) -> Iterator[str]:
    for entry in bill.entries:
        if entry.price is None:
            yield f"  {entry.line.label}: NOT IN THE FILE, filled from the study's own claims ({_span(entry.spread)}; {entry.said})"
        else:
            said = [str(entry.price.basis), entry.price.plan, entry.price.said, entry.said, entry.price.where]
            yield f"  {entry.line.label}: {_span(entry.spread)} ({'; '.join(part for part in said if part)})"


def _possible(item: ItemPrices) -> str:
    return ", ".join(f"{line.label} ({'/'.join(line.codes)})" for line in item.possible)


def _span(spread: object) -> str:
    low, high = getattr(spread, "low", 0.0), getattr(spread, "high", 0.0)
    return _usd(low) if low == high else f"{_usd(low)} to {_usd(high)}"


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


def _bears(row: Passed, found: Imported) -> bool:
    return not row.payer or found.asked.payer.casefold() in row.payer.casefold()
