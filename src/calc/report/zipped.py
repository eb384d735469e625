"""Office files the same to the byte for the same inputs: a zip without the time of its making."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import date

__all__ = ["dateless"]

_START = (1980, 1, 1, 0, 0, 0)  # the first day that a zip knows


def dateless(content: bytes, day: date) -> bytes:
    """Return a presentation or workbook with ``day`` as its date, and so has every workbook inside it."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            part = old.read(name)
            if name.endswith(".xlsx"):
                part = dateless(part, day)
            elif name == "docProps/core.xml":
                stamp = rf"\g<1>{day.isoformat()}T00:00:00Z\g<2>".encode()
                part = re.sub(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*(<)", stamp, part)
            entry = zipfile.ZipInfo(name, _START)
            entry.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(entry, part)
    return target.getvalue()
