"""Years of statements with one planted fault each, and without: what ``calc check-bill`` finds and where.

Run it from the repository: ``python benchmarks/statements.py [YEARS [SEED]]``. Plans, visits and faults are drawn; the
splits are made here in whole cents, by arithmetic of its own, a line at a time as an insurer would print them. After a
fault the insurer goes on from what it printed, or from what the fault made of its books. Every year also holds lines
taken back, corrected or printed twice.
"""

from __future__ import annotations

import random
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from pathlib import Path

from calc.analysis.explanations import Kind
from calc.analysis.statement_inputs import Held
from calc.analysis.statements import BillCheck, check_held
from calc.exchange.lines import AMOUNTS, StatementLine, Status
from calc.inputs.load import Library, load_library
from calc.inputs.parameter import Category
from calc.inputs.patient import Patient
from calc.inputs.plan import Plan

PARAMS = Path(__file__).resolve().parents[1] / "params"

#: the planted kinds, all of those that a statement can show but for plain refusals and wrong sums
KINDS = (
    Kind.DEDUCTIBLE_TWICE, Kind.DEDUCTIBLE_WHERE_NONE, Kind.COPAY_AND_COINSURANCE, Kind.COPAY_PER_LINE,
    Kind.COINSURANCE_ON_BILLED, Kind.ABOVE_MAXIMUM, Kind.BALANCE_BILL, Kind.OVER_CONTRACT, Kind.VISIT_LIMIT,
    Kind.PLAN_YEAR, Kind.WRONG_NETWORK, Kind.WRONG_TIER,
)  # fmt: skip


@dataclass(frozen=True)
class Rule:
    """One benefit in whole cents and percent."""

    deductible: bool
    copay: int = 0
    percent: int = 0
    limit: int | None = None


@dataclass(frozen=True)
class Design:
    """A plan in whole cents."""

    deductible: int
    maximum: int
    rules: dict[Category, Rule]
    elsewhere: int
    starts: str

    def year(self, day: date) -> int:
        """Return the calendar year in which the plan year of a day began."""
        month, of = map(int, self.starts.split("-"))
        return day.year if day >= date(day.year, month, of) else day.year - 1

    def plan(self) -> Plan:
        """Return the design as calc's own plan."""

        def parameter(unit: str, value: float) -> dict[str, object]:
            claim = {"assumption": "Drawn.", "reading": "exact", "value": value}
            return {"label": unit, "unit": unit, "claims": [claim]}

        benefits = {}
        for category, rule in self.rules.items():
            benefit: dict[str, object] = {"deductible": rule.deductible}
            if rule.copay:
                benefit["copay"] = parameter("usd", rule.copay / 100)
            if rule.percent:
                benefit["coinsurance"] = parameter("share", rule.percent / 100)
            if rule.limit is not None:
                benefit["visit_limit"] = parameter("sessions", rule.limit)
            benefits[category] = benefit
        return Plan.model_validate(
            {
                "label": "Drawn", "short": "Drawn", "year": 2026, "market": "commercial", "benefits": benefits,
                "deductible": parameter("usd", self.deductible / 100),
                "out_of_pocket_maximum": parameter("usd", self.maximum / 100),
                "out_of_network": {"coinsurance": parameter("share", self.elsewhere / 100)},
            }
        )  # fmt: skip


@dataclass(frozen=True)
class Books:
    """What an insurer has counted in a plan year, whole cents and visits by category."""

    deductible: int = 0
    paid: int = 0
    visits: tuple[Category, ...] = ()


@dataclass(frozen=True)
class Act:
    """One visit: its day and benefit, and by line what is billed and allowed, in whole cents."""

    day: date
    category: Category
    lines: tuple[tuple[int, int], ...]


@dataclass
class Printed:
    """One visit as printed, whole cents by line, and the books afterwards."""

    lines: list[dict[str, int]]
    books: Books

    def total(self, name: str) -> int:
        """Return an amount over the lines, in cents."""
        return sum(line[name] for line in self.lines)


@dataclass(frozen=True)
class Twist:
    """How one visit is split otherwise: by another rule, other books, or with something on top."""

    rule: Rule | None = None
    books: Books | None = None
    no_maximum: bool = False
    copay_each: bool = False
    on_billed: bool = False
    refuse: bool = False
    out: bool = False
    added: str = ""


