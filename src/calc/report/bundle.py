"""One state of a study as bytes to hand over: the report page, the deck, or the figures in an archive."""

from __future__ import annotations

import io
import tempfile
import zipfile
from collections.abc import Mapping
from pathlib import Path

from ..analysis.compare import compare
from ..errors import UnknownNameError
from .export import checked_choices, export
from .progress import Loudness, Progress
from .run import run_report

__all__ = ["bundle"]

_KINDS = ("report", "deck", "figures")


def bundle(kind: str, params: Path, study: str, settings: Mapping[str, object]) -> bytes:
    """Return the ``report`` (HTML), the ``deck`` (PowerPoint) or the ``figures`` (ZIP) of a study so set.

    It is made in a folder that is gone afterwards.

    Raises
    ------
    UnknownNameError, SettingError, ParameterFileError, RunError
    """
    if kind not in _KINDS:
        raise UnknownNameError("kind of file", kind, _KINDS)
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        if kind == "report":
            made = run_report(study, notebook="04_comparison", out=folder, params=params, settings=settings)
            return (made / "report.html").read_bytes()
        result = compare(study, params=params, settings=settings)
        to = folder / ("deck.pptx" if kind == "deck" else "figures")
        written = export(result, checked_choices(to), Progress(io.StringIO(), Loudness.QUIET))
        if kind == "deck":
            return to.read_bytes()
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
            for file in written:
                archive.write(file, file.name)
        return packed.getvalue()
