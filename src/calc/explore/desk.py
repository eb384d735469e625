"""The page itself: fields on one side, answers on the other, and what is done with them."""

from __future__ import annotations

import html
import logging
import traceback
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from importlib import resources
from typing import Any

import ipywidgets as w
from IPython.display import Javascript, display

from ..errors import CalcError
from . import panels
from .boxes import Boxes
from .engine import Answer, Engine
from .field import State
from .files import Files
from .limits import within
from .papers import Papers
from .source import Opener
from .state import Entries, entries_of, query_of

__all__ = ["Desk"]

_LOG = logging.getLogger(__name__)
#: from top to bottom; after a change, what takes longer appears last
_PANELS = ("answer", "costs", "glance", "pinned", "timeline", "curves", "opened", "asked")

#: ways from one part to the other: for the keyboard, and on a narrow page, where they stand below each other
_PARTS = (
    '<nav class="calc-parts" aria-label="Parts of the page"><a href="#" data-goto="calc-answers">To the answer</a>'
    '<a href="#" data-goto="calc-entries">To what you enter</a></nav>'
)


class Desk:
    """The comparison as somebody turns it; the present state is :attr:`state`.

    Nothing that is entered is written or logged.

    Parameters
    ----------
    entries
        What stands in the fields at first, as an address carries it.
    seconds
        The longest that one change may take; 0 for no limit.
    """

    def __init__(self, engine: Engine, entries: Mapping[str, str], *, seconds: float = 0.0) -> None:
        self.engine, self.seconds = engine, seconds
        self.state: State = engine.start
        self.answer: Answer | None = None
        self.pinned: Answer | None = None
        self.panels = {name: w.HTML() for name in _PANELS}
        self.message, self.pressed, self.link = w.HTML(), w.HTML(), w.HTML()
        self.boxes = Boxes(engine.place, self.changed)
        self.opener = Opener(lambda: self.engine.full(self.state), self.guarded)
        self.files = Files(engine, lambda: self.state, self.take, self.guarded)
        self.papers = Papers(engine, lambda: self.state, self._beside, self.guarded)
        self.take(entries)

    def changed(self) -> None:
        """Answer what now stands in the fields."""
        self.guarded(lambda: self._show(self.boxes.entries))

    def take(self, entries: Mapping[str, str]) -> None:
        """Put other entries into the fields, and answer them."""
        state, problems = self.engine.read(entries, self.state)
        self.boxes.put(state, {name: text for name, text in entries.items() if name in problems})
        self._show(entries)

    def guarded(self, work: Callable[[], None], message: w.HTML | None = None) -> None:
        """Do something for the visitor; what goes wrong becomes a sentence, never a traceback.

        ``message`` is where it stands: beside the button that caused it, else above the answers.
        """
        words = self._outcome(work)
        told = f'<p class="calc-wrong" role="alert">{html.escape(words)}</p>' if words else ""
        (message or self.message).value = told

    def _outcome(self, work: Callable[[], None]) -> str:
        """Do something, and return what is to be said of it."""
        try:
            with within(self.seconds):
                work()
        except CalcError as error:
            return str(error)
        except TimeoutError:
            return f"That took longer than {self.seconds:g} seconds and was stopped; nothing was changed."
        except MemoryError:
            return "That needs more memory than one visitor may use; nothing was changed."
        except Exception as error:  # whatever it is, the visitor gets a sentence
            _LOG.debug("%s", "".join(traceback.format_exception(error)))
            return (
                f"This did not work ({type(error).__name__}); the answers are those from before. "
                "Change something, or load the page again."
            )
        return ""

    def pin(self, _: Any = None) -> None:
        """Keep the present answer to compare with."""
        self.guarded(lambda: self._pin(self.answer), self.pressed)

    def unpin(self, _: Any = None) -> None:
        """Let go of the pinned answer."""
        self.guarded(lambda: self._pin(None), self.pressed)

    def reset(self, _: Any = None) -> None:
        """Put everything back to what the study's file says, and let go of the pinned answer."""

        def again() -> None:
            self._pin(None)
            self.take({})

        self.guarded(again, self.pressed)

    def show(self) -> None:
        """Display the page."""
        display(Javascript((resources.files("calc.explore") / "names.js").read_text("utf-8")))
        display(self.widget())

    def widget(self) -> w.Box:
        """Return the whole page as one widget."""
        pressed = {"Pin this state": self.pin, "Unpin": self.unpin, "Start again": self.reset}
        buttons_for = []
        for words, does in pressed.items():
            buttons_for.append(w.Button(description=words))
            buttons_for[-1].on_click(does)
        parts = list(self.panels.values())
        buttons = w.Box(buttons_for)
        buttons.add_class("calc-row")
        answers = w.VBox(
            [
                self.message,
                parts[0],
                buttons,
                self.pressed,
                *parts[1:],
                *self.opener.widgets,
                *self.files.widgets,
                self.link,
            ]
        )
        answers.add_class("calc-answers")
        style = (resources.files("calc.explore") / "style.css").read_text("utf-8")
        page = w.Box([w.HTML(f"<style>{style}</style>{_PARTS}"), self.boxes.widget(), answers])
        page.add_class("calc-desk")
        return page

    def _show(self, entries: Mapping[str, str]) -> None:
        state, problems = self.engine.read(entries, self.state)
        self.boxes.complain(problems)
        answer = self.engine.answer(state)
        with self._or_as_before():
            self._draw(answer, self.pinned)
            self.state, self.answer = state, answer
            self._put({"opened": panels.opened(answer), "asked": panels.asked(answer.result)})
            self.opener.follow(answer)
            self.files.follow(answer)
            self._address(state)

    @contextmanager
    def _or_as_before(self) -> Iterator[None]:
        """If something cannot be made, show again all that was shown."""
        texts = (*self.panels.values(), self.opener.told, self.files.saved, self.files.made)
        before, state, answer = [text.value for text in texts], self.state, self.answer
        try:
            yield
        except BaseException:
            self.state, self.answer = state, answer
            for text, value in zip(texts, before, strict=True):
                text.value = value
            raise

    def _draw(self, answer: Answer, pinned: Answer | None) -> None:
        """Show each part of an answer as soon as it is made."""
        makers: Mapping[str, Callable[[], str]] = {
            "answer": lambda: panels.headline(answer),
            "costs": lambda: panels.shown_costs(answer, pinned),
            "glance": lambda: panels.glance(answer),
            "timeline": lambda: panels.shown_timeline(answer),
            "curves": lambda: panels.shown_curves(answer),
            "pinned": lambda: panels.pinned_beside(answer, pinned),
        }
        for name, make in makers.items():
            self._put({name: make()})

    def _put(self, made: Mapping[str, str]) -> None:
        for name, text in made.items():
            if self.panels[name].value != text:
                self.panels[name].value = text

    def _address(self, state: State) -> None:
        query = query_of(entries_of(state, self.engine.place.own))
        told = html.escape(query, quote=True)
        self.link.value = (
            f'<p data-query="{told}"><a href="?{told}">Address of this state</a>: whoever opens it on this machine’s '
            "page sees the same.</p>"
        )

    def _beside(self, entries: Entries) -> None:
        """Put other entries into the fields, with the state before pinned beside them."""
        before = self.answer
        self.take(entries)
        self._pin(before)

    def _pin(self, answer: Answer | None) -> None:
        if self.answer is not None:
            with self._or_as_before():
                self._draw(self.answer, answer)
        self.pinned = answer
