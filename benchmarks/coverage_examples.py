"""What issuers print for the coverage example of a broken foot, against the same plan worked out here.

Run it from the repository: ``python benchmarks/coverage_examples.py``; with the whole files of CMS in hand,
``python benchmarks/coverage_examples.py --benefits FILE --attributes FILE``. All plans, each under
every way in which issuers code the example's lines, go through in one vectorized pass.

The lines of the example (total 2,800) are CMS's category totals of its guide of 2019; how 341 dollars of specialist
care and 364 of therapy are split is inferred from what issuers print (see the README beside the files). The guides'
lines for a baby and for diabetes are not published, so only their deductible can be held against a plan, and only where
everything is free after it.
"""

from __future__ import annotations

import argparse
import csv
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path

import numpy as np

from calc.exchange.cost_share import CostShare, Shared, readings_of
from calc.exchange.marketplace import CATEGORIES
from calc.exchange.plan_attributes import money_in
from calc.exchange.table import Table
from calc.inputs.parameter import Category
from calc.model.benefits import adjudicate
from calc.model.ledger import CostSharing, Limit, Service, Terms

ORACLE = Path(__file__).resolve().parents[2] / "shared" / "oracles" / "puf"
PARTS = ("Deductible", "Copayment", "Coinsurance")
AMBULANCE, EMERGENCY, XRAY = Category.AMBULANCE, Category.EMERGENCY_ROOM, Category.DIAGNOSTIC_TEST
VISIT, SURGEON, THERAPY = Category.SPECIALIST_VISIT, Category.OUTPATIENT_PROFESSIONAL, Category.THERAPY_VISIT
EQUIPMENT, FACILITY, DRUG = Category.MEDICAL_EQUIPMENT, Category.OUTPATIENT_PROCEDURE, Category.GENERIC_DRUGS
#: the emergency's physician has its terms but for the copay, which the facility's line takes
PHYSICIAN = Category.INPATIENT_PROFESSIONAL
NEEDED = (AMBULANCE, EMERGENCY, XRAY, VISIT, SURGEON, THERAPY, EQUIPMENT, FACILITY, DRUG)


@dataclass(frozen=True)
class Coding:
    """How an issuer codes the example's lines: what cannot be told from the plan's fields."""

    name: str
    third: str = "visit"  # the third specialist line: a visit, surgery, or free
    sessions: int = 4
    therapy: Category = THERAPY
    free: str = ""

    def bills(self, line: str) -> bool:
        """Return whether a line is charged at all."""
        return self.free != line


#: the four that most issuers follow
USUAL = tuple(
    Coding(name, third, sessions)
    for name, (third, sessions) in zip(
        "ABCD", [("visit", 4), ("surgery", 3), ("surgery", 4), ("visit", 3)], strict=True
    )
)
#: one thing coded otherwise than in one of the four
OTHERS = tuple(
    replace(usual, name=name, **changed)
    for name, changed in {
        "the emergency's physician is not charged": {"free": "physician"},
        "the equipment is not charged": {"free": "equipment"},
        "the ambulance is not charged": {"free": "ambulance"},
        "the x-rays are not charged": {"free": "x-rays"},
        "the other facility is not charged": {"free": "facility"},
        "the third specialist line is not charged": {"third": "free"},
        "therapy is one visit": {"sessions": 1},
        "therapy has the terms of outpatient surgery": {"therapy": SURGEON},
    }.items()
    for usual in USUAL
)
CODINGS = (*USUAL, *OTHERS)


@dataclass(frozen=True)
class Row:
    """One plan variant: its attributes, and by category the pair of cells and what it means."""

    about: Mapping[str, str]
    pairs: Mapping[Category, tuple[str, str]]
    shared: Mapping[Category, Shared]

    @property
    def deductible(self) -> float:
        """One person's, USD; 0 where the plan has none."""
        return self._money("TEHBDedInnTier1Individual", "MEHBDedInnTier1Individual")

    @property
    def maximum(self) -> float:
        """One person's, USD; infinite where none is printed."""
        return self._money("TEHBInnTier1IndividualMOOP", "MEHBInnTier1IndividualMOOP") or np.inf

    def _money(self, *columns: str) -> float:
        found = (money_in(self.about.get(column, "").strip()) for column in columns)
        return float(next((each for each in found if each is not None), 0))

    def printed(self, example: str) -> list[float]:
        """Return what the issuer prints: deductible, copayment, coinsurance."""
        return [float(money_in(self.about[f"SBC{example}{part}"].strip()) or 0) for part in PARTS]


