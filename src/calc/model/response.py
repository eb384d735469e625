"""Of 100 people: how many are in relief with a treatment, with a sham, with neither.

In each draw there is one natural course, the same under every option: the comparator risk of the
Cochrane Handbook (chapter 15). A sham moves it, and a treatment moves the share of whatever it was compared
with, each by an effect drawn on its own scale (:mod:`calc.model.effects`). Nothing falls below the natural
course: who would get better anyway does so under every option.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from ..cache import stage
from ..inputs.distribution import Vector, distribution
from ..inputs.effect import Against, ClaimedShare, Effect, ShamKind, Unknown
from ..inputs.load import StudyInputs
from ..inputs.parameter import Parameter
from ..inputs.population import KindOfPain
from ..inputs.source import Stance
from ..units import Unit
from .effects import estimate, risk_with
from .sample import Block, Drawn, Setting, block_of, heard, mixed, sampled, shut, split

__all__ = ["EffectSpec", "Natural", "NaturalSpec", "natural_of", "natural_spec", "sham_kind_of", "treated_share"]


Mask = npt.NDArray[np.bool_]


class NaturalSpec(NamedTuple):
    """All that the natural course is sampled from, for one kind of pain and one definition of relief."""

    name: str
    share: Parameter
    onset: Parameter
    relief: Parameter
    sham: tuple[Effect, ...]
    kind: KindOfPain
    setting: Setting


class EffectSpec(NamedTuple):
    """All that the share in relief with one treatment is sampled from, but for the natural course.

    ``usual`` marks doing nothing, which has the natural course and nothing else; ``rivals`` are the treatments
    that its effects compare with.
    """

    effects: tuple[Effect, ...]
    kind: KindOfPain
    setting: Setting
    block: Block
    usual: bool
    rivals: tuple[tuple[str, EffectSpec], ...]


@dataclass(frozen=True, eq=False)
class Natural:
    """What happens with neither treatment nor sham, shape (n,): the same worlds and the same people under every option.

    ``share`` are in relief; ``onset`` and ``relief`` say from when (weeks from the decision) and for how long;
    ``sham`` is, by kind, the share in relief with a sham; ``luck`` the uniforms of who gets better by themselves.
    """

    share: Drawn
    onset: Drawn
    relief: Drawn
    sham: Mapping[ShamKind, Drawn]
    luck: Vector

    def holding(self, held: Mapping[str, Drawn]) -> Natural:
        """Return it with other draws of ``share``, ``onset`` or ``relief``, and of every sham."""
        if not held:
            return self
        return replace(
            self,
            share=held.get("share", self.share),
            onset=held.get("onset", self.onset),
            relief=held.get("relief", self.relief),
            sham=dict.fromkeys(self.sham, held["sham"]) if "sham" in held else self.sham,
        )

    def drawn(self, kind: ShamKind) -> Mapping[str, Drawn]:
        """Return what was sampled, by path."""
        return {
            "natural.share": self.share,
            "natural.onset": self.onset,
            "natural.relief": self.relief,
            "natural.sham": self.sham[kind],
        }


class _Bases(NamedTuple):
    """The shares in relief of those compared with, shape (n,)."""

    neither: Vector
    sham: tuple[tuple[ShamKind, Vector], ...]
    rivals: tuple[tuple[str, Drawn], ...]

    def of(self, effect: Effect) -> Vector:
        """Return the share of those whom an effect compares with."""
        if effect.against is Against.SHAM:
            return dict(self.sham)[effect.sham_kind or ShamKind.PROCEDURE]
        return dict(self.rivals)[effect.versus].values if effect.versus is not None else self.neither

    def unknown_of(self, effect: Effect) -> Mask | bool:
        """Return in which draws nobody knows how those do whom an effect compares with."""
        return dict(self.rivals)[effect.versus].unknown if effect.versus is not None else False


def natural_spec(inputs: StudyInputs, setting: Setting) -> NaturalSpec:
    """Return what the natural course of a study's patient is sampled from."""
    course = inputs.condition.natural_course[inputs.kind]
    own = (course.share[inputs.relief], course.onset, course.relief)
    return NaturalSpec(inputs.study.condition, *own, inputs.condition.sham, inputs.kind, setting)


