"""What a figure is: one record of what draws it, what it says in words, and where it is shown."""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import pandas as pd
from matplotlib.figure import Figure as Drawing

from ...analysis.compare import Result
from ..format import interval, records
from ..marks import GREY, STROKES
from ..words import footer

__all__ = [
    "NO_COST",
    "Figure",
    "Made",
    "Message",
    "Slide",
    "Views",
    "averages_footer",
    "brief",
    "by_view",
    "dearest",
    "in_sentences",
    "last_by",
    "mid_sentence",
    "most",
    "once",
    "outcome_rows",
    "short_name",
    "shorts",
    "strokes",
    "under",
]

NO_COST = "cost not known or not stated"

#: views of a study by name, in the order in which they are shown
Views = Sequence[str]
#: what a figure of a result says about some views, in one sentence
Message = Callable[[Result, Views], str]


@dataclass(frozen=True)
class Made:
    """A finished page with its title and its alternative text."""

    title: str
    alt: str
    figure: Drawing


@dataclass(frozen=True)
class Slide:
    """One finished page; ``name`` is its file's, ``views`` those that it shows."""

    name: str
    title: str
    alt: str
    figure: Drawing
    views: tuple[str, ...] = ()


@dataclass(frozen=True)
class Figure:
    """A figure of a study's result, which stands in its own module and is collected in the gallery.

    Attributes
    ----------
    title
        What it shows; ``make`` may say more, such as for how long.
    make
        Draws it for some views and describes it from the same tables: a page, or several.
    message
        What it says of some views in one sentence: the title of its slide.
    tables
        The tables that it is drawn from, named as their files are.
    notebooks
        The notebooks that show it.
    at_once
        How many views a page shows beside each other; 0 for all.
    """

    name: str
    title: str
    make: Callable[[Figure, Result, Views], Made | tuple[Made, ...]]
    message: Message
    tables: tuple[str, ...]
    notebooks: tuple[str, ...] = ()
    at_once: int = 2

    def pages(self, result: Result, views: Views) -> tuple[Made, ...]:
        """Return the finished pages for some views, drawn in whatever style holds."""
        made = self.make(self, result, views)
        return (made,) if isinstance(made, Made) else made


def under(result: Result, table: pd.DataFrame, views: Views) -> pd.DataFrame:
    """Return the rows of some views, with the treatments' short names as ``label``."""
    rows = table[table["view"].isin(list(views))]
    return rows.assign(label=[result.inputs.options[str(name)].short for name in rows["treatment"]])


def outcome_rows(result: Result, outcome: str, view: str, *, known: str = "") -> pd.DataFrame:
    """Return the comparison's rows of an outcome in one view, with short names; only those ``known`` so, if given."""
    rows = under(result, result.comparison[result.comparison["outcome"] == outcome], [view])
    return rows[rows["known"] == known] if known else rows


def last_by(rows: pd.DataFrame, column: str) -> Mapping[str, Any]:
    """Return the row with the largest figure in a column; of several, the last."""
    return records(rows.sort_values(column, kind="stable"))[-1]


def once(result: Result, views: Views, tells: Callable[[str, str], Hashable]) -> list[tuple[str, str, str]]:
    """Return view, option and label of what is to be shown: an option again only where a view tells it otherwise.

    ``tells`` returns what a row says of an option in a view, rounded as it is read.
    """
    found = []
    for name, option in result.inputs.options.items():
        told = {view: tells(view, name) for view in views}
        apart = len(set(told.values())) > 1
        for place, view in enumerate(views):
            if told[view] not in [told[other] for other in views[:place]]:
                short = result.inputs.views[view].short.lower()
                found.append((view, name, f"{option.short} ({short})" if apart else option.short))
    return found


def strokes(result: Result) -> Mapping[str, tuple[str, Any]]:
    """Return each option's color and dash, the same on every figure; doing nothing is gray."""
    inputs = result.inputs
    places = dict.fromkeys([*inputs.known, *inputs.options])
    looks = {name: STROKES[place % len(STROKES)] for place, name in enumerate(places)}
    return looks | {name: (GREY, "-") for name in looks if name == inputs.study.usual_care}


def brief(alt: str, most: int = 110) -> str:
    """Return an alternative text of at most 120 words: whole clauses, and where the rest stands.

    >>> brief("One two; three four. Five six seven.", 4)
    'One two; three four. The rest is in the table.'
    """
    if len(alt.split()) <= most:
        return alt
    kept = ""
    for clause in re.findall(r".+?(?:[;.](?=\s|$)|$)", alt):
        if len(f"{kept}{clause}".split()) > most:
            break
        kept += clause
    return f"{kept.rstrip(' ;.')}. The rest is in the table."


def short_name(result: Result, row: Mapping[str, Any]) -> str:
    """Return the short name of a row's treatment."""
    return result.inputs.options[str(row["treatment"])].short


def mid_sentence(short: str) -> str:
    """Return a short name as it stands within a sentence.

    >>> mid_sentence("Spinal manipulation"), mid_sentence("NSAIDs")
    ('spinal manipulation', 'NSAIDs')
    """
    return short if short[1:2].isupper() else f"{short[:1].lower()}{short[1:]}"


def shorts(result: Result) -> tuple[str, ...]:
    """Return the short names of all options, in the study's order."""
    return tuple(option.short for option in result.inputs.options.values())


def dearest(table: pd.DataFrame, view: str, column: str) -> Mapping[str, Any] | None:
    """Return the row of a view with the largest figure, None where no cost is stated."""
    rows = table[table["view"] == view].dropna(subset=[column])
    return last_by(rows, column) if len(rows) and rows[column].max() > 0 else None


def most(result: Result, view: str, *, outcome: str) -> str:
    """Return which treatment has the highest middle value of an outcome, and how high that is."""
    stated = outcome_rows(result, outcome, view, known="stated")
    if stated.empty:
        return "not stated for any treatment"
    row = last_by(stated, "p50")
    return f"{row['label']} {interval(row)}"


def averages_footer(result: Result) -> str:
    """Return the footer of a figure that shows averages alone."""
    return footer(result).replace("90 % intervals, ", "Averages over ")


def by_view(head: str, says: Callable[[Result, str], str]) -> Message:
    """Return a message: after its head what ``says`` tells of each view, once where the views agree."""
    return partial(_told, head=head, says=says)


def in_sentences(says: Callable[[Result, str], str]) -> Message:
    """Return a message: what ``says`` tells of each view as a sentence, once where the views agree."""
    return partial(_sentences, says=says)


def _sentences(result: Result, views: Views, *, says: Callable[[Result, str], str]) -> str:
    told = {result.inputs.views[view].short.lower(): says(result, view) for view in views}
    if len(set(told.values())) == 1:
        return f"{next(iter(told.values()))}."
    return "; ".join(f"{text} ({short})" for short, text in told.items()) + "."


def _told(result: Result, views: Views, *, head: str, says: Callable[[Result, str], str]) -> str:
    told = {result.inputs.views[view].short: says(result, view) for view in views}
    if len(set(told.values())) == 1 and len(told) > 1:
        return f"{head}: {next(iter(told.values()))}"
    return f"{head}: {'; '.join(f'{short}, {text}' for short, text in told.items())}"
