"""Prices quoted in letters → a file of your own numbers, for ``--with``."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from ..analysis.estimates import Quoted
from ..errors import Problem, SettingError
from .whole import write_whole

__all__ = ["save_overlay"]


def save_overlay(quoted: Sequence[Quoted], file: Path) -> None:
    """Write the prices as an overlay, each marked as yours with the letter and its day.

    Raises
    ------
    SettingError
        if no line says whose price it quotes.
    """
    if not quoted:
        fix = "Add a column 'treatment' (and 'item', where a treatment has several prices) to the estimates."
        raise SettingError([Problem("--as-overlay", "", "no line says which treatment's price it quotes", fix)])
    by_treatment: dict[str, list[Quoted]] = {}
    for each in quoted:
        by_treatment.setdefault(each.treatment, []).append(each)
    lines = ["label: Your estimates"]
    for treatment, prices in by_treatment.items():
        lines += [f"{treatment}:", "  price:"]
        for each in prices:
            figure = f"reading: exact, value: {each.low}"
            if each.low < each.high:
                figure = f"reading: bounds, low: {each.low}, high: {each.high}"
            said = json.dumps(each.said, ensure_ascii=False)  # quoted as YAML quotes too
            lines += [f"    {each.item}:", "      claims:", f"        - {{{figure}, yours: {said}}}"]
    write_whole(file, "\n".join([*lines, ""]).encode("utf-8"))