def half_up(percent: int, cents: int) -> int:
    return (percent * cents * 2 + 100) // 200


def split(design: Design, act: Act, books: Books, twist: Twist | None = None) -> Printed:
    """Split a visit line by line: deductible, copay once a visit, coinsurance, up to the maximum."""
    how = twist or Twist()
    rule = how.rule or design.rules[act.category]
    if how.out:
        rule = Rule(True, 0, design.elsewhere)
    books = how.books or books
    seen = books.visits.count(act.category)
    refused = how.refuse or (rule.limit is not None and seen >= rule.limit)
    owed_of_copay, due, spent = rule.copay, books.deductible, books.paid
    lines = []
    for billed, allowed in act.lines:
        line = dict.fromkeys(AMOUNTS, 0) | {"billed": billed, "allowed": allowed}
        if refused:
            line |= {"not_covered": allowed, "you_owe": allowed}
            lines.append(line)
            continue
        if how.copay_each:
            owed_of_copay = rule.copay
        endless = how.no_maximum or how.out
        rest = allowed
        for name in ("deductible", "copay", "coinsurance"):
            want = {
                "deductible": min(rest, design.deductible - due) if rule.deductible else 0,
                "copay": min(rest, owed_of_copay),
                "coinsurance": half_up(rule.percent, rest + (billed - allowed if how.on_billed else 0)),
            }[name]
            mine = want if endless else min(want, max(design.maximum - spent, 0))
            line[name] = mine
            spent += mine
            rest -= want if name != "coinsurance" else 0
            due += mine if name == "deductible" else 0
            owed_of_copay -= want if name == "copay" else 0
        shared = line["deductible"] + line["copay"] + line["coinsurance"]
        line |= {"plan_paid": allowed - shared, "you_owe": shared}
        if how.added:
            line["you_owe"] += billed - allowed
            if how.added == "not_covered":
                line["not_covered"] += billed - allowed
        lines.append(line)
    counted = books.visits if refused else (*books.visits, act.category)
    return Printed(lines, Books(due, books.paid if how.out else spent, counted))


def as_printed(design: Design, before: Books, act: Act, done: Printed) -> Books:
    """Return the books if what is printed counts."""
    shared = sum(done.total(name) for name in ("deductible", "copay", "coinsurance"))
    refused = done.total("not_covered") == done.total("allowed") and not done.total("plan_paid")
    return Books(
        min(before.deductible + done.total("deductible"), design.deductible),
        min(before.paid + shared, design.maximum),
        before.visits if refused else (*before.visits, act.category),
    )


def twists(
    kind: Kind, design: Design, act: Act, books: Books, draw: random.Random, turned: Books | None
) -> Twist | None:
    """Return how a fault of this kind would split a visit, None where the visit does not lend itself to it."""
    rule = design.rules[act.category]
    plain = rule.limit is None
    fits: dict[Kind, Callable[[], Twist | None]] = {
        Kind.DEDUCTIBLE_TWICE: lambda: Twist(books=replace(books, deductible=0)) if rule.deductible else None,
        Kind.DEDUCTIBLE_WHERE_NONE: lambda: None if rule.deductible else Twist(replace(rule, deductible=True)),
        Kind.COPAY_AND_COINSURANCE: lambda: Twist(
            replace(rule, percent=draw.choice([10, 20, 30]))
            if rule.copay
            else replace(rule, copay=draw.choice([3500, 6000]))
        ),
        Kind.COPAY_PER_LINE: lambda: Twist(copay_each=True) if rule.copay and len(act.lines) > 1 else None,
        Kind.COINSURANCE_ON_BILLED: lambda: Twist(on_billed=True) if rule.percent else None,
        Kind.ABOVE_MAXIMUM: lambda: Twist(no_maximum=True),
        Kind.BALANCE_BILL: lambda: Twist(added="you_owe"),
        Kind.OVER_CONTRACT: lambda: Twist(added="not_covered"),
        Kind.VISIT_LIMIT: lambda: None if plain else Twist(refuse=True),
        Kind.PLAN_YEAR: lambda: None if turned is None else Twist(books=turned),
        Kind.WRONG_NETWORK: lambda: Twist(out=True) if rule.deductible else None,
        Kind.WRONG_TIER: lambda: Twist(
            replace(design.rules[draw.choice([each for each in design.rules if each != act.category])], limit=None)
        ),
    }  # fmt: skip
    return fits[kind]()


