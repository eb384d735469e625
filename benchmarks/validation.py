"""Our model held against published trials: what they counted, beside what we say, with and without.

Run it from the repository: ``python benchmarks/validation.py`` prints the table, ``--write`` puts it into
docs/validation.md. The trials stand in tests/cases/trials.csv; a trial that gave a parameter its value is marked as
fitted, the others as predicted. "Inside" means that the published figure lies in our 90 % interval of what is not
known.
"""

from __future__ import annotations

import csv
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np

import calc
from calc.inputs.distribution import Vector
from calc.model.ranks import INTERVAL, quantiles
from calc.model.simulate import Simulated, simulate_views
from calc.units import DAYS_PER_WEEK, WEEKS_PER_YEAR

REPOSITORY = Path(__file__).resolve().parent.parent
TRIALS = REPOSITORY / "tests" / "cases" / "trials.csv"
PAGE = REPOSITORY / "docs" / "validation.md"
DRAWS = 4096
DEFINED = ("thirty", "fifty")
#: by the trial's mark, how its treated and its control arm stand
HOW = {
    "yes": ("fitted", "fitted"),
    "control": ("predicted", "fitted"),
    "effect": ("effect fitted", "effect fitted"),
    "no": ("predicted", "predicted"),
}
HEAD = """# Held against published trials

Made by `python benchmarks/validation.py --write`; a test holds it current. {draws:,} draws, the guideline's view.
*Fitted* trials gave a parameter its value, so they show that the model says what it was told; where the *effect* was
fitted, the level in both arms is predicted; *predicted* ones gave nothing. A trial's figure is "inside" where it lies
in our 90 % interval of what is not known (one person's luck left out). Misses stand as they are.
Where a trial counts relief by another rule than ours, its line says so: a stricter rule gives a lower share.

{inside} of {all} figures lie inside; of the {predicted} predicted ones {predicted_inside}.

**A treatment's share is the share whom it helps, whenever the trial looked; the model then lets relief end.** The last
column is the share still in relief in the very week of the trial, by the model. Where it is far below the trial's
figure, the model lets relief end too early, or the trial looked sooner than a patient who still waits for an
appointment could feel anything: of {dated} such figures, {dated_inside} lie inside by that stricter rule.

| option | pain | what | trial | ours (90 %) | | how | ours in that week |
| --- | --- | --- | --- | --- | --- | --- | --- |
"""


@dataclass(frozen=True)
class Line:
    """One published figure beside ours."""

    option: str
    kind: str
    what: str
    source: str
    published: float
    ours: float
    low: float
    high: float
    how: str
    then: float = np.nan

    @property
    def inside(self) -> bool:
        """Whether the published figure lies in our interval."""
        return self.low - 1e-9 <= self.published <= self.high + 1e-9


@cache
def simulated(kind: str, relief: str) -> dict[str, Simulated]:
    """Return every option for a kind of pain and a definition of relief, under the guideline's view."""
    laid = {"patient.kind_of_pain": kind, "study.relief": relief, "study.draws": DRAWS, "study.views": ["guideline"]}
    inputs = calc.load_study("chronic_low_back_pain", root=REPOSITORY / "params", settings=laid)
    return dict(simulate_views(inputs)["guideline"].treatments)


def spread(values: Vector) -> tuple[float, float, float]:
    """Return mean and interval of what is not known."""
    return (float(values.mean()), *quantiles(values, INTERVAL)) if np.isfinite(values).all() else (np.nan,) * 3


def counted(happens: np.ndarray) -> tuple[float, float, float]:
    """Return a share of people with the interval that a trial of 200 would have."""
    share, half = float(happens.mean()), 1.645 * float(np.sqrt(happens.mean() * (1 - happens.mean()) / 200))
    return share, share - half, share + half


def relieved(option: Simulated, row: dict[str, str]) -> tuple[float, float, float]:
    """Return the share in relief: of doing nothing at that week, of a treatment when it is judged."""
    leg = option.option.legs[0]
    if leg.effect.usual:
        return counted(option.events.in_relief_at(float(row["weeks"])))
    return spread(leg.treated.values)


def then(option: Simulated, row: dict[str, str]) -> float:
    """Return the share in relief in the week in which a trial judged a treatment; NaN of other figures."""
    if row["quantity"] != "share" or not row["weeks"] or np.isnan(relieved(option, row)[0]):
        return float("nan")
    return float(option.events.in_relief_at(float(row["weeks"])).mean())


def control(option: Simulated, row: dict[str, str]) -> tuple[float, float, float]:
    """Return the share in relief of those whom the trial compared with."""
    leg, was = option.option.legs[0], row["control_was"]
    plain = any(word in was for word in ("book", "usual", "guidelines", "conservative", "physical therapy"))
    return spread((leg.natural.share if plain else leg.sham).values)


