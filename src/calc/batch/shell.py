"""A papermill engine that runs a notebook's cells in the process it is called in.

Registered with papermill as any engine is. The shell, its display hook and its publisher are
ipykernel's own; only their session is ours, which hands messages to nbclient's reader instead of
to a socket. So outputs are what a kernel would give, without a kernel's start, sockets and threads.
Meant for a process that runs one notebook and ends (:mod:`calc.batch.zygote`).
"""

from __future__ import annotations

import asyncio
import builtins
import contextlib
import getpass
import io
import os
import re
import select
import sys
import threading
from codecs import getincrementaldecoder
from collections.abc import Callable
from typing import Any, cast

from ipykernel.compiler import XCachingCompiler
from ipykernel.ipkernel import IPythonKernel
from ipykernel.zmqshell import ZMQInteractiveShell
from IPython.core.error import StdinNotImplementedError
from jupyter_client.session import Session
from nbclient.exceptions import CellExecutionError
from papermill.clientwrap import PapermillNotebookClient
from traitlets.config import Config

from .child import WatchedEngine, watch

__all__ = ["MOST_OUTPUT", "InProcessEngine", "ready_shell"]

#: characters that one notebook may print; a notebook that prints more is stopped
MOST_OUTPUT = 20_000_000


class TooMuchOutputError(Exception):
    """A notebook printed more than a notebook can hold."""


class _Compiler(XCachingCompiler):
    """Names a cell's code as ipykernel does, but without the process's number: the same in each run."""

    def get_code_name(self, raw_code: str, code: str, number: int) -> str:
        return re.sub(r"ipykernel_\d+", "ipykernel_0", super().get_code_name(raw_code, code, number))


class _Session(Session):
    """Hands on what would go to a kernel's socket."""

    take: Callable[[dict[str, Any]], None] = staticmethod(lambda _: None)

    def send(self, _: Any, msg_or_type: Any, content: Any = None, *_more: Any, **_rest: Any) -> None:  # type: ignore[override]
        msg = msg_or_type if isinstance(msg_or_type, dict) else self.msg(msg_or_type, content)
        self.take(msg)


class _Stream(io.TextIOBase):
    """``sys.stdout`` or ``sys.stderr`` of a notebook: kept until flushed, then one message."""

    def __init__(self, name: str, number: int, session: _Session) -> None:
        self.name, self._number, self._session = name, number, session
        self._parts: list[str] = []
        self._lock = threading.RLock()
        self.before: Callable[[], None] = lambda: None
        self.count = 0

    encoding = "UTF-8"
    errors = None

    def writable(self) -> bool:
        return True

    def fileno(self) -> int:
        return self._number

    def write(self, text: str) -> int:
        if not isinstance(text, str):
            raise TypeError(f"write() argument must be str, not {type(text).__name__}")
        self.before()
        self.add(text)
        if self.count > MOST_OUTPUT and threading.current_thread() is threading.main_thread():
            raise TooMuchOutputError(f"more than {MOST_OUTPUT:,} characters were printed")
        return len(text)

    def add(self, text: str) -> None:
        """Keep some text, or no more than that there was too much."""
        with self._lock:
            self.count += len(text)
            if self.count <= MOST_OUTPUT:
                self._parts.append(text)

    def straight(self) -> None:
        """In a process that the notebook forked: write at once into the pipe that the notebook's own process reads."""
        self.before, self._parts, self._lock = lambda: None, [], threading.RLock()
        self.add = lambda text: os.write(self._number, text.encode())  # type: ignore[method-assign, assignment]

    def flush(self) -> None:
        self.before()
        with self._lock:
            text, self._parts = "".join(self._parts), []
        if text:
            self._session.send(None, "stream", {"name": self.name, "text": text})


class _Descriptors:
    """Catches what is written past Python, by C code and by child processes, to file descriptors 1 and 2."""

    def __init__(self, streams: tuple[_Stream, _Stream]) -> None:
        self._ends = {}
        self._lock = threading.RLock()
        for number, stream in zip((1, 2), streams, strict=True):
            reader, writer = os.pipe()
            os.set_blocking(reader, False)
            os.dup2(writer, number)
            os.close(writer)
            self._ends[reader] = (stream, getincrementaldecoder("utf-8")("replace"))
            stream.before = self.drain  # what a child wrote before this print stands before it
            os.register_at_fork(after_in_child=stream.straight)
        threading.Thread(target=self._pump, daemon=True).start()

    def _pump(self) -> None:
        """Make room in the pipes while a cell waits for who writes into them."""
        while True:
            select.select(list(self._ends), [], [])
            self.drain()

    def drain(self) -> None:
        """Hand on everything that was written so far."""
        with self._lock:
            for reader, (stream, decoder) in self._ends.items():
                with contextlib.suppress(BlockingIOError):
                    while chunk := os.read(reader, 1 << 16):
                        stream.add(decoder.decode(chunk))


