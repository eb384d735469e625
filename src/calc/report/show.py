"""What a notebook shows: figures with their alternative text, tables with caption and scopes.

Each is written as HTML, because that is the one way in which alternative text reaches JupyterLab,
a batch run and the exported report alike.
"""

from __future__ import annotations

import base64
import html
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path

import pandas as pd
from IPython.display import HTML

from ..analysis.compare import Result, compare
from .cost_tables import COST_CAPTIONS, cost_table
from .evidence_words import (
    codings_in_words,
    contradictions_in_words,
    old_sources_in_words,
    resting_in_words,
    stances_in_words,
)
from .explain import chain, meaning
from .figures.evidence_ranges import parameter_slide
from .figures.gallery import slides
from .figures.record import Slide
from .format import as_written
from .formats import FORMATS, formats_of
from .questions import questions
from .reasons import reasons
from .save import save_costs, save_decisions, save_slide, save_tables, slide_bytes
from .screen import screen
from .screen_html import as_page
from .source_words import listed_sources
from .tables import as_html, bills_in_words, claims_in_words, paired_headline, unknowns_in_words
from .time_tables import chances_in_words, first_relief_in_words, harms_in_words, usual_care_in_words
from .uncertainty_tables import UNCERTAINTY_CAPTIONS, uncertainty_table
from .uncertainty_words import said
from .words import frame, limits
from .yours import without_yours

__all__ = ["Page", "open_page"]

#: run parameters that leave the study's own value, beside empty text
_KEPT = {"draws": 0, "seed": -1}


class Page:
    """A result in a notebook; with a folder, everything shown is also saved there, figures in some formats."""

    def __init__(
        self, result: Result, out: Path | None, formats: Sequence[str] = FORMATS, before: Result | None = None
    ) -> None:
        self.result, self.out, self.formats, self.before = result, out, formats, before

    def figure(self, name: str) -> HTML:
        """Show one figure of :data:`calc.report.figures.gallery.FIGURES`, on as many slides as it takes."""
        return _html("".join(map(self._slide, slides(self.result, name))))

    def _slide(self, made: Slide) -> str:
        saved = save_slide(made, self.out / "figures", self.formats) if self.out else {}
        data = base64.b64encode(saved.get("png") or slide_bytes(made, "png")).decode("ascii")
        return (
            f'<figure><img src="data:image/png;base64,{data}" alt="{html.escape(made.alt, quote=True)}" '
            f'width="1920" height="1080" style="max-width:100%;height:auto">'
            f"<figcaption>{html.escape(made.title)}</figcaption></figure>"
        )

    def answer(self) -> HTML:
        """Show the first screen: what is advised, what it costs, what nobody knows, and an option a row."""
        return _html(as_page(screen(self.result, before=self.before)))

    def reasons(self) -> HTML:
        """Show the one number that each result hangs on most, one table a view."""
        views = self.result.inputs.views
        return _html(
            "".join(
                as_html(reasons(self.result, name), f"What the results hang on most: {view.label}")
                for name, view in views.items()
            )
        )

    def questions(self) -> HTML:
        """Show what to ask the insurer and the clinic before deciding."""
        return _html(as_html(questions(self.result), "Questions to ask before deciding"))

    def differences(self, outcome: str) -> HTML:
        """Show what differs from the reference within each draw, for one outcome."""
        inputs = self.result.inputs
        reference = inputs.options[inputs.study.reference].label
        words = outcome.replace("_", " ")
        return _html(
            "".join(
                as_html(
                    paired_headline(self.result, name, outcome), f"{words}, compared with {reference}: {view.label}"
                )
                for name, view in inputs.views.items()
            )
        )

    def bills(self) -> HTML:
        """Show what treatments cost whose price can be read in several ways."""
        table = bills_in_words(self.result)
        if table.empty:
            return _html("<p>No price of a treatment here is read in several ways.</p>")
        return _html(as_html(table, "The price read in other ways"))

    def by_date(self) -> HTML:
        """Show the chances by and at the milestones and the study's own date."""
        return self._by_view(chances_in_words, "Of 100 people who choose it")

    def first_relief(self) -> HTML:
        """Show who gets as far as relief, and when."""
        return self._by_view(first_relief_in_words, "When the first relief comes")

    def usual_care(self) -> HTML:
        """Show the relief beyond that of usual care."""
        return self._by_view(usual_care_in_words, "Relief counted against usual care")

    def harms(self) -> HTML:
        """Show the harms whose rate is stated."""
        return self._by_view(harms_in_words, "Harms with a stated rate")

    def _by_view(self, words: Callable[[Result, str], pd.DataFrame], caption: str) -> HTML:
        views = self.result.inputs.views
        return _html(
            "".join(as_html(words(self.result, name), f"{caption}: {view.label}") for name, view in views.items())
        )

    def claims(self) -> HTML:
        """Show every claim."""
        return _html(as_html(claims_in_words(self.result), "Claims, with the figures as the sources state them"))

    def unknowns(self) -> HTML:
        """Show what nobody knows or states."""
        return _html(as_html(unknowns_in_words(self.result), "What is not known, and what it leaves open"))

    def contradictions(self) -> HTML:
        """Show where the sources contradict each other or themselves, and what is done with it."""
        return _html(as_html(contradictions_in_words(self.result), "Contradictions, and what the model does with them"))

    def codings(self) -> HTML:
        """Show how words of the sources were coded, and how much that moves."""
        return _html(as_html(codings_in_words(self.result), "Words coded as figures, and what that moves"))

    def resting(self) -> HTML:
        """Show which results rest on which claim."""
        return _html(as_html(resting_in_words(self.result), "Claims, and the results that rest on them"))

    def old_sources(self) -> HTML:
        """Show the sources that are older than the study allows."""
        limit = self.result.inputs.study.stale_after
        return _html(as_html(old_sources_in_words(self.result), f"Sources older than {limit}, or undated"))

    def sources(self) -> HTML:
        """Show the sources that some number rests on, in groups."""
        return _html(listed_sources(self.result))

    def stances(self) -> HTML:
        """Show what mixed views hold, given the stance drawn."""
        table = stances_in_words(self.result)
        if table.empty:
            return _html("<p>Each of these views believes one stance, so there is nothing to take apart.</p>")
        return _html(as_html(table, "Mixed views taken apart: the results given the stance drawn, where they differ"))

    def explain(self, parameter: str) -> HTML:
        """Show one parameter's chain, from its meaning to the results it carries, with its picture."""
        if not parameter:
            return _html(
                "<p>Name a parameter under <code>explain</code> above, such as stem_cell_injection.relief.</p>"
            )
        tables = "".join(as_html(table, title) for title, table in chain(self.result, parameter).items())
        picture = self._slide(parameter_slide(self.result, parameter))
        return _html(f"<p>{html.escape(meaning(self.result, parameter))}</p>{picture}{tables}")

    def table(self, name: str, *columns: str, caption: str) -> HTML:
        """Show one of the result's tables, or some of its columns."""
        table: pd.DataFrame = getattr(self.result, name)
        return _html(as_html(table[list(columns)] if columns else table, caption))

    def costs(self, name: str) -> HTML:
        """Show one of the cost tables in words, one of :data:`calc.report.cost_tables.COST_CAPTIONS`."""
        if self.out:
            save_costs(self.result, self.out / "tables")
        return _html(as_html(cost_table(self.result, name), COST_CAPTIONS[name]))

    def decided(self, name: str) -> HTML:
        """Show what decision analysis says, view by view: sentences, and the table that they are computed from.

        ``name`` is one of :data:`calc.report.uncertainty_tables.UNCERTAINTY_CAPTIONS`.
        """
        self._save_decisions()
        parts = []
        for view, each in self.result.inputs.views.items():
            told = "".join(f"<p>{html.escape(sentence)}</p>" for sentence in said(self.result, name, view))
            table = uncertainty_table(self.result, name, view)
            shown = "" if table.empty else as_html(table, f"{UNCERTAINTY_CAPTIONS[name]}: {each.label}")
            parts.append(f"<h3>{html.escape(each.label)}</h3>{told}{shown}")
        return _html("".join(parts))

    @cache  # noqa: B019  a page lives as long as its notebook
    def _save_decisions(self) -> None:
        if self.out:
            save_decisions(self.result, self.out / "tables")

    def frame(self) -> HTML:
        """Show the question and the frame it is answered in."""
        return _html(
            f"<p><strong>{html.escape(self.result.inputs.study.question)}</strong></p><p>{html.escape(frame(self.result))}</p>"
        )

    def limits(self) -> HTML:
        """Show what is left out, and write the tables where there is a folder."""
        if self.out:
            save_tables(self.result, self.out / "tables")
        return _html(f"<p><small>{html.escape(limits())}</small></p>")