def drawn_design(draw: random.Random, kind: Kind | None) -> Design:
    percent = draw.choice([10, 20, 30])
    tight = kind is Kind.ABOVE_MAXIMUM
    return Design(
        deductible=draw.choice([50_000, 100_000, 150_000, 170_000]),
        maximum=draw.choice([200_000, 250_000] if tight else [300_000, 450_000, 650_000]),
        rules={
            Category.PRIMARY_CARE_VISIT: Rule(False, draw.choice([2500, 3000])),
            Category.SPECIALIST_VISIT: Rule(False, draw.choice([4500, 5500])),
            Category.IMAGING: Rule(True, 0, percent),
            Category.OUTPATIENT_PROCEDURE: Rule(True, 0, percent),
            Category.EMERGENCY_ROOM: Rule(True, draw.choice([15000, 25000])),
            Category.THERAPY_VISIT: Rule(False, draw.choice([2000, 4000]), 0, draw.choice([4, 6])),
        },
        elsewhere=draw.choice([40, 50]),
        starts="07-01" if kind is Kind.PLAN_YEAR and draw.random() < 0.5 else "01-01",
    )


_PRICES = {
    Category.PRIMARY_CARE_VISIT: (9_000, 18_000), Category.SPECIALIST_VISIT: (14_000, 30_000),
    Category.IMAGING: (40_000, 140_000), Category.OUTPATIENT_PROCEDURE: (60_000, 400_000),
    Category.EMERGENCY_ROOM: (70_000, 220_000), Category.THERAPY_VISIT: (9_000, 20_000),
}  # fmt: skip


