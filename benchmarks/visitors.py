"""Fifty visitors one after another on one page: whether the server grows, and their kernels go.

``python benchmarks/visitors.py [COUNT]``, on Linux, with Voilà, playwright and an installed Chromium.
Each visitor opens the page, enters a deductible, sees the answer change, and leaves. Printed are the
resident memory of the server alone, and of it with all its kernels, when the page is ready and nobody
there, and how many kernels run.
"""

from __future__ import annotations

import os
import statistics
import sys
import time
from pathlib import Path

from served import served


def children(pid: int) -> list[int]:
    found = []
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        for child in map(int, task.read_text().split()):
            found += [child, *children(child)]
    return found


def megabytes(pids: list[int]) -> float:
    total = 0
    for pid in pids:
        try:
            fields = Path(f"/proc/{pid}/statm").read_text().split()
        except OSError:
            continue
        total += int(fields[1]) * os.sysconf("SC_PAGE_SIZE")
    return total / 2**20


def settled(server: int, ready: int) -> tuple[float, float, int]:
    """Wait until as many kernels wait as were before, and none is busy; return memory and their number."""
    for _ in range(300):
        if len(kernels := children(server)) == ready:
            break
        time.sleep(0.2)
    time.sleep(6)
    kernels = children(server)
    return megabytes([server]), megabytes([server, *kernels]), len(kernels)


def main() -> None:
    count = int(sys.argv[1]) if sys.argv[1:] else 50
    waits = []
    with served(ready=2) as site:
        for turn in range(count + 1):
            page, seconds = site.opened("budget=4000")
            waits.append(seconds)
            box = page.get_by_label("Deductible, $", exact=True)
            box.fill(str(1000 + turn))
            box.press("Enter")
            page.wait_for_url(f"**deductible={1000 + turn}**")
            page.goto("about:blank")  # leaving tells the server; closing a tab by hand does so too
            page.close()
            if turn in (0, count // 2, count):
                alone, together, kernels = settled(site.pid, 2)
                when = "after the first" if turn == 0 else f"after {turn} more"
                print(f"{when:16} server {alone:.0f} MiB, with {kernels} kernels {together:.0f} MiB", flush=True)
    print(f"from the address to the first picture, median {statistics.median(waits):.1f} s")


if __name__ == "__main__":
    main()
