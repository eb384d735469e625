"""A table of statements or estimates (CSV): a row a line, every wrong cell told at once."""

from __future__ import annotations

import re
from pathlib import Path

from ..errors import ParameterFileError, Problem, did_you_mean, listed
from ..inputs.cells import Cells, read_sheet
from ..inputs.parameter import Category
from .codes import categories_of
from .lines import AMOUNTS, StatementLine, Statements, Status

__all__ = ["read_table"]


COLUMNS = (
    "claim", "line", "date", "code", "category", *AMOUNTS, "status", "network", "description", "days", "place",
    "currency", "estimate", "treatment", "item",
)  # fmt: skip

#: what others call our columns, as in tables made of X12 835
_ALSO = {
    "claim_id": "claim", "claim_number": "claim", "line_number": "line", "service_date": "date", "date_of_service":
    "date", "procedure": "code", "procedure_code": "code", "cpt": "code", "billed_amount": "billed", "charge": "billed",
    "allowed_amount": "allowed", "paid": "plan_paid", "paid_amount": "plan_paid", "pr_1": "deductible",
    "pr_2": "coinsurance", "pr_3": "copay", "pr_96": "not_covered", "patient_responsibility": "you_owe",
    "you_may_owe": "you_owe", "service": "description",
}  # fmt: skip
#: whose and by whom, which is nobody's business here: never read, never kept
_PERSONAL = frozenset({
    "patient", "patient_name", "member", "member_id", "member_name", "name", "subscriber", "subscriber_id",
    "date_of_birth", "dob", "address", "phone", "email", "provider", "provider_name", "npi", "group", "group_number",
})  # fmt: skip
#: what an 835 table has that nothing is made of: the written-off part is billed less allowed
_UNUSED = frozenset({"modifiers", "modifier", "co_45"})

_STATUSES = {
    "": Status.PROCESSED, "processed": Status.PROCESSED, "paid": Status.PROCESSED, "1": Status.PROCESSED,
    "denied": Status.DENIED, "4": Status.DENIED,
    "reversed": Status.REVERSED, "reversal": Status.REVERSED, "void": Status.REVERSED, "22": Status.REVERSED,
    "corrected": Status.CORRECTED, "correction": Status.CORRECTED, "adjusted": Status.CORRECTED,
}  # fmt: skip
_NETWORK = {"": True, "in": True, "out": False}


def read_table(file: Path) -> Statements:
    """Read a CSV table; a row needs a date, a category or code, and what is billed or allowed.

    Raises
    ------
    ParameterFileError
        listing every wrong column and cell.
    """
    sheet = read_sheet(file, "the table")
    header = [_column(name) for name in sheet.header]
    if not {"date", "allowed", "billed", "you_owe", "plan_paid"} & set(header):
        what = f"this is no table of statements: its columns are {', '.join(sheet.header)}"[:200]
        fix = f"Give some of {', '.join(COLUMNS)}; at least date, a code or category, billed or allowed."
        raise ParameterFileError([Problem(sheet.top, "", what, fix)])
    problems = [
        Problem(sheet.top, shown, "there is no such column", did_you_mean(name, COLUMNS))
        for shown, name in zip(sheet.header, header, strict=True)
        if name not in COLUMNS and name not in _PERSONAL and name not in _UNUSED
    ]
    problems += [
        Problem(sheet.top, name, "this column stands twice", "Keep one.") for name in COLUMNS if header.count(name) > 1
    ]
    for needed in (("date",), ("code", "category"), ("billed", "allowed")):
        if not set(needed) & set(header):
            problems.append(Problem(sheet.top, needed[-1], "this column is missing", f"Give {listed(needed)}."))
    lines = []
    for _, where, cells in () if problems else sheet.rows:
        row = Cells(where, {_column(name): text for name, text in cells.items()})
        line = _line(row, file.stem)
        problems += row.problems
        if line is not None:
            lines.append(line)
    if not problems and not lines:
        problems.append(Problem(sheet.top, "", "the table holds no line", "Add a row for each."))
    if problems:
        raise ParameterFileError(problems)
    unread = sorted({shown for shown, name in zip(sheet.header, header, strict=True) if name in _PERSONAL})
    notes = [f"Columns that name somebody are not read: {', '.join(unread)}."] if unread else []
    return Statements(tuple(lines), tuple(notes))


def _column(name: str) -> str:
    """Return our name of a column, however it is spelled."""
    bare = re.sub(r"[^a-z0-9]+", "_", name.lower()).strip("_")
    return _ALSO.get(bare, bare)


def _line(row: Cells, letter: str) -> StatementLine | None:
    """Return a row as a line, None where a cell is wrong; ``letter`` names the file."""
    if not row.whole:
        return None
    day, categories = row.day("date"), _categories(row)
    amounts = {name: row.usd(name) for name in AMOUNTS}
    if row.text("currency").upper() not in ("", "USD", "US$", "$"):
        row.wrong("currency", f"{row.text('currency')!r} is another currency", "Give US dollars throughout.")
    if not row.text("allowed") and not row.text("billed"):
        row.wrong("allowed", "neither billed nor allowed is given", "Write what the plan allows, 0 if nothing.")
    status, in_network, days = row.one_of("status", _STATUSES), row.one_of("network", _NETWORK), row.days("days")
    if row.problems or day is None or status is None or in_network is None:
        return None
    return StatementLine(
        where=row.where,
        claim=row.text("claim"),
        line=row.text("line"),
        day=day,
        code=row.text("code"),
        categories=categories,
        amounts=amounts,
        status=status,
        in_network=in_network,
        description=row.text("description"),
        days=days,
        estimate=row.text("estimate") or letter,
        treatment=row.text("treatment"),
        item=row.text("item"),
    )


def _categories(row: Cells) -> tuple[Category, ...]:
    """Return the benefits that a row may fall under: the one it names, or those of its code."""
    if row.text("code") and not row.text("category"):
        return categories_of(row.text("code").partition("-")[0], place=row.text("place"))
    named = row.category("category")
    return () if named is None else (named,)
