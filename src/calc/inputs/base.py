"""What every model of a parameter file shares: frozen, strict keys, and faults reported together."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, NamedTuple

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, Strict, StringConstraints
from pydantic_core import PydanticCustomError

from ..units import Unit
from .tree import Key

__all__ = ["FAULTS", "Fault", "Model", "Name", "Number", "Text", "UnitName", "refuse"]

FAULTS = "calc_faults"


class Fault(NamedTuple):
    """Something wrong at ``path`` below the model that found it, and what would be right."""

    path: Key
    what: str
    fix: str


def refuse(faults: Iterable[Fault]) -> None:
    """Raise one validation error that carries every fault, if there is any."""
    found = list(faults)
    if found:
        text = "; ".join(fault.what for fault in found)
        raise PydanticCustomError(FAULTS, "{text}", {"text": text, "faults": found})


def _unit(spelling: str) -> str:
    return Unit.spelled(spelling).spelling


class Model(BaseModel):
    """A frozen part of a parameter file; an unknown key is an error."""

    model_config = ConfigDict(extra="forbid", frozen=True)


Number = Annotated[float, Strict(), Field(allow_inf_nan=False)]
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=2000)]
Name = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,59}$")]
UnitName = Annotated[str, AfterValidator(_unit)]
