"""A treatment: what it costs in which parts, how a course goes, whether and how long it helps."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from enum import StrEnum

from pydantic import Field, ValidationInfo, model_validator

from ..errors import did_you_mean
from ..units import Unit
from .base import Fault, Model, Name, Short, Text, refuse
from .parameter import Parameter, Per, PriceItem
from .recovery import Harm, OffWork, RecoveryStage
from .statement import Statement

__all__ = ["Diagnostic", "Repeat", "RepeatPolicy", "Treatment"]


class RepeatPolicy(StrEnum):
    """When another course follows."""

    NEVER = "never"
    ON_WEAR_OFF = "on_wear_off"


class Diagnostic(Model):
    """Steps before the first session that can end the path, such as two test blocks."""

    label: Text
    steps: Parameter
    interval: Parameter
    passed: Parameter


class Repeat(Model):
    """Whether relief that wears off is followed by another course, and what limits that.

    At most ``most_per_year`` courses begin in twelve months, at least ``apart`` from each other.
    """

    policy: RepeatPolicy
    most_per_year: Parameter | None = None
    apart: Parameter | None = None
    note: Text | None = None

    @model_validator(mode="after")
    def _limited(self) -> Repeat:
        if self.policy is RepeatPolicy.ON_WEAR_OFF and self.most_per_year is None:
            fix = "Add the parameter 'most_per_year' (unit sessions): a plan's or a safety limit."
            refuse([Fault((), "repeats on wearing off have no limit a year", fix)])
        return self


_UNITS = {
    "sessions": "count",
    "wait": "time",
    "interval": "time",
    "downtime": "time",
    "onset": "time",
    "response": "share",
    "relief": "time",
    "coverage": "share",
    "diagnostic.steps": "count",
    "diagnostic.interval": "time",
    "diagnostic.passed": "share",
    "repeat.most_per_year": "count",
    "repeat.apart": "time",
    "off_work.desk": "time",
    "off_work.physical": "time",
}


class Treatment(Model):
    """One option. Every number in it is a :class:`Parameter`; what nobody states says so.

    ``bills`` names alternative readings of the price, each a list of price items; ``bill`` is the
    one in use (all items where there is only one reading). ``response`` is the share of people who
    get meaningful relief; ``relief`` is how long it lasts; ``downtime`` are the days of recovery,
    and ``off_work`` the days away from work, after each session; ``recovery`` says how the first
    days feel, and ``pain`` how much single steps of it hurt.
    """

    label: Text
    short: Short
    summary: Text
    price: dict[Name, PriceItem]
    bills: dict[Name, tuple[Name, ...]] = {}
    bill: Name | None = None
    wait: Parameter
    diagnostic: Diagnostic | None = None
    sessions: Parameter
    interval: Parameter | None = None
    downtime: Parameter
    off_work: OffWork = Field(default_factory=OffWork)
    onset: Parameter
    onset_from: str = Field(default="first_session", pattern="^(first_session|last_session)$")
    response: Parameter
    relief: Parameter
    repeat: Repeat
    coverage: Parameter
    harms: dict[Name, Harm] = {}
    pain: dict[Name, Parameter] = {}
    recovery: tuple[RecoveryStage, ...] = ()
    statements: tuple[Statement, ...] = ()

    @model_validator(mode="after")
    def _whole(self, info: ValidationInfo) -> Treatment:
        known = (info.context or {}).get("sources")
        refuse([*self._bills(), *self._dimensions(), *self._steps(), *self._sources(known)])
        return self

    def _bills(self) -> Iterator[Fault]:
        for name, items in self.bills.items():
            for item in items:
                if item not in self.price:
                    what = f"the bill '{name}' names '{item}', which is no price item"
                    yield Fault(("bills", name), what, did_you_mean(item, self.price))
            if not items:
                yield Fault(("bills", name), f"the bill '{name}' is empty", "Name the price items that it is made of.")
        if self.bills and self.bill is None:
            yield Fault(("bills",), "several bills and none chosen", "Name the one to use under 'bill'.")
        if self.bill is not None and self.bill not in self.bills:
            yield Fault(("bill",), f"there is no bill '{self.bill}'", did_you_mean(self.bill, self.bills))

    def _dimensions(self) -> Iterator[Fault]:
        for path, parameter in self.parameters().items():
            head, *inner = path.split(".")
            if head == "price" and inner[1:] == ["days"]:
                continue  # a price item checks its own
            wanted = {"price": "money", "harms": "share", "pain": "score"}.get(head) or _UNITS[path]
            wanted = "time" if head == "harms" and inner[1:] == ["within"] else wanted
            if parameter.measure.dimension != wanted:
                usual = next(unit.spelling for unit in Unit if unit.dimension == wanted)
                where = (*path.split("."), "unit")
                yield Fault(where, f"{path} is given in {parameter.unit}", f"Give it in {usual}.")

    def _steps(self) -> Iterator[Fault]:
        most = max(max(claim.reading.amounts().values(), default=0) for claim in self.sessions.claims)
        if most > 1 and self.interval is None:
            yield Fault(("sessions",), "several sessions and no interval", "Add the parameter 'interval'.")
        for name, item in self.price.items():
            if item.per is Per.DIAGNOSTIC and self.diagnostic is None:
                yield Fault(
                    ("price", name, "per"), "billed per diagnostic step, but there is none", "Add 'diagnostic'."
                )

    def _sources(self, known: frozenset[str] | None) -> Iterator[Fault]:
        said = [("statements", index, each.source) for index, each in enumerate(self.statements)]
        said += [("recovery", index, each.source) for index, each in enumerate(self.recovery)]
        for key, index, source in said:
            if known is not None and source not in known:
                what = f"there is no source {source!r} under params/sources"
                yield Fault((key, index, "source"), what, did_you_mean(source, known))

    def parameters(self) -> Mapping[str, Parameter]:
        """Return every parameter of the treatment by its dotted path inside the file."""
        found: dict[str, Parameter] = {f"price.{name}": item for name, item in self.price.items()}
        found |= {f"price.{name}.days": item.days for name, item in self.price.items() if item.days is not None}
        for name in ("wait", "sessions", "interval", "downtime", "onset", "response", "relief", "coverage"):
            if (parameter := getattr(self, name)) is not None:
                found[name] = parameter
        if self.diagnostic is not None:
            for name in ("steps", "interval", "passed"):
                found[f"diagnostic.{name}"] = getattr(self.diagnostic, name)
        for name in ("most_per_year", "apart"):
            if (parameter := getattr(self.repeat, name)) is not None:
                found[f"repeat.{name}"] = parameter
        found |= {"off_work.desk": self.off_work.desk, "off_work.physical": self.off_work.physical}
        found |= {f"harms.{name}": harm for name, harm in self.harms.items()}
        found |= {f"harms.{name}.within": harm.within for name, harm in self.harms.items() if harm.within is not None}
        found |= {f"pain.{name}": pain for name, pain in self.pain.items()}
        return found

    def billed(self, bill: str | None = None) -> Mapping[str, PriceItem]:
        """Return the price items of one reading of the bill (the treatment's own by default)."""
        chosen = bill or self.bill
        return {name: self.price[name] for name in self.bills[chosen]} if chosen else self.price
