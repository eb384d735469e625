"""Whose word something is: a source's, with the section that says it; ours, with the reason; or the user's own."""

from __future__ import annotations

from collections.abc import Iterator

from pydantic import ValidationInfo, model_validator

from ..errors import did_you_mean
from .base import Fault, Model, Number, Text, refuse

__all__ = ["Attributed", "Said"]


class Attributed(Model):
    """Something that a ``source`` says in a ``section``, or that we assume for a reason.

    ``assumption`` beside a ``source`` says that it is our coding of that source's words.
    """

    source: Text | None = None
    section: Text | None = None
    assumption: Text | None = None
    evidence: Text | None = None
    note: Text | None = None

    @model_validator(mode="after")
    def _coherent(self, info: ValidationInfo) -> Attributed:
        known = (info.context or {}).get("sources")
        refuse([*self._origin(known), *self._shape()])
        return self

    def _shape(self) -> Iterator[Fault]:
        """Yield what is wrong with the rest of it."""
        yield from ()

    def _spoken(self) -> bool:
        """Say whether anybody is named whose word it is."""
        return self.source is not None or self.assumption is not None

    def _nobody(self) -> str:
        """Return what would be right where nobody is named."""
        return "Name a 'source' with its 'section', or give the reason under 'assumption'."

    def _named(self) -> Iterator[tuple[tuple[str | int, ...], str]]:
        """Yield the place and name of each source."""
        if self.source is not None:
            yield ("source",), self.source

    def _origin(self, known: frozenset[str] | None) -> Iterator[Fault]:
        if not self._spoken():
            yield Fault((), "nobody is named who says this", self._nobody())
        if self.source is not None and self.section is None:
            yield Fault(("source",), "a source without its section", "Add 'section': where on the page it stands.")
        for path, source in self._named():
            if known is not None and source not in known:
                yield Fault(path, f"there is no source {source!r} under params/sources", did_you_mean(source, known))


class Said(Attributed):
    """A quantity in somebody's words; it may be the user's own.

    ``cites`` are the sources that this one leans on itself. ``weight`` shares out the draws among
    what one stance says.
    """

    yours: Text | None = None
    cites: tuple[Text, ...] = ()
    weight: Number = 1.0

    def _silent(self) -> bool:
        """Say whether it says that nobody knows, for which a note on where we looked will do."""
        return False

    def _spoken(self) -> bool:
        return super()._spoken() or self.yours is not None or (self._silent() and self.note is not None)

    def _nobody(self) -> str:
        if self._silent():
            return "Name the 'source' that says so, or say under 'note' where you looked."
        return "Name a 'source' with its 'section', or give the reason under 'assumption' or 'yours'."

    def _named(self) -> Iterator[tuple[tuple[str | int, ...], str]]:
        yield from super()._named()
        yield from ((("cites", place), each) for place, each in enumerate(self.cites))

    def _origin(self, known: frozenset[str] | None) -> Iterator[Fault]:
        yield from super()._origin(known)
        if self.yours is not None and (self.source is not None or self.assumption is not None):
            yield Fault(("yours",), "'yours' beside a source or an assumption", "Keep one of them.")
        if self.weight <= 0:
            yield Fault(("weight",), f"the weight {self.weight:g} is not above 0", "Leave it out to count once.")
