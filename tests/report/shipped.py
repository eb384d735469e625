"""The shipped study and its figures, computed and drawn once for the tests that look at them."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from calc.analysis.compare import Result, compare
from calc.report.figures.gallery import Slide, slides
from calc.report.save import slide_bytes

REPOSITORY = Path(__file__).resolve().parent.parent.parent
PARAMS = REPOSITORY / "params"
STUDY = "chronic_low_back_pain"


@cache
def shipped(draws: int = 1024, views: tuple[str, ...] = ("guideline", "clinic"), **files: str) -> Result:
    """Return the shipped study, with another ``plan`` or ``patient`` where one is named."""
    settings: dict[str, object] = {"study.draws": draws, "study.views": list(views)}
    return compare(
        STUDY, params=PARAMS, settings=settings | {f"study.{kind}": name for kind, name in files.items() if name}
    )


@cache
def stepped() -> Result:
    return compare("stepped_care", params=PARAMS, settings={"study.draws": 64})


@cache
def drawn(name: str) -> tuple[Slide, ...]:
    """The slides of one figure of the shipped study; whoever changes one draws their own."""
    return slides(shipped(), name)


@cache
def picture(name: str, form: str) -> bytes:
    """The first slide of a figure as a file."""
    return slide_bytes(drawn(name)[0], form)
