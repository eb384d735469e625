"""What the preloaded process does for all runs: it rehearses a notebook's page and runs none of its cells."""

from __future__ import annotations

from pathlib import Path

import pytest

from calc.batch.preload import foresee, rehearse
from calc.report import accelerator
from calc.report.show import Page

from ..report.shipped import PARAMS, STUDY
from .small import world

CELLS = (
    'page.figure("cost_intervals")',
    'page.figure("no such figure")',
    "open('ran', 'w'); page.figure(open('ran', 'w').name)",
    "page.__init__(None, None)",
    "page.differences(outcome)",
    "page.reasons()",
    "this is no Python",
    "page.differences('out_of_pocket')",
)


def test_only_the_pages_own_methods_are_called_with_plain_values(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    world(tmp_path, "axes: {seed: [1]}\n", cells=CELLS)
    page = foresee(
        {"study": STUDY, "params": str(PARAMS), "draws": 64, "out": "x", "formats": "png,svg"}, str(tmp_path)
    )
    assert page is not None
    called: list[tuple[str, tuple[object, ...]]] = []
    for name in ("reasons", "differences"):
        usual = getattr(Page, name)
        monkeypatch.setattr(
            Page,
            name,
            lambda self, *values, name=name, usual=usual: (called.append((name, values)), usual(self, *values)),
        )
    before = set(tmp_path.rglob("*"))
    accelerator._glyphs.cache_clear()
    assert len(list(rehearse(page, str(tmp_path / "notebooks" / "tiny.ipynb")))) == 2 + 2  # two formats, and the rest
    assert called == [("reasons", ()), ("differences", ("out_of_pocket",))]
    assert set(tmp_path.rglob("*")) == before
    assert accelerator._glyphs.cache_info().currsize > 20


def test_what_is_wrong_is_left_to_the_run(tmp_path: Path) -> None:
    assert foresee({"study": "nobody", "params": str(PARAMS)}, str(tmp_path)) is None
    page = foresee({"study": STUDY, "params": str(PARAMS), "draws": 64}, str(tmp_path))
    assert page is not None
    assert list(rehearse(page, str(tmp_path / "none.ipynb"))) == []


def test_a_run_saves_the_formats_that_it_was_asked_for(tmp_path: Path) -> None:
    page = foresee({"study": STUDY, "params": str(PARAMS), "draws": 64, "formats": "svg"}, str(tmp_path))
    assert page is not None
    page.out = tmp_path / "out"
    shown = page.figure("cost_intervals").data
    assert shown is not None
    assert "data:image/png;base64," in shown
    assert [file.name for file in (tmp_path / "out" / "figures").iterdir()] == ["cost_intervals.svg"]
