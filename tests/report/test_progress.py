from __future__ import annotations

import io
import time

import pytest

from calc.report.progress import Loudness, Progress


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def told(stream: io.StringIO, loudness: Loudness = Loudness.NORMAL, after: float = 0.0, until: str = "") -> str:
    """What is told of a step of four parts, two of them begun, that lasts until something was told."""
    with Progress(stream, loudness, after=after).step("Slides", 4) as step:
        for name in ("a", "b"):
            step.advance(name)
        while until not in stream.getvalue():
            time.sleep(0.01)
    return stream.getvalue()


@pytest.mark.parametrize("stream", [io.StringIO(), Terminal()])
def test_what_is_soon_over_is_not_spoken_of(stream: io.StringIO) -> None:
    assert told(stream, after=1e6) == ""


def test_a_terminal_gets_a_bar_that_is_wiped_away() -> None:
    text = told(Terminal(), until="| 2 of 4, ")
    assert "|####" in text
    assert text.endswith(" \r")


def test_elsewhere_a_plain_line_stands_without_control_characters() -> None:
    text = told(io.StringIO(), until=" of 4, ")
    assert "|" not in text
    assert text.startswith("Slides: ")
    assert text.endswith(" s\n")
    assert not {"\x1b", "\r"} & set(text)


def test_quiet_is_silent_and_verbose_names_every_part_and_the_seconds() -> None:
    assert told(io.StringIO(), Loudness.QUIET) == ""
    text = told(io.StringIO(), Loudness.VERBOSE, after=1e6)
    assert text.splitlines()[:2] == ["Slides: a (1 of 4)", "Slides: b (2 of 4)"]
    assert text.endswith(" s\n")


@pytest.mark.parametrize(("stream", "end"), [(io.StringIO(), "Draws … 0 s\n"), (Terminal(), " \r")])
def test_a_step_without_an_end_tells_how_long_it_runs(stream: io.StringIO, end: str) -> None:
    with Progress(stream, after=0.0).step("Draws"):
        while "Draws … " not in stream.getvalue():
            time.sleep(0.01)
    assert stream.getvalue().endswith(end)
