"""Text as people enter it → numbers, dates and pairs; what cannot be read is said in words."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

__all__ = ["LONGEST", "MONTHS", "EntryError", "date_in", "day_of_year", "dollars", "months_in", "pairs", "percent"]

#: how far one can look ahead
MONTHS = (1, 60)
#: characters that an entry may have
LONGEST = 4_000
_MOST_USD = 10_000_000


class EntryError(Exception):
    """An entry that cannot be; the message says so beside its field."""


def _number(text: str) -> float:
    plain = text.replace("$", "").replace(",", "").replace("%", "").replace(" ", "")
    if len(plain) > 20 or not re.fullmatch(r"[-+]?(\d+\.?\d*|\.\d+)", plain):
        raise EntryError(f"“{text[:30]}” is no number. Write digits, such as 1500.")
    return float(plain)


def dollars(text: str) -> float:
    """Return an amount in USD, from nothing to ten million."""
    value = _number(text)
    if "%" in text:
        raise EntryError("This is a percentage, and an amount in dollars is asked for.")
    if value < 0:
        raise EntryError("An amount cannot be below 0 dollars.")
    if value > _MOST_USD:
        raise EntryError(f"That is more than {_MOST_USD:,} dollars. Check the digits.")
    return value


def percent(text: str) -> float:
    """Return a percentage, 0 to 100."""
    value = _number(text)
    if "$" in text:
        raise EntryError("This is an amount, and a percentage is asked for.")
    if not 0 <= value <= 100:
        raise EntryError("A percentage lies between 0 and 100.")
    return value


def months_in(text: str) -> int:
    """Return whole months to look ahead."""
    value, (least, most) = _number(text), MONTHS
    if value != int(value) or not least <= value <= most:
        raise EntryError(f"Give whole months, {least} to {most}.")
    return int(value)


def date_in(text: str) -> date:
    """Return a date written year-month-day."""
    try:
        if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", text):
            raise ValueError
        return date.fromisoformat(text)
    except ValueError:
        raise EntryError(f"“{text[:30]}” is no date. Write year-month-day: 2027-03-01.") from None


def day_of_year(text: str) -> str:
    """Return a day of the year written month-day, up to the 28th."""
    if not re.fullmatch(r"(0[1-9]|1[0-2])-(0[1-9]|1\d|2[0-8])", text):
        raise EntryError(f"“{text[:30]}” is no day of the year up to the 28th. Write month-day: 01-01.")
    return text


def pairs(text: str) -> Iterator[tuple[str, str]]:
    """Yield paths and values, an equals sign between, one a line."""
    if len(text) > LONGEST:
        raise EntryError(f"This is longer than {LONGEST:,} characters.")
    for line in filter(None, map(str.strip, re.split(r"[\n;]", text))):
        path, equals, value = line.partition("=")
        if not equals or not path.strip() or not value.strip():
            what = f"“{line[:40]}” is not a path, an equals sign and a value."
            raise EntryError(f"{what} Write facet_nerve_ablation.relief=30.")
        yield path.strip(), value.strip()
