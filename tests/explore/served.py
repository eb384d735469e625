"""The page and JupyterLab as somebody would start them, on a copy of the shipped study with few draws."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import pytest

from ..report.browser import CHROMIUM

REPOSITORY = Path(__file__).resolve().parent.parent.parent
STUDY = "chronic_low_back_pain"
DRAWS = 1024

needs_browser = pytest.mark.skipif(
    CHROMIUM is None or find_spec("playwright") is None or find_spec("voila") is None,
    reason="no Chromium, playwright or Voilà is installed on this machine",
)


def place(folder: Path) -> Path:
    """Copy parameters and notebooks, and let the study make few draws."""
    for name in ("params", "notebooks"):
        shutil.copytree(REPOSITORY / name, folder / name)
    study = folder / "params" / "studies" / f"{STUDY}.yaml"
    study.write_text(study.read_text("utf-8").replace("draws: 16384", f"draws: {DRAWS}"), encoding="utf-8")
    return folder


def free_port() -> int:
    """Return a port on which nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def status(address: str) -> int:
    """Return the status with which an address answers, redirections not followed; 0 where nobody does."""

    class Stay(urllib.request.HTTPRedirectHandler):
        def redirect_request(self, *_: object) -> None:
            return None

    opener = urllib.request.build_opener(Stay, urllib.request.ProxyHandler({}))
    try:
        with opener.open(address, timeout=10) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        with error:
            return int(error.code)
    except OSError:
        return 0


@dataclass(frozen=True)
class Server:
    """A server that runs; ``told`` is a file of what it printed."""

    pid: int
    told: Path

    def kernels(self) -> set[int]:
        """Return the processes of its kernels, on Linux."""
        tasks = Path(f"/proc/{self.pid}/task").glob("*/children")
        return {int(each) for task in tasks for each in task.read_text().split()}


@contextmanager
def running(command: list[str], folder: Path, ready: str) -> Iterator[Server]:
    """Run a server until the end of the block, from when ``ready`` answers."""
    told = folder / f"server-{free_port()}.txt"
    env = {**os.environ, "JUPYTER_DATA_DIR": str(folder / "data"), "JUPYTER_CONFIG_DIR": str(folder / "config")}
    env["JUPYTER_CONFIG_PATH"] = str(folder / "notebooks")
    with told.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", *command], cwd=folder, env=env, stdout=output, stderr=subprocess.STDOUT
        )
        try:
            end = time.monotonic() + 60
            while status(ready) == 0:
                assert process.poll() is None, told.read_text("utf-8")
                assert time.monotonic() < end, told.read_text("utf-8")
                time.sleep(0.1)
            yield Server(process.pid, told)
        finally:
            process.terminate()
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
