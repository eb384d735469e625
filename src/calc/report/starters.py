"""A new treatment, plan or study as a file to fill in: valid as it stands, with a comment on every line that asks."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

from ..errors import Problem, SettingError, UnknownNameError
from ..inputs.load import Library

__all__ = ["KINDS", "start"]

_NAME = re.compile(r"[a-z][a-z0-9_]{0,59}")

_TREATMENT = """\
# yaml-language-server: $schema=../schema/treatment.json
# A treatment. Every number is a claim: who says it (source and section, or the reason under 'assumption'),
# how it is read ('reading'), on what grounds ('evidence'). What nobody states stays 'reading: unknown'.
# Replace what is in angle brackets; `calc check` tells what is wrong, and where.
label: {label}
short: {short}
summary: <What is done, and how often, in one or two sentences.>

price:
  # One entry a part of the bill. per: once, diagnostic, course, session or month; category: the plan's benefit.
  # A price that nobody states makes the whole cost "not stated": put a quote in, or name who states it.
  treatment:
    label: Treatment
    unit: usd
    per: course
    category: outpatient_procedure
    claims:
      - reading: unknown
        note: <Where you looked; or reading typical_range with low, high, source and section.>
wait:
  label: Weeks until the first session
  unit: weeks
  claims:
    - reading: unknown
      note: <Where you looked.>
sessions:
  # A count cannot be unknown: it could not be simulated.
  label: Sessions in one course
  unit: sessions
  claims:
    - assumption: <Why one.>
      reading: exact
      value: 1
# interval: needed where a course may have several sessions, as the time between them.
downtime:
  label: Days of recovery after each session
  unit: days
  claims:
    - reading: unknown
      note: <Where you looked.>
onset:
  label: Weeks until relief begins
  unit: weeks
  claims:
    - reading: unknown
      note: <Where you looked.>
relief:
  label: Weeks that relief lasts
  unit: weeks
  claims:
    - reading: unknown
      note: <Where you looked.>
repeat:
  policy: never  # or on_wear_off, with 'most_per_year', 'asks', 'again'
# What it does to relief, and compared with whom: an entry a comparison. The measure may be events, odds_ratio,
# risk_ratio, risk_difference, mean_difference, standardized_mean_difference, or unknown.
effects:
  - assumption: <Where you looked; or source and section in its place.>
    against: sham  # or neither, usual_care, treatment, uncontrolled
    sham_kind: procedure  # or pill
    kinds: [back_alone, nerve_root, facet_joints, not_sure]  # of pain
    at: 12 weeks
    relief: thirty
    measure: {{kind: unknown}}
# recommendations, certainty, approval, for_whom: what is advised, how sure, for whom; see the files beside this one.
coverage:
  - assumption: <Ask the insurer; covered, excluded or on_conditions once you know.>
    status: not_known
# statements: what a source says without a number, with 'topic', 'source', 'section', 'says' and 'no_number'.
statements: []
"""

_PLAN = """\
# yaml-language-server: $schema=../schema/plan.json
# A plan, from your own card or Summary of Benefits and Coverage. Money in US dollars, 0.2 for 20 %.
# Below is a plan that pays nothing, as it stands; take the comment signs away and put your figures in.
label: {label}
short: {short}
year: {year}
market: cash  # commercial or medicare, once it has benefits
# deductible:
#   label: Deductible, one person
#   unit: usd
#   claims: [{{yours: My card, reading: exact, value: 2000}}]
# out_of_pocket_maximum:
#   label: Out-of-pocket maximum, one person
#   unit: usd
#   claims: [{{yours: My card, reading: exact, value: 6000}}]
# premium: {{label: Premium, unit: usd_per_month, claims: [{{yours: My payslip, reading: exact, value: 120}}]}}
# family:  # the whole family's limits; those of one member are the ones above
#   deductible: {{label: Family deductible, unit: usd, claims: [{{yours: My card, reading: exact, value: 4000}}]}}
#   out_of_pocket_maximum: {{label: For all, unit: usd, claims: [{{yours: My card, reading: exact, value: 12000}}]}}
# out_of_network:  # leave it out where nothing is covered there
#   coinsurance: {{label: Coinsurance there, unit: share, claims: [{{yours: My card, reading: exact, value: 0.5}}]}}
# benefits:
#   # A category that is not listed is not covered, and a comparison says so; 'covered: false' says it for good.
#   specialist_visit:
#     deductible: false  # whether the deductible applies
#     copay: {{label: Copay for a specialist visit, unit: usd, claims: [{{yours: My card, reading: exact, value: 50}}]}}
#   outpatient_procedure:
#     deductible: true
#     coinsurance: {{label: Coinsurance, unit: share, claims: [{{yours: My card, reading: exact, value: 0.2}}]}}
"""

_STUDY = """\
# yaml-language-server: $schema=../schema/study.json
# A study: one question, with everything needed to answer it again. Names are those of files under params/.
label: {label}
question: <What do you want to know, about whom?>
treatments:
{treatments}
condition: {condition}  # what the person has
reference: {reference}  # what the others are compared with
plan: {plan}
patient: {patient}
views: [{views}]  # whom to believe; each is shown beside the others
horizon: 24 months
stale_after: 5 years  # older sources are pointed out
price_year: {year}
value_of_week:  # what a week in relief is worth to you: a range to look over, and a figure in it to look at
  label: What a week in relief is worth to you
  unit: usd
  claims:
    - {{yours: What it is worth to me, reading: bounds, low: 0, mode: 100, high: 300}}
range_coverage: 0.8  # the share of cases that a "typical range" is read as holding
draws: 16384  # a power of two
seed: 0
"""

KINDS: Mapping[str, tuple[str, str]] = {
    "treatment": ("treatments", _TREATMENT),
    "plan": ("plans", _PLAN),
    "study": ("studies", _STUDY),
}


def start(kind: str, name: str, library: Library, *, year: int) -> Path:
    """Write a starting file for a treatment, plan or study under ``library.root`` and return it.

    Raises
    ------
    SettingError
        if the name cannot be a file's, or the file is there already.
    UnknownNameError
        for another kind.
    """
    if kind not in KINDS:
        raise UnknownNameError("kind of file", kind, KINDS)
    folder, template = KINDS[kind]
    file = library.root / folder / f"{name}.yaml"
    if not _NAME.fullmatch(name):
        fix = "Use lower-case letters, digits and underscores, a letter first."
        raise SettingError([Problem(name, "", "this is no name for a parameter file", fix)])
    label = name.replace("_", " ").capitalize()
    text = template.format(
        label=label,
        short=label[:28].strip(),
        year=year,
        treatments="\n".join(f"  - {each}" for each in library.treatments),
        reference=next(iter(library.treatments), "<a treatment>"),
        condition=next(iter(library.conditions), "<a condition>"),
        plan=next(iter(library.plans), "<a plan>"),
        patient=next(iter(library.patients), "<a patient>"),
        views=", ".join(each for each in ("guideline", "clinic") if each in library.views)
        or next(iter(library.views), ""),
    )
    file.parent.mkdir(parents=True, exist_ok=True)
    try:
        with file.open("x", encoding="utf-8") as stream:
            stream.write(text)
    except FileExistsError as error:
        raise SettingError([Problem(str(file), "", "there is such a file already", "Choose another name.")]) from error
    return file
