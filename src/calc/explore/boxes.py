"""The fields of the page as widgets: a labelled box for each, a slider where it helps, and what is wrong beneath."""

from __future__ import annotations

import html
from collections.abc import Callable, Mapping
from typing import Any

import ipywidgets as w

from .fields import FIELDS, PARTS, Field, Part, Place, State
from .state import entries_of

__all__ = ["Boxes"]


class Box:
    """One field's widgets and a line for what is wrong.

    ``text`` is the entry, empty where nothing is entered or it is as the study's file has it; ``free`` says that
    anything can stand in it, what is wrong too.
    """

    free = False

    def __init__(self, field: Field, changed: Callable[[], None]) -> None:
        self.field, self._changed, self._still = field, changed, False
        self.wrong = w.HTML()

    @property
    def text(self) -> str:
        """The entry."""
        raise NotImplementedError

    @property
    def widgets(self) -> list[w.Widget]:
        """What stands on the page, from above."""
        raise NotImplementedError

    def put(self, text: str) -> None:
        """Let an entry stand in the box without telling anybody."""
        still, self._still = self._still, True
        self._put(text)
        self._still = still

    def complain(self, words: str) -> None:
        """Say what is wrong, or with empty words that nothing is."""
        told = f'<span class="calc-wrong" role="alert">{html.escape(words)}</span>' if words else ""
        if self.wrong.value != told:
            self.wrong.value = told

    def _put(self, text: str) -> None:
        raise NotImplementedError

    def _touched(self, _: Any) -> None:
        if not self._still:
            self._changed()


class TextBox(Box):
    """A text box, perhaps with a slider beside it."""

    free = True

    def __init__(self, field: Field, _place: Place, changed: Callable[[], None]) -> None:
        super().__init__(field, changed)
        self.box = w.Text(description=field.label, placeholder=field.help, continuous_update=False)
        self.box.style.description_width = "initial"
        self.slider = None
        self.box.observe(self._typed, "value")
        if field.slider:
            low, high, step = field.slider
            self.slider = w.IntSlider(min=low, max=high, step=step, readout=False, continuous_update=False)
            self.slider.observe(self._slid, "value")

    @property
    def text(self) -> str:
        """What stands in the box."""
        return str(self.box.value)

    @property
    def widgets(self) -> list[w.Widget]:
        """The box and its slider in a row, and what is wrong below."""
        row = w.Box([self.box, *([self.slider] if self.slider else [])])
        row.add_class("calc-row")
        return [_together(row, self.wrong)]

    def _put(self, text: str) -> None:
        self.box.value = text
        self._follow()

    def _typed(self, _: Any) -> None:
        if not self._still:
            self.put(self.text)
            self._changed()

    def _slid(self, change: Mapping[str, Any]) -> None:
        if not self._still:
            self.put(str(change["new"]))
            self._changed()

    def _follow(self) -> None:
        """Let the slider stand where the box says, if it says a number."""
        if self.slider is not None:
            try:
                self.slider.value = round(float(self.text))
            except (ValueError, OverflowError):
                return


class Choice(Box):
    """One of the plans."""

    def __init__(self, field: Field, place: Place, changed: Callable[[], None]) -> None:
        super().__init__(field, changed)
        self._own = place.own.plan
        options = [(each.label, name) for name, each in place.library.plans.items()]
        self.box = w.Dropdown(description=field.label, options=options, value=self._own)
        self.box.style.description_width = "initial"
        self.box.observe(self._touched, "value")

    @property
    def text(self) -> str:
        """The plan chosen, if it is not the study's own."""
        return "" if self.box.value == self._own else str(self.box.value)

    @property
    def widgets(self) -> list[w.Widget]:
        """The choice, and what is wrong below."""
        return [_together(self.box, self.wrong)]

    def _put(self, text: str) -> None:
        self.box.value = text or self._own


class Checks(Box):
    """Any of the treatments."""

    def __init__(self, field: Field, place: Place, changed: Callable[[], None]) -> None:
        super().__init__(field, changed)
        self.boxes = {
            name: w.Checkbox(description=place.library.treatments[name].label, value=True, indent=False)
            for name in place.own.treatments
        }
        for each in self.boxes.values():
            each.observe(self._touched, "value")

    @property
    def text(self) -> str:
        """The treatments chosen, if not all are."""
        chosen = [name for name, each in self.boxes.items() if each.value]
        return "" if len(chosen) == len(self.boxes) else ",".join(chosen)

    @property
    def widgets(self) -> list[w.Widget]:
        """The boxes, and what is wrong below."""
        return [_together(*self.boxes.values(), self.wrong)]

    def _put(self, text: str) -> None:
        chosen = text.split(",") if text else list(self.boxes)
        for name, box in self.boxes.items():
            box.value = name in chosen


