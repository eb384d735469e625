"""Files that tell of a plan → the plan, whichever format each is in."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from ..errors import ParameterFileError, Problem, did_you_mean
from .benefit_standard import plan_of_standard
from .fhir_plan import plan_of_fhir
from .figures import Imported, Origin
from .marketplace import kind_of, listed_plans, plan_of
from .table import Index, Record, Table, index_of, read_index

__all__ = ["imported_plan", "listing_of"]


def imported_plan(
    files: Sequence[Path],
    *,
    plan_id: str | None,
    year: int,
    sources: Iterable[str],
    keep: Callable[[Table, Index], None],
) -> Imported:
    """Return the plan that files tell of.

    Parameters
    ----------
    files
        The two marketplace files of CMS, each a CSV or a zip; or one JSON, a FHIR InsurancePlan or a
        Benefit Plan Standard document.
    plan_id
        Which plan, where a file tells of several: the HIOS number with its variant, such as ``12345TX0010001-01``.
    sources
        The names of the library's sources, of which ``cms_marketplace_YEAR`` is named where it is there.
    keep
        Takes the index of a large file, for the next time.

    Raises
    ------
    ParameterFileError
        for a file that is something else, and for everything in it that is not understood.
    """
    if len(files) == 1 and _looks_like_json(files[0]):
        return _of_json(files[0], year)
    tables = _tables_of(files)
    missing = [kind for kind in ("benefits", "attributes") if kind not in tables]
    if missing:
        other = {"benefits": "Benefits and Cost Sharing", "attributes": "Plan Attributes"}[missing[0]]
        raise ParameterFileError(
            [Problem(str(files[0]), "", f"the file {other} is missing", "A plan stands in both: give both files.")]
        )
    if plan_id is None:
        fix = "Add --plan-id; 'calc import plan FILE --list --state TX --search NAME' finds it."
        raise ParameterFileError([Problem(str(files[0]), "", "it is not said which plan", fix)])
    rows = {kind: _rows(table, plan_id, keep) for kind, table in tables.items()}
    origin = Origin(_source(year, sources))
    return plan_of(
        (tables["benefits"], rows["benefits"]), (tables["attributes"], rows["attributes"][0]), origin=origin, year=year
    )


def listing_of(files: Sequence[Path], *, state: str, metal: str, search: str, width: int) -> str:
    """Return the plans of a Plan Attributes file that fit, a line each, and how many they are.

    Raises
    ------
    ParameterFileError
    """
    tables = _tables_of(files)
    if "attributes" not in tables:
        fix = "Give the file Plan Attributes; it has a row for each plan."
        raise ParameterFileError([Problem(str(files[0]), "", "this file has no names of plans", fix)])
    lines = []
    for each in listed_plans(tables["attributes"], state=state, metal=metal, search=search):
        kind = f"{each['StateCode']} {each['MetalLevel']} {each['PlanType']}"
        who = each["IssuerMarketPlaceMarketingName"]
        lines.append(f"{each['PlanId']}  {kind:<26}  {each['PlanMarketingName']} ({who})"[:width])
    return "\n".join([*lines, f"{len(lines):,} plans."])


def _tables_of(files: Sequence[Path]) -> Mapping[str, Table]:
    """Return the marketplace files by what they are.

    Raises
    ------
    ParameterFileError
    """
    found: dict[str, Table] = {}
    for file in files:
        table = Table(file)
        kind = kind_of(table)
        if kind in found:
            fix = "Give Benefits and Cost Sharing once, and Plan Attributes once."
            raise table.wrong(1, "", f"{found[kind].file} is the same kind of file", fix)
        found[kind] = table
    return found


def _rows(table: Table, plan_id: str, keep: Callable[[Table, Index], None]) -> Sequence[Record]:
    """Return a plan's rows, by the index where there is one."""
    index = read_index(table)
    if index is None:
        index = index_of(table, "PlanId")
        keep(table, index)
    if plan_id not in index:
        fix = did_you_mean(plan_id, index) if len(index) < 100_000 else "Check the number."
        raise table.wrong(1, "PlanId", f"there is no plan {plan_id!r}", fix)
    return list(table.records("PlanId", plan_id, index))


def _source(year: int, sources: Iterable[str]) -> str | None:
    name = f"cms_marketplace_{year}"
    return name if name in sources else None


def _looks_like_json(file: Path) -> bool:
    try:
        with file.open("rb") as stream:
            return stream.read(200).lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in (b"{", b"[")
    except OSError:
        return False


def _of_json(file: Path, year: int) -> Imported:
    """Return the plan of a JSON file."""
    try:
        found: Any = json.loads(file.read_bytes().decode("utf-8-sig"))
    except ValueError as error:
        place = f"{file}:{getattr(error, 'lineno', 1)}:{getattr(error, 'colno', 1)}"
        problem = Problem(place, "", f"this is no JSON: {getattr(error, 'msg', error)}", "Download the file again.")
        raise ParameterFileError([problem]) from error
    origin = Origin(None).of(file)
    reader: Callable[[Mapping[str, Any], Path, Origin, int], Imported] | None = None
    if isinstance(found, dict) and found.get("resourceType") in ("InsurancePlan", "Bundle"):
        reader = plan_of_fhir
    elif isinstance(found, dict) and "benefits" in found and "accumulators" in found:
        reader = plan_of_standard
    if reader is not None:
        try:
            return reader(found, file, origin, year)
        except (AttributeError, KeyError, TypeError) as error:  # a list where the format has a mapping, or the like
            fix = "Check the document with its format's own validator, and export it again."
            what = f"a part of it has another shape than the format has ({error})"
            raise ParameterFileError([Problem(f"{file}:1:1", "", what, fix)]) from error
    keys = ", ".join(list(found)[:6]) if isinstance(found, dict) else "a list"
    seems = "a file of prices; try 'calc import prices'" if "in_network" in keys or "standard_charge" in keys else keys
    fix = "A plan comes as a FHIR InsurancePlan, or as Benefit Plan Standard JSON with accumulators and benefits."
    raise ParameterFileError([Problem(f"{file}:1:1", "", f"this is no plan; it seems to be {seems}", fix)])
