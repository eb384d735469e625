"""A pathway: one treatment after another, with the rules by which somebody goes on to the next."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from pydantic import Field, model_validator

from .base import Fault, Model, Name, Short, Text, refuse
from .parameter import Parameter, PriceItem
from .quantity import Quantity
from .treatment import Treatment

__all__ = ["Pathway", "PathwayRules", "pathways_of"]


class Step(Model):
    """One treatment of a pathway.

    Somebody goes on when a test step has ruled it out, when ``patience`` after the last session no
    relief has come, or when the relief of the last of ``courses`` courses has worn off.
    """

    treatment: Name
    courses: int = Field(default=1, ge=1, le=50, strict=True)
    patience: Parameter


class PathwayRules(Model):
    """A pathway as a study names it: treatments in their order, none of them twice."""

    label: Text
    short: Short
    summary: Text
    steps: tuple[Step, ...] = Field(min_length=1, max_length=6)

    @model_validator(mode="after")
    def _stepwise(self) -> PathwayRules:
        refuse(self._faults())
        return self

    def _faults(self) -> Iterator[Fault]:
        if len(self.steps) == 1:
            yield Fault(("steps",), "a pathway of one step", "Add a second step, or name the treatment alone.")
        seen = set()
        for place, step in enumerate(self.steps):
            if step.treatment in seen:
                fix = "Keep it once, with more 'courses'."
                yield Fault(("steps", place, "treatment"), f"{step.treatment!r} is a step twice", fix)
            seen.add(step.treatment)
            if step.patience.measure.dimension != "time":
                where = ("steps", place, "patience", "unit")
                yield Fault(where, f"a wait in {step.patience.unit}", "Give it in weeks.")


@dataclass(frozen=True)
class Pathway:
    """A pathway with its treatments by name; to a comparison it is one option more."""

    rules: PathwayRules
    treatments: Mapping[str, Treatment]

    @property
    def label(self) -> str:
        """Its name in full."""
        return self.rules.label

    @property
    def short(self) -> str:
        """Its name on a figure."""
        return self.rules.short

    def parameters(self) -> Mapping[str, Parameter]:
        """Return every parameter by its dotted path, ``TREATMENT.path``, and each step's patience."""
        found: dict[str, Parameter] = {}
        for step in self.rules.steps:
            found |= {
                f"{step.treatment}.{path}": each for path, each in self.treatments[step.treatment].parameters().items()
            }
            found[f"{step.treatment}.patience"] = step.patience
        return found

    def quantities(self) -> Mapping[str, Quantity]:
        """Return everything that claims are made about, as ``TREATMENT.path``, and each step's patience."""
        found: dict[str, Quantity] = {}
        for step in self.rules.steps:
            own = self.treatments[step.treatment].quantities()
            found |= {f"{step.treatment}.{path}": each for path, each in own.items()}
            found[f"{step.treatment}.patience"] = step.patience
        return found

    def billed(self) -> Mapping[str, PriceItem]:
        """Return the price items of all steps, as ``TREATMENT.item``."""
        return {
            f"{name}.{item}": priced
            for name, treatment in self.treatments.items()
            for item, priced in treatment.billed().items()
        }


def pathways_of(rules: Mapping[str, PathwayRules], treatments: Mapping[str, Treatment]) -> Mapping[str, Pathway]:
    """Return the pathways of a study with the treatments that they name."""
    found = {
        name: Pathway(each, {step.treatment: treatments[step.treatment] for step in each.steps})
        for name, each in rules.items()
    }
    return MappingProxyType(found)
