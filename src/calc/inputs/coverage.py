"""Whether plans of a market pay for a treatment: a status with its conditions, and what asking first takes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from enum import StrEnum

from pydantic import model_validator

from .attributed import Said
from .base import Fault, Model, Text, refuse
from .claim import Market
from .parameter import Parameter
from .population import KindOfPain, Kinds

__all__ = ["CoverageStatus", "Covered"]


class Covered(StrEnum):
    """Whether a plan pays."""

    COVERED = "covered"
    EXCLUDED = "excluded"
    ON_CONDITIONS = "on_conditions"
    NOT_KNOWN = "not_known"


class Needed(StrEnum):
    """How often a plan has to be asked first."""

    ALWAYS = "always"
    SOMETIMES = "sometimes"
    NEVER = "never"
    NOT_KNOWN = "not_known"


class Authorization(Model):
    """Asking the plan first (prior authorization): what share is refused, and how long it takes.

    ``refused`` is the share of requests turned down, ``appeal_won`` the share of appeals against
    that which are won, ``delay`` the time from request to answer. What no source states is left out.
    """

    needed: Needed
    refused: Parameter | None = None
    appeal_won: Parameter | None = None
    delay: Parameter | None = None

    @model_validator(mode="after")
    def _fits(self) -> Authorization:
        refuse(self._misfits())
        return self

    def _misfits(self) -> Iterator[Fault]:
        for name, each in self.parameters().items():
            dimension, usual = ("time", "days") if name == "delay" else ("share", "share")
            if each.measure.dimension != dimension:
                yield Fault((name, "unit"), f"{name} is given in {each.unit}", f"Give it in {usual}.")

    def parameters(self) -> Mapping[str, Parameter]:
        """Return what is stated, by name."""
        named = {"refused": self.refused, "appeal_won": self.appeal_won, "delay": self.delay}
        return {name: each for name, each in named.items() if each is not None}


class CoverageStatus(Said):
    """How plans of one market treat an option for some kinds of pain; without ``market``, plans of all."""

    market: Market | None = None
    kinds: Kinds = tuple(KindOfPain)
    status: Covered
    conditions: tuple[Text, ...] = ()
    authorization: Authorization | None = None

    def _shape(self) -> Iterator[Fault]:
        if (self.status is Covered.ON_CONDITIONS) != bool(self.conditions):
            fix = "List under 'conditions' what has to be met where it is 'on_conditions', and only there."
            yield Fault(("conditions",), f"{self.status} with {len(self.conditions)} conditions", fix)

    def parameters(self) -> Mapping[str, Parameter]:
        """Return what is stated of asking first, by its dotted path inside the status."""
        asked = self.authorization.parameters() if self.authorization is not None else {}
        return {f"authorization.{name}": each for name, each in asked.items()}
