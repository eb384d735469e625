"""A printed line of a statement, whatever file it came in."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from ..inputs.parameter import Category

__all__ = ["AMOUNTS", "StatementLine", "Statements", "Status"]

#: what a statement prints of a line, USD; what is not printed is None, never 0
AMOUNTS = (
    "billed", "allowed", "plan_paid", "deductible", "copay", "coinsurance", "not_covered", "you_owe",
)  # fmt: skip


class Status(StrEnum):
    """What became of a line."""

    PROCESSED = "processed"
    DENIED = "denied"
    REVERSED = "reversed"
    CORRECTED = "corrected"


@dataclass(frozen=True)
class StatementLine:
    """One line as printed; ``amounts`` by the names in :data:`AMOUNTS`, with their signs.

    ``categories`` are the benefits that the line may fall under: one where the file or its code says
    so, several or none where somebody has to say. ``estimate`` names the letter that it stands in,
    ``treatment`` and ``item`` the price of a treatment that it quotes; empty where none is named.
    """

    where: str
    claim: str
    line: str
    day: date
    code: str
    categories: tuple[Category, ...]
    amounts: dict[str, float | None]
    status: Status = Status.PROCESSED
    in_network: bool = True
    description: str = ""
    days: float | None = None
    estimate: str = ""
    treatment: str = ""
    item: str = ""


@dataclass(frozen=True)
class Statements:
    """Lines in the order printed, and what to know about how they were read."""

    lines: tuple[StatementLine, ...]
    notes: tuple[str, ...] = field(default=())
