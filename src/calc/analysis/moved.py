"""Two runs of one study → the claims that differ between them, and the results that moved."""

from __future__ import annotations

from collections.abc import Hashable, Mapping

import pandas as pd

__all__ = ["claims_changed", "results_moved"]

_CLAIM = ["parameter", "claim"]
_RESULT = ["view", "treatment", "outcome"]
#: what a claim says; the rest of its row is who says it
_SAYS = ("reading", "unit", "value", "low", "high", "mode", "mean", "sd", "events", "total", "open_above", "market")
_SHOWN = ("known", "p05", "p50", "p95", "happens", "low", "high")


def claims_changed(before: pd.DataFrame, after: pd.DataFrame) -> pd.DataFrame:
    """Return the claims that two claims tables do not share.

    Returns
    -------
    pandas.DataFrame
        One row per changed cell: ``parameter``, ``claim``, ``what`` (the column; "claim" where the
        whole of it came or went), ``before`` and ``after`` as text.
    """
    columns = [*_SAYS, "source", "section", "basis"]
    return _differences(before, after, _CLAIM, columns, "claim")


def results_moved(
    before: pd.DataFrame, after: pd.DataFrame, resting: pd.DataFrame, changed: pd.DataFrame
) -> pd.DataFrame:
    """Return the results that two comparison tables do not share, and those that might have moved.

    Parameters
    ----------
    before, after
        The comparison tables.
    resting
        The later run's table of what rests on which claim.
    changed
        The result of :func:`claims_changed`.

    Returns
    -------
    pandas.DataFrame
        One row per changed figure of a result: ``view``, ``treatment``, ``outcome``, ``what``,
        ``before``, ``after``. Results that rest on a changed claim and did not move have ``what``
        "nothing".
    """
    moved = _differences(before, after, _RESULT, list(_SHOWN), "result")
    on = resting.merge(changed[_CLAIM].drop_duplicates(), on=_CLAIM)[_RESULT].drop_duplicates()
    still = on.merge(moved[_RESULT].drop_duplicates(), on=_RESULT, how="left", indicator=True)
    still = still[still["_merge"] == "left_only"][_RESULT].assign(what="nothing", before="", after="")
    return pd.concat([moved, still], ignore_index=True)


def _differences(
    before: pd.DataFrame, after: pd.DataFrame, keys: list[str], columns: list[str], whole: str
) -> pd.DataFrame:
    old, new = _by_key(before, keys), _by_key(after, keys)
    rows = []
    for key in dict.fromkeys([*old, *new]):
        named = dict(zip(keys, key, strict=True))
        if key not in old or key not in new:
            states = ("there" if key in old else "not there", "there" if key in new else "not there")
            rows.append({**named, "what": whole, "before": states[0], "after": states[1]})
            continue
        for column in columns:
            was, became = _text(old[key].get(column)), _text(new[key].get(column))
            if was != became:
                rows.append({**named, "what": column, "before": was, "after": became})
    return pd.DataFrame(rows, columns=[*keys, "what", "before", "after"])


def _by_key(table: pd.DataFrame, keys: list[str]) -> Mapping[tuple[object, ...], Mapping[Hashable, object]]:
    return {
        tuple(str(row[key]) if key != "claim" else int(row[key]) for key in keys): row
        for row in table.to_dict("records")
    }


def _text(value: object) -> str:
    """Return a cell as text, a number to ten digits as the tables are written."""
    if value is None or (isinstance(value, float) and pd.isna(value)):
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    return f"{value:.10g}" if isinstance(value, int | float) else str(value)
