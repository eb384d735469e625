"""The report page as a tagged PDF, printed by an installed Chromium."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tempfile
from datetime import date
from pathlib import Path

from ..errors import Problem, RunError, SettingError

__all__ = ["CHROMIUMS", "find_chromium", "print_pdf"]

CHROMIUMS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "msedge")
_SECONDS = 120


def find_chromium() -> str:
    """Return the path of an installed Chromium, Chrome or Edge.

    Raises
    ------
    SettingError
        if there is none on the path.
    """
    for name in CHROMIUMS:
        if found := shutil.which(name):
            return found
    fix = "Install one of them, leave pdf out, or open report.html and print it from any browser."
    raise SettingError([Problem("--format pdf", "", f"none of {', '.join(CHROMIUMS)} is installed", fix)])


def print_pdf(page: Path, target: Path, *, day: date) -> Path:
    """Print a page as a PDF with tags, outline and alternative text; ``day`` is the date inside it.

    Raises
    ------
    SettingError
        without a Chromium.
    RunError
        if it fails.
    """
    browser = find_chromium()
    with tempfile.TemporaryDirectory() as profile:
        command = [
            browser,
            "--headless",
            "--disable-gpu",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--no-first-run",
            f"--user-data-dir={profile}",
            "--export-tagged-pdf",
            "--generate-pdf-document-outline",
            "--no-pdf-header-footer",
            f"--print-to-pdf={target.resolve()}",
            page.resolve().as_uri(),
        ]
        if hasattr(os, "geteuid") and os.geteuid() == 0:
            command.insert(1, "--no-sandbox")  # it refuses to run as root otherwise
        try:
            done = subprocess.run(command, capture_output=True, text=True, timeout=_SECONDS, check=False)  # noqa: S603
        except (OSError, subprocess.TimeoutExpired) as error:
            raise RunError(f"{Path(browser).name} did not print the page: {error}") from error
    if done.returncode or not target.is_file():
        raise RunError(f"{Path(browser).name} did not print the page: {done.stderr.strip()[-400:]}")
    target.write_bytes(_dated(target.read_bytes(), day))
    return target


def _dated(content: bytes, day: date) -> bytes:
    """Return the PDF with one date for its making; places inside it stay where its index says."""
    stamp = f"{day:%Y%m%d}000000".encode()
    return re.sub(rb"(/(?:CreationDate|ModDate) \(D:)\d{14}", lambda found: found[1] + stamp, content)