def row_of(about: Mapping[str, str], cells: Iterable[Mapping[str, str]]) -> Row:
    pairs = {
        Category(CATEGORIES[cell["BenefitName"]]): (cell["CopayInnTier1"], cell["CoinsInnTier1"])
        for cell in cells
        if cell["BenefitName"] in CATEGORIES
    }
    shared = {}
    for category, pair in pairs.items():
        parsed = [CostShare.parse(text) for text in pair]
        if None not in parsed and (readings := readings_of(*parsed)):  # type: ignore[arg-type]
            shared[category] = readings[0]
    # some extracts leave drugs out: any copay of 5 dollars or more takes the whole of this one
    shared.setdefault(DRUG, Shared(deductible=False, copay=Decimal(5)))
    return Row(about, pairs, shared)


def read(file: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(file.read_text("utf-8").splitlines()))


def oracle_rows(folder: Path) -> Iterator[Row]:
    """Yield the plans of the files beside the repository; a standard design has its terms by metal and variant."""
    designs: dict[tuple[str, str, str], list[dict[str, str]]] = {}
    for cell in read(folder / "standard_design_2026_cost_sharing.csv"):
        for variant in cell["variants"].split() if cell["CopayInnTier1"] != "not seen" else ():
            designs.setdefault((cell["DesignType"], cell["MetalLevel"], variant), []).append(cell)
    own: dict[str, list[dict[str, str]]] = {}
    for name in ("plans_cost_sharing_2026.csv", "plans_cost_sharing_2026_raw.csv"):
        for cell in read(folder / name):
            if cell["CopayInnTier1"] != "not seen":
                own.setdefault(cell["PlanId"], []).append(cell)
    for about in read(folder / "plans_attributes_2026.csv"):
        variant = about["PlanId"][-2:]
        if variant not in ("02", "03"):
            design = designs.get((about["DesignType"], about["MetalLevel"], variant), [])
            yield row_of(about, [*design, *own.get(about["PlanId"], [])])


def whole_rows(benefits: Path, attributes: Path) -> Iterator[Row]:
    """Yield every medical plan of the two files of CMS."""
    cells: dict[str, list[Mapping[str, str]]] = {}
    for record in Table(benefits).records():
        if record["BenefitName"] in CATEGORIES:
            kept = {name: record[name] for name in ("BenefitName", "CopayInnTier1", "CoinsInnTier1")}
            cells.setdefault(record["PlanId"], []).append(kept)
    for record in Table(attributes).records():
        if record["PlanId"][-2:] not in ("02", "03") and record["SBCHavingSimplefractureDeductible"]:
            yield row_of(record.cells, cells.get(record["PlanId"], []))


def terms_of(rows: Sequence[Row]) -> Terms:
    """Return all plans as one: each a draw, repeated for each coding."""
    times = len(CODINGS)

    def tiled(values: Iterable[float]) -> np.ndarray:
        return np.tile(np.array(list(values), dtype=float), times)

    def sharing(category: Category, *, copay: bool = True) -> CostSharing:
        shared = [row.shared[category] for row in rows]
        return CostSharing(
            copay=tiled(float(each.copay or 0) if copay else 0.0 for each in shared),
            coinsurance=tiled(float(each.coinsurance or 0) for each in shared),
            deductible="deductible",
            maximum="maximum",
            # where the deductible does not apply, no visit ever meets it
            visits_before_deductible=tiled(0.0 if each.deductible else np.inf for each in shared),
        )

    limits = {
        "deductible": Limit(*[tiled(row.deductible for row in rows)] * 2),
        "maximum": Limit(*[tiled(row.maximum for row in rows)] * 2),
    }
    found = {category: sharing(category) for category in NEEDED}
    found[PHYSICIAN] = sharing(EMERGENCY, copay=False)
    return Terms(len(rows) * times, limits, found, {}, (), {}, {})


