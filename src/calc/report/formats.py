"""The formats that a figure is saved in, chosen by name."""

from __future__ import annotations

from collections.abc import Sequence

from ..errors import Problem, SettingError, did_you_mean

__all__ = ["FORMATS", "format_problems", "formats_of", "names_in"]

FORMATS = ("png", "svg", "pdf")


def names_in(text: str) -> list[str]:
    """Return the names that a text lists, separated by commas."""
    return [each.strip() for each in text.split(",") if each.strip()]


def format_problems(where: str, text: str) -> Sequence[Problem]:
    """Return what is wrong with formats listed in a text."""
    return [
        Problem(f"{where} {each}", "", f"there is no {each!r}", did_you_mean(each, FORMATS))
        for each in names_in(text)
        if each not in FORMATS
    ]


def formats_of(text: str) -> tuple[str, ...]:
    """Return the formats listed in a text, all of them where it is empty.

    Raises
    ------
    SettingError
        naming each that does not exist.
    """
    if problems := format_problems("formats", text):
        raise SettingError(problems)
    return tuple(dict.fromkeys(names_in(text))) or FORMATS
