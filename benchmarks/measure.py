"""How benchmarks measure: seconds by the clock, and the most memory of a job."""

from __future__ import annotations

import time
import tracemalloc
from collections.abc import Callable
from statistics import median

__all__ = ["peak", "seconds"]


def seconds(job: Callable[[], object], times: int = 5) -> float:
    """Return the median seconds of a job that has been done once before."""
    job()
    found = []
    for _ in range(times):
        started = time.perf_counter()
        job()
        found.append(time.perf_counter() - started)
    return median(found)


def peak(job: Callable[[], object]) -> float:
    """Return the most memory that a job takes, MiB."""
    tracemalloc.start()
    job()
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return most / 2**20
