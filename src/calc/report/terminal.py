"""The comparison as a page of text."""

from __future__ import annotations

from textwrap import fill

from ..analysis.compare import Result
from .tables import as_text, headline, unknowns_in_words
from .words import frame, limits

__all__ = ["printed"]


def printed(result: Result, *, width: int = 118) -> str:
    """Return the comparison of every view, what is not known, and the frame, as text."""
    parts = [fill(result.inputs.study.question, width), fill(frame(result), width)]
    for name, view in result.inputs.views.items():
        parts += [f"── {view.label} ──\n{fill(view.summary, width)}", as_text(headline(result, name), width=width)]
    gaps = unknowns_in_words(result)
    if not gaps.empty:
        parts += ["── What is not known ──", as_text(gaps, width=width)]
    return "\n\n".join([*parts, fill(limits(), width)])
