"""Cash prices of US hospitals by code and state, from a list of single prices: what ``params/prices`` holds.

Run it from the repository on a list with the columns state, ccn, cpt, type and price_usd, such as
``../shared/samples/hospital_cash_prices.csv`` (taken out of nathansutton/hospital-price-transparency, 42c0ab1,
Apache License 2.0)::

    python benchmarks/hospital_cash.py LIST > params/prices/hospital_cash_2026.csv

Each hospital counts once. A price of a dollar or less stands for none and is left out, as is one of more than ten
million; percentiles are interpolated between hospitals. A state is listed with thirty hospitals or more.
"""

from __future__ import annotations

import sys
from pathlib import Path

import pandas as pd

FEWEST = 30
LOWEST, HIGHEST = 1.0, 10_000_000.0
EVERYWHERE = "United States"


def table(prices: pd.DataFrame) -> pd.DataFrame:
    """Return hospitals, 10th, 50th and 90th percentile and prices left out by code and state."""
    cash = prices[prices["type"] == "cash"]
    whole = pd.concat([cash.assign(state=EVERYWHERE), cash])
    rows = []
    for (code, state), some in whole.groupby(["cpt", "state"], sort=True):
        kept = some.loc[some["price_usd"].gt(LOWEST) & some["price_usd"].le(HIGHEST), "price_usd"]
        if len(kept) >= FEWEST:
            low, middle, high = (f"{value:.2f}" for value in kept.quantile([0.1, 0.5, 0.9]))
            rows.append((f"CPT {code}", state, len(kept), low, middle, high, len(some) - len(kept)))
    return pd.DataFrame(rows, columns=["code", "state", "hospitals", "p10", "p50", "p90", "left_out"])


def main(file: Path) -> None:
    prices = pd.read_csv(file, dtype={"cpt": str, "ccn": str, "state": str}, keep_default_na=False)
    sys.stdout.write(table(prices).to_csv(index=False, lineterminator="\n"))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
