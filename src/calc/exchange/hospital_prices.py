"""A hospital's price file (45 CFR 180), CSV or JSON, versions 2 and 3 → what it says about some codes."""

from __future__ import annotations

from pathlib import Path

from .hospital_csv import read_csv
from .hospital_json import read_json
from .opened import opened
from .price import PriceFile

__all__ = ["read_hospital_prices"]


def read_hospital_prices(file: Path, wanted: frozenset[str]) -> PriceFile:
    """Read a hospital's file as downloaded, in one pass and constant memory.

    Amounts of version 3 are the 10th, 50th and 90th percentile of what was allowed in the hospital's
    year, with the count of bills; of version 2 an average; agreed prices in dollars where no better
    figure stands. Fields by https://github.com/CMSgov/hospital-price-transparency.

    Parameters
    ----------
    file
        CSV or JSON, plain, gzip or zip.
    wanted
        Codes as bundles write them, such as "CPT 62323".

    Raises
    ------
    ParameterFileError
        with the row and the column of whatever is wrong; a row whose code is not wanted is not looked into.
    """
    with opened(file) as stream:
        start = stream.peek(64)[:64] if hasattr(stream, "peek") else b""
        read = read_json if start.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] in (b"{", b"[") else read_csv
        return read(stream, file, wanted)
