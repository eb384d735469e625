"""A batch as its user sees it: the plan, one bar in a terminal or plain lines elsewhere, the table of runs."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterable

from tqdm import tqdm

from .kernels import SLOWER, can_fork
from .runner import Finished, How, Plan

__all__ = ["Watch", "plan_words", "verdict"]

Say = Callable[[str], object]


def span(seconds: float) -> str:
    """Return a stretch of time in words.

    >>> span(4.2), span(95), span(7400)
    ('4.2 s', '1 min 35 s', '2 h 3 min')
    """
    if seconds < 10:
        return f"{seconds:.1f} s"
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    minutes, rest = divmod(whole, 60)
    return f"{minutes} min {rest} s" if minutes < 60 else f"{minutes // 60} h {minutes % 60} min"


def plan_words(plan: Plan, how: How, *, jobs: int) -> list[str]:
    """Return the plan, line by line: how many, how long by what was measured, where to."""
    todo = len(plan.to_do)
    lines = [
        f"{plan.grid.batch.label}: {len(plan.scenarios)} scenarios, {len(plan.tasks)} runs of "
        f"{plan.grid.notebook.name}, {len(plan.there)} of them there already.",
        f"Where to: {plan.place.at('')}/",
    ]
    if todo and plan.seconds_each is not None:
        expected = span(plan.seconds_each * -(-todo // jobs))
        lines.append(f"About {expected}: a run took {span(plan.seconds_each)} here, {jobs} at a time.")
    elif todo:
        lines.append("How long is not known: no run of this batch was measured here yet.")
    if todo and not can_fork() and not how.ordinary:
        lines.append(SLOWER)
    return lines


class Watch:
    """Shows runs as they end; ``terminal`` decides between a bar and lines.

    ``verbose`` adds to the bar a line a run, and to the lines those of runs that were there already.
    """

    def __init__(self, plan: Plan, say: Say, *, terminal: bool, verbose: bool = False) -> None:
        self.plan, self.say, self.verbose = plan, say, verbose
        self.counts: Counter[str] = Counter()
        self.began = time.monotonic()
        self.bar = tqdm(total=len(plan.tasks), unit="run", desc=plan.grid.name[:30]) if terminal else None

    def through(self, runs: Iterable[Finished]) -> list[Finished]:
        """Take every run as it ends and return them all."""
        ended = []
        try:
            for each in runs:
                ended.append(each)
                self.show(each)
        finally:
            if self.bar is not None:
                self.bar.close()
        return ended

    def show(self, each: Finished) -> None:
        """Show one run that ended."""
        outcome = each.outcome
        self.counts[outcome.state] += 1
        count, total = sum(self.counts.values()), len(self.plan.tasks)
        made = count - self.counts["cached"]
        if self.bar is not None:
            self.bar.update()
            if outcome.state == "failed" or self.verbose:
                tqdm.write(_line(each))
            return
        if outcome.state == "cached":
            if self.verbose:
                self.say(_line(each))
            return
        passed = time.monotonic() - self.began
        left = f", {span(passed / made * (total - count))} left" if count < total else ""
        self.say(f"[{count}/{total}{left}] {_line(each)}")


def _line(each: Finished) -> str:
    outcome = each.outcome
    more = f" and {len(each.names) - 1} more" if len(each.names) > 1 else ""
    name = each.names[0] if len(each.names[0]) <= 80 else f"{each.names[0][:79]}…"
    if outcome.state == "cached":
        return f"there already: {name}{more}"
    if outcome.good or outcome.state == "stopped":
        return f"{outcome.state} in {span(outcome.seconds)}: {name}{more}"
    where = f" in cell {outcome.cell}" if outcome.cell else ""
    return f"failed{where}: {name}{more}: {outcome.error}"


def verdict(plan: Plan, ended: Iterable[Finished]) -> list[str]:
    """Return what became of a batch: the failures with cell and error, then the counts."""
    every = list(ended)
    lines = []
    failed = [each for each in every if not each.outcome.good]
    if failed:
        lines += ["", f"{'run':14s}{'cell':>5s}  scenario: error"]
    for each in failed[:200]:
        outcome = each.outcome
        cell = str(outcome.cell) if outcome.cell else "–"
        lines.append(f"{outcome.run:14s}{cell:>5s}  {each.names[0][:80]}: {outcome.error or outcome.state}")
    if len(failed) > 200:
        lines.append(f"… and {len(failed) - 200} more, all in runs.csv")
    counts = Counter(each.outcome.state for each in every)
    words = ", ".join(f"{counts[state]} {state}" for state in ("done", "cached", "failed", "stopped") if counts[state])
    lines.append(f"{words}. The results are in {plan.place.at('')}/ (open {plan.place.at('index.html')})")
    return lines
