"""What a hospital's file says, gathered row by row: prices of the wanted codes, and words about the rest."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from ..errors import ParameterFileError, Problem
from ..inputs.bundle import Part, Place
from .charge import read_charge
from .opened import wrong
from .price import Basis, Passed, Price, PriceFile, Spread, clean, code_of, day_of, usd_of

__all__ = ["Charges", "Header", "Row"]

_PARTS = {"professional": Part.PROFESSIONAL, "facility": Part.FACILITY, "both": Part.BOTH, "": Part.FACILITY}
_SETTINGS = ("inpatient", "outpatient", "both")
_MOST_MODIFIERS = 40
_HEAD = "A hospital's file names hospital_name, last_updated_on and version at its head, and gives them."


@dataclass(frozen=True)
class Header:
    """Whose file it is, of when, in which version, and a rule that goes before its prices."""

    hospital: str
    dated: date
    version: str
    provisions: str

    @classmethod
    def of(cls, given: Mapping[str, str], where: str) -> Header:
        """Return the header of the values by name.

        Raises
        ------
        ParameterFileError
            for a value that is missing, a date that is none, or a version that is not read.
        """
        names = ("hospital_name", "last_updated_on", "version")
        missing = [Problem(where, name, "this value is missing", _HEAD) for name in names if not given.get(name)]
        if missing:
            raise ParameterFileError(missing)
        version = given["version"].lower().removeprefix("v")
        if version.split(".")[0] not in ("2", "3"):
            fix = "Versions 2 and 3 are read; ask the hospital for its present file."
            raise wrong(where, "version", f"version {clean(version, 20)!r}", fix)
        dated = day_of(given["last_updated_on"], where, "last_updated_on")
        said = clean(given.get("general_contract_provisions", ""), 600)
        return cls(clean(given["hospital_name"]), dated, version, said)


@dataclass(frozen=True)
class Row:
    """One item of the file: where, its codes as (list, code), what it says whoever pays; ``short`` if cut."""

    where: str
    codes: Sequence[tuple[object, object]]
    said: Mapping[str, object]
    short: bool = False

    @property
    def modifiers(self) -> frozenset[str]:
        """The row's modifiers, empty where it has none."""
        text = clean(self.said.get("modifiers") or "").upper()
        return frozenset(part for part in text.replace("|", " ").replace(",", " ").replace(";", " ").split())


@dataclass
class Charges:
    """Gathers one file."""

    wanted: frozenset[str]
    prices: dict[Price, Price] = field(default_factory=dict)  # by what they say, wherever they stand
    passed: list[Passed] = field(default_factory=list)
    classed: bool = False  # whether any row says whose part its price is
    modifiers: list[str] = field(default_factory=list)  # what a modifier alone on a row changes, in words

    def wants(self, row: Row) -> bool:
        """Whether a row bears a wanted code, or is about a modifier alone."""
        return bool(self._codes(row)) or (not row.codes and bool(row.modifiers))

    def _codes(self, row: Row) -> list[str]:
        return [code for code in (code_of(kind, code) for kind, code in row.codes) if code in self.wanted]

    def add(self, row: Row, payer: str, plan: str, said: Mapping[str, object]) -> None:
        """Take in what a row says of one payer.

        Raises
        ------
        ParameterFileError
            for a cell that is not what its column is for.
        """
        payer, plan = clean(payer), clean(plan)
        if not any(clean(value or "") for value in said.values()):
            return
        if not row.codes:
            self._modifier(row, payer, plan, said)
            return
        if not payer:
            return  # a row of the cash price alone
        read = read_charge({**row.said, **said}, row.where)
        for code in self._codes(row):
            if isinstance(read, str):
                short = "; the row ends before its last columns" if row.short else ""
                self.passed.append(Passed(row.where, code, payer, plan, f"{read}{short}"))
            else:
                basis, spread, words = read
                self._price(row, code, basis, spread, payer, plan, words)

    def add_cash(self, row: Row) -> None:
        """Take in a row's cash price.

        Raises
        ------
        ParameterFileError
            as :meth:`add`.
        """
        cash = usd_of(row.said.get("discounted_cash"), row.where, "standard_charge|discounted_cash")
        for code in self._codes(row) if cash is not None else ():
            if isinstance(cash, str):
                self.passed.append(Passed(row.where, code, "", "", f"cash: {cash}"))
            elif cash is not None:
                self._price(row, code, Basis.CASH, Spread.exact(cash), "", "", "")

    def _price(self, row: Row, code: str, basis: Basis, spread: Spread, payer: str, plan: str, words: str) -> None:
        setting = clean(row.said.get("setting") or "").lower()
        if setting not in (*_SETTINGS, ""):
            raise wrong(
                row.where, "setting", f"{setting[:40]!r} is no setting", "It should be inpatient, outpatient or both."
            )
        part = clean(row.said.get("billing_class") or "").lower()
        self.classed |= bool(part)
        if part not in _PARTS:
            fix = "It should be professional, facility or both."
            raise wrong(row.where, "billing_class", f"{part[:40]!r} is no class of bill", fix)
        price = Price("", code, basis, spread, _PARTS[part], Place.HOSPITAL, setting, row.modifiers, payer, plan, words)
        self.prices.setdefault(price, replace(price, where=row.where))

    def _modifier(self, row: Row, payer: str, plan: str, said: Mapping[str, object]) -> None:
        share, dollars = clean(said.get("negotiated_percentage") or ""), clean(said.get("negotiated_dollar") or "")
        how = f"{share.removesuffix('%')} % of the price" if share else f"{dollars} dollars"
        if share or dollars:
            self.add_modifier("|".join(sorted(row.modifiers)), payer, plan, how)

    def add_modifier(self, modifier: str, payer: str, plan: str, how: str) -> None:
        """Take in that a modifier changes a payer's prices, and how."""
        if len(self.modifiers) < _MOST_MODIFIERS:
            self.modifiers.append(f"modifier {modifier}, {payer} {plan}: {how}")

    def done(self, header: Header, file: str, kind: str) -> PriceFile:
        """Return what was gathered."""
        remarks = [f"Not applied here: {words}." for words in self.modifiers]
        if self.prices and not self.classed:
            remarks.append(
                "The file does not tell a physician's prices from the hospital's; they are taken as its own."
            )
        if header.provisions:
            remarks.insert(0, f'A contract rule goes before the prices: "{header.provisions}"')
        said = f"{kind}, version {header.version}"
        prices, passed = tuple(self.prices.values()), tuple(self.passed)
        return PriceFile(file, said, header.hospital, header.dated, prices, passed, tuple(remarks))
