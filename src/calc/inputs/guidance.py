"""What guidelines advise, how sure the evidence is, who approved a treatment, and whom it is for."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

from pydantic import AfterValidator

from .attributed import Attributed
from .base import Fault, Text, refuse
from .population import Kinds

__all__ = [
    "Approval",
    "ApprovalStatus",
    "Certainty",
    "Direction",
    "ForWhom",
    "Grade",
    "Recommendation",
    "SixWords",
    "Strength",
]

_MOST_WORDS = 6


class Direction(StrEnum):
    """What a guideline advises."""

    FOR = "for"
    AGAINST = "against"
    EITHER = "either"  # may be offered or left
    NONE = "none"  # it looked, and advises nothing


class Strength(StrEnum):
    """How strongly, in the words of GRADE."""

    STRONG = "strong"
    CONDITIONAL = "conditional"
    UNSTATED = "unstated"


class Grade(StrEnum):
    """How certain the evidence is, in the words of GRADE."""

    HIGH = "high"
    MODERATE = "moderate"
    LOW = "low"
    VERY_LOW = "very_low"


class ApprovalStatus(StrEnum):
    """How a treatment stands with the Food and Drug Administration."""

    APPROVED = "approved"
    CLEARED = "cleared"
    NOT_APPROVED = "not_approved"
    OFF_LABEL = "off_label"
    NOT_NEEDED = "not_needed"
    NOT_STATED = "not_stated"


class Recommendation(Attributed):
    """A guideline's advice for some kinds of pain."""

    kinds: Kinds
    direction: Direction
    strength: Strength


class Certainty(Attributed):
    """How certain the evidence about an effect is, and why."""

    kinds: Kinds
    grade: Grade
    reason: Text


class Approval(Attributed):
    """How a treatment stands with the Food and Drug Administration, in our words."""

    status: ApprovalStatus
    text: Text


def _brief(text: str) -> str:
    if (words := len(text.split())) > _MOST_WORDS:
        refuse([Fault((), f"{words} words", f"Say it in {_MOST_WORDS}: it stands in a column.")])
    return text


SixWords = Annotated[Text, AfterValidator(_brief)]


class ForWhom(Attributed):
    """Whom a treatment is for, in six words at most."""

    kinds: Kinds
    text: SixWords
