"""The fields of the page: a labelled box for each entry, a slider beside where it helps, and what is wrong beneath."""

from __future__ import annotations

import html
from collections.abc import Callable, Mapping
from typing import Any

import ipywidgets as w

from ..inputs.load import Library
from .engine import Engine
from .state import State, entries_of

__all__ = ["Field", "Fields"]

_SLIDERS = {"belief": (0, 100, 5), "months": (1, 60, 1), "week_value": (0, 500, 10)}

_LABELS = {
    "deductible": ("Deductible, $", "as the plan has it"),
    "maximum": ("Most you pay in a year, $", "as the plan has it"),
    "coinsurance": ("Coinsurance, %", "as the plan has it"),
    "met_deductible": ("Paid towards the deductible, $", "this plan year, 0 if nothing"),
    "met_maximum": ("Paid out of pocket, $", "this plan year, 0 if nothing"),
    "plan_year_start": ("Plan year begins", "month-day, such as 01-01"),
    "budget": ("Budget, $", "the most you can pay"),
    "by": ("Relief wanted by", "year-month-day"),
    "months": ("Months to look ahead", "1 to 60"),
    "belief": ("Belief in the clinic, %", "0: guidelines; 100: the clinic"),
    "week_value": ("A week of relief is worth, $", "what you would pay for one"),
}


class Field:
    """One text box with its label, perhaps a slider, and a line for what is wrong; ``text`` is its entry."""

    def __init__(self, name: str, changed: Callable[[], None]) -> None:
        label, hint = _LABELS[name]
        self.box = w.Text(description=label, placeholder=hint, continuous_update=False)
        self.box.style.description_width = "initial"
        self.wrong = w.HTML()
        self.slider = self._slider(name) if name in _SLIDERS else None
        row = w.Box([self.box, *([self.slider] if self.slider else [])])
        row.add_class("calc-row")
        self.widget = w.VBox([row, self.wrong])
        self.widget.add_class("calc-field")
        self._changed, self._still = changed, False
        self.box.observe(self._typed, "value")
        if self.slider:
            self.slider.observe(self._slid, "value")

    @staticmethod
    def _slider(name: str) -> w.IntSlider:
        low, high, step = _SLIDERS[name]
        return w.IntSlider(min=low, max=high, step=step, readout=False, continuous_update=False)

    @property
    def text(self) -> str:
        """What stands in the box."""
        return str(self.box.value)

    def put(self, text: str) -> None:
        """Put an entry into the box without telling anybody."""
        self._still = True
        self.box.value = text
        self._follow()
        self._still = False

    def complain(self, words: str) -> None:
        """Say what is wrong, or with empty words that nothing is."""
        told = f'<span class="calc-wrong" role="alert">{html.escape(words)}</span>' if words else ""
        if self.wrong.value != told:
            self.wrong.value = told

    def _typed(self, _: Any) -> None:
        if not self._still:
            self._still = True
            self._follow()
            self._still = False
            self._changed()

    def _slid(self, change: Mapping[str, Any]) -> None:
        if not self._still:
            self._still = True
            self.box.value = str(change["new"])
            self._still = False
            self._changed()

    def _follow(self) -> None:
        """Let the slider stand where the box says, if it says a number."""
        if self.slider is not None:
            try:
                self.slider.value = round(float(self.text))
            except (ValueError, OverflowError):
                return


