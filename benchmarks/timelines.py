"""What the curves cost beside the sampling of their event times, in one run on one machine.

Run it from the repository: ``python benchmarks/timelines.py``. Twelve treatments, 24 months, 131,072 draws:
drawing every parameter of the timelines and placing the events, against the curves made of them (the share in
relief and the share in each state at every week). The peak memory of the curves is that of numpy's arrays, at
105 weeks and at ten times as many.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from calc.inputs.load import StudyInputs, load_study
from calc.model.curves import share_in_relief, states_by_week
from calc.model.option import option_of
from calc.model.timeline import Timeline
from measure import peak, seconds

STUDY = "chronic_low_back_pain"
DRAWS = 131_072


def events_of(inputs: StudyInputs, view: str) -> list[Timeline]:
    options = [option_of(inputs, view, name) for name in inputs.options]
    return [option.events(tuple(option.walk())) for option in options]


def without_prices(inputs: StudyInputs) -> StudyInputs:
    """Return the study with nothing but its timelines to draw."""
    none = {"price": {}, "bills": {}, "bill": None}
    return replace(inputs, treatments={name: each.model_copy(update=none) for name, each in inputs.treatments.items()})


def main() -> None:
    inputs = without_prices(load_study(STUDY, settings={"study.draws": DRAWS}))
    weeks = np.arange(0.0, inputs.study.weeks + 1.0)
    for view in inputs.views:
        events = events_of(inputs, view)
        sampling = seconds(lambda view=view: events_of(inputs, view))  # type: ignore[misc]
        print(f"{view}: {len(events)} treatments x {DRAWS:,} draws, event times {sampling * 1000:8.0f} ms")
        for name, curve in (("share in relief", share_in_relief), ("share in each state", states_by_week)):
            taken = seconds(lambda events=events, curve=curve: [curve(each, weeks) for each in events])  # type: ignore[misc]
            print(f"  {name:20s} {taken * 1000:8.0f} ms = {taken / sampling:.2f} x the sampling")
        for times in (1, 10):
            grid = np.linspace(0.0, inputs.study.weeks, times * weeks.size)
            most = max(peak(lambda each=each, grid=grid: states_by_week(each, grid)) for each in events)  # type: ignore[misc]
            print(f"  states at {grid.size:5d} weeks: peak {most:6.1f} MiB ({DRAWS * 8 / 2**20:.0f} MiB is one vector)")


if __name__ == "__main__":
    main()
