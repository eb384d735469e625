"""What the numbers rest on: every claim, every parameter as it was used, and what nobody states."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np
import pandas as pd

from ..cache import stage
from ..inputs.attributed import Said
from ..inputs.claim import Claim, Market, Reported
from ..inputs.coverage import CoverageStatus, Covered
from ..inputs.effect import Effect, Events, Unknown
from ..inputs.load import StudyInputs, basis_of
from ..inputs.quantity import Quantity
from ..inputs.statement import Remark
from ..model.outcomes import Known
from ..model.ranks import quantiles
from ..model.sample import Drawn
from ..model.simulate import Outcomes
from ..units import DAYS_PER_WEEK, WEEKS_PER_YEAR, weeks_of
from .contradictions import effect_words

__all__ = [
    "as_used",
    "bills",
    "claims",
    "costs_by_item",
    "listed_as",
    "parameters",
    "sources",
    "statements",
    "unknowns",
    "words_of",
]

#: the columns that every table of claims has; a reading with figures of another name adds its own
_FIGURES = dict.fromkeys(("value", "low", "high", "mode", "mean", "sd", "events", "total")) | {"open_above": False}


def _all_quantities(inputs: StudyInputs) -> Iterator[tuple[str, Quantity]]:
    """Yield everything that claims are made about, by its address."""
    for name, treatment in inputs.treatments.items():
        yield from ((f"{name}.{path}", each) for path, each in treatment.quantities().items())
    for name, pathway in inputs.pathways.items():
        for path, each in pathway.quantities().items():
            if inputs.address(name, path) != path:
                yield f"{name}.{path}", each
    yield from ((inputs.address("", path), each) for path, each in inputs.natural.items())
    for path, parameter in inputs.plan.parameters().items():
        yield f"plans.{inputs.study.plan}.{path}", parameter
    for path, parameter in inputs.patient.parameters().items():
        yield f"patients.{inputs.study.patient}.{path}", parameter


def claims(inputs: StudyInputs) -> pd.DataFrame:
    """Return every claim of the study's treatments, plan and patient, one a row, figures as the source gives them."""
    rows = []
    for address, parameter in _all_quantities(inputs):
        for index, claim in enumerate(parameter.claims):
            rows.append(
                {
                    "parameter": address,
                    "claim": index,
                    "label": parameter.label,
                    **_claim(claim, parameter, inputs),
                }
            )
    return pd.DataFrame(rows)


def words_of(inputs: StudyInputs) -> Mapping[tuple[str, int], str]:
    """Return what each claim says, in words, by parameter and number as in the table of :func:`claims`."""
    return {
        (address, index): _words(claim, quantity)
        for address, quantity in _all_quantities(inputs)
        for index, claim in enumerate(quantity.claims)
    }


def _words(claim: Said, quantity: Quantity) -> str:
    if isinstance(claim, Effect):
        return effect_words(claim)
    if isinstance(claim, CoverageStatus):
        return str(claim.status).replace("_", " ")
    if not isinstance(claim, Claim) or (claim.source is None and not claim.reading.known):
        return "not stated"
    return claim.reading.words(claim.measure(quantity.measure))


def _claim(claim: Said, parameter: Quantity, inputs: StudyInputs) -> dict[str, object]:
    source = inputs.sources[claim.source] if claim.source else None
    return {
        "basis": str(basis_of(claim, inputs.sources)),
        "stance": str(source.stance) if source else "",
        "source": claim.source or "",
        "section": claim.section or "",
        "dated": source.dated.isoformat() if source and source.dated else "",
        **_as_stated(claim, parameter),
        "evidence": claim.evidence or "",
        "reason": claim.assumption or claim.yours or "",
        "note": claim.note or parameter.note or "",
    }


def _as_stated(claim: Said, parameter: Quantity) -> dict[str, object]:
    """Return the figures of a claim as its source gives them, how they are read, and what they compare with."""
    row: dict[str, object] = {"reading": "", "unit": parameter.unit, **_FIGURES, "market": "", "against": "", "at": ""}
    if isinstance(claim, CoverageStatus):
        return row | {"reading": str(claim.status).replace("_", " "), "market": str(claim.market or "")}
    stated: object = claim
    if isinstance(claim, Effect):
        stated = claim.measure.treated if isinstance(claim.measure, Events) else claim.measure
        row |= {"reading": claim.measure.kind, "against": claim.versus or str(claim.against), "at": claim.at}
    if isinstance(stated, Reported):
        row |= {"reading": stated.reading.name, "unit": stated.unit or parameter.unit} | dict(stated.reading.figures())
    else:
        row |= {name: getattr(stated, name) for name in _FIGURES if hasattr(stated, name)}
    return row | {"market": str(claim.market or "") if isinstance(claim, Claim) else ""}


