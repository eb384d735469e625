"""What every model of a parameter file shares: frozen, strict keys, and faults reported together."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from datetime import date
from typing import Annotated, NamedTuple, TypeVar

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    Strict,
    StringConstraints,
    ValidationError,
)
from pydantic_core import InitErrorDetails, PydanticCustomError

from ..errors import SettingError
from ..units import Unit, weeks_of
from .tree import Key

__all__ = [
    "FAULTS",
    "Day",
    "Fault",
    "Flag",
    "Model",
    "Name",
    "Number",
    "Short",
    "Stretch",
    "Text",
    "UnitName",
    "Year",
    "attempt",
    "error_of",
    "refuse",
]

T = TypeVar("T")

FAULTS = "calc_faults"

#: Unicode's control characters, but for the end of a line and the tabulator
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f]")


class Fault(NamedTuple):
    """Something wrong at ``path`` below the model that found it, and what would be right."""

    path: Key
    what: str
    fix: str


def refuse(faults: Iterable[Fault]) -> None:
    """Raise one validation error that carries every fault, if there is any."""
    if found := list(faults):
        raise error_of(found)


def error_of(faults: list[Fault]) -> PydanticCustomError:
    """Return the validation error that carries these faults."""
    return PydanticCustomError(FAULTS, "{text}", {"text": "; ".join(each.what for each in faults), "faults": faults})


def attempt(make: Callable[[], T]) -> tuple[T | None, list[InitErrorDetails]]:
    """Return what ``make`` returns and no errors, or None and the validation errors that it raises."""
    try:
        return make(), []
    except ValidationError as error:
        return None, _details(error)


def _details(error: ValidationError) -> list[InitErrorDetails]:
    """Return errors in the form in which they can be raised again, with others."""
    found: list[InitErrorDetails] = []
    for detail in error.errors():
        context = detail.get("ctx", {})
        kind: str | PydanticCustomError = detail["type"]
        if kind == FAULTS:
            kind = PydanticCustomError(FAULTS, "{text}", context)
        found.append(InitErrorDetails(type=kind, loc=detail["loc"], input=detail["input"], ctx=context))
    return found


def _unit(spelling: str) -> str:
    return Unit.spelled(spelling).spelling


def _stretch(text: str) -> str:
    try:
        weeks_of(text)
    except SettingError as error:
        refuse([Fault((), problem.what, problem.fix) for problem in error.problems])
    return text


def _printable(text: str) -> str:
    """Refuse control characters, which could speak to the terminal they are printed in."""
    if _CONTROL.search(text):
        raise ValueError("a control character stands in the text; Remove it")
    return text


def _day(value: object) -> object:
    """Take a date as text only: a bare number is no date, whatever it may be counted from."""
    if not isinstance(value, str | date):
        raise ValueError(f"{value!r} is no date; Write year-month-day: 2026-01-31")
    return value


class Model(BaseModel):
    """A frozen part of a parameter file; an unknown key is an error."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    @classmethod
    def file_keys(cls) -> list[str]:
        """Return the keys that it has in a file."""
        return list(cls.model_fields)


Flag = Annotated[bool, Strict()]
Number = Annotated[float, Strict(), Field(allow_inf_nan=False)]
Text = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=2000), AfterValidator(_printable)
]
Name = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,59}$")]
Short = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=28), AfterValidator(_printable)
]
Day = Annotated[date, BeforeValidator(_day)]
Stretch = Annotated[str, Strict(), AfterValidator(_stretch)]
Year = Annotated[int, Strict(), Field(ge=1900, le=2100)]
UnitName = Annotated[str, AfterValidator(_unit)]
