"""Where a notebook's process comes from: forked ready-made, or started from nothing with an ordinary kernel."""

from __future__ import annotations

import contextlib
import itertools
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Mapping
from concurrent.futures import Future
from dataclasses import asdict
from pathlib import Path
from typing import Any, Protocol

from .task import AGAIN, Limits, Outcome, Task

__all__ = ["SLOWER", "ForkServer", "can_fork", "starter", "stop_all"]

SLOWER = "Processes cannot be forked safely here: each run starts an ordinary kernel, which is slower."
_ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")


class Starter(Protocol):
    """Runs one task in a process of its own, in the folder ``work``."""

    def run(self, task: Task, work: Path, limits: Limits) -> Outcome:
        """Return what became of it; nothing is raised for what a notebook does.

        If its state is one of ``AGAIN``, ``work`` holds what a process that was killed left there.
        """

    def stop(self) -> None:
        """End every process that was started."""


def can_fork() -> bool:
    """Whether ready-made processes can be forked here."""
    return sys.platform.startswith("linux") and hasattr(os, "fork")


def _plain(task: Task) -> dict[str, Any]:
    return {
        "run": task.run,
        "notebook": task.notebook,
        "parameters": dict(task.parameters),
        "title": task.title,
        "head": dict(task.head),
        "files": dict(task.files),
    }


class _Zygote:
    """One preloaded process and the requests it works on."""

    def __init__(self) -> None:
        self._ids = itertools.count()
        self._open: dict[int, Future[Mapping[str, Any]]] = {}
        self._pids: dict[int, int] = {}
        self._lock = threading.Lock()
        self._errors = tempfile.TemporaryFile()  # noqa: SIM115  closed when the process is gone
        ours, theirs = socket.socketpair()
        self._socket = ours
        environment = {**_ONE_THREAD, **os.environ}
        environment.setdefault("MPLBACKEND", "module://matplotlib_inline.backend_inline")  # as every kernel does
        self._process = subprocess.Popen(  # noqa: S603  this very Python
            [sys.executable, "-m", "calc.batch.zygote", str(theirs.fileno())],
            pass_fds=[theirs.fileno()],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=self._errors,
            env=environment,
            start_new_session=True,
        )
        theirs.close()
        self._begun = threading.Event()  # it is ready, or died
        self._words: str | None = None  # its last, when it died
        self._reader = threading.Thread(target=self._listen, daemon=True)
        self._reader.start()

    def run(self, task: Task, work: Path, limits: Limits) -> Mapping[str, Any]:
        """Return the last report on a task; ``{"state": "lost"}`` if the process died over it or before."""
        self._begun.wait()
        answer: Future[Mapping[str, Any]] = Future()
        with self._lock:
            if self._words is not None:
                return self._lost
            number = next(self._ids)
            self._open[number] = answer
        request = {
            "do": "run",
            "id": number,
            "task": _plain(task),
            "work": str(work),
            "environment": [name for name in _ONE_THREAD if name in os.environ],
            **asdict(limits),
        }
        self._send(request)
        return answer.result()

    def _send(self, request: Mapping[str, Any]) -> None:
        with self._lock, contextlib.suppress(OSError):
            self._socket.sendall((json.dumps(request) + "\n").encode())

    def _listen(self) -> None:
        rest = b""
        with contextlib.suppress(OSError):
            while chunk := self._socket.recv(1 << 20):
                *lines, rest = (rest + chunk).split(b"\n")
                for line in lines:
                    self._take(json.loads(line))
        self._process.wait()
        self._errors.seek(0)
        words = " ".join(self._errors.read().decode("utf-8", "replace").strip().splitlines()[-1:])
        self._errors.close()
        with self._lock:
            self._words = words
            lost, self._open = list(self._open.values()), {}
            pids, self._pids = list(self._pids.values()), {}
        for pid in pids:  # the children die with it; what they started may not
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(pid, signal.SIGKILL)
        self._begun.set()
        for answer in lost:
            answer.set_result(self._lost)

    @property
    def _lost(self) -> Mapping[str, Any]:
        return {"state": "lost", "error": self._words}

    def _take(self, said: Mapping[str, Any]) -> None:
        if "ready" in said:
            self._begun.set()
            return
        if "state" not in said:
            with self._lock:
                self._pids[said["id"]] = said["pid"]
            return
        with self._lock:
            self._pids.pop(said["id"], None)
            answer = self._open.pop(said["id"], None)
        if answer is not None:
            answer.set_result(said)

    def retire(self) -> None:
        """Let it end what it runs, and take nothing more."""
        self._send({"do": "retire"})

    def close(self) -> None:
        """End it and everything it runs."""
        with self._lock:
            waiting = list(self._open)
        for number in waiting:
            self._send({"do": "kill", "id": number})
        with contextlib.suppress(OSError):
            self._socket.shutdown(socket.SHUT_WR)
        try:
            self._process.wait(1.0)
        except subprocess.TimeoutExpired:
            self._process.kill()
        self._reader.join(1.0)
        self._socket.close()


