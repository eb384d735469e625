"""The shipped study, computed once for the tests that look at what is made of it."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from calc.analysis.compare import Result, compare

REPOSITORY = Path(__file__).resolve().parent.parent.parent
PARAMS = REPOSITORY / "params"
STUDY = "chronic_low_back_pain"


@cache
def shipped(draws: int = 1024, views: tuple[str, ...] = ("guideline", "clinic"), plan: str = "") -> Result:
    settings: dict[str, object] = {"study.draws": draws, "study.views": list(views)}
    return compare(STUDY, params=PARAMS, settings=settings | ({"study.plan": plan} if plan else {}))
