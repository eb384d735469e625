"""What one visitor may use: a time for each change, and memory and processor time altogether."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

__all__ = ["limit_process", "within"]


#: seconds after which the alarm rings again, should something inside have taken it for an error of its own
_AGAIN = 2.0


class _OverError(BaseException):
    """The time is over; what only expects errors does not catch it."""


@contextmanager
def within(seconds: float) -> Iterator[None]:
    """Stop what is done inside with ``TimeoutError`` after so many seconds; 0 is no limit.

    Nothing inside can swallow it: the alarm is no ``Exception``, it rings again until the block is left, and
    a block that is left late has failed, however it ends. Only in a main thread on systems with alarms; elsewhere
    nothing is stopped.
    """
    if not seconds or not hasattr(signal, "setitimer") or threading.current_thread() is not threading.main_thread():
        yield
        return
    inside, late = True, False

    def over(_number: int, _frame: FrameType | None) -> None:
        nonlocal late
        if inside:
            late = True
            raise _OverError

    before = signal.signal(signal.SIGALRM, over)
    signal.setitimer(signal.ITIMER_REAL, seconds, _AGAIN)
    try:
        try:
            yield
        finally:
            inside = False
    except (Exception, _OverError):
        if not late:
            raise
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
    if late:
        raise TimeoutError


def limit_process(*, gigabytes: float, processor_seconds: int) -> None:
    """Let this process take no more memory, and no more processor time, than that; 0 is no limit."""
    try:
        import resource
    except ImportError:  # there is no such thing on Windows
        return
    if gigabytes:
        most = int(gigabytes * 2**30)
        resource.setrlimit(resource.RLIMIT_AS, (most, most))
    if processor_seconds:
        resource.setrlimit(resource.RLIMIT_CPU, (processor_seconds, processor_seconds + 5))