def drawn_acts(draw: random.Random, design: Design, kind: Kind | None) -> list[Act]:
    begins = date(2026, 9, 1) if kind is Kind.PLAN_YEAR else date(2026, 1, 3)
    days = sorted(draw.sample(range(300), draw.randint(9, 16)))
    acts = []
    for day in days:
        category = draw.choice(list(design.rules))
        low, high = _PRICES[category]
        count = draw.choice([1, 2, 3]) if category in (Category.THERAPY_VISIT, Category.SPECIALIST_VISIT) else 1
        allowed = [draw.randint(low, high) // count for _ in range(count)]
        acts.append(
            Act(begins + timedelta(day), category, tuple((one * draw.randint(120, 300) // 100, one) for one in allowed))
        )
    return acts


@dataclass
class Year:
    """A year of statements: the plan, the lines, the planted kind and the claim that it stands in."""

    design: Design
    lines: list[StatementLine] = field(default_factory=list)
    kind: Kind | None = None
    claim: str = ""


def drawn_year(draw: random.Random, kind: Kind | None) -> Year:
    """Draw years until the fault makes a difference of more than a few cents on some visit."""
    while True:
        design = drawn_design(draw, kind)
        year = _told(draw, design, drawn_acts(draw, design, kind), kind)
        if kind is None or year.claim:
            return year


def _told(draw: random.Random, design: Design, acts: list[Act], kind: Kind | None) -> Year:
    year = Year(design, kind=kind)
    start = draw.randrange(len(acts))
    books, last, other = Books(), None, None
    for place, act in enumerate(acts):
        if last is not None and design.year(act.day) != design.year(last.day):
            books, other = Books(), books
        elif last is not None and act.day.year != last.day.year:
            other = Books()
        claim, twist = f"C{place + 1:03d}", None
        done = right = split(design, act, books)
        if kind is not None and not year.claim and place >= start:
            twist = twists(kind, design, act, books, draw, other)
        if twist is not None and shows(kind, tried := split(design, act, books, twist), right):
            year.claim, done = claim, tried
        if other is not None:
            other = split(design, act, other).books
        year.lines += _lines(act, claim, done)
        own = done.books if draw.random() < 0.5 or kind is Kind.PLAN_YEAR else as_printed(design, books, act, done)
        books, last = own, act
    year.lines = list(_with_noise(draw, year.lines))
    return year


def shows(kind: Kind | None, one: Printed, two: Printed) -> bool:
    """Return whether a fault makes a difference that shows: more than cents, and both copay and coinsurance."""
    if kind is Kind.COPAY_AND_COINSURANCE and not (one.total("copay") and one.total("coinsurance")):
        return False
    names = ("deductible", "copay", "coinsurance", "not_covered", "plan_paid", "you_owe")
    sound = all(cents >= 0 for line in one.lines for cents in line.values())
    return sound and any(abs(one.total(name) - two.total(name)) > 1 + len(one.lines) for name in names)


def _lines(act: Act, claim: str, done: Printed) -> list[StatementLine]:
    return [
        StatementLine(
            where=f"{claim}:{number}", claim=claim, line=str(number), day=act.day, code="", categories=(act.category,),
            amounts={name: cents / 100 for name, cents in line.items()},
        )
        for number, line in enumerate(done.lines, start=1)
    ]  # fmt: skip


def _with_noise(draw: random.Random, lines: list[StatementLine]) -> Iterator[StatementLine]:
    """Yield the lines, some printed twice, some taken back and printed again, some corrected before."""
    for line in lines:
        chance = draw.random()
        if chance < 0.05:
            wrong = {name: None if each is None else round(each * 2, 2) for name, each in line.amounts.items()}
            yield replace(line, amounts=wrong)
            yield replace(line, status=Status.CORRECTED)
            continue
        yield line
        if chance < 0.10:
            yield line
        elif chance < 0.15:
            back = {name: None if each is None else -each for name, each in line.amounts.items()}
            yield replace(line, amounts=back, status=Status.REVERSED)
            yield line


def checked(year: Year, library: Library) -> BillCheck:
    someone = Patient(label="Someone", decision_date=year.lines[0].day, plan_year_start=year.design.starts)
    return check_held(Held(year.design.plan(), someone, library.sources, {}, tuple(year.lines), ()))


def verdict(year: Year, done: BillCheck) -> dict[str, bool]:
    """Return whether a planted fault is the one found, stands where it was planted, and is called what it is."""
    faults = done.faults
    found = len(faults) == 1
    located = found and faults[0].lines[0].claim == year.claim
    return {"found": found, "located": located, "named": located and faults[0].kind is year.kind,
            "among": located and year.kind in [each.kind for each in faults[0].explanations]}  # fmt: skip


def tally(years: int, seed: int, library: Library) -> tuple[dict[Kind, Counter[str]], int]:
    """Return what was found of the planted faults by kind, and how many years without one raised an alarm."""
    draw = random.Random(seed)  # noqa: S311  nothing secret
    table: dict[Kind, Counter[str]] = {kind: Counter() for kind in KINDS}
    for number in range(years):
        year = drawn_year(draw, KINDS[number % len(KINDS)])
        done = checked(year, library)
        count = table[KINDS[number % len(KINDS)]]
        count["years"] += 1
        count["later lines"] += len(done.differences) - len(done.faults)
        count.update({name: int(each) for name, each in verdict(year, done).items()})
    alarms = sum(bool(checked(drawn_year(draw, None), library).differences) for _ in range(years))
    return table, alarms


def main() -> None:
    years, seed = (int(each) for each in (*sys.argv[1:], *("1000", "20261130")[len(sys.argv) - 1 :]))
    table, alarms = tally(years, seed, load_library(PARAMS))
    print(f"{'planted':24s}{'years':>8s}{'found':>8s}{'located':>9s}{'named':>8s}{'among':>8s}{'later lines':>13s}")
    for kind, count in table.items():
        print(f"{kind:24s}{count['years']:8d}{count['found']:8d}{count['located']:9d}{count['named']:8d}"
              f"{count['among']:8d}{count['later lines']:13d}")  # fmt: skip
    whole = sum(table.values(), Counter())
    print(f"{'all':24s}{whole['years']:8d}{whole['found']:8d}{whole['located']:9d}{whole['named']:8d}"
          f"{whole['among']:8d}{whole['later lines']:13d}")  # fmt: skip
    print(f"{years} years without a fault: {alarms} with an alarm")


if __name__ == "__main__":
    main()
