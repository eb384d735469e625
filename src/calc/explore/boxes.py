"""The fields of the page as widgets: a labelled box for each, a slider where it helps, and what is wrong beneath."""

from __future__ import annotations

import html
from collections.abc import Callable, Mapping
from typing import Any

import ipywidgets as w

from .field import COVERED, Field, Part, Place, State
from .fields import FIELDS, PARTS, often
from .state import entries_of

__all__ = ["Boxes"]

_MORE, _LESS = "More: whom to believe, and any other number", "Less"


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
    """One of several, from a list or, as radio buttons, with all in sight."""

    def __init__(self, field: Field, place: Place, changed: Callable[[], None]) -> None:
        super().__init__(field, changed)
        if field.choices is None:
            raise TypeError(f"the field {field.name} has nothing to choose")
        offered = field.choices(place)
        self._usual = offered.usual
        made = w.RadioButtons if field.widget == "radio" else w.Dropdown
        options = [(words, value) for value, words in offered.words.items()]
        self.box = made(description=offered.label or field.label, options=options, value=self._usual)
        self.box.style.description_width = "initial"
        self.box.observe(self._touched, "value")

    @property
    def text(self) -> str:
        """What is chosen, if it is not what the files say."""
        return "" if self.box.value == self._usual else str(self.box.value)

    @property
    def widgets(self) -> list[w.Widget]:
        """The choice, and what is wrong below."""
        return [_together(self.box, self.wrong)]

    def _put(self, text: str) -> None:
        self.box.value = text or self._usual


class Checks(Box):
    """Any of the treatments."""

    def __init__(self, field: Field, place: Place, changed: Callable[[], None]) -> None:
        super().__init__(field, changed)
        self.boxes = {
            name: w.Checkbox(description=place.library.treatments[name].label, value=True, indent=False)
            for name in place.offered
        }
        for each in self.boxes.values():
            each.observe(self._touched, "value")

    @property
    def text(self) -> str:
        """The treatments chosen, if not all are."""
        chosen = [name for name, each in self.boxes.items() if each.value]
        return "" if len(chosen) == len(self.boxes) else ",".join(chosen) or ","

    @property
    def widgets(self) -> list[w.Widget]:
        """The boxes, and what is wrong below."""
        return [_together(*self.boxes.values(), self.wrong)]

    def _put(self, text: str) -> None:
        chosen = text.split(",") if text else list(self.boxes)
        for name, box in self.boxes.items():
            box.value = name in chosen


class Listed(Box):
    """Something said of one thing after another, and the list of all that was said, by path."""

    def __init__(self, field: Field, changed: Callable[[], None]) -> None:
        super().__init__(field, changed)
        self._said: dict[str, str] = {}
        self.list = w.HTML()

    @property
    def text(self) -> str:
        """What was said, one a line."""
        return "\n".join(f"{path}={text}" for path, text in self._said.items())

    @property
    def path(self) -> str:
        """The path of what is chosen now."""
        raise NotImplementedError

    def _told(self, path: str, text: str) -> str:
        """Return in words what was said of a path."""
        raise NotImplementedError

    def _follow(self, text: str) -> None:
        """Let the widget show what was said of what is chosen now."""
        raise NotImplementedError

    def _put(self, text: str) -> None:
        lines = (line.partition("=") for line in text.splitlines())
        self._said = {path: said for path, _, said in lines}
        self._follow(self._said.get(self.path, ""))
        self._listed()

    def _chosen(self, _: Any) -> None:
        """Show what was said of what is chosen now."""
        if not self._still:
            self.put(self.text)

    def _say(self, text: str) -> None:
        if self._still:
            return
        self._said.pop(self.path, None)
        if text:
            self._said[self.path] = text
        self._listed()
        self._changed()

    def _listed(self) -> None:
        told = "".join(f"<li>{html.escape(self._told(path, text))}</li>" for path, text in self._said.items())
        self.list.value = f'<ul class="calc-hint">{told}</ul>' if told else ""