def services_of(count: int) -> list[Service]:
    """Return the example's lines by date, each coding over its part of the draws."""
    size = count * len(CODINGS)
    every = np.ones(size, dtype=bool)

    def where(test: Callable[[Coding], bool]) -> np.ndarray:
        return np.repeat([test(coding) for coding in CODINGS], count)

    def line(category: Category, day: int, allowed: float | np.ndarray, happens: np.ndarray = every) -> Service:
        money = np.zeros(size) + allowed
        return Service(str(category), category, np.full(size, day / 7), money, money, happens, every)

    def charged(category: Category, day: int, allowed: float, name: str) -> Service:
        return line(category, day, allowed, where(lambda coding: coding.bills(name)))

    sessions = np.repeat([coding.sessions for coding in CODINGS], count)
    return [
        charged(AMBULANCE, 0, 944, "ambulance"),
        line(EMERGENCY, 0, 357),
        charged(PHYSICIAN, 0, 385, "physician"),
        charged(XRAY, 0, 113 / 3, "x-rays"),
        charged(EQUIPMENT, 0, 248, "equipment"),
        charged(FACILITY, 0, 43, "facility"),
        line(DRUG, 0, 5),
        line(VISIT, 7, 105),
        charged(XRAY, 7, 113 / 3, "x-rays"),
        line(VISIT, 7, 151, where(lambda coding: coding.third == "visit")),
        line(SURGEON, 7, 151, where(lambda coding: coding.third == "surgery")),
        line(VISIT, 42, 85),
        charged(XRAY, 42, 113 / 3, "x-rays"),
        *(
            line(category, 50 + 7 * each, 364 / sessions, own & (each < sessions))
            for each in range(4)
            for category in (THERAPY, SURGEON)
            for own in [where(lambda coding, category=category: coding.therapy is category)]
        ),
    ]


def worked_out(rows: Sequence[Row]) -> np.ndarray:
    """Return deductible, copayment and coinsurance, shape (codings, plans, 3), in one pass."""
    ledger = adjudicate(services_of(len(rows)), terms_of(rows))
    parts = [ledger.columns[name] for name in ("deductible", "copay", "coinsurance")]
    return np.stack(parts, axis=-1).reshape(len(CODINGS), len(rows), 3)


def within_rounding(ours: np.ndarray, printed: np.ndarray) -> np.ndarray:
    """Return whether figures are the same to CMS's rounding: hundreds above 100, else tens, half either way."""
    step = np.where(np.maximum(ours, printed) > 100, 100.0, 10.0)
    return np.abs(ours - printed) <= step / 2 + 1e-9


def why(row: Row, right: np.ndarray, printed: Sequence[float], best: float) -> str:
    """Return the class of a miss, by what can be told: the issuer's entry, CMS's rule, one line coded otherwise."""
    given = sum(printed)
    if given == 0:
        return "issuer's entry: nothing printed for a plan that shares costs"
    if given > 2850:
        return "issuer's entry: more than the whole bill of 2,800"
    if printed[0] > row.deductible + 50:
        return "issuer's entry: more deductible than the plan has"
    if given > row.maximum + 50:
        return "issuer's entry: more than the plan's maximum"
    for at in range(len(USUAL), len(CODINGS)):
        if right[at]:
            return f"issuer's coding: {CODINGS[at].name} (then all three figures agree)"
    if any("with deductible" in text or "before" in text for pair in row.pairs.values() for text in pair):
        return "CMS's rule: a pair whose rule does not follow from its words"
    if best <= 50:
        return "issuer's coding: the total agrees, some line stands under another heading"
    return "not explained: ours until it is"


