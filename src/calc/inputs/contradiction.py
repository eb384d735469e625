"""A contradiction that somebody read out of the sources: who says what, on what it bears, how it is handled.

Those that arithmetic can find are found (see :mod:`calc.analysis.contradictions`); a file of these
tells what numbers cannot: words against words, and why a finding is handled as it is.
"""

from __future__ import annotations

from enum import StrEnum

from pydantic import Field

from .base import Model, Number, Text

__all__ = ["BearsOn", "Contradiction", "Side"]


class BearsOn(StrEnum):
    """What a contradiction makes uncertain."""

    COST = "cost"
    TIME = "time"
    RESPONSE = "response"
    HARM = "harm"
    COVERAGE = "coverage"
    EVIDENCE = "evidence"
    ELIGIBILITY = "eligibility"


class Side(Model):
    """What one source says at one place, in our words; ``figures`` are those that it prints there."""

    source: Text
    section: Text
    says: Text
    figures: tuple[Number, ...] = ()


class Contradiction(Model):
    """Sides that cannot all be true, or a gap between what one page says in two places.

    ``parameters`` are the dotted paths (``stem_cell_injection.relief``) that it is about;
    ``handled`` says what the model does with it.
    """

    topic: Text
    bears_on: tuple[BearsOn, ...] = Field(min_length=1)
    parameters: tuple[Text, ...] = ()
    sides: tuple[Side, ...] = Field(min_length=1)
    size: Text | None = None
    handled: Text