@stage
def natural_of(spec: NaturalSpec, pins: tuple[tuple[str, float], ...] = ()) -> Natural:
    """Sample the natural course; ``pins`` hold what nobody knows at quantiles, by path."""
    setting, market = spec.setting, None
    paths = ("natural.share", "natural.onset", "natural.relief", "natural.sham")
    size = {"draws": setting.draws, "seed": setting.seed}
    block = block_of(f"conditions.{spec.name}", paths, ("natural",), **size)
    at = dict(pins)
    share, onset, relief = (
        sampled(path, each, block, setting, market, pin=at.get(path))
        for path, each in zip(paths, (spec.share, spec.onset, spec.relief), strict=False)
    )
    bases = _Bases(share.values, (), ())
    sham = {
        kind: _believed_share(
            tuple(each for each in spec.sham if each.sham_kind in (None, kind)),
            spec.kind,
            setting,
            block,
            "natural.sham",
            bases,
            at.get("natural.sham"),
        )
        for kind in ShamKind
    }
    return Natural(share, onset, relief, sham, block["luck.natural"])


def sham_kind_of(effects: tuple[Effect, ...]) -> ShamKind:
    """Return which kind of sham stands for a treatment: that of its trials, else a procedure."""
    return next((each.sham_kind for each in effects if each.sham_kind is not None), ShamKind.PROCEDURE)


def treated_share(spec: EffectSpec, natural: Natural, pin: float | None = None) -> Drawn:
    """Return the share in relief with a treatment, per draw.

    NaN where no effect is believed; ``chosen`` are the indices of the effects used; ``unknown`` marks draws in which
    nobody knows, where the treatment adds relief for an unknown share of the others.
    """
    if spec.usual:
        return _as_it_goes(natural.share)
    bases = _Bases(
        natural.share.values,
        tuple((kind, each.values) for kind, each in natural.sham.items()),
        tuple((name, treated_share(rival, natural, pin)) for name, rival in spec.rivals),
    )
    return _believed_share(spec.effects, spec.kind, spec.setting, spec.block, "effect", bases, pin)


@stage
def _as_it_goes(share: Drawn) -> Drawn:
    """Return the natural course as the share with doing nothing, which no claim about a treatment makes."""
    return shut(share.values, np.full(share.chosen.shape, -1, dtype=np.int16), share.unknown)


def _believed_share(
    effects: tuple[Effect, ...],
    kind: KindOfPain,
    setting: Setting,
    block: Block,
    path: str,
    bases: _Bases,
    pin: float | None,
) -> Drawn:
    """Return the share in relief as each world's stance has it."""
    weights = {stance: weight for stance, weight in setting.view.weights.items() if weight > 0}
    rivals = [name for name, _ in bases.rivals]
    parts: dict[tuple[int, ...], Drawn] = {}
    by_stance = {}
    for stance, weight in weights.items():
        usable = {
            place: each
            for place, each in enumerate(effects)
            if _counts(each, kind, stance, setting) and (each.versus is None or each.versus in rivals)
        }
        used = heard(usable, setting.view, stance, setting.sources)
        if used not in parts:
            own = tuple(effects[place] for place in used)
            parts[used] = _of_effects(used, own, block[path], block[f"{path}?"], bases, setting.range_coverage, pin)
        by_stance[stance] = (weight, parts[used])
    return mixed(by_stance, block)


def _counts(effect: Effect, kind: KindOfPain, stance: Stance, setting: Setting) -> bool:
    """Return whether an effect is about that pain and, where nobody was compared with, counts as it is claimed."""
    if kind not in effect.kinds:
        return False
    if effect.against is not Against.UNCONTROLLED or effect.yours is not None:
        return True
    claiming = setting.view.uncontrolled
    own = setting.sources[effect.source].stance if effect.source is not None else stance
    return stance in claiming and own in claiming


@stage
def _of_effects(
    indices: tuple[int, ...],
    effects: tuple[Effect, ...],
    values_at: Vector,
    choice_at: Vector,
    bases: _Bases,
    range_coverage: float,
    pin: float | None,
) -> Drawn:
    """Sample the effects that are believed together, one of them in each world, at work on what they compare with."""
    values = np.full(values_at.shape, np.nan)
    chosen = np.full(values_at.shape, -1, dtype=np.int16)
    unknown = np.zeros(values_at.shape, dtype=np.bool_)
    for place, here in split(choice_at, {place: each.weight for place, each in enumerate(effects)}):
        measure, neither = effects[place].measure, bases.neither[here]
        if isinstance(measure, Unknown):
            at = values_at[here] if pin is None else np.full(neither.shape, pin)
            share = neither + (1.0 - neither) * at
            unknown[here] = True
        elif isinstance(measure, ClaimedShare):
            share = distribution(measure, Unit.SHARE, range_coverage=range_coverage)(values_at[here])
        else:
            effect = estimate(measure)
            share = risk_with(bases.of(effects[place])[here], effect.at(values_at[here]), effect.scale)
            unknown |= here & bases.unknown_of(effects[place])
        values[here] = np.maximum(share, neither)
        chosen[here] = indices[place]
    return shut(values, chosen, unknown)
