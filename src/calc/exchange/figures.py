"""Figures of a file as claims, and what was read as a plan's data: the common ground of every importer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

__all__ = ["Imported", "Origin", "left_out"]


@dataclass(frozen=True)
class Origin:
    """Where figures come from: a source that the library knows, else the user's own file, and its date."""

    source: str | None
    file: str = ""
    date: str = ""

    def of(self, file: Path, date: str = "") -> Origin:
        """Return the origin of what stands in a file: dated as its row says, else by the file's own date."""
        own = datetime.fromtimestamp(file.stat().st_mtime, tz=UTC).date().isoformat()
        return replace(self, file=file.name, date=date or own)

    def figure(
        self, label: str, unit: str, value: Decimal | float | None, section: str, row: int | str
    ) -> dict[str, Any]:
        """Return a parameter with one claim; None for a figure that the file leaves open."""
        place = f"{self.file}, row {row}" if isinstance(row, int) else f"{self.file}, {row}"
        dated = f"{place}, dated {self.date}" if self.date else place
        claim: dict[str, Any]
        if value is None:
            claim = {"reading": "unknown", "note": f"The file leaves it open: {section}, {dated}."}
        elif self.source is None:
            claim = {"yours": f"{section}, {dated}", "reading": "exact", "value": _plain(value)}
        else:
            claim = {"source": self.source, "section": section, "reading": "exact", "value": _plain(value)}
            claim |= {"evidence": "issuer's filing", "note": f"{dated}."}
        return {"label": label, "unit": unit, "claims": [claim]}


@dataclass(frozen=True)
class Imported:
    """A plan as its file's data, and what to tell: what was read how, and what the model does not hold."""

    data: Mapping[str, Any]
    notes: Sequence[str] = ()
    not_held: Sequence[str] = field(default_factory=tuple)


def _plain(value: Decimal | float) -> float | int:
    number = float(value)
    return int(number) if number.is_integer() else number


def left_out(not_held: Sequence[str]) -> str:
    """Return a sentence on how much of a file a plan leaves out, nothing where it holds all."""
    if not not_held:
        return ""
    return f" Not held here, of what the file says: {len(not_held)} thing{'s' if len(not_held) > 1 else ''}."
