"""Where a batch's results stand: a folder, or a URL that fsspec knows (an object store, another machine's disk)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Protocol

from ..errors import RunError
from ..report.manifest import is_whole, matches, sha256
from ..report.whole import append_line, write_whole

__all__ = ["Folder", "Place", "Remote", "place_of"]


class Place(Protocol):
    """What a batch asks of where its results stand; names are paths below it, with slashes."""

    @property
    def address(self) -> str:
        """What a worker on any machine finds the place by."""

    def at(self, name: str) -> Path | str:
        """Return where something stands, for people and for their programs."""

    def has(self, run: str) -> bool:
        """Whether a run is there whole."""

    def read(self, name: str) -> bytes | None:
        """Return a file, None where there is none."""

    def write(self, name: str, content: bytes) -> None:
        """Write a file so that it is there whole or not at all; RunError if it cannot be written."""

    def append(self, name: str, line: str) -> None:
        """Append a line to a file; OSError or RunError if it cannot be written."""


class Folder:
    """A folder of this machine, or one that all workers see under the same path."""

    def __init__(self, path: Path) -> None:
        self.path = path

    @property
    def address(self) -> str:
        """The folder's path from the root."""
        return str(self.path.resolve())

    def at(self, name: str) -> Path:
        """See :class:`Place`."""
        return self.path / name

    def has(self, run: str) -> bool:
        """See :class:`Place`."""
        return is_whole(self.path / run)

    def read(self, name: str) -> bytes | None:
        """See :class:`Place`."""
        file = self.path / name
        return file.read_bytes() if file.is_file() else None

    def write(self, name: str, content: bytes) -> None:
        """See :class:`Place`."""
        write_whole(self.path / name, content)

    def append(self, name: str, line: str) -> None:
        """See :class:`Place`."""
        append_line(self.path / name, line)


class Remote:
    """A URL. Nothing can be renamed there, so a run is there when its manifest is, which is written last.

    Raises
    ------
    RunError
        if no fsspec is installed, or it does not know such a URL.
    """

    def __init__(self, url: str) -> None:
        try:
            from fsspec.core import url_to_fs
        except ImportError as error:
            raise RunError(f"{url} needs fsspec: pip install 'treatment-calc[cluster]'.") from error
        try:
            self._files, self._root = url_to_fs(url)
        except (ImportError, ValueError) as error:
            raise RunError(f"nothing can be written to {url}: {error}.") from error
        self.address = url
        self._files.invalidate_cache()

    def at(self, name: str) -> str:
        """See :class:`Place`."""
        return f"{self.address}/{name}".rstrip("/")

    def has(self, run: str) -> bool:
        """See :class:`Place`; reads every byte of the run."""
        try:
            content = self._cat(f"{run}/manifest.json")
            there = {name: sha256(self._cat(f"{run}/{name}")) for name in self._names(run) if name != "manifest.json"}
        except OSError:
            return False
        return matches(run, content, there)

    def read(self, name: str) -> bytes | None:
        """See :class:`Place`."""
        try:
            return self._cat(name)
        except FileNotFoundError:
            return None

    def write(self, name: str, content: bytes) -> None:
        """See :class:`Place`; a store of objects shows one whole or not at all."""
        with self._told(name):
            file = f"{self._root}/{name}"
            self._files.makedirs(file.rsplit("/", 1)[0], exist_ok=True)
            self._files.pipe_file(file, content)

    def append(self, name: str, line: str) -> None:
        """See :class:`Place`; the file is written anew, as objects are."""
        self.write(name, (self.read(name) or b"") + line.encode() + b"\n")

    def send(self, folder: Path) -> None:
        """Bring a run that is whole here to its place; what was there of an earlier one goes first.

        Raises
        ------
        RunError
            if it cannot be written; it is then not there, whatever part of it is.
        """
        run = folder.name
        names = sorted(file.relative_to(folder).as_posix() for file in folder.rglob("*") if file.is_file())
        with self._told(run):
            left = self._names(run)
            for name in ("manifest.json", *left):
                if name in left and (name == "manifest.json" or name not in names):
                    self._files.rm_file(f"{self._root}/{run}/{name}")
                    left.remove(name)
        for name in (*(each for each in names if each != "manifest.json"), "manifest.json"):
            self.write(f"{run}/{name}", (folder / name).read_bytes())

    def _cat(self, name: str) -> bytes:
        content: bytes = self._files.cat_file(f"{self._root}/{name}")
        return content

    def _names(self, run: str) -> list[str]:
        start = f"{self._root.strip('/')}/{run}/"
        found: Any = self._files.find(f"{self._root}/{run}")
        return [str(each).strip("/").removeprefix(start.lstrip("/")) for each in found]

    @contextmanager
    def _told(self, name: str) -> Iterator[None]:
        try:
            yield
        except Exception as error:  # each kind of store raises errors of its own
            raise RunError(
                f"{self.at(name)} could not be written: {error}. Check the address and your rights."
            ) from error


def place_of(out: Path | str, name: str = "") -> Place:
    """Return the place called ``name`` in a folder or below a URL; of ``file://`` it is the folder."""
    text = str(out)
    if text.startswith("file://"):
        return Folder(Path(text.removeprefix("file://")) / name)
    if "://" in text or "::" in text:
        return Remote("/".join(filter(None, (text.rstrip("/"), name))))
    return Folder(Path(out) / name)