def _no_input(*_: object, **__: object) -> str:
    raise StdinNotImplementedError("raw_input was called, but this frontend does not support input requests.")


def ready_shell() -> ZMQInteractiveShell:
    """Return this process's shell, made when first asked for.

    It must exist before pandas is imported, which asks for it to decide how wide a table may be.
    """
    quiet = Config({"HistoryManager": {"enabled": False}})
    shell: ZMQInteractiveShell = ZMQInteractiveShell.instance(config=quiet, kernel=object(), compiler_class=_Compiler)
    return shell


class _Client(PapermillNotebookClient):  # type: ignore[misc]  # papermill ships no types
    """Reads a shell's messages as papermill's client reads a kernel's."""

    def execute(self, **_: Any) -> Any:
        self.reset_execution_trackers()
        self._shell = ready_shell()
        session = _Session(username="", session="")
        hook, publisher = cast(Any, self._shell.displayhook), cast(Any, self._shell.display_pub)
        hook.session = publisher.session = session
        hook.topic = b"execute_result"
        self._streams = (_Stream("stdout", 1, session), _Stream("stderr", 2, session))
        sys.stdout, sys.stderr = self._streams
        descriptors = _Descriptors(self._streams)
        self._drain, self._session = descriptors.drain, session
        builtins.input = getpass.getpass = _no_input
        self._loop = asyncio.new_event_loop()
        asyncio.set_event_loop(self._loop)
        try:
            self.papermill_execute_cells()
        finally:
            sys.stdout, sys.stderr = io.StringIO(), io.StringIO()
        self.nb.metadata["language_info"] = dict(IPythonKernel.language_info)
        return self.nb

    def execute_cell(self, cell: Any, cell_index: int, *_: Any, **__: Any) -> Any:
        if cell.cell_type != "code" or not cell.source.strip():
            return cell
        if self.skip_cells_with_tag in cell.metadata.get("tags", []):
            return cell
        cell.outputs = []
        self.clear_before_next_output = False
        self._session.take = lambda msg: self.process_message({"parent_header": {}, **msg}, cell, cell_index)
        cell.execution_count = self._shell.execution_count
        result = self._loop.run_until_complete(self._run(cell.source))
        self._drain()
        for stream in self._streams:
            stream.flush()
        if any(stream.count > MOST_OUTPUT for stream in self._streams):
            self._refuse(cell)
        failed = [output for output in cell.outputs if output.output_type == "error"]
        allowed = self.allow_errors or "raises-exception" in cell.metadata.get("tags", [])
        if not allowed and (failed or not result.success):
            last = failed[-1] if failed else {"traceback": [], "ename": "Error", "evalue": ""}
            raise CellExecutionError.from_cell_and_msg(cell, last)
        return cell

    async def _run(self, source: str) -> Any:
        """Run one cell as ipykernel does: within a running loop, awaiting what awaits."""
        shell = self._shell
        try:
            transformed, wrong = shell.transform_cell(source), None
        except Exception:  # told by run_cell as a syntax error of the cell
            transformed, wrong = source, sys.exc_info()
        if shell.should_run_async(source, transformed_cell=transformed, preprocessing_exc_tuple=wrong):
            return await shell.run_cell_async(
                source, store_history=True, transformed_cell=transformed, preprocessing_exc_tuple=wrong
            )
        return shell.run_cell(source, store_history=True)

    def _refuse(self, cell: Any) -> None:
        """Keep the beginning of what was printed, and say why the notebook stopped."""
        from nbformat.v4 import new_output

        for output in cell.outputs:
            if output.output_type == "stream":
                output.text = output.text[:10_000]
        evalue = f"more than {MOST_OUTPUT:,} characters were printed"
        error = new_output("error", ename="TooMuchOutputError", evalue=evalue, traceback=[evalue])
        cell.outputs = [output for output in cell.outputs if output.output_type != "error"] + [error]


class InProcessEngine(WatchedEngine):
    """The engine."""

    @classmethod
    def execute_managed_notebook(cls, nb_man: Any, kernel_name: str, **_: Any) -> Any:
        """Run the notebook (see :class:`papermill.engines.Engine`)."""
        watch(nb_man)
        return _Client(nb_man, kernel_name=kernel_name).execute()