def told(rows: Sequence[Row]) -> Iterator[str]:
    """Yield the tables."""
    known = [row for row in rows if set(NEEDED) <= set(row.shared)]
    printed = np.array([row.printed("HavingSimplefracture") for row in known])
    ours = worked_out(known)
    right = within_rounding(ours, printed).all(axis=2)
    yield f"Fracture: {len(known):,} plans whose own fields give every line; share within CMS's rounding in all figures"
    for at, coding in enumerate(USUAL):
        how = f"third specialist line as {coding.third}, {coding.sessions} sessions"
        yield f"  {coding.name}, {how:<46} {right[at].sum():>6,}  {right[at].mean():6.1%}"
    usual, any_right = right[: len(USUAL)].any(axis=0), right.any(axis=0)
    yield f"  {'one of the four':<49} {usual.sum():>6,}  {usual.mean():6.1%}"
    yield f"  {'one of the four, or one thing coded otherwise':<49} {any_right.sum():>6,}  {any_right.mean():6.1%}"
    yield from _issuers(known, right[: len(USUAL)])
    yield "  Misses of the four by class:"
    apart = np.abs(ours.sum(axis=2) - printed.sum(axis=1)).min(axis=0)
    misses = Counter(why(row, right[:, at], printed[at], apart[at]) for at, row in enumerate(known) if not usual[at])
    yield from (f"    {count:>5,}  {name}" for name, count in misses.most_common())
    yield "  By pair of cells on the lines (plans that have it, share within rounding under one of the four):"
    yield from _by_pair(known, usual)
    yield from _free_after(rows)
    partly = len(rows) - len(known)
    yield f"Not determined: {partly:,} plans of which the file at hand lacks ambulance, equipment, therapy or surgery."


def _issuers(rows: Sequence[Row], right: np.ndarray) -> Iterator[str]:
    """Yield how many issuers follow one convention throughout."""
    by: dict[str, list[int]] = {}
    for at, row in enumerate(rows):
        by.setdefault(row.about["IssuerId"], []).append(at)
    always = sum(1 for places in by.values() if right[:, places].all(axis=1).any())
    once = sum(1 for places in by.values() if right[:, places].any())
    yield f"  issuers: {len(by)}; {always} follow one convention in all their plans, {once} in some"


def _by_pair(rows: Sequence[Row], right: np.ndarray) -> Iterator[str]:
    have: Counter[tuple[str, str]] = Counter()
    agree: Counter[tuple[str, str]] = Counter()
    for row, good in zip(rows, right, strict=True):
        for pair in {tuple(_key(text) for text in row.pairs[each]) for each in NEEDED if each in row.pairs}:
            have[pair] += 1  # type: ignore[index]
            agree[pair] += bool(good)  # type: ignore[index]
    for pair, count in have.most_common():
        words = " + ".join(each or "an amount" for each in pair)
        yield f"    {count:>5,}  {agree[pair] / count:6.1%}  {words}"


def _key(text: str) -> str:
    found = CostShare.parse(text)
    return found.key if found is not None else text


def _free_after(rows: Sequence[Row]) -> Iterator[str]:
    """Yield the checks that need no lines: plans in which everything is free after the deductible."""
    plain = Shared(deductible=True)
    free = [row for row in rows if row.pairs and all(row.shared.get(each) == plain for each in row.pairs)]
    for example, total in (("HavingaBaby", 12_700), ("HavingDiabetes", 5_600), ("HavingSimplefracture", 2_800)):
        one = [row for row in free if row.deductible > 0]
        if not one:
            continue
        printed = np.array([row.printed(example) for row in one])
        most = np.array([min(row.deductible, total) for row in one])
        good = within_rounding(most, printed[:, 0]) & (printed[:, 1:].sum(axis=1) <= 50)
        below = ~good & (printed[:, 0] < most) & (printed[:, 1:].sum(axis=1) <= 50)
        yield (
            f"{example}: {len(one):,} plans with everything free after the deductible; {good.mean():.1%} print it in "
            f"full, {below.mean():.1%} less (care that is free before it), {(~good & ~below).mean():.1%} otherwise"
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--benefits", type=Path)
    parser.add_argument("--attributes", type=Path)
    asked = parser.parse_args()
    if asked.benefits and asked.attributes:
        rows = list(whole_rows(asked.benefits, asked.attributes))
    elif ORACLE.is_dir():
        rows = list(oracle_rows(ORACLE))
    else:
        print("The files are not beside the repository; give --benefits and --attributes.")
        return
    print("\n".join(told(rows)))


if __name__ == "__main__":
    main()
