"""Facts about the tree that must stay true: schemas current, no host, no path of some machine."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from calc.report.schema import schemas

REPOSITORY = Path(__file__).resolve().parent.parent
TRACKED = [
    REPOSITORY / name
    for name in subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=REPOSITORY, capture_output=True, text=True, check=True,
    ).stdout.split("\0")
    if name and (REPOSITORY / name).is_file()
]  # fmt: skip


@pytest.mark.parametrize("name", sorted(schemas()))
def test_the_schema_files_are_what_the_models_say(name: str) -> None:
    current = (REPOSITORY / "params" / "schema" / name).read_text("utf-8")
    assert current == schemas()[name], "run `make schema`"


def test_the_lock_has_hashes_and_no_addresses() -> None:
    lock = (REPOSITORY / "requirements.lock").read_text("utf-8")
    assert "://" not in lock
    pins = re.findall(r"^[a-z0-9]\S*==\S+", lock, re.MULTILINE)
    assert len(pins) > 100
    assert all("--hash=sha256:" in block for block in re.split(r"\n(?=[a-z0-9])", lock.strip()))


def test_the_lock_holds_every_dependency() -> None:
    project = tomllib.loads((REPOSITORY / "pyproject.toml").read_text("utf-8"))["project"]
    wanted = [*project["dependencies"], *project["optional-dependencies"]["dev"]]
    lock = (REPOSITORY / "requirements.lock").read_text("utf-8")
    for requirement in wanted:
        name = re.split(r"[><=]", requirement)[0]
        assert re.search(rf"^{re.escape(name)}==", lock, re.MULTILINE), name


def test_no_file_names_a_package_registry_or_a_place_on_some_machine() -> None:
    words = re.compile(r"pypi\.org|pythonhosted|registry\.npmjs|debian\.org|(?<![\w./:])/(?:work|home|root)/")
    for path in TRACKED:
        if path.suffix in (".png", ".pdf") or path == Path(__file__):
            continue
        text = path.read_text("utf-8", errors="replace")
        assert not words.findall(text), path


@pytest.mark.parametrize("command", [["-m", "calc", "--help"], ["-m", "calc", "compare", "--help"]])
def test_help_imports_nothing_heavy(command: list[str]) -> None:
    heavy = "numpy", "pandas", "scipy", "matplotlib", "papermill", "pydantic"
    code = (
        "import sys, runpy; sys.argv = ['calc', *sys.argv[1:]]\n"
        "try: runpy.run_module('calc', run_name='__main__')\n"
        "except SystemExit: pass\n"
        f"print('HEAVY', [name for name in {heavy!r} if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code, *command[2:]], capture_output=True, text=True, check=True)
    assert done.stdout.strip().endswith("HEAVY []")
