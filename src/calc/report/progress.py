"""What is going on, said on the error stream once it takes longer than two seconds."""

from __future__ import annotations

import io
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from enum import IntEnum
from typing import TextIO

from tqdm import tqdm

__all__ = ["Loudness", "Progress"]

_AFTER = 2.0
_BAR_EVERY, _LINE_EVERY = 0.2, 10.0
_BAR, _LINE = (
    "{desc} |{bar:24}| {n_fmt} of {total_fmt}, {elapsed_s:.0f} s",
    "{desc}: {n_fmt} of {total_fmt}, {elapsed_s:.0f} s",
)
_ENDLESS = "{desc} … {elapsed_s:.0f} s"


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
        self._bar: tqdm[None] | None = None

    @contextmanager
    def step(self, label: str, total: int = 0) -> Iterator[Progress]:
        """Tell of what runs inside; ``total`` is the number of times that :meth:`advance` will be called."""
        if self._loudness is Loudness.QUIET:
            yield self
            return
        terminal = self._stream.isatty()
        looks = (_BAR if terminal else _LINE) if total else _ENDLESS
        shown = self._stream if terminal else io.StringIO()
        over = threading.Event()
        with tqdm(
            desc=label, total=total or None, file=shown, delay=self._after, miniters=0, leave=False, bar_format=looks
        ) as self._bar:
            watcher = threading.Thread(target=self._watch, args=(self._bar, over, terminal), daemon=True)
            watcher.start()
            try:
                yield self
            finally:
                over.set()
                watcher.join()
        if self._loudness is Loudness.VERBOSE:
            self._say(f"{label}: {self._bar.format_dict['elapsed']:.1f} s")

    def advance(self, what: str = "", count: int = 1) -> None:
        """Count one part of the step, or several, as begun; with -v, say which."""
        if self._bar is None:
            return
        self._bar.update(count)
        if self._loudness is Loudness.VERBOSE and what:
            self._say(f"{self._bar.desc}: {what} ({self._bar.n} of {self._bar.total})")

    def _watch(self, bar: tqdm[None], over: threading.Event, terminal: bool) -> None:
        """Keep the seconds going where nothing else moves the bar."""
        wait = _BAR_EVERY if terminal else self._after
        while not over.wait(wait):
            if terminal:
                bar.update(0)
            else:
                self._say(str(bar))
                wait = _LINE_EVERY

    def _say(self, line: str) -> None:
        tqdm.write(line, file=self._stream)
        self._stream.flush()
