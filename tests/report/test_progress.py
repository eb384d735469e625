from __future__ import annotations

import io
import time

from calc.report.progress import Loudness, Progress


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def told(stream: io.StringIO, loudness: Loudness = Loudness.NORMAL, after: float = 0.0) -> str:
    with Progress(stream, loudness, after=after).step("Slides", 4) as step:
        for name in ("a", "b"):
            step.advance(name)
        time.sleep(0.05)
    return stream.getvalue()


def test_what_is_soon_over_is_not_spoken_of() -> None:
    assert told(io.StringIO(), after=5.0) == ""


def test_a_terminal_gets_a_bar_that_is_wiped_away() -> None:
    text = told(Terminal())
    assert "of 4, 0 s" in text
    assert "[" in text
    assert text.endswith("\r\x1b[2K")


def test_elsewhere_a_plain_line_stands_without_control_characters() -> None:
    text = told(io.StringIO())
    assert text.startswith("Slides: ")
    assert "[" not in text
    assert text.endswith("\n")
    assert "\x1b" not in text


def test_quiet_is_silent_and_verbose_names_every_part_and_the_seconds() -> None:
    assert told(io.StringIO(), Loudness.QUIET) == ""
    text = told(io.StringIO(), Loudness.VERBOSE, after=5.0)
    assert text.splitlines()[:2] == ["Slides: a (1 of 4)", "Slides: b (2 of 4)"]
    assert text.endswith(" s\n")


def test_a_step_without_an_end_tells_how_long_it_runs() -> None:
    stream = io.StringIO()
    with Progress(stream, after=0.0).step("Draws"):
        time.sleep(0.05)
    assert stream.getvalue() == "Draws … 0 s\n"
