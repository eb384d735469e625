"""What an exported file is known by: the version that made it and a hash of what went in."""

from __future__ import annotations

import json
from importlib import metadata

from ..inputs.load import StudyInputs
from .manifest import sha256

__all__ = ["identity"]


def identity(inputs: StudyInputs) -> str:
    """Return one line that the same inputs always give: version, hash of the parameter files and settings, day."""
    files = {file.name: sha256(file.read_bytes()) for file in inputs.files}
    settings = {path: str(inputs.settings[path]) for path in sorted(inputs.settings)}
    digest = sha256(json.dumps([inputs.name, files, settings], sort_keys=True).encode())[:12]
    version = metadata.version("treatment-calc")
    return f"treatment-calc {version}, study {inputs.name}, inputs {digest}, {inputs.patient.decision_date.isoformat()}"
