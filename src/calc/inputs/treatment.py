"""A treatment: what it costs in which parts, how a course goes, whether and how long it helps."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from enum import StrEnum

from pydantic import Field, ValidationInfo, model_validator

from ..errors import did_you_mean
from ..units import Unit
from .attributed import Attributed
from .base import Fault, Model, Name, Short, Text, refuse
from .bundle import Bundle
from .coverage import CoverageStatus
from .effect import Effect
from .guidance import Approval, Certainty, ForWhom, Recommendation, SixWords
from .parameter import Parameter, Per, PriceItem
from .quantity import CoverageQuantity, EffectQuantity, Quantity
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
    ``asks`` is the share of those helped who ask for another course when relief wears off, ``again``
    the chance that it helps again; ``lasting`` is how long relief must have lasted for the insurer to
    pay for another.
    """

    policy: RepeatPolicy
    most_per_year: Parameter | None = None
    apart: Parameter | None = None
    asks: Parameter | None = None
    again: Parameter | None = None
    lasting: Parameter | None = None
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
    "relief": "time",
    "diagnostic.steps": "count",
    "diagnostic.interval": "time",
    "diagnostic.passed": "share",
    "repeat.most_per_year": "count",
    "repeat.apart": "time",
    "repeat.asks": "share",
    "repeat.again": "share",
    "repeat.lasting": "time",
    "off_work.desk": "time",
    "off_work.physical": "time",
}
_HARMS = {"within": "time", "cost": "money", "days": "time"}


class Treatment(Model):
    """One option. Every number in it is a :class:`Parameter`; what nobody states says so.

    ``what`` says what it is in six words at most. ``bills`` names alternative readings of the price, each a
    list of price items; ``bill`` is the one in use (all items where there is only one reading). ``bundle``
    names the codes that each price item is billed under. ``onset`` is when the relief that it adds
    begins, and ``relief`` how long that lasts; ``downtime`` are the days of recovery,
    and ``off_work`` the days away from work, after each session; ``recovery`` says how the first
    days feel, and ``pain`` how much single steps of it hurt. ``effects`` are what it does beyond
    what it was compared with; ``recommendations``, ``certainty``, ``approval`` and ``for_whom`` go
    beside them; ``coverage`` is how plans treat it.
    """

    label: Text
    short: Short
    what: SixWords | None = None
    summary: Text
    price: dict[Name, PriceItem]
    bundle: Bundle = {}
    bills: dict[Name, tuple[Name, ...]] = {}
    bill: Name | None = None
    wait: Parameter
    diagnostic: Diagnostic | None = None
    sessions: Parameter
    interval: Parameter | None = None
    downtime: Parameter
    off_work: OffWork = Field(default_factory=OffWork)
    onset: Parameter | None = None
    onset_from: str = Field(default="first_session", pattern="^(first_session|last_session)$")
    relief: Parameter | None = None
    repeat: Repeat
    harms: dict[Name, Harm] = {}
    pain: dict[Name, Parameter] = {}
    recovery: tuple[RecoveryStage, ...] = ()
    effects: tuple[Effect, ...] = ()
    recommendations: tuple[Recommendation, ...] = ()
    certainty: tuple[Certainty, ...] = ()
    approval: tuple[Approval, ...] = ()
    for_whom: tuple[ForWhom, ...] = ()
    coverage: tuple[CoverageStatus, ...] = ()
    statements: tuple[Statement, ...] = ()

    @model_validator(mode="after")
    def _whole(self, info: ValidationInfo) -> Treatment:
        known = (info.context or {}).get("sources")
        refuse([*self._bills(), *self._dimensions(), *self._steps(), *self._timed(), *self._sources(known)])
        return self

    def _bills(self) -> Iterator[Fault]:
        for item in self.bundle:
            if item not in self.price:
                what = f"the bundle names '{item}', which is no price item"
                yield Fault(("bundle", item), what, did_you_mean(item, self.price))
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
            if (head == "price" and inner[1:] == ["days"]) or head == "coverage":
                continue  # these check their own
            wanted = {"price": "money", "harms": "share", "pain": "score"}.get(head) or _UNITS[path]
            wanted = _HARMS.get(inner[-1], wanted) if head == "harms" and len(inner) > 1 else wanted
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

    def _timed(self) -> Iterator[Fault]:
        for name in ("onset", "relief"):
            if self.effects and getattr(self, name) is None:
                yield Fault(("effects",), f"an effect, and no '{name}'", f"Add the parameter '{name}'.")

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
        for name in ("wait", "sessions", "interval", "downtime", "onset", "relief"):
            if (parameter := getattr(self, name)) is not None:
                found[name] = parameter
        if self.diagnostic is not None:
            for name in ("steps", "interval", "passed"):
                found[f"diagnostic.{name}"] = getattr(self.diagnostic, name)
        for name in ("most_per_year", "apart", "asks", "again", "lasting"):
            if (parameter := getattr(self.repeat, name)) is not None:
                found[f"repeat.{name}"] = parameter
        found |= {"off_work.desk": self.off_work.desk, "off_work.physical": self.off_work.physical}
        found |= {f"harms.{name}": harm for name, harm in self.harms.items()}
        for name, harm in self.harms.items():
            found |= {f"harms.{name}.{inner}": each for inner, each in harm.following().items()}
        found |= {f"pain.{name}": pain for name, pain in self.pain.items()}
        for place, status in enumerate(self.coverage):
            asked = status.authorization.parameters() if status.authorization is not None else {}
            found |= {f"coverage.{place}.authorization.{name}": each for name, each in asked.items()}
        return found

    @property
    def rivals(self) -> tuple[str, ...]:
        """The treatments that its effects compare with."""
        return tuple(each.versus for each in self.effects if each.versus is not None)

    def quantities(self) -> Mapping[str, Quantity]:
        """Return everything that claims are made about, by its dotted path: parameters, the effect, coverage."""
        return {
            **self.parameters(),
            "effect": EffectQuantity(f"Share in relief with {self.short[:1].lower()}{self.short[1:]}", self.effects),
            "coverage": CoverageQuantity("Whether the plan pays for it", self.coverage),
        }

    def attributed(self) -> Iterator[tuple[str, int, Attributed]]:
        """Yield key, place in its list, and each thing that somebody says of it beside its parameters."""
        for key in ("effects", "recommendations", "certainty", "approval", "for_whom", "coverage"):
            yield from ((key, place, each) for place, each in enumerate(getattr(self, key)))

    def billed(self, bill: str | None = None) -> Mapping[str, PriceItem]:
        """Return the price items of one reading of the bill (the treatment's own by default)."""
        chosen = bill or self.bill
        return {name: self.price[name] for name in self.bills[chosen]} if chosen else self.price
