"""Write docs/map.md: every module with the first line of its docstring, layer by layer. Run it from the repository."""

from __future__ import annotations

import ast
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent / "src" / "calc"
LAYERS = ("inputs", "exchange", "model", "analysis", "report", "batch", "explore", "cli")
HEAD = """# Where is …?

Made by `python docs/make_map.py` out of the modules' docstrings; a test holds it current. Imports point one way, see
[architecture](architecture.md).
"""


def line_of(module: Path) -> str:
    """Return the first line of a module's docstring."""
    return (ast.get_docstring(ast.parse(module.read_text("utf-8"))) or "").partition("\n")[0]


def row(module: Path) -> str:
    """Return a module's row."""
    return f"| `{module.relative_to(ROOT).as_posix()}` | {line_of(module).replace('|', '¦')} |\n"


def whole_map() -> str:
    """Return the whole page."""
    text = HEAD
    for layer in ("", *LAYERS):
        folder = ROOT / layer
        modules = sorted(folder.rglob("*.py") if layer else folder.glob("*.py")) if folder.is_dir() else []
        rows = [row(each) for each in modules if each.stem not in ("__init__", "__main__")]
        if rows:
            text += f"\n## {layer or 'beneath all of them'}\n\n| module | its job |\n| --- | --- |\n" + "".join(rows)
    return text


if __name__ == "__main__":
    (ROOT.parent.parent / "docs" / "map.md").write_text(whole_map(), "utf-8")