def parameters(inputs: StudyInputs, views: Mapping[str, Outcomes], only: str = "") -> pd.DataFrame:
    """Return every parameter of treatments and plan as each view uses it, in the parameter's own unit.

    ``only`` is the last part of a parameter's name, for those alone.

    Returns
    -------
    pandas.DataFrame
        One row per view and parameter: quantiles of its draws, what it rests on (``basis``,
        ``claims`` by index into the claims table, ``sources``), whether it is stated at all.
    """
    rows: dict[tuple[str, str], dict[str, object]] = {}
    for view, outcomes in views.items():
        for name, simulated in outcomes.treatments.items():
            known = inputs.quantities(name)
            for path, drawn in simulated.drawn.items():
                address = listed_as(inputs, name, path)
                if (only and path.rpartition(".")[2] != only) or (view, address) in rows:
                    continue
                parameter = known[path.removesuffix(".cash")]
                market = Market.CASH if path.endswith(".cash") else inputs.plan.market
                rows[view, address] = {"view": view, **as_used(inputs, address, parameter, drawn, market)}
    return pd.DataFrame(list(rows.values()))


def listed_as(inputs: StudyInputs, option: str, path: str) -> str:
    """Return how :func:`parameters` lists an option's parameter: the plan's and the natural course's once for all."""
    return inputs.address(option, path) if path.startswith(("plan.", "natural.")) else f"{option}.{path}"


def as_used(inputs: StudyInputs, address: str, parameter: Quantity, drawn: Drawn, market: Market) -> dict[str, object]:
    """Return one row of :func:`parameters`, without its view."""
    used = list(drawn.used)
    said = [parameter.claims[index] for index in used]
    state = Known.NOT_STATED if np.isnan(drawn.values).any() else Known.STATED
    state = Known.UNKNOWN if drawn.unknown.any() else state
    weeks = parameter.measure.in_weeks
    return {
        "parameter": address,
        "label": parameter.label,
        "unit": parameter.unit,
        "market": str(market),
        "known": str(state),
        **dict(zip(("p05", "p50", "p95"), _shown(drawn, weeks, state), strict=True)),
        "basis": " + ".join(dict.fromkeys(str(basis_of(claim, inputs.sources)) for claim in said)),
        "claims": " ".join(map(str, used)),
        "sources": " ".join(dict.fromkeys(claim.source for claim in said if claim.source)),
    }


@stage
def _shown(drawn: Drawn, weeks: float, state: Known) -> tuple[float, ...]:
    """Return the quantiles of a parameter's draws in its own unit, NaN where it is not stated."""
    return quantiles(drawn.values / weeks, (0.05, 0.5, 0.95)) if state is Known.STATED else (np.nan,) * 3


def statements(inputs: StudyInputs) -> pd.DataFrame:
    """Return what the sources say without a number that the model could use, and why it has none.

    ``treatment`` is empty where the statement concerns no treatment alone.
    """
    said: list[tuple[str, str, Remark]] = [
        (name, each.source, each) for name, treatment in inputs.treatments.items() for each in treatment.statements
    ]
    said += [("", name, each) for name, source in inputs.sources.items() for each in source.statements]
    rows = [
        {
            "treatment": treatment,
            "topic": each.topic,
            "says": each.says,
            "no_number": str(each.no_number),
            "stance": str(inputs.sources[source].stance),
            "source": source,
            "section": each.section,
            "evidence": each.evidence or "",
        }
        for treatment, source, each in said
    ]
    columns = ["treatment", "topic", "says", "no_number", "stance", "source", "section", "evidence"]
    return pd.DataFrame(rows, columns=columns)


def unknowns(inputs: StudyInputs, views: Mapping[str, Outcomes]) -> pd.DataFrame:
    """Return which outcomes are not known, the quantities that are missing, and who says that nobody knows."""
    rows = []
    for view, outcomes in views.items():
        for name, simulated in outcomes.treatments.items():
            known = inputs.quantities(name)
            for outcome, result in simulated.outcomes.items():
                for path in result.rests_on:
                    parameter = known[path.removesuffix(".cash")]
                    rows.append(
                        {
                            "view": view,
                            "treatment": name,
                            "outcome": outcome,
                            "known": str(result.known),
                            "parameter": listed_as(inputs, name, path),
                            "label": parameter.label,
                            "said_by": _unknown_to(parameter, simulated.drawn[path]),
                        }
                    )
    return pd.DataFrame(rows, columns=["view", "treatment", "outcome", "known", "parameter", "label", "said_by"])


