"""A procedure code and where it was done → the benefits of a plan that it may fall under.

``codes.csv`` beside this is our reading of the public sections of CPT and HCPCS: the first range
that holds a code counts. Where a code alone does not settle the benefit it lists several, and
somebody has to say which; a file of one's own (``code,category``) goes before it.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping
from functools import cache
from importlib import resources
from pathlib import Path

from ..errors import ParameterFileError, Problem, did_you_mean
from ..inputs.cells import read_sheet
from ..inputs.parameter import Category

__all__ = ["categories_of", "read_codes"]

_CODE = re.compile(r"[A-Z]?\d{4,5}[A-Z]?")
#: CMS's place-of-service codes that settle what a doctor's line is
_PLACES = {
    "19": Category.OUTPATIENT_PROFESSIONAL,
    "21": Category.INPATIENT_PROFESSIONAL,
    "22": Category.OUTPATIENT_PROFESSIONAL,
    "20": Category.URGENT_CARE,
    "23": Category.EMERGENCY_ROOM,
    "24": Category.OUTPATIENT_PROFESSIONAL,
}


def read_codes(file: Path) -> Mapping[str, Category]:
    """Read which benefit a code falls under, in somebody's own words.

    Raises
    ------
    ParameterFileError
        listing every wrong row.
    """
    sheet = read_sheet(file, "the list of codes")
    if sheet.header != ("code", "category"):
        fix = "Give two columns: code,category."
        raise ParameterFileError([Problem(sheet.top, "", "this is no list of codes", fix)])
    problems, found = [], {}
    for _, where, cells in sheet.rows:
        code, text = cells.get("code", "").upper(), cells.get("category", "")
        if text not in tuple(Category):
            fix = did_you_mean(text, tuple(map(str, Category)))
            problems.append(Problem(where, "category", f"there is no category {text!r}", fix))
        else:
            found[code] = Category(text)
    if problems:
        raise ParameterFileError(problems)
    return found


def categories_of(code: str, *, place: str = "", institution: str = "") -> tuple[Category, ...]:
    """Return the benefits that a line may fall under, the likely ones of :data:`codes.csv`.

    Parameters
    ----------
    code
        CPT or HCPCS, without modifiers.
    place
        CMS's two-digit place of service, empty where not told.
    institution
        ``inpatient`` or ``outpatient`` for a hospital's own claim, empty for a doctor's.
    """
    if institution == "inpatient":
        return (Category.INPATIENT_FACILITY,)
    listed = next((each for first, last, each in _ranges() if _within(code.upper(), first, last)), ())
    several = Category.OUTPATIENT_PROCEDURE in listed
    if institution == "outpatient" and several:
        return (Category.OUTPATIENT_PROCEDURE,)
    if not institution and place in _PLACES and (several or place in ("21", "23") or not listed):
        return (_PLACES[place],)
    return listed


def _within(code: str, first: str, last: str) -> bool:
    alike = bool(_CODE.fullmatch(code)) and len(code) == len(first) and code[:1].isalpha() == first[:1].isalpha()
    return alike and (not first[:1].isalpha() or code[0] == first[0]) and first <= code <= last


@cache
def _ranges() -> tuple[tuple[str, str, tuple[Category, ...]], ...]:
    text = (resources.files("calc.exchange") / "codes.csv").read_text("utf-8")
    return tuple(
        (row["first"], row["last"], tuple(map(Category, row["categories"].split())))
        for row in csv.DictReader(text.splitlines())
    )
