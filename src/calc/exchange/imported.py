"""Price files × a treatment → its price items in the patient's own figures, and the overlay file that says so."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from ..errors import ParameterFileError, Problem, UnknownNameError
from ..inputs.claim import Market
from ..inputs.overlay import overlay_text
from ..inputs.treatment import Treatment
from .bundled import Asked, ItemPrices, claims_of, codes_of, item_prices
from .price import Basis, Passed, Price, PriceFile
from .prices import read_prices

__all__ = ["Imported", "import_prices"]


@dataclass(frozen=True)
class Imported:
    """What was read for one treatment.

    ``payers`` are those that the files price the treatment's codes for; ``items`` with ``bills`` are
    priced, the others say what is lacking.
    """

    name: str
    treatment: Treatment
    files: tuple[PriceFile, ...]
    asked: Asked
    payers: tuple[str, ...]
    items: tuple[ItemPrices, ...]

    @property
    def whose(self) -> str:
        """The files, whose they are, of when, and the payer."""
        named = [f"{each.publisher or each.file}, {each.dated or 'no date'}" for each in self.files]
        payer = " ".join(part for part in (self.asked.payer, self.asked.plan) if part)
        return "; ".join([*dict.fromkeys(named), *([payer] if payer else [])])

    @property
    def unused(self) -> tuple[Price, ...]:
        """Prices of the payer that fit no line: another modifier, setting, part or place than the bundle has."""
        used = {entry.price for item in self.items for bill in item.bills for entry in bill.entries if entry.price}
        asked = self.asked
        mine = [
            price
            for file in self.files
            for price in file.prices
            if _within(asked.payer, price.payer) and _within(asked.plan, price.plan)
        ]
        possible = {code for item in self.items for line, _ in item.possible for code in line.codes}
        return tuple(price for price in mine if price not in used and price.payer and price.code not in possible)

    @property
    def overlay(self) -> str:
        """The text of an overlay file with the priced items."""
        price: dict[str, Any] = {}
        for found in self.items:
            if found.bills:
                old = price.get(found.item, {}).get("claims")
                new = claims_of(found, self.treatment.price[found.item], self.whose)
                price[found.item] = {"claims": new if old is None else _joined(old, new, found.market)}
        return overlay_text(f"Prices of {self.whose}", {self.name: {"price": price}})


def _joined(old: list[dict[str, Any]], new: list[dict[str, Any]], market: Market) -> list[dict[str, Any]]:
    """Return the claims of two imports of one item: each market's imported, and what neither has."""
    mine = [claim for claim in new if claim.get("market") == str(market) and "yours" in claim]
    return mine + [claim for claim in old if claim.get("market") != str(market)]


def import_prices(name: str, treatment: Treatment, files: Sequence[Path], asked: Asked) -> Imported:
    """Read price files for one treatment.

    Where the files have one payer only, that one is asked for.

    Raises
    ------
    ParameterFileError
        with everything that is wrong with the files, or where they price no item of the treatment.
    UnknownNameError
        for a payer or a plan that the files do not have.
    """
    if not treatment.bundle:
        what = f"no code is known that {name} is billed under"
        fix = "Give its price as `--set TREATMENT.price.ITEM=VALUE`, or in a file for --with."
        raise ParameterFileError([Problem(name, "bundle", what, fix)])
    read = read_prices(files, codes_of(treatment))
    rows: list[Price | Passed] = []
    for file in read:
        rows += [*file.prices, *file.passed]
    named = [(each.payer, each.plan) for each in rows if each.payer]
    payers = tuple(sorted({payer for payer, _ in named}))
    asked = _resolved(asked, named, payers)
    found = Imported(name, treatment, read, asked, payers, tuple(item_prices(treatment, read, asked)))
    if not any(item.bills for item in found.items):
        raise ParameterFileError(_nothing(found))
    return found


def _resolved(asked: Asked, named: Sequence[tuple[str, str]], payers: Sequence[str]) -> Asked:
    """Return what is asked, with the payer where there is but one, and whose prices those are."""
    if not asked.payer and len(payers) == 1:
        asked = replace(asked, payer=payers[0])
    fits = [pair for pair in named if _within(asked.payer, pair[0]) and _within(asked.plan, pair[1])]
    if asked.payer and not fits:
        kind, wanted = "plan", asked.plan
        known = {plan for payer, plan in named if _within(asked.payer, payer)}
        if not known:
            kind, wanted, known = "payer", asked.payer, set(payers)
        raise UnknownNameError(f"{kind} with prices of these codes in the files", wanted, known)
    if asked.market is None and asked.payer:
        medicare = all("medicare" in f"{payer} {plan}".casefold() for payer, plan in fits)
        asked = replace(asked, market=Market.MEDICARE if medicare else Market.COMMERCIAL)
    return replace(
        asked,
        payer=_only(asked.payer, {payer for payer, _ in fits}),
        plan=_only(asked.plan, {plan for _, plan in fits}),
    )


def _only(wanted: str, fits: Collection[str]) -> str:
    """Return a name in full, where what is wanted fits one only."""
    return next(iter(fits)) if wanted and len(fits) == 1 else wanted


def _within(wanted: str, name: str) -> bool:
    return wanted.casefold().replace("_", " ") in name.casefold()


def _nothing(found: Imported) -> list[Problem]:
    """Return why no item was priced: what each lacks, and which rows gave no amount."""
    files = ", ".join(file.file for file in found.files)
    seen = {price.code for file in found.files for price in file.prices if price.basis is not Basis.OWN}
    codes = ", ".join(sorted(codes_of(found.treatment)))
    fix = f"The codes looked for: {codes}. Found: {', '.join(sorted(seen)) or 'none'}."
    problems = [Problem(files, "", f"no price item of {found.name} is priced", fix)]
    problems += [Problem(files, each.item, text, "") for each in found.items for text in each.lacking]
    if not found.asked.payer and found.payers:
        names = ", ".join(found.payers[:20])
        problems.append(Problem("--payer", "", "no payer is named", f"The files have: {names}."))
    passed = [each for file in found.files for each in file.passed][:20]
    problems += [Problem(each.where, each.code, each.why, f"{each.payer} {each.plan}".strip()) for each in passed]
    return problems
