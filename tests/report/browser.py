"""Pages in a real browser: the accessibility check of axe-core without any driver, and measurements with one."""

from __future__ import annotations

import html
import json
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from calc.report.pdf import CHROMIUMS

CHROMIUM = next(filter(None, map(shutil.which, CHROMIUMS)), None)
_SPEC = find_spec("axe_core_python")
AXE = (
    Path(str(_SPEC.submodule_search_locations[0])) / "axe.min.js"
    if _SPEC and _SPEC.submodule_search_locations
    else None
)

_RUN = """
axe.run(document, {resultTypes: ['violations']}).then(found => {
  const told = document.createElement('pre');
  told.id = 'axe-found';
  told.textContent = JSON.stringify({version: found.testEngine.version, passes: found.passes.length,
    violations: found.violations.map(v => ({id: v.id, help: v.help, nodes: v.nodes.map(n => n.html.slice(0, 200))}))});
  document.body.appendChild(told);
});
"""


@contextmanager
def opened(file: Path, *, width: int) -> Iterator[Any]:
    """Open a page in a window of some width, through playwright."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": width, "height": 800})
        page.goto(file.as_uri())
        yield page
        browser.close()


def violations(page: str, folder: Path) -> dict[str, Any]:
    """Return what axe-core finds on a page: its version, how many rules passed, and the violations."""
    assert AXE is not None
    assert CHROMIUM is not None
    scripts = f"<script>{AXE.read_text('utf-8')}</script><script>{_RUN}</script>"
    file = folder / "checked.html"
    before, end, after = page.rpartition("</body>")
    file.write_text(before + scripts + end + after, encoding="utf-8")
    quiet = ["--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run"]
    root = ["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
    done = subprocess.run(
        [CHROMIUM, "--headless", "--disable-gpu", *quiet, *root, f"--user-data-dir={folder / 'profile'}",
         "--window-size=1280,900", "--virtual-time-budget=60000", "--dump-dom", file.as_uri()],
        capture_output=True, text=True, timeout=180, check=True,
    )  # fmt: skip
    found = re.search(r'<pre id="axe-found">(.*?)</pre>', done.stdout, re.DOTALL)
    assert found, "axe-core did not finish"
    told: dict[str, Any] = json.loads(html.unescape(found[1]))
    return told
