"""A condition: what relief means in it, how it goes by itself, and what a sham adds to that."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from pydantic import Field, model_validator

from ..errors import did_you_mean
from .base import Fault, Model, Name, Short, Text, refuse
from .effect import Against, Effect
from .parameter import Parameter
from .population import KindOfPain

__all__ = ["Condition", "KindWords", "NaturalCourse", "ReliefDefinition"]


class ReliefDefinition(Model):
    """From when on somebody counts as being in relief."""

    label: Text
    short: Short


class KindWords(Model):
    """A kind of pain in words: its name, and the answer that tells it to the one question."""

    label: Text
    short: Short
    answer: Text


class NaturalCourse(Model):
    """What happens with neither treatment nor sham.

    ``share`` is, by definition of relief, the share of people who are in relief about three months
    after the decision; ``onset`` is when it begins, counted from the decision; ``relief`` is how
    long it lasts.
    """

    share: dict[Name, Parameter]
    onset: Parameter
    relief: Parameter

    @model_validator(mode="after")
    def _fits(self) -> NaturalCourse:
        refuse(self._misfits())
        return self

    def _misfits(self) -> Iterator[Fault]:
        for path, each in self._placed():
            dimension, usual = ("share", "share") if path[0] == "share" else ("time", "weeks")
            if each.measure.dimension != dimension:
                yield Fault((*path, "unit"), f"{'.'.join(path)} is given in {each.unit}", f"Give it in {usual}.")

    def _placed(self) -> Iterator[tuple[tuple[str, ...], Parameter]]:
        yield from ((("share", name), each) for name, each in self.share.items())
        yield from ((("onset",), self.onset), (("relief",), self.relief))

    def parameters(self) -> Mapping[str, Parameter]:
        """Return every parameter by its dotted path inside the course."""
        return {".".join(path): each for path, each in self._placed()}


class Condition(Model):
    """What the person has. ``sham`` holds what a sham or placebo does beyond usual care or nothing."""

    label: Text
    short: Short
    summary: Text
    question: Text
    relief: dict[Name, ReliefDefinition] = Field(min_length=1)
    relief_default: Name
    kinds: dict[KindOfPain, KindWords]
    natural_course: dict[KindOfPain, NaturalCourse]
    sham: tuple[Effect, ...] = ()

    @model_validator(mode="after")
    def _whole(self) -> Condition:
        refuse([*self._defined(), *self._of_every_kind(), *self._shams()])
        return self

    def _defined(self) -> Iterator[Fault]:
        if self.relief_default not in self.relief:
            what = f"there is no definition of relief {self.relief_default!r}"
            yield Fault(("relief_default",), what, did_you_mean(self.relief_default, self.relief))
        for kind, course in self.natural_course.items():
            where = ("natural_course", str(kind), "share")
            for name in course.share.keys() - self.relief.keys():
                what = f"there is no definition of relief {name!r}"
                yield Fault((*where, name), what, did_you_mean(name, self.relief))
            for name in self.relief.keys() - course.share.keys():
                fix = "Add it; a share that nobody states is a claim with 'reading: unknown'."
                yield Fault(where, f"no share by the definition {name!r}", fix)

    def _of_every_kind(self) -> Iterator[Fault]:
        for key in ("kinds", "natural_course"):
            for kind in KindOfPain:
                if kind not in getattr(self, key):
                    yield Fault((key,), f"'{kind}' is missing", "Add it: the patient's answer may be that one.")

    def _shams(self) -> Iterator[Fault]:
        for place, effect in enumerate(self.sham):
            if effect.against not in (Against.NEITHER, Against.USUAL_CARE):
                fix = "A sham is compared with usual care or with nothing here."
                yield Fault(("sham", place, "against"), f"a sham against {effect.against}", fix)

    def parameters(self) -> Mapping[str, Parameter]:
        """Return every parameter by its dotted path inside the file."""
        return {
            f"natural_course.{kind}.{path}": each
            for kind, course in self.natural_course.items()
            for path, each in course.parameters().items()
        }
