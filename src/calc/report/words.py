"""The sentences that go with numbers: the frame, how to read an interval, what is left out."""

from __future__ import annotations

from ..analysis.compare import Result
from ..inputs.claim import Market

__all__ = ["caption", "footer", "frame", "limits"]


def frame(result: Result) -> str:
    """Return perspective, plan, horizon, price year and draws in one paragraph."""
    inputs = result.inputs
    study = inputs.study
    return (
        f"What you pay yourself (out of pocket, US dollars of {study.price_year}) with the plan "
        f"“{inputs.plan.label}”, over {study.horizon} from {inputs.patient.decision_date.isoformat()}. {_cover(result)}"
        f"{caption(result)}"
    )


def _cover(result: Result) -> str:
    """Return what it means that a plan may refuse, unless nothing is insured anyway."""
    if result.inputs.plan.market is Market.CASH:
        return ""
    return (
        "What you pay if the plan pays and what you pay if it refuses are two figures, never one interval over both. "
    )


def caption(result: Result) -> str:
    """Return how to read every interval, for captions."""
    study = result.inputs.study
    return (
        f"Middle value, and in brackets the 5th to 95th percentile (90 % interval) of {study.draws:,} draws "
        f"(seed {study.seed}); it holds both what is not known and one person's luck. "
        f"A typical range is read as holding {round(study.range_coverage * 100)} % of cases."
    )


def limits() -> str:
    """Return, once and quietly, what the numbers leave out and are not."""
    return (
        "Left out: premiums, and from every total travel, unpaid time off and financing. "
        "A harm adds its cost where a source states one; where none does, its cost is left out. "
        "No discounting. "
        "Parameters are drawn independently of each other, except that one treatment's sources are believed "
        "together and everybody meets the same plan. "
        "Basis of a number: document = printed in one of the five documents; public = a cited publication; "
        "assumption = ours, with its reason; unknown = nobody states it; yours = your own. "
        "Not medical advice, and not a quote."
    )


def footer(result: Result) -> str:
    """Return the line under a figure: interval, plan, horizon, what it is not."""
    inputs = result.inputs
    return f"90 % intervals · plan: {inputs.plan.label} · {inputs.study.horizon} · not medical advice, not a quote"
