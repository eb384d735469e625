"""What made a run: inputs with their hashes, versions, seed, draws, durations, files."""

from __future__ import annotations

import hashlib
import json
import platform
from collections.abc import Callable, Mapping
from functools import cache
from importlib import metadata
from pathlib import Path

from ..inputs.load import StudyInputs

__all__ = ["code_hash", "head", "identity", "is_whole", "manifest", "matches", "sha256"]

_PACKAGES = ("treatment-calc", "numpy", "scipy", "pandas", "matplotlib", "papermill", "pydantic")

Digest = Callable[[Path], str]


def sha256(content: bytes) -> str:
    """Return the SHA-256 of some bytes in hexadecimal."""
    return hashlib.sha256(content).hexdigest()


def _digest(file: Path) -> str:
    return sha256(file.read_bytes())


def _named(file: Path, root: Path) -> str:
    """Return a file's name below params/, or its bare name where it is one's own."""
    return file.relative_to(root).as_posix() if file.is_relative_to(root) else file.name


def code_hash() -> str:
    """Return one hash over the package's own sources."""
    package = Path(__file__).resolve().parent.parent
    files = sorted(file for file in package.rglob("*") if file.suffix in (".py", ".mplstyle", ".css", ".html", ".js"))
    return sha256(b"".join(f"{file.relative_to(package).as_posix()}\0".encode() + file.read_bytes() for file in files))


@cache
def _versions() -> Mapping[str, str]:
    return {"python": platform.python_version(), **{name: metadata.version(name) for name in _PACKAGES}}


def head(
    inputs: StudyInputs,
    notebook: Path,
    *,
    others: Mapping[str, object] | None = None,
    code: str | None = None,
    digest: Digest = _digest,
) -> dict[str, object]:
    """Return what a manifest says before anything ran; ``run`` names the run by all that goes into it.

    Parameters
    ----------
    others
        Run parameters of the notebook that are no part of the study.
    code, digest
        :func:`code_hash` and the files' hashes, where they are known already.
    """
    root, study = inputs.files[0].parent.parent, inputs.study
    into = {
        "study": inputs.name,
        "settings": {path: inputs.settings[path] for path in sorted(inputs.settings)},
        "run_parameters": dict(sorted((others or {}).items())),
        "parameter_files": {_named(file, root): digest(file) for file in inputs.files},
        "notebook": {"name": notebook.name, "sha256": digest(notebook)},
        "code": code or code_hash(),
        "versions": dict(_versions()),
    }
    return {
        "run": sha256(json.dumps(into, sort_keys=True).encode())[:12],
        **into,
        "question": study.question,
        "plan": study.plan,
        "patient": study.patient,
        "views": list(study.views),
        "horizon": study.horizon,
        "price_year": study.price_year,
        "range_coverage": study.range_coverage,
        "draws": study.draws,
        "seed": study.seed,
    }


def manifest(head: Mapping[str, object], *, folder: Path, seconds: Mapping[str, float] | None = None) -> str:
    """Return the manifest of a finished run in ``folder`` as JSON text; without ``seconds`` it knows no time."""
    files = sorted(file for file in folder.rglob("*") if file.is_file() and file != folder / "manifest.json")
    content: dict[str, object] = dict(head)
    if seconds is not None:
        content["seconds"] = {name: round(value, 3) for name, value in seconds.items()}
    content["files"] = {file.relative_to(folder).as_posix(): _digest(file) for file in files}
    return json.dumps(content, indent=1, ensure_ascii=False) + "\n"


def is_whole(folder: Path) -> bool:
    """Whether a run's folder holds what its manifest says, byte for byte, and nothing else."""
    try:
        files = {file.relative_to(folder).as_posix(): file for file in folder.rglob("*") if file.is_file()}
        content = files.pop("manifest.json").read_bytes()
        return matches(folder.name, content, {name: _digest(file) for name, file in files.items()})
    except (OSError, KeyError):
        return False


def matches(run: str, content: bytes, there: Mapping[str, str]) -> bool:
    """Whether a manifest is that of ``run`` and names the files that are there with these hashes, and no others."""
    try:
        said = json.loads(content)
        return bool(said["run"] == run and said["files"] == there)
    except (ValueError, KeyError, TypeError):
        return False


def identity(inputs: StudyInputs) -> str:
    """Return one line that the same inputs always give: version, hash of the parameter files and settings, day."""
    files = {file.name: sha256(file.read_bytes()) for file in inputs.files}
    settings = {path: str(inputs.settings[path]) for path in sorted(inputs.settings)}
    digest = sha256(json.dumps([inputs.name, files, settings], sort_keys=True).encode())[:12]
    version = metadata.version("treatment-calc")
    return f"treatment-calc {version}, study {inputs.name}, inputs {digest}, {inputs.patient.decision_date.isoformat()}"
