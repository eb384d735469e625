"""A whole library as small as one can be: what the tests of the readers take apart and spoil."""

from __future__ import annotations

from pathlib import Path

from pydantic import ValidationError

from calc.errors import ParameterFileError, Problem
from calc.inputs.claim import Claim
from calc.inputs.distribution import Distribution, distribution
from calc.inputs.load import load_library
from calc.units import Unit

FILES = {
    "sources/documents": f"""\
page:
  kind: document
  title: A page
  publisher: null
  stance: guideline
  updated: 2025-05-22
  sha256: {"a" * 64}
survey:
  kind: publication
  title: A survey of prices
  publisher: A journal
  stance: public_data
  year: 2018
  citation: "Someone, A journal 2018;31:551"
""",
    "treatments/shot": """\
label: A shot in the back
short: Shot
summary: One needle, several times.
price:
  needle:
    label: Price of a shot
    unit: usd
    per: session
    category: outpatient_procedure
    claims:
      - source: page
        section: Prices
        reading: typical_range
        low: 1000
        high: 3000
wait: {label: Wait, unit: weeks, claims: [{assumption: Scheduling., reading: bounds, low: 1, high: 4}]}
sessions: {label: Sessions, unit: sessions, claims: [{source: page, section: Course, reading: count_range, low: 1, high: 3}]}
interval: {label: Interval, unit: weeks, claims: [{assumption: Usual., reading: exact, value: 2}]}
downtime: {label: Downtime, unit: days, claims: [{assumption: Usual., reading: at_most, high: 3}]}
onset: {label: Onset, unit: weeks, claims: [{source: page, section: Effect, reading: bounds, low: 1, high: 6, mode: 2}]}
effects: [{source: survey, section: Table 2, against: neither, kinds: [back_alone, nerve_root, facet_joints, not_sure], at: 12 weeks, relief: thirty, measure: {kind: events, treated: {events: 14, total: 65}, control: {events: 9, total: 64}}}]
relief: {label: Relief, unit: months, claims: [{source: page, section: Effect, reading: unknown}]}
repeat: {policy: never}
coverage: [{assumption: Usual., status: covered}]
""",
    "treatments/rest": """\
label: Rest
short: Rest
summary: Nothing is done.
price: {}
wait: {label: Wait, unit: weeks, claims: [{assumption: Now., reading: exact, value: 0}]}
sessions: {label: Sessions, unit: sessions, claims: [{assumption: Once., reading: exact, value: 1}]}
downtime: {label: Downtime, unit: days, claims: [{assumption: None., reading: exact, value: 0}]}
repeat: {policy: never}
""",
    "conditions/back": """\
label: Pain in the back
short: Back pain
summary: It hurts.
question: Does the pain run into a leg?
relief:
  thirty: {label: A third less pain, short: Third}
relief_default: thirty
kinds:
  back_alone: {label: Back alone, short: Back alone, answer: Yes.}
  nerve_root: {label: Nerve root, short: Nerve root, answer: Yes.}
  facet_joints: {label: Facet joints, short: Facet joints, answer: Yes.}
  not_sure: {label: Not sure, short: Not sure, answer: Yes.}
natural_course:
  back_alone:
    share: {thirty: {label: Neither, unit: share, claims: [{source: survey, section: Table 1, reading: proportion, events: 9, total: 64}]}}
    onset: {label: Onset, unit: weeks, claims: [{assumption: Usual., reading: bounds, low: 2, high: 8}]}
    relief: {label: Relief, unit: weeks, claims: [{assumption: Usual., reading: at_least, low: 4, high: 52}]}
  nerve_root:
    share: {thirty: {label: Neither, unit: share, claims: [{source: survey, section: Table 1, reading: proportion, events: 9, total: 64}]}}
    onset: {label: Onset, unit: weeks, claims: [{assumption: Usual., reading: bounds, low: 2, high: 8}]}
    relief: {label: Relief, unit: weeks, claims: [{assumption: Usual., reading: at_least, low: 4, high: 52}]}
  facet_joints:
    share: {thirty: {label: Neither, unit: share, claims: [{source: survey, section: Table 1, reading: proportion, events: 9, total: 64}]}}
    onset: {label: Onset, unit: weeks, claims: [{assumption: Usual., reading: bounds, low: 2, high: 8}]}
    relief: {label: Relief, unit: weeks, claims: [{assumption: Usual., reading: at_least, low: 4, high: 52}]}
  not_sure:
    share: {thirty: {label: Neither, unit: share, claims: [{source: survey, section: Table 1, reading: proportion, events: 9, total: 64}]}}
    onset: {label: Onset, unit: weeks, claims: [{assumption: Usual., reading: bounds, low: 2, high: 8}]}
    relief: {label: Relief, unit: weeks, claims: [{assumption: Usual., reading: at_least, low: 4, high: 52}]}
sham:
  - source: survey
    section: Table 3
    against: usual_care
    kinds: [back_alone, nerve_root, facet_joints, not_sure]
    at: 12 weeks
    relief: thirty
    measure: {kind: odds_ratio, value: 1.5, low: 1.1, high: 2}
""",
    "contradictions/read": """\
how_long:
  topic: How long a shot helps
  bears_on: [time]
  parameters: [shot.relief]
  sides:
    - {source: page, section: Effect, says: Nobody has said.}
  handled: It stays unknown.
""",
    "plans/self_pay": "label: No insurance\nshort: Self-pay\nyear: 2026\nmarket: cash\n",
    "plans/insured": """\
label: A plan of an employer
short: Employer plan
year: 2026
market: commercial
deductible: {label: Deductible, unit: usd, claims: [{assumption: Usual., reading: exact, value: 1500}]}
out_of_pocket_maximum: {label: Most, unit: usd, claims: [{assumption: Usual., reading: exact, value: 6000}]}
benefits:
  outpatient_procedure:
    deductible: true
    coinsurance: {label: Coinsurance, unit: share, claims: [{assumption: Usual., reading: exact, value: 0.2}]}
  specialist_visit:
    deductible: false
    copay: {label: Copay, unit: usd, claims: [{assumption: Usual., reading: exact, value: 40}]}
""",
    "patients/someone": """\
label: Someone
decision_date: 2026-03-01
met:
  deductible: 200
  out_of_pocket: 300
""",
    "views/guideline": """\
label: The guideline
short: Guideline
summary: Guidelines first.
weights: {guideline: 1}
fallback: [public_data, clinic]
bases: [document, public, assumption]
""",
    "views/clinic": """\
label: The clinic
short: Clinic
summary: Clinics first.
weights: {clinic: 3, editorial: 1}
fallback: []
bases: [document]
""",
    "studies/question": """\
label: A question
question: What does a shot cost?
treatments: [shot, rest]
reference: rest
usual_care: rest
condition: back
plan: insured
patient: someone
views: [guideline, clinic]
horizon: 24 months
price_year: 2026
draws: 256
""",
}


