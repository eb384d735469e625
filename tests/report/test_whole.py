"""Files and folders appear whole or not at all, whatever fails."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from calc.errors import RunError
from calc.report.whole import Disk, append_line, whole_folder, write_whole


class Faulty(Disk):
    """Does something else than it should at its ``at``-th call, counted from 0."""

    def __init__(self, at: int, fault: Callable[[], object]) -> None:
        self.at, self.fault, self.calls = at, fault, 0

    def due(self) -> None:
        self.calls += 1
        if self.calls > self.at:
            self.at = 1 << 60
            self.fault()

    def open(self, path: Path, flags: int) -> int:
        self.due()
        return super().open(path, flags)

    def write(self, handle: int, content: bytes) -> int:
        self.due()
        return super().write(handle, content)

    def fsync(self, handle: int) -> None:
        self.due()
        super().fsync(handle)

    def rename(self, old: Path, new: Path) -> None:
        self.due()
        super().rename(old, new)


class Short(Disk):
    """Writes one byte less than a third of what it is given."""

    def write(self, handle: int, content: bytes) -> int:
        return super().write(handle, content[: max(1, len(content) // 3)])


def raising(number: int) -> Callable[[], object]:
    def fail() -> None:
        raise OSError(number, os.strerror(number))

    return fail


def test_short_writes_are_gone_on_with(tmp_path: Path) -> None:
    content = os.urandom(100_000)
    write_whole(tmp_path / "file", content, disk=Short())
    assert (tmp_path / "file").read_bytes() == content


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EIO])
def test_a_file_that_could_not_be_replaced_stays_as_it_was(tmp_path: Path, number: int) -> None:
    write_whole(tmp_path / "file", b"old")
    for at in range(5):
        with pytest.raises(RunError, match=os.strerror(number)):
            write_whole(tmp_path / "file", b"new", disk=Faulty(at, raising(number)))
        assert (tmp_path / "file").read_bytes() == b"old"
        assert list(tmp_path.iterdir()) == [tmp_path / "file"]


def test_a_folder_replaces_one_that_is_there_and_a_fault_at_any_call_leaves_that_as_it_was(tmp_path: Path) -> None:
    final = tmp_path / "final"

    def write(text: str, disk: Disk) -> None:
        with whole_folder(final, disk=disk) as work:
            for name in ("a", "b"):
                (work / name).write_text(text, encoding="utf-8")

    write("older", Disk())
    write("old", counting := Faulty(1 << 50, lambda: None))
    for at in range(
        counting.calls - 2
    ):  # after the last rename it is there; what may fail then is the wait for the disk
        with pytest.raises(RunError, match="could not be written"):
            write("new", Faulty(at, raising(errno.ENOSPC)))
        assert {file.name: file.read_text("utf-8") for file in final.iterdir()} == {"a": "old", "b": "old"}
        assert list(tmp_path.iterdir()) == [final]
    write("new", Disk())
    assert {file.name: file.read_text("utf-8") for file in final.iterdir()} == {"a": "new", "b": "new"}
    assert list(tmp_path.iterdir()) == [final]


def test_a_torn_line_of_a_journal_is_closed_off(tmp_path: Path) -> None:
    journal = tmp_path / "journal"
    journal.write_bytes(b'{"a": 1}\n{"b": ')
    append_line(journal, '{"c": 3}', disk=Short())
    assert journal.read_bytes() == b'{"a": 1}\n{"b": \n{"c": 3}\n'


def test_a_file_where_the_folder_should_be_is_told(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("a file", encoding="utf-8")
    with pytest.raises(RunError, match=r"taken.file could not be written: .*(?:Not a directory|File exists)"):
        write_whole(tmp_path / "taken" / "file", b"")
    with (
        pytest.raises(RunError, match=r"taken.folder could not be written: .*(?:Not a directory|File exists)"),
        whole_folder(tmp_path / "taken" / "folder"),
    ):
        pass