class Fields:
    """Every field of the page; ``entries`` is what stands in them, beside what the study's file has."""

    def __init__(self, engine: Engine, changed: Callable[[], None]) -> None:
        self._changed, self._still, self._engine = changed, False, engine
        library, study = engine.library, engine.library.studies[engine.study]
        self.boxes = {name: Field(name, changed) for name in _LABELS}
        self.treatments = {
            name: w.Checkbox(description=library.treatments[name].label, value=True, indent=False)
            for name in study.treatments
        }
        self.plan = w.Dropdown(
            description="Plan", options=[(each.label, name) for name, each in library.plans.items()], value=study.plan
        )
        prices = _prices(library, study.treatments)
        self.item = w.Dropdown(description="Price", options=prices, value=prices[0][1] if prices else None)
        self.quote = w.Text(description="You were quoted, $", placeholder="for this price", continuous_update=False)
        self.more = w.Textarea(
            description="Other numbers", placeholder="facet_nerve_ablation.relief=30", continuous_update=False, rows=3
        )
        for each in (self.plan, self.item, self.quote, self.more):
            each.style.description_width = "initial"
        self.quotes: dict[str, str] = {}
        self.told = {name: w.HTML() for name in ("treatments", "plan", "quotes", "more")}
        self.list = w.HTML()
        for each in (*self.treatments.values(), self.plan, self.more):
            each.observe(self._touched, "value")
        self.item.observe(self._chosen, "value")
        self.quote.observe(self._quoted, "value")

    @property
    def entries(self) -> dict[str, str]:
        """What stands in the fields, as text by field; what is empty, or as the study's file has it, is left out."""
        study = self._engine.library.studies[self._engine.study]
        found = {name: each.text for name, each in self.boxes.items() if each.text.strip()}
        chosen = [name for name, each in self.treatments.items() if each.value]
        if len(chosen) < len(self.treatments):
            found["treatments"] = ",".join(chosen)
        if self.plan.value != study.plan:
            found["plan"] = str(self.plan.value)
        if self.quotes:
            found["quotes"] = "\n".join(f"{path}={text}" for path, text in self.quotes.items())
        if self.more.value.strip():
            found["more"] = self.more.value
        return found

    def put(self, state: State, raw: Mapping[str, str]) -> None:
        """Put a state into the fields; where ``raw`` has an entry that is wrong, that stands in its box."""
        self._still = True
        own = self._engine.library.studies[self._engine.study]
        text = {**entries_of(state, own), **{name: each for name, each in raw.items() if name in self.boxes}}
        for name, field in self.boxes.items():
            usual = {"months": f"{state.months}", "belief": f"{100 * state.belief:.10g}"}.get(name, "")
            field.put(text.get(name, usual))
        for name, box in self.treatments.items():
            box.value = name in state.treatments
        self.plan.value = state.plan
        self.quotes = {path: f"{usd:.10g}" for path, usd in state.quotes}
        self.quote.value = self.quotes.get(str(self.item.value), "")
        self.more.value = raw.get("more", "\n".join(f"{path}={value}" for path, value in state.more))
        self._listed()
        self._still = False

    def complain(self, problems: Mapping[str, str]) -> None:
        """Say beside each field what is wrong with it."""
        for name, field in self.boxes.items():
            field.complain(problems.get(name, ""))
        others = [words for name, words in problems.items() if name not in (*self.boxes, *self.told)]
        for name, line in self.told.items():
            words = " ".join([problems.get(name, ""), *(others if name == "more" else ())]).strip()
            line.value = f'<span class="calc-wrong" role="alert">{html.escape(words)}</span>' if words else ""

    def widget(self) -> w.VBox:
        """Return the fields in their order, under headings."""

        def part(title: str, *inside: w.Widget, note: str = "") -> list[w.Widget]:
            hint = f'<p class="calc-hint">{html.escape(note)}</p>' if note else ""
            return [w.HTML(f"<h2>{html.escape(title)}</h2>{hint}"), *inside]

        def field(*inside: w.Widget) -> w.VBox:
            made = w.VBox(inside)
            made.add_class("calc-field")
            return made

        def boxes(*names: str) -> list[w.Widget]:
            return [self.boxes[name].widget for name in names]

        all_of = w.VBox(
            [
                *part("Whom to believe", *boxes("belief"), note="0: the guidelines are right. 100: the clinic is."),
                *part("Your plan", field(self.plan, self.told["plan"])),
                *boxes("deductible", "maximum", "coinsurance", "met_deductible", "met_maximum", "plan_year_start"),
                *part("Quotes you received", field(self.item), field(self.quote, self.told["quotes"]), self.list),
                *part("What matters to you", *boxes("budget", "by", "months", "week_value")),
                *part("Treatments", field(*self.treatments.values(), self.told["treatments"])),
                *part(
                    "Any other number",
                    field(self.more, self.told["more"]),
                    note="A path, an equals sign, a value; one a line.",
                ),
            ]
        )
        all_of.add_class("calc-entries")
        return all_of

    def _touched(self, _: Any) -> None:
        if not self._still:
            self._changed()

    def _chosen(self, _: Any) -> None:
        """Show the quote of the price chosen."""
        still, self._still = self._still, True
        self.quote.value = self.quotes.get(str(self.item.value), "")
        self._still = still

    def _quoted(self, change: Mapping[str, Any]) -> None:
        if self._still:
            return
        self.quotes.pop(str(self.item.value), None)
        if change["new"].strip():
            self.quotes[str(self.item.value)] = change["new"].strip()
        self._listed()
        self._changed()

    def _listed(self) -> None:
        labels = {path: label for label, path in self.item.options}
        told = "".join(
            f"<li>{html.escape(labels.get(path, path))}: ${html.escape(text)}</li>"
            for path, text in self.quotes.items()
        )
        self.list.value = f'<ul class="calc-hint">{told}</ul>' if told else ""


def _prices(library: Library, names: tuple[str, ...]) -> list[tuple[str, str]]:
    """Return every price of the treatments as a choice: what it is called, and its path."""
    return [
        (
            f"{library.treatments[name].short}: {item.label} (per {item.per})".replace("(per once)", "(once)"),
            f"{name}.{key}",
        )
        for name in names
        for key, item in library.treatments[name].price.items()
    ]