class ForkServer:
    """Forks ready-made processes; a preloaded process that died or went stale is replaced."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._zygote: _Zygote | None = None
        self._retired: list[_Zygote] = []
        self._stopped = False

    def run(self, task: Task, work: Path, limits: Limits) -> Outcome:
        """Run a task (see :class:`Starter`)."""
        if self._stopped:
            return Outcome(task.run, "stopped")
        with self._lock:
            zygote = self._zygote = self._zygote or _Zygote()
        said = zygote.run(task, work, limits)
        if said["state"] in AGAIN:
            with self._lock:
                if self._zygote is zygote:
                    self._zygote = None
                    self._retired.append(zygote)
                    zygote.retire()
        known = {key: said[key] for key in ("state", "seconds", "cell", "error") if key in said}
        return Outcome(task.run, **known)

    def stop(self) -> None:
        """End every process that was started."""
        self._stopped = True
        with self._lock:
            every = [*self._retired, *([self._zygote] if self._zygote else [])]
            self._retired, self._zygote = [], None
        for zygote in every:
            zygote.close()


class Ordinary:
    """Starts a process and a kernel for each notebook, as papermill does: slower, and everywhere."""

    def __init__(self) -> None:
        self._processes: set[subprocess.Popen[bytes]] = set()
        self._stopped = False

    def run(self, task: Task, work: Path, limits: Limits) -> Outcome:
        """Run a task (see :class:`Starter`)."""
        if self._stopped:
            return Outcome(task.run, "stopped")
        began = time.monotonic()
        process = subprocess.Popen(
            [sys.executable, "-m", "calc.batch.child"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        self._processes.add(process)
        request = json.dumps({"task": _plain(task), "work": str(work)}).encode()
        late = False
        try:
            out, _ = process.communicate(request, timeout=limits.seconds)
        except subprocess.TimeoutExpired:
            late = True
            _end(process)
            out, _ = process.communicate()
        finally:
            self._processes.discard(process)
        seconds = time.monotonic() - began
        said: list[dict[str, Any]] = [json.loads(line) for line in out.splitlines() if line.endswith(b"}")]
        cell = next((each["cell"] for each in reversed(said) if "cell" in each), None)
        if self._stopped:
            return Outcome(task.run, "stopped", seconds, cell)
        if late:
            return Outcome(task.run, "failed", seconds, cell, f"still running after {limits.seconds:g} s")
        died: dict[str, Any] = {"state": "failed", "error": "its process died"}
        last = said[-1] if said and "state" in said[-1] else died
        return Outcome(task.run, last["state"], seconds, last.get("cell") or cell, last.get("error", ""))

    def stop(self) -> None:
        """End every process that was started."""
        self._stopped = True
        for process in list(self._processes):
            _end(process)


def _end(process: subprocess.Popen[bytes]) -> None:
    """Kill a process and its kernel, which stands in a group of its own."""
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children")
    found = children.read_text().split() if children.is_file() else []
    for pid in (*map(int, found), process.pid):
        for kill in (os.killpg, os.kill) if hasattr(os, "killpg") else (os.kill,):
            with contextlib.suppress(ProcessLookupError, PermissionError):
                kill(pid, signal.SIGKILL if hasattr(signal, "SIGKILL") else signal.SIGTERM)


_starters: dict[bool, Starter] = {}
_making = threading.Lock()


def starter(*, ordinary: bool) -> Starter:
    """Return this process's starter, made when first asked for; a worker anywhere keeps one."""
    with _making:
        if ordinary not in _starters:
            _starters[ordinary] = Ordinary() if ordinary else ForkServer()
        return _starters[ordinary]


def stop_all(*, forget: bool) -> None:
    """End every process that was started; until forgotten, starters that were stopped start nothing more."""
    with _making:
        every = list(_starters.values())
        if forget:
            _starters.clear()
    for each in every:
        each.stop()
