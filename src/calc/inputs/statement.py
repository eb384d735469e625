"""What a source says that binds no parameter, and why: a recommendation, a word such as "rare", a bare count."""

from __future__ import annotations

from enum import StrEnum

from .base import Model, Number, Text

__all__ = ["Remark", "Statement"]


class NoNumber(StrEnum):
    """Why a statement binds no parameter."""

    CATEGORY = "category"  # a recommendation, a status, a kind: no quantity
    WORDS = "words"  # a quantity told in words, such as "rare": any number would be invented
    DIRECTION = "direction"  # better or worse, without a size
    NO_DENOMINATOR = "no_denominator"  # a count of cases without the number of people treated
    UNPRICED = "unpriced"  # an expense that is named without a price
    UNUSED = "unused"  # a figure that no outcome here is made of
    ELSEWHERE = "elsewhere"  # said of another condition, product or design of study


class Remark(Model):
    """What a source says that binds no parameter, in our words, and why it binds none.

    ``figures`` are those that the section prints all the same.
    """

    topic: Text
    section: Text
    says: Text
    no_number: NoNumber
    figures: tuple[Number, ...] = ()
    evidence: Text | None = None


class Statement(Remark):
    """A remark about one treatment, and whose it is."""

    source: Text
