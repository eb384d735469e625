"""The preloaded process: imports once, then forks one process a notebook (Linux).

Not the standard library's forkserver: that one imports the caller's ``__main__`` anew in every process, so that a
script without a guard would start its batch again in each; it can neither be told that packages changed nor rehearse
between forks, kills nothing that a notebook leaves behind, and a second thread that looks after its children may find
one already taken. Started as ``python -m calc.batch.zygote FD`` by :mod:`calc.batch.kernels`. It has one thread, opens
no notebook itself and never runs a cell, so each fork begins clean. Over the socket ``FD`` come
requests, a line of JSON each, and go reports. When the socket closes it kills what it started.
"""

from __future__ import annotations

import ctypes
import json
import os
import resource
import select
import signal
import socket
import sys
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .preload import foresee, freeze, preload, rehearse, stamps

if TYPE_CHECKING:
    from ..report.show import Page

__all__ = ["serve"]

_DEATH_SIGNAL, _SUBREAPER = 1, 36
_THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")


@dataclass
class _Child:
    """A notebook that runs: its pipe, when it must end, and the last it told."""

    id: int
    reader: int
    began: float
    deadline: float
    rest: bytes = b""
    cell: int | None = None
    said: Mapping[str, Any] | None = None
    killed: str = ""


class _Server:
    def __init__(self, control: socket.socket) -> None:
        self.control = control
        self.children: dict[int, _Child] = {}
        self.rest = b""
        self.loaded = stamps()
        self.looked = time.monotonic()
        self.retired = self.foreseen = self.ended = False
        self.page: Page | None = None
        self.rehearsal: Iterator[None] | None = None
        self.wake, writer = os.pipe()
        for end in (self.wake, writer):
            os.set_blocking(end, False)
        signal.set_wakeup_fd(writer, warn_on_full_buffer=False)
        signal.signal(signal.SIGCHLD, lambda *_: None)

    def loop(self) -> None:
        while not (self.retired and not self.children):
            readers = {child.reader: child for child in self.children.values()}
            ends: list[Any] = [self.control, self.wake, *readers]
            ready, _, _ = select.select(ends, [], [], self.patience())
            for reader in ready:
                if reader is self.control:
                    if not self.hear():
                        return
                elif reader == self.wake:
                    os.read(self.wake, 4096)
                elif reader in readers:
                    self.read(readers[reader])
            self.reap()
            self.enforce()
            self.practise()

    def patience(self) -> float:
        if self.rehearsal is not None:
            return 0.0
        now = time.monotonic()
        return max(0.0, min((60.0, *(child.deadline - now for child in self.children.values()))))

    def hear(self) -> bool:
        """Take requests; False when nobody is there any more to make them."""
        chunk = self.control.recv(1 << 20)
        *lines, self.rest = (self.rest + chunk).split(b"\n")
        for line in lines:
            request = json.loads(line)
            if request["do"] == "run":
                self.start(request)
            elif request["do"] == "kill":
                for pid, child in self.children.items():
                    if child.id == request["id"]:
                        child.killed = "stopped"
                        _kill(pid)
            else:
                self.retired = True
        return bool(chunk)

    def start(self, request: Mapping[str, Any]) -> None:
        if time.monotonic() - self.looked > 1.0:
            if not self.loaded.items() <= stamps().items():
                self.tell({"id": request["id"], "state": "stale"})
                return
            self.looked = time.monotonic()
        self.prepare(request)
        reader, writer = os.pipe()
        pid = os.fork()
        if pid == 0:
            os.close(reader)
            self.child(request, writer)
        os.close(writer)
        os.set_blocking(reader, False)
        now = time.monotonic()
        seconds = request["seconds"]
        self.children[pid] = _Child(request["id"], reader, now, now + seconds if seconds else float("inf"))
        self.tell({"id": request["id"], "pid": pid})

    def prepare(self, request: Mapping[str, Any]) -> None:
        """Do once what the runs share, and what takes longer beside those that come after the first that ended."""
        if not self.foreseen:
            self.foreseen = True
            self.page = foresee(request["task"]["parameters"], request["work"])
            freeze()
        elif self.ended and self.page is not None:
            self.rehearsal, self.page = rehearse(self.page, request["task"]["notebook"]), None

    def practise(self) -> None:
        """Go one step on with the rehearsal, if there is one."""
        if self.rehearsal is not None and next(self.rehearsal, self) is self:
            self.rehearsal = None
            freeze()

    def child(self, request: Mapping[str, Any], writer: int) -> None:
        """Become the notebook's process: nothing of the server's, everything fresh; never returns."""
        try:
            os.setsid()
            ctypes.CDLL(None).prctl(_DEATH_SIGNAL, signal.SIGKILL)
            signal.set_wakeup_fd(-1)
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            signal.signal(signal.SIGINT, signal.default_int_handler)
            for end in (self.control.fileno(), self.wake, *(child.reader for child in self.children.values())):
                os.close(end)
            for name in _THREADS:
                if name not in request["environment"]:
                    os.environ.pop(name, None)
            _fresh_chance()
            if request["memory"]:
                resource.setrlimit(resource.RLIMIT_AS, (request["memory"], request["memory"]))
            from .child import perform

            def announce(said: Mapping[str, object]) -> None:
                os.write(writer, (json.dumps(said) + "\n").encode())

            perform(request["task"], Path(request["work"]), engine="calc-in-process", announce=announce)
        finally:
            os._exit(0)

    def read(self, child: _Child) -> None:
        try:
            chunk = os.read(child.reader, 1 << 16)
        except BlockingIOError:
            return
        *lines, child.rest = (child.rest + chunk).split(b"\n")
        for line in lines:
            said = json.loads(line)
            if "state" in said:
                child.said = said
            else:
                child.cell = said["cell"]

    def reap(self) -> None:
        while True:
            try:
                pid, status = os.waitpid(-1, os.WNOHANG)
            except ChildProcessError:
                return
            if pid == 0:
                return
            child = self.children.pop(pid, None)
            if child is None:
                continue
            self.read(child)
            os.close(child.reader)
            self.ended = True
            _kill(pid)  # whatever the notebook started in its own group
            self.tell({"id": child.id, **_verdict(child, status)})

    def enforce(self) -> None:
        now = time.monotonic()
        for pid, child in self.children.items():
            if now >= child.deadline and not child.killed:
                child.killed = "timeout"
                _kill(pid)

    def tell(self, said: Mapping[str, Any]) -> None:
        self.control.sendall((json.dumps(said) + "\n").encode())


