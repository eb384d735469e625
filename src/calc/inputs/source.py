"""A source: one of the documents, or an outside publication; who says it, when, and who checked it."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Annotated

from pydantic import StringConstraints, model_validator

from .base import Day, Fault, Model, Stretch, Text, Year, refuse
from .statement import Remark

__all__ = ["Source", "SourceKind", "Stance"]


class Stance(StrEnum):
    """Where a source stands; a view says which stances it believes."""

    GUIDELINE = "guideline"
    CLINIC = "clinic"
    EDITORIAL = "editorial"
    NEWS = "news"
    PUBLIC_DATA = "public_data"


class SourceKind(StrEnum):
    """A document of the study's own five, or a publication from outside with its citation."""

    DOCUMENT = "document"
    PUBLICATION = "publication"


class Source(Model):
    """One source. ``published`` and ``updated`` are null where the page prints no date.

    ``follow_up`` is how long a study watched its people; ``statements`` are what the source says
    that concerns none of the treatments alone.
    """

    kind: SourceKind
    title: Text
    publisher: Text | None
    stance: Stance
    published: Day | None = None
    updated: Day | None = None
    year: Year | None = None
    review: Text | None = None
    sha256: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")] | None = None
    citation: Text | None = None
    url: Text | None = None
    follow_up: Stretch | None = None
    statements: tuple[Remark, ...] = ()
    note: Text | None = None

    @model_validator(mode="after")
    def _cited(self) -> Source:
        faults = []
        if self.kind is SourceKind.PUBLICATION and self.citation is None:
            fix = "Add 'citation': author or publisher, title, year."
            faults.append(Fault((), "a publication without a citation", fix))
        if self.kind is SourceKind.DOCUMENT and self.sha256 is None:
            fix = "Add the sha256 of the document's file."
            faults.append(Fault((), "a document without its sha256", fix))
        refuse(faults)
        return self

    @property
    def dated(self) -> date | None:
        """The latest date known: updated, else published, else the end of ``year``."""
        return self.updated or self.published or (date(self.year, 12, 31) if self.year else None)
