"""Two runs' folders → which claims were changed between them, and which results moved, in words."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from ..analysis.moved import claims_changed, results_moved
from ..errors import Problem, SettingError
from .format import records
from .tables import as_text

__all__ = ["told"]

_TABLES = ("claims", "comparison", "resting")


def told(before: Path, after: Path, *, width: int = 118) -> str:
    """Return what was changed and what moved between two folders that runs wrote.

    Raises
    ------
    SettingError
        naming every table that is not there.
    """
    problems = [
        Problem(str(folder), "", f"there is no tables/{name}.csv", "Name a folder that `calc report` wrote.")
        for folder in (before, after)
        for name in _TABLES
        if not (folder / "tables" / f"{name}.csv").is_file()
    ]
    if problems:
        raise SettingError(problems)
    old, new = ({name: pd.read_csv(each / "tables" / f"{name}.csv") for name in _TABLES} for each in (before, after))
    changed = claims_changed(old["claims"], new["claims"])
    moved = results_moved(old["comparison"], new["comparison"], new["resting"], changed)
    if changed.empty and moved.empty:
        return "The two runs make the same claims and have the same results."
    parts = ["── Claims that differ ──", as_text(changed, width=width) if len(changed) else "None."]
    parts += ["── Results that moved ──", as_text(_in_words(moved), width=width) if len(moved) else "None."]
    return "\n\n".join(parts)


def _in_words(moved: pd.DataFrame) -> pd.DataFrame:
    """Return one row a result: every figure that moved in one cell."""
    rows = []
    for (view, treatment, outcome), group in moved.groupby(["view", "treatment", "outcome"], sort=False):
        changes = [
            "rests on a changed claim, and did not move"
            if each["what"] == "nothing"
            else f"{each['what']}: {_short(each['before'])} → {_short(each['after'])}"
            for each in records(group)
        ]
        rows.append(
            {
                "View": str(view),
                "Treatment": str(treatment).replace("_", " "),
                "Outcome": str(outcome).replace("_", " "),
                "What moved": "; ".join(changes),
            }
        )
    return pd.DataFrame(rows)


def _short(text: str) -> str:
    """Return a figure with four digits, other text as it is."""
    try:
        return f"{float(text):.4g}"
    except ValueError:
        return text or "none"
