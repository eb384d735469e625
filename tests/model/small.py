"""A study built from models by hand, as small as one can be; the analyses' tests use it too."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from types import MappingProxyType

from calc.inputs.benefit import Benefit
from calc.inputs.claim import Basis, Claim, Market
from calc.inputs.condition import Condition, KindWords, NaturalCourse, ReliefDefinition
from calc.inputs.coverage import CoverageStatus
from calc.inputs.effect import Effect
from calc.inputs.load import StudyInputs
from calc.inputs.parameter import Category, Parameter, Per, PriceItem
from calc.inputs.pathway import Pathway, PathwayRules
from calc.inputs.patient import Met, Patient
from calc.inputs.plan import Plan
from calc.inputs.population import KindOfPain
from calc.inputs.recovery import OffWork
from calc.inputs.source import Source, SourceKind, Stance
from calc.inputs.study import Study, View
from calc.inputs.treatment import Repeat, RepeatPolicy, Treatment

ALL = frozenset(Basis)
DIGEST = "0" * 64


def source(stance: Stance, kind: SourceKind = SourceKind.DOCUMENT) -> Source:
    if kind is SourceKind.DOCUMENT:
        return Source(kind=kind, title="A page", publisher=None, stance=stance, sha256=DIGEST)
    return Source(kind=kind, title="A paper", publisher="A journal", stance=stance, citation="Someone 2020")


SOURCES = {
    "guide": source(Stance.GUIDELINE),
    "clinic": source(Stance.CLINIC),
    "news": source(Stance.NEWS),
    "survey": source(Stance.PUBLIC_DATA, SourceKind.PUBLICATION),
}


def claim(reading: str = "exact", **said: object) -> Claim:
    """Return a claim; ours with a reason where nobody else is named."""
    if "source" in said:
        said.setdefault("section", "Here")
    elif "yours" not in said and not (reading == "unknown" and "note" in said):
        said.setdefault("assumption", "Ours.")
    return Claim.model_validate({"reading": reading, **said})


def parameter(unit: str, *claims: Claim) -> Parameter:
    return Parameter(label=f"Some {unit}", unit=unit, claims=claims)


def fixed(unit: str, value: float) -> Parameter:
    return parameter(unit, claim(value=value))


def unknown(unit: str) -> Parameter:
    return parameter(unit, claim("unknown", note="Nobody was found to know."))


def price(
    *claims: Claim, per: Per = Per.SESSION, category: Category = Category.OUTPATIENT_PROCEDURE, label: str = "A price"
) -> PriceItem:
    return PriceItem(label=label, unit="usd", claims=claims, per=per, category=category)


def repeating(most: float) -> Repeat:
    return Repeat(policy=RepeatPolicy.ON_WEAR_OFF, most_per_year=fixed("sessions", most))


def stepped(*names: str, courses: int = 1, patience: float = 4) -> PathwayRules:
    steps = [{"treatment": name, "courses": courses, "patience": fixed("weeks", patience)} for name in names]
    return PathwayRules.model_validate({"label": "Steps", "short": "Steps", "summary": "One by one.", "steps": steps})


def treatment(**changed: object) -> Treatment:
    """Return a treatment of one or two sessions, wide in everything; keywords replace its parts."""
    parts: dict[str, object] = {
        "label": "A shot in the back",
        "short": "Shot",
        "summary": "One needle.",
        "price": {"needle": price(claim("typical_range", low=800, high=2500))},
        "wait": parameter("weeks", claim("bounds", low=1, high=4)),
        "sessions": parameter("sessions", claim("count_range", low=1, high=2)),
        "interval": fixed("weeks", 2),
        "downtime": parameter("days", claim("at_most", high=3)),
        "off_work": OffWork(desk=fixed("days", 1), physical=fixed("days", 5)),
        "onset": parameter("weeks", claim("bounds", low=1, high=6)),
        "effects": responding(fixed("share", 0.5)),
        "relief": parameter("weeks", claim("bounds", low=4, high=40)),
        "repeat": Repeat(policy=RepeatPolicy.NEVER),
        "coverage": covering("covered"),
    }
    return Treatment.model_validate(parts | changed)


EVERYBODY = tuple(KindOfPain)


def effect(measure: Mapping[str, object], against: str = "uncontrolled", **said: object) -> Effect:
    """Return an effect on everybody's relief; ours with a reason where nobody else is named."""
    if "source" in said:
        said.setdefault("section", "Here")
    elif "yours" not in said and not (measure["kind"] == "unknown" and "note" in said):
        said.setdefault("assumption", "Ours.")
    words = {"against": against, "kinds": EVERYBODY, "at": "12 weeks", "relief": "thirty", "measure": measure}
    return Effect.model_validate({**words, **said})


