"""A claim: what one source says about one quantity, and how its range is read.

Five kinds of basis are told apart everywhere a number is shown:

=============  =====================================================================
``document``   a figure that one of the documents prints
``public``     a figure of an outside publication, with its citation
``assumption`` ours, with the reason; with a source, our coding of that source's words
``yours``      the user's own quote, plan or setting
``unknown``    no source that we have says anything
=============  =====================================================================

A source that says itself that nobody knows keeps its own basis: that is what it says.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from enum import StrEnum
from typing import Annotated, Any, Self, TypeVar

from pydantic import (
    GetJsonSchemaHandler,
    ModelWrapValidatorHandler,
    PlainValidator,
    SerializeAsAny,
    SerializerFunctionWrapHandler,
    ValidationError,
    WithJsonSchema,
    model_serializer,
    model_validator,
)
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, InitErrorDetails

from ..errors import did_you_mean, listed
from ..units import Unit
from .attributed import Said
from .base import Fault, Model, UnitName, attempt, error_of
from .readings import READINGS, Reading

__all__ = ["Basis", "Claim", "Market", "Reported", "weights_of"]

K = TypeVar("K")


class Basis(StrEnum):
    """What a number rests on."""

    DOCUMENT = "document"
    PUBLIC = "public"
    ASSUMPTION = "assumption"
    YOURS = "yours"
    UNKNOWN = "unknown"


class Market(StrEnum):
    """Whose price or coverage a claim is about; a claim without one holds for all."""

    CASH = "cash"
    COMMERCIAL = "commercial"
    MEDICARE = "medicare"


def _read(given: object) -> Reading:
    """Return a reading; refuse the name of one that there is not."""
    if isinstance(given, Reading):
        return given
    what = f"{repr(given)[:60]} is not one of {listed(READINGS)}"
    raise error_of([Fault((), what, did_you_mean(str(given)[:60], READINGS))])


_FIGURES = frozenset(name for kind in READINGS.values() for name in kind.model_fields)


class Reported(Model):
    """A figure as it is stated, and how it is read; in a file its figures stand beside the other keys."""

    reading: Annotated[SerializeAsAny[Reading], PlainValidator(_read), WithJsonSchema({"enum": [*READINGS]})]
    unit: UnitName | None = None

    @model_validator(mode="wrap")
    @classmethod
    def _flat(cls, given: object, handler: ModelWrapValidatorHandler[Self]) -> Self:
        """Take the figures that stand beside the other keys for the reading's, and tell what is wrong with any."""
        if not isinstance(given, dict) or isinstance(name := given.get("reading"), Reading):
            return handler(given)
        rest = {key: value for key, value in given.items() if key not in _FIGURES}
        if not isinstance(name, str) or name not in READINGS:
            return handler(rest)
        kind = READINGS[name]
        figures = {key: given[key] for key in given if key in _FIGURES and given[key] is not None}
        reading, wrong = _reading_of(kind, figures)
        whole, also = attempt(lambda: handler(rest | {"reading": reading or kind.model_construct()}))
        if whole is None or reading is None:
            raise ValidationError.from_exception_data(cls.__name__, [*wrong, *also])
        return whole

    @model_serializer(mode="wrap")
    def _as_in_a_file(self, handler: SerializerFunctionWrapHandler) -> dict[str, Any]:
        rest = handler(self)
        return {"reading": self.reading.name, **rest.pop("reading"), **rest}

    @classmethod
    def __get_pydantic_json_schema__(cls, core: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        """Return the union of the readings, each with its own figures, told apart by ``reading``."""
        found = handler(core)
        whole = handler.resolve_ref_schema(found)
        whole |= {
            "oneOf": [_branch(kind, whole["properties"]) for kind in READINGS.values()],
            "discriminator": {"propertyName": "reading"},
        }
        del whole["additionalProperties"]  # each of the readings says which keys there are
        return found

    @classmethod
    def file_keys(cls) -> list[str]:
        """Return every key that a claim may have, the figures of all readings among them."""
        return [*super().file_keys(), *_FIGURES]

    def measure(self, unit: Unit) -> Unit:
        """Return the claim's own unit; that of its parameter, ``unit``, where it has none."""
        return Unit.spelled(self.unit) if self.unit else unit

    def misfits(self, unit: Unit) -> Iterator[Fault]:
        """Yield what does not fit a parameter of ``unit``: other dimension, outside its range."""
        own = self.measure(unit)
        if own.dimension != unit.dimension:
            what = f"a claim in {own.spelling} for a parameter in {unit.spelling}"
            yield Fault(("unit",), what, f"Give it in {unit.spelling}, or in another unit of {unit.dimension}.")
        else:
            yield from self.reading.misfits(own)


class Claim(Reported, Said):
    """One statement of one quantity.

    Exactly one of ``source``, ``assumption`` alone, or ``yours`` says whose it is; ``assumption`` beside a ``source``
    says that the figures are our coding of words that carry none.
    """

    market: Market | None = None

    def _shape(self) -> Iterator[Fault]:
        yield from self.reading.groundless(self.assumption)

    def _silent(self) -> bool:
        return not self.reading.known


def _reading_of(kind: type[Reading], figures: Mapping[str, object]) -> tuple[Reading | None, list[InitErrorDetails]]:
    """Return the reading of some figures, or None and all that are lacking, out of place or wrong."""
    own = {key: each for key, each in figures.items() if key in kind.model_fields}
    reading, wrong = attempt(lambda: kind.model_validate(own))
    told = [detail for detail in wrong if detail["type"] != "missing"]
    if misplaced := list(_misplaced(kind, figures)):
        told.append(InitErrorDetails(type=error_of(misplaced), loc=(), input=None))
    return None if told else reading, told


def _misplaced(kind: type[Reading], figures: Mapping[str, object]) -> Iterator[Fault]:
    needs, takes = kind.needs(), ", ".join(kind.model_fields) or "no figures"
    for name in needs:
        if name not in figures:
            yield Fault((), f"the reading '{kind.name}' lacks '{name}'", f"It takes {takes}.")
    for name, each in figures.items():
        if name not in kind.model_fields and each is not False:
            yield Fault((name,), f"'{name}' has no place in the reading '{kind.name}'", f"It takes {takes}.")


def _branch(kind: type[Reading], others: Mapping[str, object]) -> dict[str, Any]:
    """Return the JSON Schema of a claim of one reading; ``others`` are the keys that any claim has."""
    own = kind.model_json_schema()
    return {
        "title": kind.name,
        "description": own.get("description", ""),
        "properties": {**dict.fromkeys(others, True), **own["properties"], "reading": {"const": kind.name}},
        "required": ["reading", *kind.needs()],
        "additionalProperties": False,
    }


def weights_of(claims: Mapping[K, Claim]) -> Mapping[K, float]:
    """Return how much each of the claims of one stance counts beside the others.

    That is their ``weight``; where each also tells of how many cases it was taken, these cases count equally.
    """
    cases = {key: claim.reading.observations for key, claim in claims.items()}
    told = all(cases.values())
    return {key: claim.weight * ((cases[key] or 1) if told else 1) for key, claim in claims.items()}
