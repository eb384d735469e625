"""What somebody meets who types ``calc`` in a notebook: completion, and errors that are letters."""

from __future__ import annotations

import atexit
import re
from collections.abc import Iterator

import pytest
from IPython.core.completer import provisionalcompleter
from IPython.core.interactiveshell import InteractiveShell
from traitlets.config import Config

import calc


@pytest.fixture
def shell(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Iterator[InteractiveShell]:
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path_factory.mktemp("ipython")))
    made = InteractiveShell(config=Config({"HistoryManager": {"enabled": False}}))
    made.run_cell("import calc")
    yield made
    atexit.unregister(made.atexit_operations)
    made.atexit_operations()


@pytest.mark.parametrize("jedi", [True, False])
def test_tab_offers_the_public_names_and_nothing_else(shell: InteractiveShell, jedi: bool) -> None:
    shell.Completer.use_jedi = jedi
    with provisionalcompleter():
        offered = {each.text.removeprefix(".") for each in shell.Completer.completions("calc.", 5)}
    assert {name.removeprefix("calc.") for name in offered} == set(calc.__all__)


def test_an_error_in_a_notebook_is_its_letter(shell: InteractiveShell, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(calc.UnknownNameError) as told:
        calc.compare("chronic")
    shell.run_cell("calc.compare('chronic')")
    shown = re.sub(r"\x1b\[[\d;]*m", "", capsys.readouterr().out)
    assert shown == f"UnknownNameError: {told.value}\n"


def test_an_error_that_is_not_of_the_project_keeps_its_frames(
    shell: InteractiveShell, capsys: pytest.CaptureFixture[str]
) -> None:
    shell.run_cell("1 / 0")
    assert "Traceback" in capsys.readouterr().out
