"""A kernel that lives in the process it is called in, for papermill's own client.

The kernel is ipykernel's ``IPythonKernel``, with its shell, display hook, publisher and widgets; it is never started,
so it has no sockets and no threads. Its session hands messages to queues instead, from which papermill's client reads
them as from any kernel's. So outputs are what a kernel gives, for a tenth of a kernel's start.

What stays our own, and why: standard output and error (:class:`_Stream`, :class:`_Descriptors`), because those of
ipykernel need its threads, and leave the order of what a notebook and its child processes print to chance. A started
kernel, forked ready-made (a kernel provisioner), would need neither, but takes 0.79 s a notebook where this takes 0.40.
Meant for a process that runs one notebook and ends (:mod:`calc.batch.zygote`).
"""

from __future__ import annotations

import contextlib
import io
import logging
import math
import os
import re
import select
import sys
import tempfile
import threading
import time
from codecs import getincrementaldecoder
from collections import deque
from collections.abc import Callable
from queue import Empty
from types import SimpleNamespace
from typing import Any

from ipykernel.compiler import XCachingCompiler
from ipykernel.ipkernel import IPythonKernel
from ipykernel.kernelapp import IPKernelApp
from jupyter_client.connect import write_connection_file
from jupyter_client.manager import KernelManager
from jupyter_client.session import Session
from nbclient.exceptions import DeadKernelError
from tornado.ioloop import IOLoop
from traitlets.config import Config

from ..report.notebook import MOST_OUTPUT, TooMuchOutputError
from .child import WatchedEngine

__all__ = ["InProcessEngine", "ready_kernel"]

Message = dict[str, Any]


class _Compiler(XCachingCompiler):
    """Names a cell's code as ipykernel does, but without the process's number: the same in each run."""

    def get_code_name(self, raw_code: str, code: str, number: int) -> str:
        return re.sub(r"ipykernel_\d+", "ipykernel_0", super().get_code_name(raw_code, code, number))


class _Channel:
    """What was sent to a client over one channel, in order."""

    def __init__(self) -> None:
        self.messages: deque[Message] = deque()

    async def get_msg(self, timeout: float | None = None) -> Message:  # noqa: ARG002  as jupyter_client's
        """Return the next message; all of a request's are there when it was sent."""
        if not self.messages:
            raise Empty
        return self.messages.popleft()


class _Asking(_Channel):
    """The channel over which a client asks; what a widget sends needs no answer and is handled at once."""

    def __init__(self, kernel: IPythonKernel) -> None:
        super().__init__()
        self.kernel = kernel

    def send(self, msg: Message) -> None:
        self.kernel.shell_handlers[msg["msg_type"]](self, [], msg)


class _Session(Session):
    """Puts what a kernel sends into channels instead of sockets; a stream is a channel here."""

    def send(  # type: ignore[override]
        self,
        stream: _Channel,
        msg_or_type: Message | str,
        content: Message | None = None,
        parent: Message | None = None,
        ident: object = None,  # noqa: ARG002  as jupyter_client's
        buffers: Any = None,
        metadata: Message | None = None,
    ) -> Message:
        msg = msg_or_type
        if isinstance(msg, str):
            msg = self.msg(msg, content, parent, metadata=metadata)
        if msg["msg_type"] != "stream":  # as through a socket: lists for tuples, texts for dates
            msg["content"] = self.unpack(self.pack(msg["content"]))
        msg["buffers"] = buffers or []
        stream.messages.append(msg)
        return msg


class _Stream(io.TextIOBase):
    """``sys.stdout`` or ``sys.stderr`` of a notebook: kept until flushed, then one message."""

    def __init__(self, name: str, number: int, kernel: IPythonKernel) -> None:
        self.name, self._number, self._kernel = name, number, kernel
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
            raise TooMuchOutputError
        return len(text)

    def add(self, text: str) -> None:
        """Keep some text, or no more than that there was too much."""
        with self._lock:
            self.count += len(text)
            if self.count - len(text) <= MOST_OUTPUT:
                self._parts.append(text[: MOST_OUTPUT + 1])

    def straight(self) -> None:
        """In a process that the notebook forked: write at once into the pipe that the notebook's own process reads."""
        self.before, self._parts, self._lock = lambda: None, [], threading.RLock()
        self.add = lambda text: os.write(self._number, text.encode())  # type: ignore[method-assign, assignment]

    def flush(self) -> None:
        self.before()
        with self._lock:
            text, self._parts = "".join(self._parts), []
        kernel = self._kernel
        if text and kernel.session is not None:
            kernel.session.send(kernel.iopub_socket, "stream", {"name": self.name, "text": text}, kernel.get_parent())


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


