"""Prices of one state in place of the whole country's, where a table under ``params/prices`` has them.

A table is named for its source; a claim of that source names its row, such as "CPT 62323, United States".
"""

from __future__ import annotations

import copy
import csv
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from ..errors import ParameterFileError, Problem, SettingError, did_you_mean
from .files import Trees
from .tree import Tree

__all__ = ["in_state", "tables_under"]

_EVERYWHERE = "United States"
_COLUMNS = ("code", "state", "hospitals", "p10", "p50", "p90", "left_out")

Row = Mapping[str, str]
Table = Mapping[tuple[str, str], Row]


def tables_under(root: Path) -> tuple[Path, ...]:
    """Return the tables of prices of a ``params/`` folder."""
    return tuple(sorted((root / "prices").glob("*.csv")))


def in_state(trees: Trees, study: str, root: Path) -> Trees:
    """Return the files with the claims about prices of the study's state, where it names one.

    A claim whose code has no row of that state stays the whole country's.

    Raises
    ------
    SettingError
        if no claim about the study's treatments has a row of that state.
    ParameterFileError
        if a table has other columns.
    """
    tree = trees["studies", study]
    state = tree.data.get("state") if tree is not None else None
    if tree is None or state is None:
        return trees
    tables = {file.stem: _read(file) for file in tables_under(root)}
    changed = {
        address: there
        for address, each in trees.items()
        if address[0] == "treatments" and each is not None
        if (there := _moved(each, tables, str(state))) is not None
    }
    if not changed:
        known = {of for table in tables.values() for _, of in table} - {_EVERYWHERE}
        what = f"no price of this study is known for the state {str(state)[:20]!r}"
        raise SettingError([Problem(tree.where(("state",)), "state", what, did_you_mean(str(state), known))])
    return {**trees, **changed}


def _read(file: Path) -> Table:
    with file.open(encoding="utf-8", newline="") as stream:
        rows = csv.DictReader(stream)
        if tuple(rows.fieldnames or ()) != _COLUMNS:
            fix = f"It should have the columns {', '.join(_COLUMNS)}."
            raise ParameterFileError([Problem(f"{file}:1", "", "this is no table of prices", fix)])
        return {(row["code"], row["state"]): row for row in rows}


def _moved(tree: Tree, tables: Mapping[str, Table], state: str) -> Tree | None:
    """Return a treatment's file with the state's prices, None where it has none."""
    data, settings = copy.deepcopy(tree.data), dict(tree.settings)
    for name, index, claim in list(_claims(data)):
        code = str(claim.get("section", "")).removesuffix(f", {_EVERYWHERE}")
        row = tables.get(str(claim.get("source")), {}).get((code, state))
        if row is not None and claim["section"] != code:
            data["price"][name]["claims"][index] = claim | {"section": f"{code}, {state}"} | _figures(row)
            settings["price", name, "claims", index] = f"study.state={state}"
    return Tree(tree.file, data, tree.places, settings) if settings != tree.settings else None


def _claims(data: Any) -> Iterator[tuple[str, int, dict[str, Any]]]:
    """Yield the claims about prices, as far as the file is as it should be."""
    price = data.get("price") if isinstance(data, dict) else None
    for name, item in price.items() if isinstance(price, dict) else ():
        claims = item.get("claims") if isinstance(item, dict) else None
        for index, claim in enumerate(claims if isinstance(claims, list) else ()):
            if isinstance(claim, dict):
                yield name, index, claim


def _figures(row: Row) -> dict[str, Any]:
    percentiles = {f"{percent}": float(row[f"p{percent}"]) for percent in (10, 50, 90)}
    return {"reading": "percentiles", "percentiles": percentiles, "count": int(row["hospitals"])}
