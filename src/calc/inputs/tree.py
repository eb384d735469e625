"""YAML text → plain data with the place of every key and value; nothing in it can run or explode.

The text is read as a flat stream of events, never by a recursive constructor, so depth is bounded
by a number here and not by the stack. Tags, anchors and aliases are refused: a parameter file
needs none of them, and they are how YAML executes code and multiplies itself. Scalars follow YAML
1.2 (``no`` is a word, ``010`` is ten), and a repeated key is an error instead of a silent choice.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from ..errors import ParameterFileError, Problem

__all__ = ["MOST_DIGITS", "Key", "Place", "Tree", "as_yaml", "read_tree", "tree_of"]

Key = tuple[str | int, ...]
Place = tuple[int, int]

MOST_BYTES = 2_000_000
MOST_EVENTS = 200_000
MOST_DEPTH = 30
MOST_DIGITS = 40

# libyaml's parser where it is compiled in (ten times faster), PyYAML's own otherwise
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

_INT = re.compile(r"[-+]?[0-9]+")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_WORDS: dict[str, Any] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL"), None),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}


class _Dumper(yaml.SafeDumper):
    """Quotes as well what YAML 1.2 alone takes for a number, such as ``1e3``."""


_Dumper.add_implicit_resolver("tag:yaml.org,2002:float", re.compile(f"({_FLOAT.pattern})$"), list("-+.0123456789"))


def as_yaml(data: Mapping[str, Any]) -> str:
    """Return data as YAML that :func:`tree_of` reads back as it was, the keys in their order."""
    return yaml.dump(dict(data), Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=118)


@dataclass(frozen=True)
class Tree:
    """A file's data and where each part of it stands.

    ``places`` maps a path of keys and list indices to ``(line, column)``, counted from 1: of the
    key for a mapping's entry, of the value for a list's.
    """

    file: str
    data: Any
    places: Mapping[Key, Place]
    settings: Mapping[Key, str] = field(default_factory=dict)

    def where(self, path: Key) -> str:
        """Return ``file:line:column`` of the nearest part of ``path`` that stands in the file.

        A part that one run's settings laid over the file is named by its setting instead.
        """
        for end in range(len(path), 0, -1):
            if (setting := self.settings.get(path[:end])) is not None:
                return setting
        if beside := self._set_beside(path):
            return beside
        for end in range(len(path), -1, -1):
            if (place := self.places.get(path[:end])) is not None:
                return f"{self.file}:{place[0]}:{place[1]}"
        return f"{self.file}:1:1"

    def _set_beside(self, path: Key) -> str | None:
        """Return the setting that was laid next to a part which does not fit it, such as one of two amounts met."""
        if len(path) < 2:
            return None
        near = (name for own, name in self.settings.items() if len(own) > 1 and own[: len(path) - 1] == path[:-1])
        return next(near, None)

    def problem(self, path: Key, what: str, fix: str) -> Problem:
        """Return a :class:`Problem` at ``path``."""
        return Problem(self.where(path), ".".join(map(str, path)), what, fix)


def read_tree(file: Path, *, shown: str | None = None) -> Tree:
    """Read one YAML file; ``shown`` is the name used in messages.

    Raises
    ------
    ParameterFileError
        listing every duplicate key, tag, anchor and alias, or the one fault that stops the reader.
    """
    name = shown or str(file)
    try:
        with file.open("rb") as handle:
            raw = handle.read(MOST_BYTES + 1)
    except OSError as error:
        raise _stop(name, f"cannot be read ({error.strerror})", "Check the path and the rights.") from error
    return tree_of(raw, name)


@lru_cache(maxsize=128)
def tree_of(raw: bytes, name: str) -> Tree:
    """Read YAML that is there already, such as a file that was handed in; ``name`` is used in messages.

    The same bytes are read once.

    Raises
    ------
    ParameterFileError
        as :func:`read_tree`.
    """
    if len(raw) > MOST_BYTES:
        raise _stop(name, f"is larger than {MOST_BYTES:,} bytes", "Split it; a parameter file is small.")
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = raw.removeprefix(b"\xef\xbb\xbf")[: error.start]
        line, column = before.count(b"\n") + 1, len(before) - before.rfind(b"\n")
        raise ParameterFileError(
            [Problem(f"{name}:{line}:{column}", "", "the file is not UTF-8", "Save it as UTF-8.")]
        ) from error
    return _Builder(name).build(text)


def _stop(name: str, what: str, fix: str) -> ParameterFileError:
    return ParameterFileError([Problem(f"{name}:1:1", "", f"the file {what}", fix)])


@dataclass
class _Open:
    """A mapping or list that is still being read."""

    value: Any
    path: Key
    key: str | None = None


@dataclass
class _Builder:
    """Builds one tree out of the events; ``problems`` collects what does not stop the reader."""

    name: str
    places: dict[Key, Place] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    stack: list[_Open] = field(default_factory=list)
    root: Any = None
    documents: int = 0

    def build(self, text: str) -> Tree:
        try:
            for count, event in enumerate(yaml.parse(text, Loader=_LOADER)):
                if count > MOST_EVENTS:
                    raise _stop(self.name, f"has more than {MOST_EVENTS:,} parts", "Split it.")
                self.take(event)
        except yaml.MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
            what = f"this is not YAML: {error.problem or error.context}"
            fix = "Check the indentation, colons and quotes just before this place."
            self.problems.append(Problem(f"{self.name}:{line}:{column}", "", what, fix))
        except yaml.YAMLError as error:  # a character that YAML forbids: no mark in libyaml's error
            self.problems.append(
                Problem(f"{self.name}:1:1", "", f"this is not YAML: {_line(error)}", "Remove the control character.")
            )
        if not self.problems and not isinstance(self.root, dict):
            what = "the file holds no mapping of keys to values"
            self.problems.append(Problem(f"{self.name}:1:1", "", what, "Start it with 'label: …'."))
        if self.problems:
            raise ParameterFileError(self.problems)
        return Tree(self.name, self.root, self.places)

    def take(self, event: Any) -> None:
        line, column = event.start_mark.line + 1, event.start_mark.column + 1
        if isinstance(event, yaml.DocumentStartEvent):
            self.documents += 1
            if self.documents > 1:
                self.complain(line, column, "a second document starts here", "Keep one document a file.")
        elif isinstance(event, yaml.MappingEndEvent | yaml.SequenceEndEvent):
            done = self.stack.pop()
            self.put(done.value, done.path)
        elif isinstance(event, yaml.NodeEvent):
            self.node(event, line, column)

    def node(self, event: Any, line: int, column: int) -> None:
        if event.anchor is not None:
            what = "an anchor or alias (& or *) stands here"
            self.complain(line, column, what, "Write the value out; parameter files repeat nothing by reference.")
        if getattr(event, "tag", None) is not None:
            self.complain(line, column, f"the tag {event.tag!r} stands here", "Remove it; values need no tags.")
        top = self.stack[-1] if self.stack else None
        if top is not None and isinstance(top.value, dict) and top.key is None:
            self.key(top, event, line, column)
            return
        path = self.child(top)
        if top is None or isinstance(top.value, list):
            self.places[path] = (line, column)
        if isinstance(event, yaml.MappingStartEvent | yaml.SequenceStartEvent):
            if len(self.stack) >= MOST_DEPTH:
                self.complain(line, column, f"nested deeper than {MOST_DEPTH}", "Flatten it.")
                raise ParameterFileError(self.problems)
            opened: Any = {} if isinstance(event, yaml.MappingStartEvent) else []
            self.stack.append(_Open(opened, path))
        elif isinstance(event, yaml.ScalarEvent):
            self.put(self.scalar(event, line, column), path)
        else:
            self.put(None, path)  # an alias, already complained about

    def key(self, top: _Open, event: Any, line: int, column: int) -> None:
        if not isinstance(event, yaml.ScalarEvent):
            self.complain(line, column, "a key is a list or a mapping", "Use a plain word as the key.")
            raise ParameterFileError(self.problems)
        path = (*top.path, event.value)
        if event.value in top.value:
            first = self.places[path]
            what = f"the key {event.value!r} is given twice"
            self.complain(line, column, what, f"Keep one; the first is on line {first[0]}.", path)
        else:
            self.places[path] = (line, column)
        top.key = event.value

    def child(self, top: _Open | None) -> Key:
        if top is None:
            return ()
        return (*top.path, len(top.value) if isinstance(top.value, list) else str(top.key))

    def put(self, value: Any, path: Key) -> None:
        if not self.stack:
            self.root = value
        elif isinstance(self.stack[-1].value, list):
            self.stack[-1].value.append(value)
        else:
            self.stack[-1].value[path[-1]] = value
            self.stack[-1].key = None

    def scalar(self, event: Any, line: int, column: int) -> Any:
        text: str = event.value
        if not event.implicit[0]:  # quoted or a block: always text
            return text
        if text in _WORDS:
            return _WORDS[text]
        if _INT.fullmatch(text) or _FLOAT.fullmatch(text):
            if len(text) > MOST_DIGITS:
                self.complain(line, column, f"a number of {len(text)} characters", "Write it shorter.")
                return 0.0
            return int(text) if _INT.fullmatch(text) else float(text)
        return text

    def complain(self, line: int, column: int, what: str, fix: str, path: Key = ()) -> None:
        self.problems.append(Problem(f"{self.name}:{line}:{column}", ".".join(map(str, path)), what, fix))


def _line(error: Exception) -> str:
    return " ".join(str(error).split())[:120]
