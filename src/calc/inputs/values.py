"""Values and groups as they are written on a command line."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping
from typing import NamedTuple

import numpy as np

from ..errors import Problem, SettingError
from .distribution import Vector

__all__ = ["StudyDesign", "designs_of", "groups_of", "values_of"]

_MOST = 10_000
#: a comma before three digits may part thousands as well as values
_THOUSANDS = re.compile(r"(?<![\d.])[1-9]\d{0,2}(,\d{3}(?!\d))+")


def values_of(text: str) -> Vector:
    """Return ``FROM:TO:STEP`` (both ends belong to it) or a list with commas as numbers.

    ``50,100`` may be a list as well as a number, and is refused; a list has a space after such a comma.

    >>> values_of("0:100:50").tolist(), values_of("5, 10").tolist()
    ([0.0, 50.0, 100.0], [5.0, 10.0])

    Raises
    ------
    SettingError
        if it is neither, or runs backwards or too far.
    """
    if unclear := _THOUSANDS.search(text):
        whole, apart = unclear.group().replace(",", ""), unclear.group().replace(",", ", ")
        raise _wrong(text, f"{unclear.group()} may be one number or several; write {whole}, or '{apart}' with spaces")
    parts = text.split(":") if ":" in text else text.split(",")
    try:
        numbers = [float(part) for part in parts]
    except ValueError:
        raise _wrong(text, "these are not all numbers") from None
    if not np.isfinite(numbers).all() or min(numbers) < 0:
        raise _wrong(text, "values must be finite and not negative")
    if ":" not in text:
        return np.array(numbers)
    if len(numbers) != 3 or numbers[2] <= 0 or numbers[1] < numbers[0]:
        raise _wrong(text, "this is not FROM:TO:STEP with FROM up to TO and a STEP above 0")
    first, last, step = numbers
    count = np.floor((last - first) / step * (1 + 1e-12)) + 1
    if count > _MOST:
        raise _wrong(text, f"these are more than {_MOST:,} values")
    return np.asarray(first + step * np.arange(int(count)))


def _wrong(text: str, what: str) -> SettingError:
    return SettingError([Problem(f"--wtp {text}", "", what, "Write it as 0:200000:2000 or '50, 100'.")])


def groups_of(given: Iterable[str]) -> Mapping[str, tuple[str, ...]]:
    """Return ``NAME=A,B`` texts as groups of parameters by name.

    >>> dict(groups_of(["prices=visit, needle"]))
    {'prices': ('visit', 'needle')}

    Raises
    ------
    SettingError
        with every text that is not of this form, or a name that stands twice.
    """
    found: dict[str, tuple[str, ...]] = {}
    problems = []
    for text in given:
        name, equals, members = text.partition("=")
        some = tuple(each.strip() for each in members.split(",") if each.strip())
        if not equals or not name.strip() or not some:
            problems.append(Problem(f"--group {text}", "", "this is not NAME=A,B", "Write it as prices=visit,needle."))
        elif name.strip() in found:
            problems.append(Problem(f"--group {text}", "", "there is a group of this name already", "Choose another."))
        found[name.strip()] = some
    if problems:
        raise SettingError(problems)
    return found


class StudyDesign(NamedTuple):
    """A study that could be done: of which parameter, how people differ (None: it counts events), how many people."""

    parameter: str
    sd: float | None
    sizes: tuple[int, ...]


def designs_of(given: Iterable[str]) -> list[StudyDesign]:
    """Return ``NAME=share:SIZES`` and ``NAME=SD:SIZES`` texts as designs of studies.

    >>> designs_of(["response=share:50,200"])
    [StudyDesign(parameter='response', sd=None, sizes=(50, 200))]

    Raises
    ------
    SettingError
        with every text that is not of this form.
    """
    found, problems = [], []
    for text in given:
        name, _, design = text.rpartition("=")
        kind, _, sizes = design.partition(":")
        try:
            sd = None if kind.strip() == "share" else float(kind)
            made = StudyDesign(name.strip(), sd, tuple(map(int, sizes.split(","))))
        except ValueError:
            made = StudyDesign("", None, ())
        if made.parameter and min(made.sizes) > 0 and (made.sd is None or 0 < made.sd < math.inf):
            found.append(made)
        else:
            what, fix = (
                "this is not NAME=share:SIZES or NAME=SD:SIZES",
                "Write it as response=share:50,200 or pain=2.1:50,200.",
            )
            problems.append(Problem(f"--future-study {text}", "", what, fix))
    if problems:
        raise SettingError(problems)
    return found