def write(root: Path, **changed: str) -> Path:
    """Write the library to ``root``; a keyword such as ``plans_insured`` gives a file's text."""
    for name, text in FILES.items():
        file = root / f"{name}.yaml"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(changed.get(name.replace("/", "_"), text), encoding="utf-8")
    return root


def problems(root: Path) -> tuple[Problem, ...]:
    """Return what is wrong with the folder; nothing, where it loads."""
    try:
        load_library(root)
    except ParameterFileError as error:
        return error.problems
    return ()


def spoil(root: Path, name: str, old: str, new: str) -> Path:
    """Replace one passage of one file, which must stand there exactly once."""
    file = root / f"{name}.yaml"
    text = file.read_text("utf-8")
    assert text.count(old) == 1, (name, old)
    file.write_text(text.replace(old, new), encoding="utf-8")
    return file


def claim(reading: str, **figures: object) -> Claim:
    """Return a claim of ours with these figures."""
    return Claim.model_validate({"reading": reading, "assumption": "Ours.", **figures})


def drawn(unit: Unit, reading: str, /, *, range_coverage: float = 0.8, **figures: object) -> Distribution:
    """Return the distribution of a claim of ours about a parameter of ``unit``; it must fit the unit."""
    made = claim(reading, **figures)
    assert not list(made.misfits(unit))
    return distribution(made, unit, range_coverage=range_coverage)


def faults(error: ValidationError) -> str:
    """Return everything that a model's checks said."""
    return " | ".join(detail["msg"] for detail in error.errors())