def _unknown_to(parameter: Quantity, drawn: Drawn) -> str:
    """Return the sources which say that nobody knows; empty where simply none states it."""
    used = (parameter.claims[index] for index in drawn.used)
    return " ".join(claim.source for claim in used if claim.source and _nobody_knows(claim))


def _nobody_knows(claim: Said) -> bool:
    if isinstance(claim, CoverageStatus):
        return claim.status is Covered.NOT_KNOWN
    if isinstance(claim, Effect):
        return isinstance(claim.measure, Unknown)
    return isinstance(claim, Claim) and not claim.reading.known


def sources(inputs: StudyInputs) -> pd.DataFrame:
    """Return the sources that the study's claims and statements name, oldest last.

    ``age_years`` counts to the day of the decision, and ``old`` says whether that is more than the
    study's ``stale_after``; an undated source has no age and counts as old.
    """
    rows = []
    by_claims = claims(inputs)["source"].value_counts()
    used = set(by_claims.index) | set(statements(inputs)["source"])
    limit = weeks_of(inputs.study.stale_after) * DAYS_PER_WEEK
    for identifier, source in inputs.sources.items():
        if identifier in used:
            days = (inputs.patient.decision_date - source.dated).days if source.dated else None
            rows.append(
                {
                    "source": identifier,
                    "kind": str(source.kind),
                    "stance": str(source.stance),
                    "title": source.title,
                    "publisher": source.publisher or "not named",
                    "dated": source.dated.isoformat() if source.dated else "undated",
                    "age_years": float("nan") if days is None else days / (WEEKS_PER_YEAR * DAYS_PER_WEEK),
                    "old": days is None or days > limit,
                    "claims": int(by_claims.get(identifier, 0)),
                    "review": source.review or "",
                    "citation": source.citation or "",
                    "url": source.url or "",
                }
            )
    return pd.DataFrame(rows).sort_values("dated", ascending=False, kind="stable", ignore_index=True)


def bills(inputs: StudyInputs, views: Mapping[str, Outcomes]) -> pd.DataFrame:
    """Return the out-of-pocket cost under each reading of a bill that can be read in several ways, USD.

    Returns
    -------
    pandas.DataFrame
        One row per view, treatment and reading; ``used`` marks the one that the other tables use.
        The outcome's ``known``, ``low`` and ``high`` are those of the comparison table.
    """
    rows = []
    for view, outcomes in views.items():
        for name, treatment in inputs.treatments.items():
            simulated = outcomes.treatments[name]
            known = simulated.outcomes["out_of_pocket"].known
            for bill in treatment.bills:
                values = simulated.ledger_under(bill).out_of_pocket
                stated = known is Known.STATED and bool(np.isfinite(values).all())
                low, middle, high = quantiles(values, (0.05, 0.5, 0.95)) if stated else (float("nan"),) * 3
                rows.append(
                    {
                        "view": view,
                        "treatment": name,
                        "bill": bill,
                        "items": ", ".join(item.label for item in treatment.billed(bill).values()),
                        "used": bill == treatment.bill,
                        "known": str(known if known is not Known.STATED or stated else Known.NOT_STATED),
                        "p05": low,
                        "p50": middle,
                        "p95": high,
                    }
                )
    columns = ["view", "treatment", "bill", "items", "used", "known", "p05", "p50", "p95"]
    return pd.DataFrame(rows, columns=columns)


def costs_by_item(views: Mapping[str, Outcomes]) -> pd.DataFrame:
    """Return the mean patient share of each price item and of each benefit column, USD."""
    rows = []
    for view, outcomes in views.items():
        for name, simulated in outcomes.treatments.items():
            if simulated.outcomes["out_of_pocket"].known is not Known.STATED:
                continue
            items = simulated.option.items
            for item, values in simulated.ledger.by_item.items():
                rows.append(
                    {
                        "view": view,
                        "treatment": name,
                        "part": "item",
                        "name": items[item][0],
                        "mean": float(values.mean()),
                    }
                )
            for column, values in simulated.ledger.columns.items():
                rows.append(
                    {"view": view, "treatment": name, "part": "column", "name": column, "mean": float(values.mean())}
                )
    return pd.DataFrame(rows, columns=["view", "treatment", "part", "name", "mean"])
