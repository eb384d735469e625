"""One hospital charge of one payer, in the fields that CSV and JSON share → an amount, or words."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal

from .opened import wrong
from .price import Basis, Spread, clean, usd_of

__all__ = ["read_charge"]

_COUNT = re.compile(r"0|1 through 10|[1-9]\d{0,9}")
_PERCENT = re.compile(r"\d{1,5}(\.\d{1,12})?")


def read_charge(cells: Mapping[str, object], where: str) -> tuple[Basis, Spread, str] | str:
    """Return what a payer pays: what it is, how much, and words about it; or only words, where it is no amount.

    Parameters
    ----------
    cells
        ``gross``, ``negotiated_dollar``, ``negotiated_percentage``, ``negotiated_algorithm``, ``median_amount``,
        ``10th_percentile``, ``90th_percentile``, ``count`` (version 3), ``estimated_amount`` (version 2) and
        ``methodology``, as the file has them; the rest may be missing.
    where
        The row, for messages.

    Raises
    ------
    ParameterFileError
        for a cell that is no figure where one should stand.
    """
    amounts = {name: usd_of(cells.get(name), where, name) for name in _AMOUNTS}
    if clean(cells.get("methodology") or "").lower() == "per diem":
        return "a price per day of the stay, and the file does not say how many days"
    allowed = _allowed(amounts, clean(cells.get("count") or ""), where)
    if allowed is not None:
        return allowed
    estimate, dollars, gross = (amounts[name] for name in ("estimated_amount", "negotiated_dollar", "gross"))
    if isinstance(estimate, float):
        return Basis.ESTIMATED, Spread.exact(estimate), "an average; how far bills lie from it is not stated"
    if isinstance(dollars, float):
        return Basis.AGREED, Spread.exact(dollars), ""
    percent = _percent(cells.get("negotiated_percentage"), where)
    of_charges = clean(cells.get("methodology") or "").lower() == "percent of total billed charges"
    if percent is not None and of_charges and isinstance(gross, float):
        said = f"{percent:g} % of the list price of {gross:,.2f}"
        return Basis.AGREED, Spread.exact(round(gross * percent / 100, 2)), said
    return _words(cells, amounts, percent)


_PERCENTILES = ("10th_percentile", "median_amount", "90th_percentile")
_AMOUNTS = (*_PERCENTILES, "estimated_amount", "negotiated_dollar", "gross")


def _allowed(amounts: Mapping[str, float | str | None], count: str, where: str) -> tuple[Basis, Spread, str] | None:
    """Return the percentiles of what was allowed, None where the row has none."""
    low, middle, high = (amounts[name] for name in _PERCENTILES)
    if not isinstance(middle, float):
        return None
    if count and not _COUNT.fullmatch(count):
        fix = "It should be 0, '1 through 10' or a whole number."
        raise wrong(where, "count", f"{count[:40]!r} is no count of bills", fix)
    few = "through" in count
    bills = None if count in ("", "0") else 1 if few else int(count)
    if not isinstance(low, float) or not isinstance(high, float):
        return Basis.ALLOWED, Spread(middle, middle, middle, bills, few), "the median alone, without its percentiles"
    if not low <= middle <= high:
        what = f"percentiles out of order: {low:,.2f}, {middle:,.2f}, {high:,.2f}"
        raise wrong(where, "10th_percentile", what, "The 10th is the lowest of the three, the 90th the highest.")
    return Basis.ALLOWED, Spread(low, middle, high, bills, few), ""


def _percent(value: object, where: str) -> float | None:
    text = str(value if value is not None else "").strip().removesuffix("%").strip()
    text = f"{value:f}" if isinstance(value, Decimal) and abs(value.adjusted()) < 40 else text
    if not text:
        return None
    if not _PERCENT.fullmatch(text):
        fix = "It should be a percentage such as 70.5."
        raise wrong(where, "negotiated_percentage", f"{clean(text, 40)!r} is no percentage", fix)
    return float(text)


def _words(cells: Mapping[str, object], amounts: Mapping[str, float | str | None], percent: float | None) -> str:
    """Return why a charge is no amount."""
    said = [f"{name}: {amount}" for name, amount in amounts.items() if isinstance(amount, str)]
    if algorithm := clean(cells.get("negotiated_algorithm") or "", 400):
        said.append(f'a rule in words, which is not computed: "{algorithm}"')
    if percent is not None:
        said.append(f"{percent:g} % of an amount that the row does not print")
    if clean(cells.get("count") or "") == "0":
        said.append("no bill in the hospital's year")
    return "; ".join(said) or "no amount"
