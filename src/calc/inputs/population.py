"""The kinds of pain that natural courses, effects, recommendations and coverage tell apart."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

from pydantic import AfterValidator, Field

from .base import Fault, refuse

__all__ = ["KindOfPain", "Kinds"]


class KindOfPain(StrEnum):
    """What a back pain comes from, as far as one question can tell."""

    BACK_ALONE = "back_alone"
    NERVE_ROOT = "nerve_root"  # pain that runs into the leg
    FACET_JOINTS = "facet_joints"  # confirmed by test blocks
    NOT_SURE = "not_sure"


def _once(kinds: tuple[KindOfPain, ...]) -> tuple[KindOfPain, ...]:
    if len(set(kinds)) < len(kinds):
        refuse([Fault((), "a kind of pain stands twice in the list", "Name each once.")])
    return kinds


Kinds = Annotated[tuple[KindOfPain, ...], Field(min_length=1), AfterValidator(_once)]