def _verdict(child: _Child, status: int) -> dict[str, Any]:
    code = os.waitstatus_to_exitcode(status)
    cell = {"cell": child.cell, "seconds": time.monotonic() - child.began}
    if child.killed == "stopped":
        return {"state": "stopped", **cell}
    if child.killed:
        return {"state": "failed", "error": f"still running after {child.deadline - child.began:g} s", **cell}
    if child.said is not None:
        return {**cell, **child.said}
    if code == -signal.SIGKILL:
        return {"state": "failed", "error": "its process was killed (out of memory?)", **cell}
    name = signal.Signals(-code).name if code < 0 else f"exit code {code}"
    return {"state": "failed", "error": f"its process died ({name})", **cell}


def _fresh_chance() -> None:
    from random import seed

    from numpy.random import seed as seed_numpy

    seed()
    seed_numpy()  # noqa: NPY002  the old global state, which a fork would share


def _kill(pid: int) -> None:
    for kill in (os.killpg, os.kill):
        try:
            kill(pid, signal.SIGKILL)
        except (ProcessLookupError, PermissionError):
            continue


def _sweep_up() -> None:
    """Kill what outlived its notebook: orphans come to this process, as it asked the system for them."""
    while True:
        tasks = Path("/proc/self/task").glob("*/children")
        left = [int(pid) for task in tasks for pid in task.read_text().split()]
        if not left:
            return
        for pid in left:
            _kill(pid)
            os.waitpid(pid, 0)


def serve(control: socket.socket) -> None:
    """Serve requests until the socket closes."""
    ctypes.CDLL(None).prctl(_SUBREAPER, 1)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # whoever started this decides what ends when
    preload()
    server = _Server(control)
    server.tell({"ready": os.getpid()})
    try:
        server.loop()
    finally:
        for pid in server.children:
            _kill(pid)
        _sweep_up()


if __name__ == "__main__":
    serve(socket.socket(fileno=int(sys.argv[1])))
