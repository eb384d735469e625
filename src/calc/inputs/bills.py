"""Anyone's bills: a dated list of services, from CSV or a table, every wrong cell told at once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from ..errors import ParameterFileError, Problem, did_you_mean
from .cells import Cells, Sheet, read_sheet
from .parameter import Category

__all__ = ["Bill", "bills_of", "read_bills"]

NEEDED = ("date", "category", "allowed")
COLUMNS = (
    *NEEDED, "cash_price", "charge", "network", "covered", "description", "days", "visit", "claim", "line", "protected",
    "admitted",
)  # fmt: skip

_ALL_THREE = "All three are needed: 'date', 'category' and 'allowed'."
#: the network's tiers, 0 for out of it
_TIERS = {"": 1, "in": 1, "tier 1": 1, "tier 2": 2, "out": 0}
_YES = {"yes": True, "true": True, "no": False, "false": False}
#: None where the list does not say
_PERHAPS: Mapping[str, bool | None] = {"": None, **_YES}


@dataclass(frozen=True)
class Bill:
    """One service: its day, what the plan allows, what is charged and what it costs in cash, USD to the cent.

    Amounts below 0 take back a line of before. ``charge`` is None where the list gives none;
    ``days`` is how long a stay is, None where not given. ``tier`` is the network's, 0 out of network.
    ``visit``, ``claim`` and ``line`` name what the line belongs to, empty where not given; ``protected``
    says whether the federal rule on surprise bills covers it, ``admitted`` whether an emergency ended
    in the hospital; None where the list does not say.
    """

    row: int
    where: str
    day: date
    category: Category
    allowed: float
    cash_price: float
    charge: float | None
    tier: int
    covered: bool
    description: str
    days: float | None
    visit: str = ""
    claim: str = ""
    line: str = ""
    protected: bool | None = None
    admitted: bool | None = None

    @property
    def in_network(self) -> bool:
        """Whether the provider has a contract with the plan."""
        return self.tier > 0


def read_bills(file: Path) -> tuple[Bill, ...]:
    """Read a CSV list of services: a header, then a row a service.

    Raises
    ------
    ParameterFileError
        listing every wrong cell with its line.
    """
    return bills_of(read_sheet(file, "the list"))


def bills_of(sheet: Sheet) -> tuple[Bill, ...]:
    """Return the services of a list, in its order.

    Raises
    ------
    ParameterFileError
        listing every wrong column and cell.
    """
    names, top = list(sheet.header), sheet.top
    if names and not set(names) & set(NEEDED):
        what = f"this is no list of services: its columns are {', '.join(names)}"[:200]
        raise ParameterFileError([Problem(top, "", what, _ALL_THREE)])
    problems = [
        Problem(top, name, "there is no such column", did_you_mean(name, COLUMNS))
        for name in names
        if name not in COLUMNS
    ]
    problems += [
        Problem(top, name, "this column stands twice", "Keep one.") for name in COLUMNS if names.count(name) > 1
    ]
    missing = [name for name in NEEDED if name not in names]
    problems += [Problem(top, name, "this column is missing", _ALL_THREE) for name in missing]
    found = []
    for number, where, cells in () if missing else sheet.rows:
        row = Cells(where, cells)
        found.append(_bill(row, number))
        problems += row.problems
    if not found and not missing:
        problems.append(Problem(top, "", "the list holds no service", "Add a row for each."))
    if problems:
        raise ParameterFileError(problems)
    return tuple(bill for bill in found if bill is not None)


def _bill(row: Cells, number: int) -> Bill | None:
    """Return a row as a service, None where a cell is wrong."""
    if not row.whole:
        return None
    day, category = row.day("date"), row.category("category")
    allowed, cash, charge = (row.usd(name) for name in ("allowed", "cash_price", "charge"))
    if allowed is None and not row.text("allowed"):
        row.wrong("allowed", "the allowed amount is missing", "Write what the plan allows, 0 if nothing.")
    tier, covered = row.one_of("network", _TIERS), row.one_of("covered", {"": True, **_YES})
    protected, admitted = row.one_of("protected", _PERHAPS), row.one_of("admitted", _PERHAPS)
    days = row.days("days")
    if row.problems or day is None or category is None or allowed is None or tier is None or covered is None:
        return None
    price = next(each for each in (cash, charge, allowed) if each is not None)
    said, visit, claim, line = (row.text(name) for name in ("description", "visit", "claim", "line"))
    terms = (covered, said, days, visit, claim, line, protected, admitted)
    return Bill(number, row.where, day, category, allowed, price, charge, tier, *terms)
