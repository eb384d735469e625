"""How long a sweep takes by the scenario, and whether its memory grows with their number.

Run it from the repository: ``python benchmarks/sweep.py [SCENARIOS]``. Twelve treatments, two views, 4,096 draws; plans
differ in deductible and maximum, quotes in one price. One process, so that its time is that of one core.
"""

from __future__ import annotations

import resource
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from calc.batch.grid import open_grid
from calc.batch.sweep import sweep

REPOSITORY = Path(__file__).resolve().parent.parent
QUOTES = 10


def grid_of(scenarios: int, *, quotes: int) -> dict[str, Any]:
    return {
        "label": "A benchmark",
        "study": "chronic_low_back_pain",
        "set": {"draws": 4096, "plan.out_of_pocket_maximum": 9000},
        "axes": {
            "plan.deductible": [10 * place for place in range(scenarios // quotes)],
            "stem_cell_injection.price.injection": [2000 + 500 * place for place in range(quotes)],
        },
    }


def main() -> None:
    scenarios = int(sys.argv[1]) if len(sys.argv) > 1 else 200
    for count, quotes in ((scenarios // 4, QUOTES), (scenarios, QUOTES), (scenarios // 4, 1)):
        grid = open_grid(grid_of(count, quotes=quotes), params=REPOSITORY / "params")
        with tempfile.TemporaryDirectory() as folder, ThreadPoolExecutor(1) as pool:
            began, before = time.perf_counter(), time.process_time()
            sweep(grid, Path(folder) / "out.csv", executor=pool)
            seconds, processor = time.perf_counter() - began, time.process_time() - before
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(
            f"{count:6d} scenarios, {quotes:3d} quotes to a plan: {1000 * seconds / count:6.1f} ms each, "
            f"processor {1000 * processor / count:6.1f} ms each, most memory so far {peak:6.0f} MiB"
        )


if __name__ == "__main__":
    main()
