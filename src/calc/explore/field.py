"""What a field of the page is: its record, what is entered altogether, and where names are looked up."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from ..errors import Problem, SettingError
from ..inputs.condition import Condition
from ..inputs.load import Library
from ..inputs.patient import Patient
from ..inputs.study import Study

__all__ = ["COVERED", "VIEW", "Choices", "Field", "Part", "Place", "State"]

#: the view that lies between guideline and clinic
VIEW = "between"
#: what an insurer may have answered, in words; without an answer the plan's own terms hold
COVERED = {"covered": "Yes, it is covered", "excluded": "No, it was refused", "unknown": "Not sure"}


@dataclass(frozen=True)
class State:
    """What was entered, checked; USD, shares of 1. None keeps what the plan's or patient's file says.

    An attribute a field. ``kind`` is where the pain is; ``coverage`` is what the insurer answered (:data:`COVERED`) by
    treatment; ``quotes`` are USD by ``treatment.item``; ``belief`` is the share of worlds in which the clinic is right;
    ``relief`` the definition of relief; ``more`` are other settings, by path.
    """

    kind: str | None
    treatments: tuple[str, ...]
    plan: str
    deductible: float | None = None
    maximum: float | None = None
    coinsurance: float | None = None
    met_deductible: float | None = None
    met_maximum: float | None = None
    plan_year_start: str | None = None
    coverage: tuple[tuple[str, str], ...] = ()
    quotes: tuple[tuple[str, float], ...] = ()
    by: date | None = None
    decision: date | None = None
    months: int = 24
    budget: float | None = None
    belief: float = 0.5
    week_value: float | None = None
    relief: str | None = None
    more: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Place:
    """Where a field's names are looked up: the library, and the study that is asked."""

    library: Library
    study: str

    @property
    def own(self) -> Study:
        """The study as its file has it."""
        return self.library.studies[self.study]

    @property
    def patient(self) -> Patient:
        """The study's patient as the file has it."""
        return self.library.patients[self.own.patient]

    @property
    def condition(self) -> Condition:
        """What the study's patient has."""
        return self.library.conditions[self.own.condition]

    @property
    def offered(self) -> tuple[str, ...]:
        """The treatments that can be chosen: all but doing nothing, which is always compared."""
        return tuple(name for name in self.own.treatments if name != self.own.usual_care)


@dataclass(frozen=True)
class Part:
    """A heading on the page, and perhaps a line below it; ``expert`` parts are behind a button."""

    title: str
    note: str = ""
    expert: bool = False


@dataclass(frozen=True)
class Choices:
    """What can be chosen: words by value, the value that stands for an empty entry, and perhaps a label of its own."""

    words: Mapping[str, str]
    usual: str
    label: str = ""


@dataclass(frozen=True)
class Field:
    """One field of the page; its value is the attribute of :class:`State` of its name.

    Attributes
    ----------
    title, label, help
        What it is called in tables, beside its box, and in the box while that is empty.
    part
        The heading under which it stands.
    read, write
        Text as somebody enters it → its value, and back to the text that the address carries.
    settings
        What it sets in a run, by path (:mod:`calc.inputs.settings`).
    start
        Its value as the study's file has it; None where a plan's or patient's file says it.
    widget
        ``text``, ``choice``, ``radio`` (a choice all of which is seen), ``checks`` (of treatments), ``prices``,
        ``answers`` (of the insurer) or ``lines``.
    choices
        What a ``choice`` or ``radio`` offers.
    told
        How the paths begin whose problems are told beside it.
    path, scale
        The path of an overlay file that it is loaded from, and what a number there is multiplied by; ``scale`` 0
        for what is no number.
    in_study
        Its text as a study file has it, empty where that says nothing.
    slider
        Least, most and step of a slider beside the box.
    stands
        Whether its box is never empty.
    needed
        Whether an empty entry is wrong, instead of what the study's file has.
    """

    name: str
    title: str
    label: str
    help: str
    part: Part
    read: Callable[[str, Place], Any]
    settings: Callable[[State, Place], Mapping[str, object]]
    write: Callable[[Any], str] = "{:.10g}".format
    start: Callable[[Study], Any] = lambda _: None
    widget: str = "text"
    choices: Callable[[Place], Choices] | None = None
    told: str = ""
    path: str = ""
    scale: float = 0
    in_study: Callable[[Study], str] = lambda _: ""
    slider: tuple[int, int, int] | None = None
    stands: bool = False
    needed: bool = False

    def text(self, value: Any) -> str:
        """Return a value as text, empty for None."""
        return "" if value is None else self.write(value)

    def from_file(self, name: str, path: str, value: object) -> str:
        """Return the text of what the overlay file ``name`` sets at ``path``.

        Raises
        ------
        SettingError
            for what is no number where one is asked for.
        """
        if not self.scale:
            return str(value)
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise SettingError([Problem(name, path, f"{value!r} is no number", "Write digits, such as 1500.")])
        return f"{float(value) * self.scale:.10g}"
