"""What price files say, whatever their format: amounts of codes, and what could not be priced, in words."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from ..inputs.bundle import Part, Place
from ..units import Unit
from .opened import wrong

__all__ = ["Basis", "Passed", "Price", "PriceFile", "Spread", "clean", "code_of", "day_of", "listed_of", "usd_of"]

#: up to this a price stands for nothing: hospitals write 0, 0.01 or 1 where they have none
_NO_PRICE = 1.0
_AMOUNT = re.compile(r"\$? ?(\d{1,3}(,\d{3})+|\d{1,15})(\.\d{0,12})?")
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f]+")


class Basis(StrEnum):
    """What an amount is, in the words that a reader sees."""

    CASH = "cash price"
    ALLOWED = "what was allowed"  # of bills that were paid
    ESTIMATED = "the average that the hospital expects"
    AGREED = "the agreed price"
    OWN = "your own figure"


@dataclass(frozen=True)
class Spread:
    """The 10th, 50th and 90th percentile of an amount, USD; all three equal where it is one figure.

    ``count`` is how many bills or prices it is of, None where nobody says; ``few`` says that the file
    tells of 1 through 10 only, which count as one.
    """

    low: float
    middle: float
    high: float
    count: int | None = None
    few: bool = False

    @classmethod
    def exact(cls, value: float) -> Spread:
        """Return one figure as a spread."""
        return cls(value, value, value)


@dataclass(frozen=True)
class Price:
    """An amount of one code in one file.

    ``place`` is None where the file does not say, ``setting`` then is empty; ``payer`` is empty for
    a cash price. ``said`` is what a reader should know of the figure.
    """

    where: str
    code: str
    basis: Basis
    spread: Spread
    part: Part
    place: Place | None = None
    setting: str = ""
    modifiers: frozenset[str] = frozenset()
    payer: str = ""
    plan: str = ""
    said: str = ""


@dataclass(frozen=True)
class Passed:
    """An entry that gives no amount, and why, in words."""

    where: str
    code: str
    payer: str
    plan: str
    why: str


@dataclass(frozen=True)
class PriceFile:
    """What one file says about the codes that were asked for."""

    file: str
    kind: str
    publisher: str
    dated: date | None
    prices: tuple[Price, ...]
    passed: tuple[Passed, ...] = ()
    remarks: tuple[str, ...] = ()


def clean(text: object, most: int = 200) -> str:
    """Return a stranger's text in one line, short, without what could speak to a terminal."""
    line = " ".join(_CONTROL.sub(" ", str(text)).split())
    return line if len(line) <= most else f"{line[: most - 1]}…"


def code_of(kind: object, code: object) -> str:
    """Return a code with its list, as bundles write it.

    >>> code_of("hcpcs", "62323"), code_of("DRG", "1"), code_of("RC", "0360")
    ('CPT 62323', 'MS-DRG 001', 'RC 0360')
    """
    name, text = clean(kind).upper(), clean(code).upper()
    if name in ("CPT", "HCPCS"):
        return f"CPT {text}" if text[:1].isdigit() else f"HCPCS {text}"
    return f"MS-DRG {text.zfill(3)}" if name in ("DRG", "MS-DRG") else f"{name} {text}"


def listed_of(value: object) -> list[object]:
    """Return what stands where a list should: the list, nothing as none, anything else as the only entry."""
    return value if isinstance(value, list) else [] if value is None else [value]


def day_of(text: str, where: str, column: str) -> date:
    """Return a date written as 2026-04-01 or 4/1/2026.

    Raises
    ------
    ParameterFileError
        for anything else.
    """
    for form in ("%Y-%m-%d", "%m/%d/%Y"):
        try:
            return datetime.strptime(text.strip(), form).date()
        except ValueError:
            continue
    raise wrong(where, column, f"{clean(text, 40)!r} is no date", "It should be 2026-04-01 or 4/1/2026.")


def usd_of(value: object, where: str, column: str) -> float | str | None:
    """Return an amount in USD, None for an empty cell, or why it is no price, in words.

    Raises
    ------
    ParameterFileError
        for what is no amount at all.
    """
    text = str(value if value is not None else "").strip()
    if not text:
        return None
    plain = f"{value:f}" if isinstance(value, Decimal) and abs(value.adjusted()) < 40 else text
    if not _AMOUNT.fullmatch(plain):
        raise wrong(where, column, f"{clean(text, 40)!r} is no amount", "It should be dollars, such as 1250.50.")
    amount = float(plain.lstrip("$ ").replace(",", ""))
    if re.fullmatch(r"9{8,}", plain.partition(".")[0]):
        return f"{plain}: nines, which stand for an amount that cannot be known beforehand"
    if amount > Unit.USD.highest:
        what = f"{amount:,.0f} dollars, more than {Unit.USD.highest:,.0f}"
        raise wrong(where, column, what, "Check the figure: no bill of this kind is that high.")
    return f"a price of {amount:g}, which hospitals write for none" if amount <= _NO_PRICE else amount
