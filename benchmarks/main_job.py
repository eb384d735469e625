"""How long the main job takes, in one run on one machine: whole commands, and the model against its floor.

Run it from the repository: ``python benchmarks/main_job.py``. The floor is the sampling alone: as many
uniforms and log-normal quantiles, plainly drawn by numpy, as the study has parameters.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable

import numpy as np

from calc.inputs.load import load_study
from calc.model.simulate import simulate
from measure import seconds

STUDY = "chronic_low_back_pain"
DRAWS = 16_384


def command(*arguments: str) -> Callable[[], object]:
    return lambda: subprocess.run([sys.executable, "-m", "calc", *arguments], check=True, capture_output=True)  # noqa: S603


def main() -> None:
    for arguments in (("--help",), ("check",), ("compare", STUDY, "--draws", "4096"), ("compare", STUDY)):
        print(f"calc {' '.join(arguments):50s} {seconds(command(*arguments), 3):6.2f} s")
    inputs = load_study(STUDY, settings={"study.draws": DRAWS})
    view = next(iter(inputs.views))
    count = sum(len(treatment.parameters()) for treatment in inputs.treatments.values())
    generator = np.random.default_rng(0)
    floor = seconds(lambda: [generator.lognormal(size=DRAWS) for _ in range(count)])
    model = seconds(lambda: simulate(inputs, view))
    print(f"{count} parameters x {DRAWS:,} log-normals drawn by numpy   {floor * 1000:7.1f} ms")
    print(
        f"one view of {len(inputs.treatments)} treatments to outcomes {model * 1000:14.1f} ms = {model / floor:.1f} x"
    )


if __name__ == "__main__":
    main()
