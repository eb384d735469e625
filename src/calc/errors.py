"""Every error of the project; each is also the built-in that a caller would already catch.

::

    CalcError (Exception)
    ├── ParameterFileError (ValueError)    a file under params/ is wrong: all its problems
    ├── UnknownNameError (LookupError)     no treatment, plan, view … of that name
    ├── SettingError (ValueError)          a --set, a run parameter or an option is wrong
    ├── DrawsError (ValueError)            a table of draws is wrong: all its problems
    ├── SelfCheckError (ArithmeticError)   a result breaks a law that it must keep; nothing of it can be trusted
    └── RunError (RuntimeError)            a notebook stopped; says which cell and why
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

__all__ = [
    "CalcError",
    "DrawsError",
    "ParameterFileError",
    "Problem",
    "RunError",
    "SelfCheckError",
    "SettingError",
    "UnknownNameError",
    "did_you_mean",
    "listed",
]


class CalcError(Exception):
    """Root of the tree: catch it to catch everything the project raises on purpose."""

    def _render_traceback_(self) -> list[str]:
        """Return what a notebook shows of it (IPython asks for this name): the letter, and no frames of ours.

        ``%debug`` steps through the frames as ever, and plain Python shows them.
        """
        return [f"{type(self).__name__}: {self}"]


@dataclass(frozen=True, order=True)
class Problem:
    """One thing wrong at one place, and what would make it right.

    ``where`` is ``file:line:column`` (or the option's name), ``path`` the dotted path inside it.
    """

    where: str
    path: str
    what: str
    fix: str

    def __str__(self) -> str:
        place = f"{self.where}: {self.path}" if self.path else self.where
        return f"{place}: {self.what}. {self.fix}".rstrip()


class ParameterFileError(CalcError, ValueError):
    """Parameter files are wrong; ``problems`` lists everything found, not only the first."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems: tuple[Problem, ...] = tuple(problems)
        super().__init__("\n".join(map(str, self.problems)))


class UnknownNameError(CalcError, LookupError):
    """A name that nothing here bears; the message offers the nearest ones."""

    def __init__(self, kind: str, name: str, known: Iterable[str]) -> None:
        self.kind, self.name = kind, name
        super().__init__(f"there is no {kind} named {name!r}. {did_you_mean(name, known)}")


class SettingError(CalcError, ValueError):
    """A setting given for one run is wrong; ``problems`` lists all of them."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems: tuple[Problem, ...] = tuple(problems)
        super().__init__("\n".join(map(str, self.problems)))


class DrawsError(CalcError, ValueError):
    """Tables of draws are wrong; ``problems`` lists everything found, not only the first."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems: tuple[Problem, ...] = tuple(problems)
        super().__init__("\n".join(map(str, self.problems)))


class SelfCheckError(CalcError, ArithmeticError):
    """A result breaks a law that every such result keeps; the message names the law and by how much."""


class RunError(CalcError, RuntimeError):
    """A notebook stopped before its end; the message names the cell and the cause."""


def listed(names: Iterable[object]) -> str:
    """Return the names in quotes, sorted, as a reader would write them: ``'a', 'b' or 'c'``.

    >>> listed(["b", "a", "c"])
    "'a', 'b' or 'c'"
    """
    quoted = [f"'{name}'" for name in sorted(map(str, names))]
    if len(quoted) < 2:
        return "".join(quoted) or "nothing"
    return f"{', '.join(quoted[:-1])} or {quoted[-1]}"


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """Return a sentence with the nearest known names, or with all of them.

    >>> did_you_mean("guidline", ["guideline", "clinic"])
    "Did you mean 'guideline'?"
    """
    names: Sequence[str] = sorted(set(known))
    near = get_close_matches(name, names, n=3, cutoff=0.6)
    if not near:
        near = [other for other in names if name and (name in other or other in name)][:3]
    return f"Did you mean {listed(near)}?" if near else f"Known: {listed(names)}."
