"""What is going on, said on the error stream once it takes longer than two seconds."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from enum import IntEnum
from typing import TextIO

__all__ = ["Loudness", "Progress"]

_AFTER = 2.0
_BAR = 24
_LINE_EVERY = 10.0


class Loudness(IntEnum):
    """How much is said: nothing, what takes long, every step with its seconds."""

    QUIET = 0
    NORMAL = 1
    VERBOSE = 2


class Progress:
    """Tells of steps: a bar in a terminal, plain lines elsewhere.

    A step whose end is known tells how much of it is done; any other how long it has been running.
    """

    def __init__(self, stream: TextIO, loudness: Loudness = Loudness.NORMAL, *, after: float = _AFTER) -> None:
        self._stream = stream
        self._loudness = loudness
        self._after = after
        self._label = ""
        self._done = self._total = 0
        self._started = 0.0
        self._drawn = False

    @contextmanager
    def step(self, label: str, total: int = 0) -> Iterator[Progress]:
        """Tell of what runs inside; ``total`` is the number of times that :meth:`advance` will be called."""
        self._label, self._done, self._total, self._started = label, 0, total, time.monotonic()
        over = threading.Event()
        watcher = threading.Thread(target=self._watch, args=(over,), daemon=True)
        if self._loudness is not Loudness.QUIET:
            watcher.start()
        try:
            yield self
        finally:
            over.set()
            if watcher.ident is not None:
                watcher.join()
            self._close()

    def advance(self, what: str = "") -> None:
        """Count one part of the step as begun; with -v, say which."""
        self._done += 1
        if self._loudness is Loudness.VERBOSE and what:
            self._say(f"{self._label}: {what} ({self._done} of {self._total})")

    def _watch(self, over: threading.Event) -> None:
        if over.wait(self._after):
            return
        terminal = self._stream.isatty()
        while True:
            if terminal:
                self._stream.write(f"\r\x1b[2K{self._state(self._bar())}")
                self._stream.flush()
                self._drawn = True
            else:
                self._say(self._state(""))
            if over.wait(0.2 if terminal else _LINE_EVERY):
                return

    def _state(self, bar: str) -> str:
        seconds = f"{time.monotonic() - self._started:.0f} s"
        if not self._total:
            return f"{self._label} … {seconds}"
        return f"{self._label}{bar}: {min(self._done, self._total)} of {self._total}, {seconds}"

    def _bar(self) -> str:
        filled = _BAR * min(self._done, self._total) // max(self._total, 1)
        return f" [{'#' * filled}{'.' * (_BAR - filled)}]"

    def _say(self, line: str) -> None:
        self._stream.write(f"{line}\n")
        self._stream.flush()

    def _close(self) -> None:
        if self._drawn:
            self._stream.write("\r\x1b[2K")
            self._stream.flush()
            self._drawn = False
        if self._loudness is Loudness.VERBOSE:
            self._say(f"{self._label}: {time.monotonic() - self._started:.1f} s")
