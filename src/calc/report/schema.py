"""The models → the JSON Schemas under ``params/schema/``, which editors complete and check by."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from pathlib import Path

from ..inputs.batch import BATCH
from ..inputs.load import FOLDERS

__all__ = ["schemas"]

_SINGULAR = {"studies": "study", "batches": "batch"}


def schemas() -> Mapping[str, str]:
    """Return the schema of each kind of file as JSON text, by file name."""
    found = {}
    for folder, adapter in {**FOLDERS, "batches": BATCH}.items():
        name = _SINGULAR.get(folder, folder.removesuffix("s"))
        found[f"{name}.json"] = json.dumps(adapter.json_schema(), indent=1, sort_keys=True) + "\n"
    return found


if __name__ == "__main__":
    for name, text in schemas().items():
        (Path(sys.argv[1]) / name).write_text(text, encoding="utf-8")
