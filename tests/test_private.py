"""What somebody holds stays theirs: who they are is never read, written, printed or logged."""

from __future__ import annotations

import json
import logging
import socket
from pathlib import Path

import pytest
from click.testing import CliRunner

from calc.cli import main

from .exchange.test_x12_835 import CLAIM, file

REPOSITORY = Path(__file__).resolve().parent.parent
MARKER = "MARKER"
#: the reader keeps no name; codes say which benefit each line falls under
CODES = "code,category\n64483,outpatient_procedure\n97110,therapy_visit\n75710,imaging\n37228,outpatient_procedure\n"


def holding(folder: Path) -> list[str]:
    """Write statements of each format with a marker wherever a person may be named; return their paths."""
    head = "Patient Name,member_id,Date of Birth,provider,claim,line,date,code,billed,allowed,deductible,you_owe\n"
    row = f"{MARKER},{MARKER},{MARKER},{MARKER},T1,1,2026-04-02,97110,90,60,0,55\n"
    (folder / "table.csv").write_text(head + row, encoding="utf-8")
    eob = json.loads((REPOSITORY / "tests" / "exchange" / "samples" / "eob_professional_2.json").read_text("utf-8"))
    eob |= {"patient": {"reference": f"Patient/{MARKER}", "display": MARKER}, "provider": {"display": MARKER}}
    eob["contained"] = [{"resourceType": "Patient", "name": [{"text": MARKER}]}]
    text = json.dumps(eob).replace("2020-08-04", "2026-05-06")
    (folder / "eob.json").write_text(text, encoding="utf-8")
    (folder / "era.835").write_text(file(CLAIM), encoding="utf-8")
    assert all(MARKER in each.read_text("utf-8") for each in folder.iterdir())
    return [str(each) for each in sorted(folder.iterdir())]


@pytest.fixture
def alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let nothing reach another machine."""

    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("a connection was asked for")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)


@pytest.mark.usefixtures("alone")
def test_no_marker_of_a_person_is_in_anything_written_printed_or_logged(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    mine, work = tmp_path / "mine", tmp_path / "work"
    mine.mkdir()
    work.mkdir()
    files = holding(mine)
    (work / "codes.csv").write_text(CODES, encoding="utf-8")
    me = "label: MARKER\ndecision_date: 2026-06-01\nnote: MARKER\n"
    (mine / "me.yaml").write_text(me, encoding="utf-8")
    monkeypatch.chdir(work)
    monkeypatch.setenv("HOME", str(work))
    common = ["--plan", "employer_ppo_2026", "--codes", "codes.csv", "--patient", str(mine / "me.yaml"),
              "--params", str(REPOSITORY / "params")]  # fmt: skip
    commands = [
        ["check-bill", *files, *common, "--out", "lines.csv", "--letter", "letter.html", "--letter", "letter.txt"],
        ["estimates", *files, *common, "--out", "estimates.csv"],
    ]
    for arguments in commands:
        done = CliRunner().invoke(main, arguments)
        assert done.exit_code == 0, done.output
        assert MARKER not in done.output
    written = [each for each in work.rglob("*") if each.is_file()]
    ours = {each.name for each in written if ".cache" not in each.parts}  # fonts that matplotlib found may lie there
    assert ours == {"codes.csv", "lines.csv", "letter.html", "letter.txt", "estimates.csv"}
    for each in written:
        assert MARKER.encode() not in each.read_bytes(), each
    assert MARKER not in caplog.text


def test_a_report_that_takes_what_is_met_from_statements_keeps_nothing_else_of_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = f"{MARKER},{MARKER},2026-04-02,imaging,900,600,600,600\n"
    (tmp_path / f"{MARKER}.csv").write_text(
        f"patient,claim,date,category,billed,allowed,deductible,you_owe\n{row}", "utf-8"
    )
    monkeypatch.chdir(tmp_path)
    done = CliRunner().invoke(
        main, ["report", "chronic_low_back_pain", "--params", str(REPOSITORY / "params"), "--draws", "64",
               "--met-from", f"{MARKER}.csv", "--out", "out"],
    )  # fmt: skip
    assert done.exit_code == 0, done.output
    assert "deductible 600.00" in done.stderr
    assert MARKER not in done.stdout
    written = [each for each in (tmp_path / "out").rglob("*") if each.is_file()]
    assert any("patient.met.deductible" in each.read_text("utf-8") for each in written if each.name == "manifest.json")
    for each in written:
        assert MARKER not in str(each)
        assert MARKER.encode() not in each.read_bytes(), each