def ready_kernel() -> IPythonKernel:
    """Return this process's kernel, made when first asked for.

    It must exist before pandas is imported, which asks for its shell to decide how wide a table may be.
    """
    if not IPythonKernel.initialized():
        quiet = Config({"HistoryManager": {"enabled": False}})
        kernel = IPythonKernel.instance(
            config=quiet,
            session=_Session(username=""),
            iopub_socket=_Channel(),
            compiler_class=_Compiler,
            log=logging.getLogger("calc.batch"),
            shell_channel_thread=SimpleNamespace(parent_thread=threading.main_thread()),  # which runs the cells
        )
        IPKernelApp.instance().kernel = kernel  # where magics look for it
    return IPythonKernel.instance()


class _Client:
    """What nbclient asks of a kernel's client, for a kernel that answers at once."""

    allow_stdin = False

    def __init__(self) -> None:
        self.kernel = kernel = ready_kernel()
        self.session: Any = kernel.session
        self.iopub_channel, self.shell_channel = kernel.iopub_socket, _Asking(kernel)
        self._ends = math.inf
        kernel.io_loop = self  # type: ignore[assignment]  # it is told by ``quit()`` that it is to end

    def start_channels(self) -> None:
        """Take what the notebook prints."""
        sys.stdout, sys.stderr = streams = _Stream("stdout", 1, self.kernel), _Stream("stderr", 2, self.kernel)
        _Descriptors(streams)
        self._folder = tempfile.TemporaryDirectory(prefix="calc-kernel-")
        file, _ = write_connection_file(f"{self._folder.name}/kernel.json", transport="ipc")
        IPKernelApp.instance().connection_file = file  # there for who asks for its name; nobody listens

    def stop_channels(self) -> None:
        """Let go of what the notebook printed, and of its files."""
        sys.stdout, sys.stderr = io.StringIO(), io.StringIO()
        self._folder.cleanup()

    async def wait_for_ready(self, timeout: float | None = None) -> None:
        """Return at once."""

    async def is_alive(self) -> bool:
        """Whether nobody has asked the kernel to end, or it is not to end yet."""
        return time.monotonic() < self._ends

    def call_later(self, seconds: float, then: Callable[[], Any]) -> None:
        """Do something later, as a kernel asks its loop to; where it is told to quit, that is to stop."""
        if then == self.stop:
            self._ends = time.monotonic() + seconds
        else:
            IOLoop.current().call_later(seconds, then)

    def stop(self) -> None:
        """End at once."""
        self._ends = 0.0

    def kernel_info(self) -> str:
        request = self.session.msg("kernel_info_request")
        self.session.send(self.shell_channel, "kernel_info_reply", dict(self.kernel.kernel_info), request)
        return str(request["header"]["msg_id"])

    async def execute(self, code: str, store_history: bool = True, **_: Any) -> str:
        """Run one cell, and return the request's name when its messages are all there."""
        if not await self.is_alive():
            raise DeadKernelError("Kernel died")
        # after an error a kernel drops the requests that wait, of which there are none here
        content = {"code": code, "store_history": store_history, "stop_on_error": False}
        request = self.session.msg("execute_request", content)
        self.kernel.set_parent([], request)
        await self.kernel.execute_request(self.shell_channel, [], request)
        self.session.send(self.iopub_channel, "status", {"execution_state": "idle"}, request)
        return str(request["header"]["msg_id"])


class _Manager(KernelManager):
    """Gives the client of this process's kernel, which nobody needs to start."""

    has_kernel = True

    def client(self, **_: Any) -> Any:
        return _Client()

    def is_alive(self) -> bool:
        return False

    def cleanup_resources(self, restart: bool = False) -> None:
        """Nothing was started."""


class InProcessEngine(WatchedEngine):
    """The engine: papermill's own, with this process's kernel."""

    @classmethod
    def execute_managed_notebook(cls, nb_man: Any, kernel_name: str, **more: Any) -> Any:
        """Run the notebook (see :class:`papermill.engines.Engine`)."""
        return super().execute_managed_notebook(nb_man, kernel_name, **more, kernel_manager_class=_Manager)
