"""Office files: every table as a sheet of a workbook, and what makes such files the same to the byte."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import date

import numpy as np
import pandas as pd

from ..analysis.compare import Result
from .manifest import identity
from .words import frame, limits

__all__ = ["dateless", "workbook"]

_START = (1980, 1, 1, 0, 0, 0)  # the first day that a zip knows


def workbook(result: Result) -> bytes:
    """Return the workbook: first the question and its frame, then a sheet a table.

    Figures are numbers; what is infinite (never) is the text ``inf`` as in the CSV files, what is
    not stated is empty.

    Raises
    ------
    ModuleNotFoundError
        without the extra ``slides``.
    """
    import xlsxwriter

    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True, "strings_to_urls": False}) as book:
        book.set_properties({"title": result.inputs.study.label, "author": "treatment-calc"})
        head = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
        wrapped = book.add_format({"text_wrap": True, "valign": "top"})
        about = (result.inputs.study.question, frame(result), limits(), identity(result.inputs))
        first = book.add_worksheet("about")
        first.set_column(0, 0, 110, wrapped)
        for row, text in enumerate(about):
            first.write_string(row, 0, text, wrapped)
        for name, table in result.tables().items():
            sheet = book.add_worksheet(name[:31])
            sheet.freeze_panes(1, 0)
            for column, title in enumerate(table.columns):
                sheet.write_string(0, column, str(title), head)
                sheet.set_column(column, column, _width(table[title]))
                for row, value in enumerate(table[title], start=1):
                    _write(sheet, row, column, value)
            if len(table.columns):
                sheet.autofilter(0, 0, max(len(table), 1), len(table.columns) - 1)
    return dateless(buffer.getvalue(), result.inputs.patient.decision_date)


def _write(sheet: object, row: int, column: int, value: object) -> None:
    if isinstance(value, float | np.floating) and not np.isfinite(value):
        if not np.isnan(value):
            sheet.write_string(row, column, "inf" if value > 0 else "-inf")  # type: ignore[attr-defined]
    elif isinstance(value, bool | np.bool_):
        sheet.write_boolean(row, column, bool(value))  # type: ignore[attr-defined]
    elif isinstance(value, int | float | np.number):
        sheet.write_number(row, column, float(value))  # type: ignore[attr-defined]
    elif not pd.isna(value):  # type: ignore[call-overload]
        sheet.write_string(row, column, str(value))  # type: ignore[attr-defined]


def _width(column: pd.Series) -> float:
    longest = max([len(str(column.name)), *(len(str(value)) for value in column.head(200))])
    return float(min(longest, 48)) + 2


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