def courses(option: Simulated, _row: dict[str, str]) -> tuple[float, float, float]:
    """Return the courses begun in the first year by those whom the first has helped."""
    events = option.events
    first = events.courses[0].start
    begun = np.array([(each.start < first + WEEKS_PER_YEAR) & np.isfinite(each.start) for each in events.courses]).sum(
        axis=0
    )
    helped = begun[events.path.helped & np.isfinite(first)].astype(float)
    return float(helped.mean()), *quantiles(helped, INTERVAL)


def again(option: Simulated, row: dict[str, str]) -> tuple[float, float, float]:
    """Return the share of those treated who have a second course within so many weeks."""
    first, *others = (each.start for each in option.events.courses)
    treated = np.isfinite(first)
    second = others[0] if others else np.full_like(first, np.inf)
    return counted((second[treated] - first[treated]) <= float(row["weeks"]))


def over_sham(option: Simulated, _row: dict[str, str]) -> tuple[float, float, float]:
    """Return how much more people are in relief than with a sham."""
    leg = option.option.legs[0]
    return spread(leg.treated.values - leg.sham.values)


def over_rehabilitation(option: Simulated, row: dict[str, str]) -> tuple[float, float, float]:
    """Return how much more people are in relief than with rehabilitation."""
    other = simulated(row["kind"], definition(row))["multidisciplinary_rehabilitation"].option.legs[0]
    return spread(option.option.legs[0].treated.values - other.treated.values)


def days_off(option: Simulated, _row: dict[str, str]) -> tuple[float, float, float]:
    """Return the days off work after the operation."""
    days = option.option.legs[0].own["off_work.desk"].values * DAYS_PER_WEEK
    return (float(np.median(days)), *quantiles(days, INTERVAL))


OURS: dict[str, Callable[[Simulated, dict[str, str]], tuple[float, float, float]]] = {
    "share": relieved,
    "share_with_sham": lambda option, _: spread(option.option.legs[0].sham.values),
    "gain": over_sham,
    "courses_per_year": courses,
    "share_of_starters": lambda option, row: counted(option.events.in_relief_at(float(row["weeks"]))),
    "repeat_within": again,
    "gain_over_rehabilitation": over_rehabilitation,
    "median_days_off_work": days_off,
}


def definition(row: dict[str, str]) -> str:
    """Return the definition of relief that stands for a trial's own."""
    return row["relief"] if row["relief"] in DEFINED else "thirty"


def lines() -> Iterator[Line]:
    """Yield every published figure beside ours."""
    with TRIALS.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            option = simulated(row["kind"], definition(row))[row["option"]]
            weeks = f" at {row['weeks']} weeks" if row["weeks"] else ""
            rule = f", {row['relief']}" if row["relief"] and row["relief"] not in DEFINED else ""
            words = f"{row['quantity'].replace('_', ' ')}{weeks}{rule}"
            by = row["source"] or row["citation"]
            how, control_how = HOW[row["fitted"]]
            own = (row["option"].replace("_", " "), row["kind"].replace("_", " "))
            ours = OURS[row["quantity"]](option, row)
            yield Line(*own, words, by, float(row["with"]), *ours, how, then(option, row))
            if row["control"]:
                what = f"without: {row['control_was']}{weeks}"
                yield Line(*own, what, by, float(row["control"]), *control(option, row), control_how)


def shown(value: float, what: str) -> str:
    """Return a figure as the table prints it."""
    if not np.isfinite(value):
        return "not known"
    return f"{value:.0f}" if "days" in what else f"{value:.2f}" if "courses" in what else f"{100 * value:.0f} of 100"


def table(found: list[Line]) -> str:
    """Return the page."""
    known = [line for line in found if np.isfinite(line.ours)]
    predicted = [line for line in known if line.how == "predicted"]
    dated = [line for line in known if np.isfinite(line.then)]
    held = sum(abs(line.published - line.then) <= max(line.high - line.low, 0.0) / 2 for line in dated)
    counts = {
        "dated": len(dated),
        "dated_inside": held,
        "inside": sum(line.inside for line in known),
        "all": len(known),
        "predicted": len(predicted),
    }
    text = HEAD.format(draws=DRAWS, predicted_inside=sum(line.inside for line in predicted), **counts)
    for line in found:
        figures = [shown(each, line.what) for each in (line.published, line.ours, line.low, line.high)]
        ends = f" ({figures[2].split(' ')[0]} to {figures[3].split(' ')[0]})" if np.isfinite(line.ours) else ""
        verdict = "inside" if line.inside else "MISS" if np.isfinite(line.ours) else "nobody knows"
        what = f"{line.what} ({line.source})"
        later = shown(line.then, line.what) if np.isfinite(line.then) else ""
        row = (line.option, line.kind, what, figures[0], figures[1] + ends, verdict, line.how, later)
        text += f"| {' | '.join(row)} |\n"
    return text


def main() -> None:
    page = table(list(lines()))
    print(page)
    if "--write" in sys.argv:
        PAGE.write_text(page, "utf-8")


if __name__ == "__main__":
    main()
