"""How long one plan takes to find in a file of as many rows as the marketplace's, and how much memory.

Run it from the repository: ``python benchmarks/plan_file.py``. The file is made up: 1,457,952 rows of 22,059 plan
variants, as the file of 2026 has, each row about as long as its rows; plain and zipped.
"""

from __future__ import annotations

import csv
import resource
import tempfile
import time
import zipfile
from itertools import cycle
from pathlib import Path

from calc.exchange.marketplace import CATEGORIES
from calc.exchange.table import Table, index_file, index_of, index_text, read_index

ROWS, PLANS = 1_457_952, 22_059
HEADER = [
    "BusinessYear",
    "StateCode",
    "IssuerId",
    "SourceName",
    "ImportDate",
    "StandardComponentId",
    "PlanId",
    "BenefitName",
    "CopayInnTier1",
    "CopayInnTier2",
    "CopayOutofNet",
    "CoinsInnTier1",
    "CoinsInnTier2",
    "CoinsOutofNet",
    "IsEHB",
    "IsCovered",
    "QuantLimitOnSvc",
    "LimitQty",
    "LimitUnit",
    "Exclusions",
    "Explanation",
    "EHBVarReason",
    "IsExclFromInnMOOP",
    "IsExclFromOonMOOP",
]


def write(file: Path) -> str:
    """Write the file; return the plan in its middle."""
    each = ROWS // PLANS + 1
    with file.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(HEADER)
        names = cycle(CATEGORIES)
        shares = ("$60.00", "", "Not Applicable", "Not Applicable", "", "100.00%", "Yes", "Covered")
        rest = ("", 'Says "a thing", at length; and another.', "", "No", "No")
        for number in range(ROWS):
            plan = f"{10_000 + number // each:05d}TX0010001"
            about = ("2026", "TX", plan[:5], "HIOS", "2025-08-20", plan, f"{plan}-01", next(names))
            limit = ("Yes", "35.0", "Visit(s) per Year") if number % 12 == 0 else ("No", "", "")
            writer.writerow((*about, *shares, *limit, *rest))
    return f"{10_000 + PLANS // 2:05d}TX0010001-01"


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        plain = Path(folder) / "benefits.csv"
        plan = write(plain)
        packed = plain.with_suffix(".zip")
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as into:
            into.write(plain, plain.name)
        print(f"{ROWS:,} rows, {plain.stat().st_size / 1e6:.0f} MB, zipped {packed.stat().st_size / 1e6:.0f} MB")
        for file in (plain, packed):
            table = Table(file)
            start = time.perf_counter()
            index = index_of(table, "PlanId")
            first = time.perf_counter() - start
            index_file(table).write_text(index_text(table, index), encoding="utf-8")
            start = time.perf_counter()
            rows = list(table.records("PlanId", plan, read_index(table)))
            again = time.perf_counter() - start
            print(f"{file.suffix}: first look {first:.1f} s, with its index {again:.2f} s, {len(rows)} rows")
    print(f"most memory: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")


if __name__ == "__main__":
    main()
