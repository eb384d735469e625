"""What was imported → a file under params/, all or nothing; and the index of a large file beside it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from ..errors import Problem, SettingError
from ..exchange.figures import Imported
from ..exchange.table import Index, Table, index_file, index_text
from ..inputs.card import sources_under
from ..inputs.written import plan_text

__all__ = ["keep_index", "write_plan"]

_NAME = re.compile(r"[a-z][a-z0-9_]{0,59}")


def write_plan(found: Imported, name: str | None, root: Path) -> tuple[Path, Sequence[str]]:
    """Write an imported plan to ``root/plans/NAME.yaml``.

    Returns
    -------
    tuple
        The file, and what to tell: what was read how, and everything that the model does not hold.

    Raises
    ------
    ParameterFileError, SettingError
        before anything is written.
    """
    chosen = name or re.sub(r"[^a-z0-9]+", "_", str(found.data["label"]).lower()).strip("_")[:60]
    if not _NAME.fullmatch(chosen):
        fix = "Give one with --as: lower-case letters, digits and underscores, a letter first."
        raise SettingError([Problem(chosen, "", "this is no name for a parameter file", fix)])
    text = plan_text(found.data, chosen, frozenset(sources_under(root)))
    file = root / "plans" / f"{chosen}.yaml"
    try:
        with file.open("x", encoding="utf-8") as stream:
            stream.write(text)
    except FileExistsError as error:
        fix = "Choose another with --as, or remove it first."
        raise SettingError([Problem(str(file), "", "there is such a file already", fix)]) from error
    told = [*found.notes]
    if found.not_held:
        told.append(f"Not held by the model ({len(found.not_held)}):")
        told += [f"  {each}" for each in found.not_held]
    return file, told


def keep_index(table: Table, index: Index) -> None:
    """Write the index of a large file beside it; where that may not be, the next look-up takes as long again."""
    if table.file.stat().st_size < 1_000_000:
        return
    with suppress(OSError):
        part = index_file(table).with_suffix(".part")
        part.write_text(index_text(table, index), encoding="utf-8")
        part.replace(index_file(table))