class Prices(Box):
    """A price of one of the treatments, what was quoted for it, and the list of all that was quoted."""

    def __init__(self, field: Field, place: Place, changed: Callable[[], None]) -> None:
        super().__init__(field, changed)
        prices = _prices(place)
        self.item = w.Dropdown(description="Price", options=prices, value=prices[0][1] if prices else None)
        self.box = w.Text(description=field.label, placeholder=field.help, continuous_update=False)
        for each in (self.item, self.box):
            each.style.description_width = "initial"
        self._quoted: dict[str, str] = {}
        self.list = w.HTML()
        self.item.observe(self._chosen, "value")
        self.box.observe(self._typed, "value")

    @property
    def text(self) -> str:
        """The quotes, one a line."""
        return "\n".join(f"{path}={text}" for path, text in self._quoted.items())

    @property
    def widgets(self) -> list[w.Widget]:
        """The price, its quote with what is wrong below, and the list."""
        return [_together(self.item), _together(self.box, self.wrong), self.list]

    def _put(self, text: str) -> None:
        lines = (line.partition("=") for line in text.splitlines())
        self._quoted = {path: usd for path, _, usd in lines}
        self.box.value = self._quoted.get(str(self.item.value), "")
        self._listed()

    def _chosen(self, _: Any) -> None:
        """Show the quote of the price chosen."""
        self.put(self.text)

    def _typed(self, change: Mapping[str, Any]) -> None:
        if self._still:
            return
        self._quoted.pop(str(self.item.value), None)
        if change["new"].strip():
            self._quoted[str(self.item.value)] = change["new"].strip()
        self._listed()
        self._changed()

    def _listed(self) -> None:
        labels = {path: label for label, path in self.item.options}
        told = "".join(
            f"<li>{html.escape(labels.get(path, path))}: ${html.escape(text)}</li>"
            for path, text in self._quoted.items()
        )
        self.list.value = f'<ul class="calc-hint">{told}</ul>' if told else ""


class Lines(Box):
    """Paths and values, one a line."""

    free = True

    def __init__(self, field: Field, _place: Place, changed: Callable[[], None]) -> None:
        super().__init__(field, changed)
        self.box = w.Textarea(description=field.label, placeholder=field.help, continuous_update=False, rows=3)
        self.box.style.description_width = "initial"
        self.box.observe(self._touched, "value")

    @property
    def text(self) -> str:
        """What stands in the box."""
        return str(self.box.value)

    @property
    def widgets(self) -> list[w.Widget]:
        """The box, and what is wrong below."""
        return [_together(self.box, self.wrong)]

    def _put(self, text: str) -> None:
        self.box.value = text


_KINDS: Mapping[str, Callable[[Field, Place, Callable[[], None]], Box]] = {
    "text": TextBox,
    "choice": Choice,
    "checks": Checks,
    "prices": Prices,
    "lines": Lines,
}


class Boxes:
    """Every field of the page, by name; ``entries`` is what stands in them, beside what the study's file has."""

    def __init__(self, place: Place, changed: Callable[[], None]) -> None:
        self._place = place
        self.by_name = {name: _KINDS[field.widget](field, place, changed) for name, field in FIELDS.items()}

    @property
    def entries(self) -> dict[str, str]:
        """What stands in the boxes, as text by field; what is empty, or as the study's file has it, is left out."""
        return {name: box.text for name, box in self.by_name.items() if box.text.strip()}

    def put(self, state: State, raw: Mapping[str, str]) -> None:
        """Put a state into the boxes; where ``raw`` has an entry that is wrong, that stands in its box if it can."""
        text = entries_of(state, self._place.own)
        text |= {name: each for name, each in raw.items() if name in FIELDS and self.by_name[name].free}
        for name, field in FIELDS.items():
            usual = field.text(getattr(state, name)) if field.stands else ""
            self.by_name[name].put(text.get(name, usual))

    def complain(self, problems: Mapping[str, str]) -> None:
        """Say beside each field what is wrong with it, and beside the last what belongs to none."""
        others = [words for name, words in problems.items() if name not in FIELDS]
        for name, box in self.by_name.items():
            box.complain(" ".join([problems.get(name, ""), *(others if name == "more" else ())]).strip())

    def widget(self) -> w.VBox:
        """Return the boxes in their order, under headings."""
        made = w.VBox([each for part in PARTS for each in self._part(part)])
        made.add_class("calc-entries")
        return made

    def _part(self, part: Part) -> list[w.Widget]:
        hint = f'<p class="calc-hint">{html.escape(part.note)}</p>' if part.note else ""
        inside = [each for box in self.by_name.values() if box.field.part is part for each in box.widgets]
        return [w.HTML(f"<h2>{html.escape(part.title)}</h2>{hint}"), *inside]


def _together(*inside: w.Widget) -> w.VBox:
    made = w.VBox(inside)
    made.add_class("calc-field")
    return made


def _prices(place: Place) -> list[tuple[str, str]]:
    """Return every price of the treatments as a choice: what it is called, and its path."""
    treatments = place.library.treatments
    return [
        (
            f"{treatments[name].short}: {item.label} (per {item.per})".replace("(per once)", "(once)"),
            f"{name}.{key}",
        )
        for name in place.own.treatments
        for key, item in treatments[name].price.items()
    ]