def responding(share: Parameter) -> tuple[Effect, ...]:
    """Return effects that say the share in relief itself, as the claims of a parameter have it."""
    effects = []
    for each in share.claims:
        said = {name: value for name in ("source", "section", "assumption", "yours", "note", "weight")
                if (value := getattr(each, name)) is not None}  # fmt: skip
        measure = {"kind": "share", "reading": each.reading.name, **dict(each.reading.figures())}
        if not each.reading.known:
            measure = {"kind": "unknown"}
        effects.append(effect(measure, "uncontrolled" if each.reading.known else "neither", **said))
    return tuple(effects)


def covering(status: str, **said: object) -> tuple[CoverageStatus, ...]:
    """Return the one coverage status of a treatment."""
    words: dict[str, object] = {"status": status, **({"conditions": ["One."]} if status == "on_conditions" else {})}
    if "source" not in said and "yours" not in said:
        words["assumption"] = "Ours."
    return (CoverageStatus.model_validate({**words, **said}),)


def condition(
    share: Parameter | None = None, onset: Parameter | None = None, relief: Parameter | None = None,
    sham: tuple[Effect, ...] = (),
) -> Condition:  # fmt: skip
    """Return a condition in which nobody gets better by themselves, unless a share says otherwise."""
    course = NaturalCourse(
        share={"thirty": share or fixed("share", 0)},
        onset=onset or fixed("weeks", 4),
        relief=relief or fixed("weeks", 10),
    )
    words = KindWords(label="Pain", short="Pain", answer="Yes.")
    return Condition(
        label="A bad back", short="Back", summary="It hurts.", question="Where?",
        relief={"thirty": ReliefDefinition(label="Less pain", short="Less")}, relief_default="thirty",
        kinds=dict.fromkeys(KindOfPain, words), natural_course=dict.fromkeys(KindOfPain, course), sham=sham,
    )  # fmt: skip


def view(
    weights: Mapping[Stance, float] | None = None, fallback: Iterable[Stance] = (), bases: frozenset[Basis] = ALL
) -> View:
    return View(
        label="A view", short="View", summary="Someone is believed.",
        weights=dict(weights or {Stance.GUIDELINE: 1.0}), fallback=tuple(fallback), bases=bases,
        uncontrolled=frozenset(Stance),
    )  # fmt: skip


CASH = Plan(label="No insurance", short="Self-pay", year=2026, market=Market.CASH)
INSURED = Plan(
    label="A plan of an employer",
    short="Employer plan",
    year=2026,
    market=Market.COMMERCIAL,
    deductible=fixed("usd", 1500),
    out_of_pocket_maximum=fixed("usd", 3000),
    benefits={Category.OUTPATIENT_PROCEDURE: Benefit(deductible=True, coinsurance=fixed("share", 0.2))},
)


def inputs(
    treatments: Mapping[str, Treatment],
    *,
    plan: Plan = INSURED,
    views: Mapping[str, View] | None = None,
    met: float = 0.0,
    reference: str | None = None,
    pathways: Mapping[str, Pathway] | None = None,
    has: Condition | None = None,
    **changed: object,
) -> StudyInputs:
    """Return what a study file and all that it names would load as; keywords are the study's own."""
    views = views or {"ours": view()}
    study = {
        "label": "A question",
        "question": "What does a shot cost?",
        "treatments": tuple(treatments),
        "reference": reference or next(iter(treatments)),
        "condition": "back",
        "plan": "plan",
        "patient": "someone",
        "views": tuple(views),
        "horizon": "12 months",
        "price_year": 2026,
        "draws": 256,
        "pathways": {name: each.rules for name, each in (pathways or {}).items()},
    }
    return StudyInputs(
        name="question",
        study=Study.model_validate(study | changed),
        treatments=MappingProxyType(dict(treatments)),
        pathways=MappingProxyType(dict(pathways or {})),
        plan=plan,
        patient=Patient(
            label="Someone", decision_date=date(2026, 9, 1), met=Met(deductible=met, out_of_pocket=met)
        ),
        views=MappingProxyType(dict(views)),
        sources=MappingProxyType(SOURCES),
        contradictions=MappingProxyType({}),
        files=(),
        settings=MappingProxyType({}),
        condition=has or condition(),
        known=MappingProxyType(dict(treatments)),
    )  # fmt: skip
