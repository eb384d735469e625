"""A payer's price file of any size: how long the import reads it, in how much memory, beside `cat`.

Run it from the repository: ``python benchmarks/price_files.py --megabytes 300`` (5,000 is the size of a real one). The
file is made in a folder for temporary files and removed: one service in fifty is of a billing bundle, and each has
rates of five hundred groups of providers. Memory is the most that the reading process held, as the system counts it.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from itertools import count
from pathlib import Path

from calc.exchange.bundled import codes_of
from calc.exchange.payer_prices import read_payer_prices
from calc.inputs.load import find_params, load_library

GROUPS = 500
HEAD = '{"reporting_entity_name": "Made", "last_updated_on": "2026-04-01", "version": "2.0.0", "in_network": ['


def service(number: int, codes: list[str]) -> str:
    """Return one service with its rates, as such files have them."""
    code = codes[number % len(codes)] if number % 50 == 0 else f"{80_000 + number % 10_000}"
    rates = [
        {
            "provider_references": [each, each + 1, each + 2],
            "negotiated_prices": [
                {
                    "negotiated_type": "negotiated",
                    "negotiated_rate": 100 + (number * 31 + each * 17) % 90_000 / 10,
                    "expiration_date": "9999-12-31",
                    "service_code": ["11", "22"],
                    "billing_class": "professional",
                    "setting": "outpatient",
                }
            ],
        }
        for each in range(GROUPS)
    ]
    named = {"negotiation_arrangement": "ffs", "billing_code_type": "CPT", "billing_code": code}
    return json.dumps({**named, "name": "Service", "description": "Made", "negotiated_rates": rates})


def pieces(codes: list[str], size: int) -> Iterator[str]:
    """Yield a file of at least ``size`` characters."""
    written = len(HEAD)
    yield HEAD
    for number in count():
        text = service(number, codes)
        written += len(text) + 2
        yield text
        if written >= size:
            break
        yield ", "
    yield "]}"


def make(file: Path, megabytes: int) -> None:
    treatments = load_library(find_params()).treatments.values()
    codes = sorted(
        code.removeprefix("CPT ") for each in treatments for code in codes_of(each) if code.startswith("CPT")
    )
    with file.open("w", encoding="utf-8") as stream:
        stream.writelines(pieces(sorted(set(codes)), megabytes * 1_000_000))


def read(file: Path) -> None:
    """Read a file and print what was found, the seconds, and the most memory of this process."""
    treatment = load_library(find_params()).treatments["epidural_steroid_injection"]
    started = time.perf_counter()
    found = read_payer_prices(file, codes_of(treatment))
    seconds = time.perf_counter() - started
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    rates = sum(price.spread.count or 0 for price in found.prices)
    print(f"import{seconds:10.1f} s{most:10.0f} MiB   {rates:,} rates of {len(found.prices)} kinds")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--megabytes", type=int, default=300)
    parser.add_argument("--read", type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.read:
        read(given.read)
        return
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "in_network.json"
        make(file, given.megabytes)
        print(f"{file.stat().st_size / 1e6:,.0f} MB")
        started = time.perf_counter()
        with Path("/dev/null").open("wb") as nowhere:
            subprocess.run(["/bin/cat", file], stdout=nowhere, check=True)  # noqa: S603  a file of our own
        print(f"cat   {time.perf_counter() - started:10.1f} s", flush=True)
        subprocess.run([sys.executable, __file__, "--read", file], check=True)  # noqa: S603  this script


if __name__ == "__main__":
    main()