class Prices(Listed):
    """A treatment, one of its prices, and what was quoted for it."""

    def __init__(self, field: Field, place: Place, changed: Callable[[], None]) -> None:
        super().__init__(field, changed)
        treatments = place.library.treatments
        self._prices = {
            name: {f"{name}.{key}": f"{item.label} ({often(item)})" for key, item in treatments[name].price.items()}
            for name in place.offered
            if treatments[name].price
        }
        self._shorts = {name: treatments[name].short for name in self._prices}
        self.option = w.Dropdown(description="A quote for", options=_options(self._shorts))
        self.item = w.Dropdown(description="Price", options=self._items())
        self.box = w.Text(description=field.label, placeholder=field.help, continuous_update=False)
        for each in (self.option, self.item, self.box):
            each.style.description_width = "initial"
        self.option.observe(self._other_option, "value")
        self.item.observe(self._chosen, "value")
        self.box.observe(lambda change: self._say(change["new"].strip()), "value")

    @property
    def path(self) -> str:
        """The price chosen."""
        return str(self.item.value)

    @property
    def widgets(self) -> list[w.Widget]:
        """The treatment, the price, its quote with what is wrong below, and the list."""
        return [_together(self.option), _together(self.item), _together(self.box, self.wrong), self.list]

    def _items(self) -> list[tuple[str, str]]:
        return _options(self._prices.get(str(self.option.value), {}))

    def _other_option(self, _: Any) -> None:
        still, self._still = self._still, True
        self.item.options = self._items()
        self._still = still
        self._chosen(None)

    def _told(self, path: str, text: str) -> str:
        name = path.partition(".")[0]
        label = self._prices.get(name, {}).get(path, path)
        return f"{self._shorts.get(name, name)}, {label}: ${text.removeprefix('$')}"

    def _follow(self, text: str) -> None:
        self.box.value = text


class Answers(Listed):
    """A treatment, and what the insurer answered about it."""

    def __init__(self, field: Field, place: Place, changed: Callable[[], None]) -> None:
        super().__init__(field, changed)
        self._shorts = {name: place.library.treatments[name].short for name in place.offered}
        self.option = w.Dropdown(description="Treatment asked about", options=_options(self._shorts))
        words = {"": "The insurer has not said", **COVERED}
        self.box = w.Dropdown(description=field.label, options=_options(words))
        for each in (self.option, self.box):
            each.style.description_width = "initial"
        self.option.observe(self._chosen, "value")
        self.box.observe(lambda change: self._say(str(change["new"])), "value")

    @property
    def path(self) -> str:
        """The treatment chosen."""
        return str(self.option.value)

    @property
    def widgets(self) -> list[w.Widget]:
        """The treatment, the answer with what is wrong below, and the list."""
        return [_together(self.option), _together(self.box, self.wrong), self.list]

    def _told(self, path: str, text: str) -> str:
        return f"{self._shorts.get(path, path)}: {COVERED.get(text, text)}"

    def _follow(self, text: str) -> None:
        self.box.value = text


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
    "radio": Choice,
    "checks": Checks,
    "prices": Prices,
    "answers": Answers,
    "lines": Lines,
}


class Boxes:
    """Every field of the page, by name; ``entries`` is what stands in them, beside what the study's file has."""

    def __init__(self, place: Place, changed: Callable[[], None]) -> None:
        self._place = place
        self.more = w.Button(description=_MORE)
        self.more.add_class("calc-more-button")
        self.more.on_click(lambda _: self._open(self.more.description == _MORE))
        self.expert = w.VBox([])
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
        self._open(any(FIELDS[name].part.expert for name in text))

    def complain(self, problems: Mapping[str, str]) -> None:
        """Say beside each field what is wrong with it, and beside the last what belongs to none."""
        others = [words for name, words in problems.items() if name not in FIELDS]
        for name, box in self.by_name.items():
            box.complain(" ".join([problems.get(name, ""), *(others if name == "more" else ())]).strip())
        if others or any(FIELDS[name].part.expert for name in problems if name in FIELDS):
            self._open(True)

    def widget(self) -> w.VBox:
        """Return the boxes in their order, under headings; the expert's behind a button."""
        plain, expert = ([part for part in PARTS if part.expert is each] for each in (False, True))
        self.expert.children = [each for part in expert for each in self._part(part)]
        made = w.VBox([*(each for part in plain for each in self._part(part)), self.more, self.expert])
        made.add_class("calc-entries")
        return made

    def _open(self, opened: bool) -> None:
        """Show the expert's fields, or hide them."""
        self.more.description = _LESS if opened else _MORE
        self.expert.layout.display = "" if opened else "none"

    def _part(self, part: Part) -> list[w.Widget]:
        hint = f'<p class="calc-hint">{html.escape(part.note)}</p>' if part.note else ""
        inside = [each for box in self.by_name.values() if box.field.part is part for each in box.widgets]
        return [w.HTML(f"<h2>{html.escape(part.title)}</h2>{hint}"), *inside]


def _together(*inside: w.Widget) -> w.VBox:
    made = w.VBox(inside)
    made.add_class("calc-field")
    return made


def _options(words: Mapping[str, str]) -> list[tuple[str, str]]:
    """Return what can be chosen by value as a list shows it."""
    return [(label, value) for value, label in words.items()]
