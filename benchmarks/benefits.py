"""How long a plan takes to split bills, against the same pass in plain numpy arithmetic without any rules.

Run it from the repository: ``python benchmarks/benefits.py``. Thirty services, 100,000 draws, twelve treatments. The
floor multiplies each service by a share and adds up what each side pays; it knows no deductible, no maximum, no
calendar and no coverage. Dates and prices differ from draw to draw; the plan year turns twice within the horizon.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from functools import partial
from statistics import median

import numpy as np

from calc.inputs.parameter import Category
from calc.model.benefits import adjudicate
from calc.model.ledger import CostSharing, Limit, Service, Terms
from measure import peak

SERVICES, DRAWS, TREATMENTS = 30, 100_000, 12
CATEGORIES = (Category.SPECIALIST_VISIT, Category.IMAGING, Category.OUTPATIENT_PROCEDURE, Category.THERAPY_VISIT)


def bills(draws: int, generator: np.random.Generator, *, mixed: bool) -> list[Service]:
    """Return dated services; ``mixed`` gives each draw an order of its own among neighbours."""
    wait = generator.uniform(0, 6, draws)
    every = np.ones(draws, dtype=bool)
    covered = generator.random(draws) < 0.8
    found = []
    for index in range(SERVICES):
        week = wait + 3.0 * index + (generator.uniform(0, 8, draws) if mixed else 0.0)
        allowed = generator.lognormal(6, 0.5, draws)
        category = CATEGORIES[index % len(CATEGORIES)]
        found.append(Service(f"item {index % 4}", category, week, allowed, allowed * 1.5, every, covered))
    return found


def plan(draws: int) -> Terms:
    """Return a plan with a copay, coinsurance, a deductible and a maximum."""
    full = np.ones(draws)
    zero = np.zeros(draws)
    copay = CostSharing(full * 40.0, zero, None, "maximum")
    share = CostSharing(zero, full * 0.2, "deductible", "maximum")
    sharing = {category: copay if category is Category.SPECIALIST_VISIT else share for category in CATEGORIES}
    limits = {"deductible": Limit(full * 1900, full * 1500), "maximum": Limit(full * 4000, full * 3500)}
    return Terms(draws, limits, sharing, {}, (6.0, 58.0), {}, {})


def plain(services: Sequence[Service], share: np.ndarray) -> tuple[np.ndarray, np.ndarray, dict[str, np.ndarray]]:
    """Return the two sides' totals and the patient's by item, by arithmetic alone."""
    patient, insurer = np.zeros(share.size), np.zeros(share.size)
    items = {service.item: np.zeros(share.size) for service in services}
    for service in services:
        mine = service.allowed * share
        patient += mine
        insurer += service.allowed - mine
        items[service.item] += mine
    return patient, insurer, items


def ratio(floor: Callable[[], object], job: Callable[[], object], times: int = 7) -> tuple[float, float, float]:
    """Return the median seconds of both, taken in turns, and the median of their ratio."""
    found = []
    for _ in range(times):
        moments = [time.perf_counter()]
        for each in (floor, job):
            each()
            moments.append(time.perf_counter())
        found.append((moments[1] - moments[0], moments[2] - moments[1]))
    return median(a for a, _ in found), median(b for _, b in found), median(b / a for a, b in found)


def main() -> None:
    generator = np.random.default_rng(0)
    terms, share = plan(DRAWS), np.full(DRAWS, 0.2)
    print(f"{SERVICES} services x {DRAWS:,} draws x {TREATMENTS} treatments")
    for order, mixed in (("one order of dates", False), ("each draw its own order of dates", True)):
        made = [bills(DRAWS, generator, mixed=mixed) for _ in range(TREATMENTS)]
        floor, rules, times = ratio(
            partial(_each, made, partial(plain, share=share)), partial(_each, made, partial(adjudicate, terms=terms))
        )
        print(f"{order:34s} plain {floor * 1000:7.0f} ms, plan {rules * 1000:7.0f} ms = {times:.1f} x")
    for draws in (DRAWS, 4 * DRAWS):
        most = peak(partial(adjudicate, bills(draws, generator, mixed=False), plan(draws)))
        print(f"memory beside the bills at {draws:,} draws {most:6.1f} MiB")


def _each(treatments: Sequence[Sequence[Service]], job: Callable[[Sequence[Service]], object]) -> None:
    for services in treatments:
        job(services)


if __name__ == "__main__":
    main()
