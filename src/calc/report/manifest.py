"""What made a run: inputs with their hashes, versions, seed, draws, durations, files."""

from __future__ import annotations

import hashlib
import json
import platform
from collections.abc import Mapping
from importlib import metadata
from pathlib import Path

from ..inputs.load import StudyInputs

__all__ = ["manifest", "run_name", "sha256"]

_PACKAGES = ("treatment-calc", "numpy", "scipy", "pandas", "matplotlib", "papermill", "pydantic")


def sha256(content: bytes) -> str:
    """Return the SHA-256 of some bytes in hexadecimal."""
    return hashlib.sha256(content).hexdigest()


def _inputs(inputs: StudyInputs, notebook: Path) -> Mapping[str, object]:
    root = inputs.files[0].parent.parent
    return {
        "study": inputs.name,
        "settings": {path: inputs.settings[path] for path in sorted(inputs.settings)},
        "parameter_files": {_named(file, root): sha256(file.read_bytes()) for file in inputs.files},
        "notebook": {"name": notebook.name, "sha256": sha256(notebook.read_bytes())},
        "code": _code(),
    }


def _named(file: Path, root: Path) -> str:
    """Return a file's name below params/, or its bare name where it is one's own."""
    return file.relative_to(root).as_posix() if file.is_relative_to(root) else file.name


def _code() -> str:
    """Return one hash over the package's own sources."""
    package = Path(__file__).resolve().parent.parent
    files = sorted(file for file in package.rglob("*") if file.suffix in (".py", ".mplstyle", ".css"))
    return sha256(b"".join(f"{file.relative_to(package).as_posix()}\0".encode() + file.read_bytes() for file in files))


def run_name(inputs: StudyInputs, notebook: Path) -> str:
    """Return a name that the same inputs always give: a hash of all of them."""
    return sha256(json.dumps(_inputs(inputs, notebook), sort_keys=True).encode())[:12]


def manifest(inputs: StudyInputs, notebook: Path, *, folder: Path, seconds: Mapping[str, float]) -> str:
    """Return the manifest of a finished run in ``folder`` as JSON text."""
    study = inputs.study
    files = sorted(file for file in folder.rglob("*") if file.is_file())
    content = {
        "run": run_name(inputs, notebook),
        **_inputs(inputs, notebook),
        "question": study.question,
        "plan": study.plan,
        "patient": study.patient,
        "views": list(study.views),
        "horizon": study.horizon,
        "price_year": study.price_year,
        "range_coverage": study.range_coverage,
        "draws": study.draws,
        "seed": study.seed,
        "versions": {"python": platform.python_version(), **{name: metadata.version(name) for name in _PACKAGES}},
        "seconds": {name: round(value, 3) for name, value in seconds.items()},
        "files": {file.relative_to(folder).as_posix(): sha256(file.read_bytes()) for file in files},
    }
    return json.dumps(content, indent=1, ensure_ascii=False) + "\n"
