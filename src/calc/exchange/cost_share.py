"""The cost-share strings of the marketplace files: a grammar, and what a pair of copay and coinsurance means.

A string is one of these, where ``A`` is an amount and ``R`` a percentage::

    cell      = "" | "Not Applicable" | charge | amount | percent
    charge    = "No Charge" [" after deductible"]
    amount    = "$" A [" Copay" [" per " ("Day" | "Stay")] [" " when " deductible"]]
    percent   = R "%" [" Coinsurance" [" after deductible"]]
    when      = "after" | "with" | "before"

What a pair means is CMS's own table of 53 (copay_coinsurance_rules.csv, from the public-domain code of
CMSgov/oopc-calculations). It is older than the wording "with deductible", which is read as "after".
"""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from importlib.resources import files

__all__ = ["CostShare", "Shared", "readings_of"]

_STRING = re.compile(
    r"""(?P<word>|Not\ Applicable)
      | No\ Charge(?P<free>\ after\ deductible)?
      | \$(?P<usd>\d+(?:,\d{3})*(?:\.\d+)?)(?P<copay>\ Copay(?:\ per\ (?P<per>Day|Stay))?
            (?:\ (?P<when>after|with|before)\ deductible)?)?
      | (?P<rate>\d+(?:\.\d+)?)%(?P<coins>\ Coinsurance(?P<then>\ after\ deductible)?)?""",
    re.VERBOSE,
)

BLANK, NOT_APPLICABLE, NO_CHARGE, COPAY, COINSURANCE = "", "Not Applicable", "No Charge", "Copay", "Coinsurance"


@dataclass(frozen=True)
class CostShare:
    """One cell: its kind, its amount in USD or percent as written, per what, and how the deductible stands to it."""

    kind: str
    amount: Decimal | None = None
    per: str = ""
    deductible: str = ""
    worded: bool = False
    grouped: bool = False

    @classmethod
    def parse(cls, text: str) -> CostShare | None:
        """Return a cell's meaning, None where the grammar has no such string."""
        found = _STRING.fullmatch(text)
        if found is None:
            return None
        usd, rate = found["usd"], found["rate"]
        if usd is not None:
            amount = Decimal(usd.replace(",", ""))
            worded = found["copay"] is not None
            return cls(COPAY, amount, found["per"] or "", found["when"] or "", worded, "," in usd)
        if rate is not None:
            return cls(COINSURANCE, Decimal(rate), "", "after" if found["then"] else "", found["coins"] is not None)
        if found["word"] is not None:
            return cls(found["word"])
        return cls(NO_CHARGE, deductible="after" if found["free"] else "")

    def __str__(self) -> str:
        after = f" {self.deductible} deductible" if self.deductible else ""
        if self.amount is None:
            return f"{self.kind}{after}"
        if self.kind == COINSURANCE:
            return f"{self.amount}%{' Coinsurance' if self.worded else ''}{after}"
        money = f"${self.amount:,f}" if self.grouped else f"${self.amount:f}"
        per = f" per {self.per}" if self.per else ""
        return f"{money}{' Copay' if self.worded else ''}{per}{after}"

    @property
    def key(self) -> str:
        """The string as CMS's table has it: without its amount, an amount alone being nothing."""
        if self.kind == BLANK:
            return NOT_APPLICABLE
        when = "after" if self.deductible == "with" else self.deductible
        after = f" {when} deductible" if when else ""
        if self.amount is None:
            return f"{self.kind}{after}"
        per = f" per {self.per}" if self.per else ""
        return f"{self.kind}{per}{after}" if per or after else ""


@dataclass(frozen=True)
class Shared:
    """What the patient pays of one service under one reading of a pair; None for what is not charged."""

    deductible: bool
    copay: Decimal | None = None
    copay_per: str = "visit"
    copay_first: bool = False
    coinsurance: Decimal | None = None


def readings_of(copay: CostShare, coinsurance: CostShare) -> tuple[Shared, ...]:
    """Return what a pair means by CMS's rule, then by its own words where they say otherwise.

    Nothing is returned for a pair that CMS's table does not have.
    """
    rule = _rules().get((copay.key, coinsurance.key))
    if rule is None:
        return ()
    words = {
        "uses_copay": copay.kind == COPAY,
        "uses_coinsurance": coinsurance.kind == COINSURANCE,
        "subject_to_deductible": bool(copay.deductible or coinsurance.deductible),
        "copay_before_deductible": copay.deductible == "before",
    }
    found = [_shared(copay, coinsurance, flags) for flags in (rule, words)]
    return tuple(dict.fromkeys(found))


def _shared(copay: CostShare, coinsurance: CostShare, flags: dict[str, bool]) -> Shared:
    charged = flags["uses_copay"] and bool(copay.amount)
    rate = coinsurance.amount if flags["uses_coinsurance"] else None
    return Shared(
        deductible=flags["subject_to_deductible"],
        copay=copay.amount if charged else None,
        copay_per=(copay.per.lower() or "visit") if charged else "visit",
        copay_first=flags["copay_before_deductible"] and charged,
        coinsurance=rate / 100 if rate else None,
    )


@cache
def _rules() -> dict[tuple[str, str], dict[str, bool]]:
    text = (files(__package__) / "copay_coinsurance_rules.csv").read_text("utf-8")
    return {
        (row.pop("copay_option"), row.pop("coinsurance_option")): {name: each == "true" for name, each in row.items()}
        for row in csv.DictReader(text.splitlines())
    }
