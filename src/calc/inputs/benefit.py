"""One benefit of a plan: what the patient pays in one category, and how much of it the plan covers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from enum import StrEnum

from pydantic import model_validator

from .base import Fault, Flag, Model, refuse
from .parameter import Parameter

__all__ = ["Benefit", "CopayPer", "LimitPer", "Part", "Sharing"]

_UNITS = {
    "deductible": "money",
    "out_of_pocket_maximum": "money",
    "person_deductible": "money",
    "person_out_of_pocket_maximum": "money",
    "admission_deductible": "money",
    "premium": "money per time",
    "copay": "money",
    "coinsurance": "share",
    "coinsurance_most": "money",
    "copay_days": "time",
    "visits_before_deductible": "count",
    "visit_limit": "count",
    "day_limit": "time",
    "dollar_limit": "money",
    "reference_price": "money",
    "denied": "share",
    "delay": "time",
    "days": "time",
    "full_days": "time",
    "daily_copay": "money",
    "daily_days": "time",
    "reserve_copay": "money",
    "reserve_days": "time",
    "coverage": "share",
}
_USUAL = {
    "money": "usd",
    "money per time": "usd_per_month",
    "share": "share: 0.2 for 20 %",
    "time": "days or weeks",
    "count": "sessions",
}


class CopayPer(StrEnum):
    """What one copay is charged for; a stay is one service, however many days it has."""

    VISIT = "visit"
    DAY = "day"
    STAY = "stay"


class LimitPer(StrEnum):
    """Within what a limit counts.

    A benefit period is the plan year, but for a plan with a ``benefit_period`` of its own; six
    months run from the first visit in them.
    """

    YEAR = "year"
    SIX_MONTHS = "six_months"
    BENEFIT_PERIOD = "benefit_period"
    STAY = "stay"
    LIFETIME = "lifetime"


class Part(Model):
    """A part of a plan that holds parameters, plain or in parts of its own."""

    def parameters(self) -> Mapping[str, Parameter]:
        """Return every parameter of this part by its dotted path inside it."""
        found: dict[str, Parameter] = {}
        for name in type(self).model_fields:
            value = getattr(self, name)
            if isinstance(value, Parameter):
                found[name] = value
            elif isinstance(value, Part):
                found |= {f"{name}.{path}": each for path, each in value.parameters().items()}
            elif isinstance(value, dict):
                for key, each in value.items():
                    inner = {"": each} if isinstance(each, Parameter) else each.parameters()
                    found |= {f"{name}.{key}.{path}".rstrip("."): one for path, one in inner.items()}
        return found

    @model_validator(mode="after")
    def _sound(self) -> Part:
        refuse([*self._misfits(), *self._faults()])
        return self

    def _misfits(self) -> Iterator[Fault]:
        """Yield own parameters whose unit is of another dimension."""
        for name in type(self).model_fields:
            value = getattr(self, name)
            if isinstance(value, Parameter) and value.measure.dimension != _UNITS[name]:
                what = f"the {name.replace('_', ' ')} is given in {value.unit}"
                yield Fault((name, "unit"), what, f"Give it in {_USUAL[_UNITS[name]]}.")

    def _faults(self) -> Iterator[Fault]:
        """Yield what does not fit together."""
        yield from ()


class PriorAuthorization(Part):
    """What asking first comes to: the chance of a no, and how long the answer delays the first session."""

    denied: Parameter
    delay: Parameter


class Sharing(Part):
    """What the patient pays of one service; neither copay nor coinsurance means no charge.

    ``covered: false`` says that the plan pays nothing. ``deductible`` says whether the deductible
    applies here, ``copay_first`` whether the copay is paid before the deductible instead of after
    it. A daily copay is charged for ``copay_days`` at most; the coinsurance of one service stops at
    ``coinsurance_most``. ``admission_deductible`` is owed for each stay, before all else.
    """

    covered: Flag = True
    deductible: Flag | None = None
    admission_deductible: Parameter | None = None
    copay: Parameter | None = None
    copay_first: Flag = False
    copay_per: CopayPer = CopayPer.VISIT
    copay_days: Parameter | None = None
    coinsurance: Parameter | None = None
    coinsurance_most: Parameter | None = None

    def _faults(self) -> Iterator[Fault]:
        if not self.covered:
            for name in sorted(self.model_fields_set - {"covered"}):
                yield Fault((name,), "nothing is covered here, so nothing is shared", "Leave it out, or 'covered'.")
            return
        if self.deductible is None:
            fix = "Add 'deductible: true' or 'deductible: false'; ask the plan where its papers do not say."
            yield Fault((), "nothing says whether the deductible applies", fix)
        if self.copay_first and (self.copay is None or not self.deductible):
            fix = "It needs a copay and a deductible that applies."
            yield Fault(("copay_first",), "there is nothing to put the copay before", fix)
        if self.copay_per is CopayPer.DAY and self.copay is None:
            yield Fault(("copay_per",), "there is no copay to charge by the day", "Add the copay.")
        if self.copay_days is not None and self.copay_per is not CopayPer.DAY:
            fix = "Write 'copay_per: day'."
            yield Fault(("copay_days",), "days are counted, but no copay is charged by the day", fix)
        if self.coinsurance_most is not None and self.coinsurance is None:
            fix = "Add the coinsurance, or leave 'coinsurance_most' out."
            yield Fault(("coinsurance_most",), "there is no coinsurance to stop", fix)


class Benefit(Sharing):
    """Cost sharing in one category, and how much of it the plan covers.

    The first ``visits_before_deductible`` of a plan year are free of the deductible. Visits beyond
    ``visit_limit``, days of a stay beyond ``day_limit`` and what the plan would pay beyond
    ``dollar_limit`` are not covered; each counts within ``limit_per``. Above ``reference_price``
    the plan pays nothing. ``second_tier`` and ``out_of_network`` say what differs there.
    """

    copay_waived_if_admitted: Flag = False
    counts_to_maximum: Flag = True
    visits_before_deductible: Parameter | None = None
    visit_limit: Parameter | None = None
    day_limit: Parameter | None = None
    dollar_limit: Parameter | None = None
    limit_per: LimitPer = LimitPer.YEAR
    reference_price: Parameter | None = None
    prior_authorization: PriorAuthorization | None = None
    second_tier: Sharing | None = None
    out_of_network: Sharing | None = None

    def _faults(self) -> Iterator[Fault]:
        yield from super()._faults()
        if self.visits_before_deductible is not None and not self.deductible:
            fix = "Write 'deductible: true': it applies to the visits after these."
            yield Fault(("visits_before_deductible",), "no deductible applies here", fix)
        if self.copay_waived_if_admitted and self.copay is None:
            yield Fault(("copay_waived_if_admitted",), "there is no copay to waive", "Add the copay.")
        limits = (self.visit_limit, self.day_limit, self.dollar_limit)
        if "limit_per" in self.model_fields_set and not any(each is not None for each in limits):
            yield Fault(("limit_per",), "there is no limit to count", "Add a limit on visits, days or dollars.")
        if self.limit_per is LimitPer.STAY and (self.visit_limit is not None or self.dollar_limit is not None):
            yield Fault(("limit_per",), "only days are counted by the stay", "Give 'day_limit' alone.")
