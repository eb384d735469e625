"""A view says who is believed; a study puts one question: treatments, plan, patient, horizon, draws."""

from __future__ import annotations

from collections.abc import Iterator

from pydantic import Field, field_validator, model_validator

from ..errors import did_you_mean
from ..units import weeks_of
from .base import Day, Fault, Model, Name, Number, Short, Stretch, Text, refuse
from .claim import Basis
from .parameter import Parameter
from .pathway import PathwayRules
from .readings.bounds import Bounds
from .readings.exact import Exact
from .source import Stance
from .tree import Key

__all__ = ["Study", "View"]


class View(Model):
    """Which stances are believed, with weights; where the one drawn is silent, ``fallback`` decides.

    A stance may have an order of its own in ``fallbacks``. Claims on a basis that is not among
    ``bases`` are not seen at all. Where nobody was compared with, a share counts as it is claimed for
    the stances in ``uncontrolled`` alone.
    """

    label: Text
    short: Short
    summary: Text
    weights: dict[Stance, Number]
    fallback: tuple[Stance, ...]
    fallbacks: dict[Stance, tuple[Stance, ...]] = {}
    bases: frozenset[Basis]
    uncontrolled: frozenset[Stance] = frozenset()

    def fallback_of(self, stance: Stance) -> tuple[Stance, ...]:
        """Return the order that decides where ``stance``, once drawn, is silent."""
        return self.fallbacks.get(stance, self.fallback)

    @model_validator(mode="after")
    def _weighed(self) -> View:
        faults = []
        if not self.weights or min(self.weights.values()) < 0 or sum(self.weights.values()) <= 0:
            fix = "Give at least one stance a weight above 0."
            faults.append(Fault(("weights",), "no stance is believed, or one has a weight below 0", fix))
        places: dict[tuple[str, ...], tuple[Stance, ...]] = {("fallback",): self.fallback}
        places |= {("fallbacks", str(stance)): order for stance, order in self.fallbacks.items()}
        for place, order in places.items():
            if len(set(order)) < len(order):
                faults.append(Fault(place, "a stance stands twice in the order", "Name each once."))
        refuse(faults)
        return self


class Study(Model):
    """One question, with everything needed to answer it again.

    ``pathways`` are further options, made of treatments one after another. ``usual_care`` is the
    option that relief is counted against. ``plans`` are those that its tables compare, beside its own;
    a plan that a study does not name appears nowhere in what it tells. ``condition`` is what the patient
    has, ``relief`` the definition of relief in use, by default the condition's own. ``by`` is a date that
    matters to the patient.
    ``state`` is where they live, in two letters: prices of that state go before the whole country's,
    where a table under ``params/prices`` has them.
    ``order`` is that of tables and figures: ``study`` (as listed), ``name``, or treatments with
    commas, which then stand first.

    ``value_of_week`` is what a week in relief is worth, USD: a range to look over (with a ``mode`` to
    look at, else its middle), or one value. Without it there is no decision analysis.

    A source that is older than ``stale_after`` on the day of the decision is pointed out as old.
    """

    label: Text
    question: Text
    treatments: tuple[Name, ...] = Field(min_length=1)
    pathways: dict[Name, PathwayRules] = {}
    condition: Name
    relief: Name | None = None
    usual_care: Name | None = None
    reference: Name
    plan: Name
    plans: tuple[Name, ...] = ()
    patient: Name
    views: tuple[Name, ...] = Field(min_length=1)
    horizon: Stretch
    stale_after: Stretch = "5 years"
    price_year: int = Field(ge=2020, le=2040, strict=True)
    range_coverage: Number = Field(default=0.8, ge=0.5, le=0.98)
    draws: int = Field(default=16_384, ge=64, le=1_048_576, strict=True)
    seed: int = Field(default=0, ge=0, lt=2**63, strict=True)
    by: Day | None = None
    state: str | None = Field(default=None, pattern=r"^[A-Z]{2}$")
    value_of_week: Parameter | None = None
    order: Text = "study"
    note: Text | None = None

    @field_validator("draws")
    @classmethod
    def _power(cls, draws: int) -> int:
        if draws & (draws - 1):
            near = 1 << (draws - 1).bit_length()
            fix = f"Write {near // 2} or {near}: Sobol' points are balanced at powers of two only."
            refuse([Fault((), f"{draws} draws are no power of two", fix)])
        return draws

    @field_validator("value_of_week")
    @classmethod
    def _one_value(cls, worth: Parameter | None) -> Parameter | None:
        if worth is not None:
            if len(worth.claims) > 1 or not isinstance(worth.claims[0].reading, Exact | Bounds):
                fix = "Give one claim: a range read as 'bounds', or a single 'exact' value."
                refuse([Fault(("claims",), "the value of a week is no single range", fix)])
            if worth.unit != "usd":
                refuse([Fault(("unit",), f"the value of a week in {worth.unit}", "Give it in usd.")])
        return worth

    @model_validator(mode="after")
    def _named_once(self) -> Study:
        faults = [
            Fault((name,), f"one of the {name} is named twice", "Name each once.")
            for name in ("treatments", "plans", "views")
            if len(set(getattr(self, name))) < len(getattr(self, name))
        ]
        for key, name in (("reference", self.reference), ("usual_care", self.usual_care)):
            if name is not None and name not in (*self.treatments, *self.pathways):
                fix = f"Add {name!r} to 'treatments', or choose one of them."
                faults.append(Fault((key,), f"the {key.replace('_', ' ')} is not among the treatments", fix))
        faults += [
            Fault(("pathways", name), f"{name!r} is a treatment already", "Name the pathway otherwise.")
            for name in self.pathways
            if name in self.treatments
        ]
        if self.order not in ("study", "name"):
            faults += [
                Fault(("order",), f"{name!r} is not among the treatments", did_you_mean(name, self.treatments))
                for name in self._first
                if name not in self.treatments
            ]
        refuse(faults)
        return self

    def treatments_named(self) -> Iterator[tuple[Key, str]]:
        """Yield each treatment that the study names, alone or as a step, with its place in the file."""
        for place, name in enumerate(self.treatments):
            yield ("treatments", place), name
        for pathway, rules in self.pathways.items():
            for place, step in enumerate(rules.steps):
                yield ("pathways", pathway, "steps", place, "treatment"), step.treatment

    @property
    def all_plans(self) -> tuple[str, ...]:
        """The plans that it names, in the order of its list; its own stands first where that leaves it out."""
        return self.plans if self.plan in self.plans else (self.plan, *self.plans)

    @property
    def _first(self) -> list[str]:
        return [name.strip() for name in self.order.split(",")]

    @property
    def ordered(self) -> tuple[str, ...]:
        """The treatments in the order of tables and figures."""
        if self.order in ("study", "name"):
            return self.treatments if self.order == "study" else tuple(sorted(self.treatments))
        return tuple(dict.fromkeys([*self._first, *self.treatments]))

    @property
    def weeks(self) -> float:
        """The horizon in weeks."""
        return weeks_of(self.horizon)