def _html(body: str) -> HTML:
    return HTML(as_written(body))


def open_page(
    *,
    study: str,
    params: str = "",
    settings: str = "",
    overlays: str = "",
    formats: str = "",
    out: str = "",
    **choices: str | int,
) -> Page:
    """Compute a study for a notebook whose run parameters these are.

    Parameters
    ----------
    study, params
        As in :func:`calc.compare`; an empty ``params`` is the nearest folder.
    settings
        ``path=value`` pairs, one a line.
    overlays
        Files of one's own values, one a line.
    formats
        Of figures that are saved, separated by commas; empty for all of :data:`calc.report.formats.FORMATS`.
    out
        Folder to write figures and tables to; empty to show only.
    **choices
        ``plan``, ``views`` (separated by commas), ``horizon``, ``draws``, ``seed``; empty text,
        0 draws and seed −1 leave the study's own.

    Raises
    ------
    ParameterFileError, UnknownNameError, SettingError
    """
    wanted = formats_of(formats)
    laid: dict[str, object] = {}
    for line in filter(None, map(str.strip, settings.splitlines())):
        path, _, value = line.partition("=")
        laid[path.strip()] = value.strip()
    for name, choice in choices.items():
        if choice in ("", _KEPT.get(name, "")):
            continue
        laid[f"study.{name}"] = [each.strip() for each in str(choice).split(",")] if name == "views" else choice
    files = [Path(line.strip()) for line in overlays.splitlines() if line.strip()]
    root = Path(params) if params else None
    result = compare(study, params=root, settings=laid, overlays=files)
    return Page(result, Path(out) if out else None, wanted, without_yours(study, root, laid, files))
