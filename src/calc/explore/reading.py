"""Text as people enter it → numbers, dates and pairs; what cannot be read is said in words."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime
from typing import TypeVar

__all__ = [
    "LONGEST",
    "MONTHS",
    "EntryError",
    "date_in",
    "day_of_year",
    "dollars",
    "dollars_each",
    "month_day",
    "months_in",
    "pairs",
    "percent",
]

T = TypeVar("T")

#: how far one can look ahead
MONTHS = (1, 60)
#: characters that an entry may have
LONGEST = 4_000
_MOST_USD = 10_000_000
_NUMBER = re.compile(r"[-+]?(\d{1,3}(,\d{3})+|\d+)?(\.\d*)?")
_WORDS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
#: dates as they are written here, month before day unless it has a name
_DATES = ("%Y-%m-%d", "%m/%d/%Y", "%m/%d/%y", "%B %d %Y", "%b %d %Y", "%d %B %Y", "%d %b %Y")


class EntryError(Exception):
    """An entry that cannot be; the message says so beside its field, and ``right`` is what of it can be kept."""

    def __init__(self, words: str, right: tuple[tuple[str, object], ...] | None = None) -> None:
        super().__init__(words)
        self.right = right


def _number(text: str) -> float:
    plain = re.sub(r"\$|%|\bpercent$|\bdollars?$|\busd$| ", "", text.strip(), flags=re.IGNORECASE)
    if len(plain) > 20 or not re.search(r"\d", plain) or not _NUMBER.fullmatch(plain):
        fix = "A comma parts thousands: 1,500." if re.fullmatch(r"[\d,.]+", plain) else "Write digits, such as 1500."
        raise EntryError(f"“{text[:30]}” is no number. {fix}")
    return float(plain.replace(",", ""))


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


def dollars_each(text: str, *, several: bool) -> float:
    """Return an amount in USD for one, of what may be said for several: ``8,500 for two injections``.

    ``several`` is whether what is priced can be billed more than once.
    """
    amount, said, count = re.sub(r"\s+", " ", text.strip()).partition(" for ")
    if not said:
        return dollars(text)
    first = count.split(" ")[0].lower()
    number = _WORDS.index(first) + 1 if first in _WORDS else int(first) if re.fullmatch(r"\d{1,2}", first) else 0
    if number < 1:
        raise EntryError(f"“{text[:40]}”: for how many? Write 8,500 for two injections.")
    if number > 1 and not several:
        raise EntryError("This price is billed once. Enter what you were quoted for all of it.")
    return dollars(amount) / number


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


def date_in(text: str, after: date) -> date:
    """Return a date as people write it; one without a year is the first such day after another."""
    plain = _plain_date(text)
    for each in ("", *(f" {year}" for year in range(after.year, after.year + 9))):
        found = _dated(plain + each) or _dated(plain + each.replace(" ", "/"))
        if found is not None and (not each or found > after):
            return found
    raise EntryError(f"“{text[:30]}” is no date. Write June 12, 2027 or 6/12/2027.")


def day_of_year(text: str) -> str:
    """Return a day of the year, up to the 28th, written month-day."""
    plain = _plain_date(text)
    found = _dated(f"2027-{plain}") or _dated(f"{plain} 2027") or _dated(f"{plain}/2027")
    if found is None or found.day > 28:
        raise EntryError(f"“{text[:30]}” is no day of the year up to the 28th. Write January 1 or 1/1.")
    return f"{found:%m-%d}"


def month_day(day: date) -> str:
    """Return a date as it is written here.

    >>> month_day(date(2027, 6, 12))
    'June 12, 2027'
    """
    return f"{day:%B} {day.day}, {day.year}"


def _plain_date(text: str) -> str:
    """Return a date without commas, points and endings of numbers."""
    plain = re.sub(r"[.,]", " ", text[:40])
    plain = re.sub(r"(\d)(st|nd|rd|th)\b", r"\1", plain, flags=re.IGNORECASE)
    return re.sub(r"\s+", " ", re.sub(r"\bsept\b", "Sep", plain, flags=re.IGNORECASE)).strip()


def _dated(text: str) -> date | None:
    for form in _DATES:
        try:
            found = datetime.strptime(text, form).date()
        except ValueError:
            continue
        if 2000 <= found.year < 2100:
            return found
    return None


def pairs(text: str, read: Callable[[str, str], T]) -> tuple[tuple[str, T], ...]:
    """Return paths, in their order, and what ``read`` makes of each and its value: one a line, an equals sign between.

    Of a path given twice the last counts.

    Raises
    ------
    EntryError
        naming each line that is wrong, with the others that are right.
    """
    if len(text) > LONGEST:
        raise EntryError(f"This is longer than {LONGEST:,} characters.")
    right: dict[str, T] = {}
    wrong = []
    lines = [(place, line.strip()) for place, line in enumerate(re.split(r"[\n;]", text), 1) if line.strip()]
    for place, line in lines:
        path, equals, value = (each.strip() for each in line.partition("="))
        try:
            if not (equals and path and value):
                what = f"“{line[:40]}” is not a path, an equals sign and a value."
                raise EntryError(f"{what} Write facet_nerve_ablation.relief=30.")
            right[path] = read(path, value)
        except EntryError as error:
            wrong.append(f"Line {place}: {error}" if len(lines) > 1 else str(error))
    if wrong:
        raise EntryError(" ".join(wrong), tuple(sorted(right.items())))
    return tuple(sorted(right.items()))
