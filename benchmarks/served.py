"""The explorer's page served on this machine, and a browser that opens it: what benchmarks of the page begin with."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from calc.report.pdf import find_chromium

__all__ = ["FIRST", "PARAMS", "Served", "served"]

PARAMS = Path(__file__).resolve().parent.parent / "params"
FIRST = ".calc-answers figure img"


class Served(NamedTuple):
    """The server's process, the page's address, and a browser."""

    pid: int
    address: str
    browser: Any

    def opened(self, query: str) -> tuple[Any, float]:
        """Return a page at a state's address that shows its first picture, and the seconds that took."""
        page = self.browser.new_page(viewport={"width": 1400, "height": 1000})
        page.set_default_timeout(120_000)
        began = time.perf_counter()
        page.goto(f"{self.address}?{query}")
        page.wait_for_selector(FIRST)
        return page, time.perf_counter() - began


@contextmanager
def served(ready: int) -> Iterator[Served]:
    """Serve the page with so many kernels that wait for visitors, until this is left."""
    from playwright.sync_api import sync_playwright

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "calc", "app", "--port", str(port), "--ready", str(ready), "--params", str(PARAMS)]
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL)  # noqa: S603  our own command
    try:
        address = f"http://127.0.0.1:{port}/"
        _wait_for(f"{address}voila/static/voila.js")
        with sync_playwright() as driver:
            root = ["--no-sandbox"] if os.geteuid() == 0 else []
            browser = driver.chromium.launch(executable_path=str(find_chromium()), args=root)
            yield Served(server.pid, address, browser)
            browser.close()
    finally:
        server.terminate()
        server.wait()


def _wait_for(address: str) -> None:
    for _ in range(600):
        try:
            with urllib.request.urlopen(address, timeout=5):  # noqa: S310  our own page
                return
        except OSError:
            time.sleep(0.1)
