"""Every table as one sheet of a workbook, with the column that says what each row rests on."""

from __future__ import annotations

import io

import numpy as np
import pandas as pd

from ..analysis.compare import Result
from .identity import identity
from .words import frame, limits
from .zipped import dateless

__all__ = ["workbook"]


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
