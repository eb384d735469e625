"""How long each part of a study's decision analysis takes, beside the simulation itself, in one run.

Run it from the repository: ``python benchmarks/uncertainty.py [STUDY] [DRAWS]``. Everything is printed in seconds and
as a multiple of simulating the study under its views.
"""

from __future__ import annotations

import sys
import time

from calc.analysis.compare import compare
from calc.analysis.decisions import Decisions
from calc.analysis.table import tables_of
from calc.inputs.load import load_study
from calc.model.simulate import simulate_views


def main() -> None:
    study = sys.argv[1] if len(sys.argv) > 1 else "chronic_low_back_pain"
    settings = {"study.draws": int(sys.argv[2])} if len(sys.argv) > 2 else {}
    inputs = load_study(study, settings=settings)
    simulate_views(inputs)
    start = time.perf_counter()
    simulate_views(inputs)
    once = time.perf_counter() - start
    print(f"{study}, {inputs.study.draws:,} draws, {len(inputs.views)} views: simulated in {once:.2f} s")
    result = compare(study, settings=settings)
    everything = 0.0
    for name in ("averaged", "problems", *tables_of(Decisions)):
        start = time.perf_counter()
        getattr(result if name == "averaged" else result.decisions, name)
        spent = time.perf_counter() - start
        everything += spent
        print(f"{name:24s} {spent:7.2f} s {spent / once:7.1f} times")
    print(f"{'altogether':24s} {everything:7.2f} s {everything / once:7.1f} times")


if __name__ == "__main__":
    main()
