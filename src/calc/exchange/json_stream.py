"""JSON of any size, a part at a time: what is wanted is built, the rest is passed over, in constant memory."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

import ijson

from ..errors import ParameterFileError
from .opened import opened, wrong

__all__ = ["Events"]

_MOST_DEPTH = 40
_MOST_PARTS = 2_000_000
_SMALL = 8 * 2**20
_STARTS = ("start_map", "start_array")
_ENDS = ("end_map", "end_array")
_STEPS = dict.fromkeys(_STARTS, 1) | dict.fromkeys(_ENDS, -1)
_DIGITS = bytes.maketrans(b"123456789", b"000000000")
_LONG_FIGURE = b"0" * 400

Event = tuple[str, Any]


class Events:
    """The events of one JSON text; what is read once is gone.

    Raises
    ------
    ParameterFileError
        from any method, where the text is no JSON, ends too early, is nested too deeply, or is
        another thing than the format has at that place.
    """

    def __init__(self, stream: IO[bytes], file: Path) -> None:
        self.file, self.at = file, ""
        self._events: Iterator[Event] = ijson.basic_parse(_Checked(stream, self))

    @contextmanager
    def _telling(self) -> Iterator[None]:
        try:
            yield
        except ijson.JSONError as error:
            raise self._broken(error) from error
        except StopIteration as error:
            raise self.wrong("the text ends too early", "Download it again.") from error
        except ArithmeticError as error:
            raise self.wrong("a figure that is no number") from error

    def _broken(self, error: Exception) -> ParameterFileError:
        first = " ".join(str(error).split())[:80]
        half = "incomplete" in first.lower() or "premature" in first.lower()
        fix = "The file ends too early: download it again." if half else "Check the place, or download it again."
        return wrong(_place(self.file), self.at, f"this is no JSON: {first}", fix)

    def next(self) -> Event:
        """Return the next event."""
        with self._telling():
            return next(self._events)

    def members(self) -> Iterator[str]:
        """Yield the keys of the object that begins here; read or pass each value before going on."""
        event, value = self.next()
        if event != "start_map":
            raise self.wrong(f"{_named(event, value)} stands where an object should be")
        while True:
            event, value = self.next()
            if event == "end_map":
                return
            yield str(value)

    def items(self, at: str) -> Iterator[Event]:
        """Yield the first event of each entry of the list that begins here; ``at`` is the place of the list."""
        event, value = self.next()
        if event != "start_array":
            raise self.wrong(f"{_named(event, value)} stands where a list should be")
        number = 0
        while True:
            self.at = f"{at}[{number}]"
            event, value = self.next()
            if event == "end_array":
                return
            yield event, value
            number += 1

    def skip(self, first: Event | None = None) -> None:
        """Pass over the value that begins here (``first``, where its first event is read already)."""
        event, _ = first or self.next()
        depth = _STEPS.get(event, 0)
        with self._telling():
            while depth:  # most of a file of gigabytes passes through here
                event, _ = next(self._events)
                if event in _STEPS:
                    depth += _STEPS[event]
                    if depth > _MOST_DEPTH:
                        raise self.wrong(f"it is nested deeper than {_MOST_DEPTH}")

    def value(self, first: Event | None = None, without: frozenset[str] = frozenset()) -> Any:
        """Return the value that begins here, built whole but for the keys ``without``."""
        event, value = first or self.next()
        if event not in _STARTS:
            return value
        root: Any = {} if event == "start_map" else []
        open_, keys, parts = [root], [""], 0
        with self._telling():
            while open_:
                event, value = next(self._events)
                parts += 1
                if parts > _MOST_PARTS or len(open_) > _MOST_DEPTH:
                    raise self.wrong(f"one entry has more than {_MOST_PARTS:,} parts or {_MOST_DEPTH} levels")
                if event == "map_key":
                    keys[-1] = value
                    if value in without:
                        self.skip()
                elif event in _ENDS:
                    open_.pop(), keys.pop()
                else:
                    self._put(open_, keys, event, value)
        return root

    @staticmethod
    def _put(open_: list[Any], keys: list[str], event: str, value: Any) -> None:
        made: Any = {} if event == "start_map" else [] if event == "start_array" else value
        if isinstance(open_[-1], dict):
            open_[-1][keys[-1]] = made
        else:
            open_[-1].append(made)
        if event in _STARTS:
            open_.append(made)
            keys.append("")

    def wrong(self, what: str, fix: str = "The file is not of the format that it seems to be.") -> ParameterFileError:
        """Return the error of something wrong at the present place."""
        return wrong(self.file, self.at, what, fix)


class _Checked:
    """A stream without the byte-order mark that it may begin with, and without figures that break the parser."""

    def __init__(self, stream: IO[bytes], events: Events) -> None:
        self.stream, self.events, self.first = stream, events, True

    def read(self, size: int = -1) -> bytes:
        found = self.stream.read(size)
        if self.first and len(found) > 2:
            self.first = False
            # empty would mean the end
            found = found.removeprefix(b"\xef\xbb\xbf") or self.stream.read(size)
        # Python refuses integers of more than 4,300 digits, which yajl's binding does not survive (ijson 3.6.0)
        if _LONG_FIGURE in found.translate(_DIGITS):
            raise self.events.wrong(f"a figure of more than {len(_LONG_FIGURE)} digits")
        return found


def _named(event: str, value: object) -> str:
    return {"start_map": "an object", "start_array": "a list", "null": "nothing"}.get(event, f"{str(value)[:40]!r}")


def _place(file: Path) -> str:
    """Return where a small text stops being JSON, as file:line:column."""
    with opened(file) as stream:
        text = stream.read(_SMALL + 1)
    if len(text) > _SMALL:
        return str(file)
    try:
        json.loads(text.decode("utf-8-sig", errors="replace"))
    except json.JSONDecodeError as error:
        return f"{file}:{error.lineno}:{error.colno}"
    except RecursionError:
        pass
    return str(file)
