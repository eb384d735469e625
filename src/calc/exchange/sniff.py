"""What a stranger's file seems to be, from its first bytes, and which command reads it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from shlex import quote
from zipfile import BadZipFile, ZipFile

from ..errors import CalcError
from .opened import opened

__all__ = ["sniff"]

_FIRST = 64 * 2**10


@dataclass(frozen=True)
class Seen:
    """A file's kind, in words, and the command that reads it (empty where none does, then ``fix`` says what to do).

    ``ours`` tells of a parameter file or an overlay, which explain themselves when they are read.
    """

    name: str
    kind: str
    command: str = ""
    fix: str = ""
    ours: bool = False

    @property
    def advice(self) -> str:
        """What to do with it, as a sentence."""
        said = f"`{self.command}` reads it" if self.command else self.fix or "no command reads it"
        return f"{said[0].upper()}{said[1:]}."

    def __str__(self) -> str:
        return f"{self.name} looks like {self.kind}. {self.advice}"


_PLAN = "calc import plan {file}"
_PRICES = "calc import prices {file} --treatment NAME"
_SHARE = "calc patient-share --services {file} --plan NAME"
_WITH = "calc compare STUDY --with {file}"

#: of a binary file by how it begins: kind, and what to do with it
_MAGIC: Sequence[tuple[bytes, str, str]] = (
    (b"%PDF", "a PDF", "type the figures in: `calc new plan NAME` for a plan, or a CSV of code and price"),
    (b"\xd0\xcf\x11\xe0", "an old Excel or Word file", "save the sheet as CSV in UTF-8"),
    (b"\x89PNG", "a picture", "type the figures in"),
    (b"\xff\xd8\xff", "a picture", "type the figures in"),
    (b"PAR1", "a Parquet table", "save it as CSV in UTF-8"),
    (b"SQLite format 3", "a database", "export the table as CSV in UTF-8"),
    (b"\xff\xfe", "text in UTF-16", "save it as UTF-8"),
    (b"\xfe\xff", "text in UTF-16", "save it as UTF-8"),
    (b"version https://git-lfs", "a pointer to a file in Git LFS, not the file", "fetch the file itself"),
    (b"7z\xbc\xaf\x27\x1c", "a 7-Zip archive", "unpack it"),
    (b"BZh", "a bzip2 archive", "unpack it"),
    (b"\xfd7zXZ", "an xz archive", "unpack it"),
    (b"Rar!", "a RAR archive", "unpack it"),
)
#: of text: what must all be there (small letters), kind, command
_TEXT: Sequence[tuple[tuple[str, ...], str, str]] = (
    (('"$schema"', '"properties"'), "a JSON Schema, not data", ""),
    (('"standard_charge_information"',), "a hospital's price file in JSON", _PRICES),
    (("hospital_name", "last_updated_on", ","), "a hospital's price file in CSV", _PRICES),
    (('"in_network"',), "a payer's price file (rates in the network)", _PRICES),
    (('"out_of_network"', '"reporting_entity'), "a payer's price file (amounts allowed out of network)", _PRICES),
    (('"reporting_structure"',), "a payer's table of contents", ""),
    (('"reporting_entity_name"',), "a payer's price file", _PRICES),
    (("benefitname", "copayinntier1"), "CMS's table of benefits and cost sharing", _PLAN),
    (("standardcomponentid", "metallevel"), "CMS's table of plan attributes", _PLAN),
    (('"insuranceplan"',), "a FHIR InsurancePlan", _PLAN),
    (('"explanationofbenefit"',), "a FHIR explanation of benefits", ""),
    (('"resourcetype"',), "a FHIR resource", ""),
    (('"nbformat"',), "a notebook", "calc report STUDY --notebook {file}"),
    (('"cost_share', "{"), "a Benefit Plan Standard file", _PLAN),
    (("instanceof:", "usage:"), "FHIR Shorthand, the source text of an example", ""),
    (("<html",), "a web page, perhaps saved instead of the file", ""),
    (("<!doctype html",), "a web page, perhaps saved instead of the file", ""),
)
_FIXES = {
    "a payer's table of contents": "it names the files that hold the prices; download one of those",
    "a web page, perhaps saved instead of the file": "download the file itself",
    "a FHIR explanation of benefits": "write its lines as a CSV of date, category and allowed",
    "FHIR Shorthand, the source text of an example": "take the JSON that the guide publishes",
    "a FHIR resource": "only InsurancePlan is read",
}
#: parameter files by keys that stand at the left margin: kind, and where such a file belongs
_YAML: Sequence[tuple[tuple[str, ...], str, str]] = (
    (("sessions", "downtime"), "a treatment's parameter file", "put it under params/treatments and run calc check"),
    (("market", "year"), "a plan's parameter file", "put it under params/plans and run calc check"),
    (("decision_date",), "a patient's parameter file", "put it under params/patients and run calc check"),
    (("treatments", "plan"), "a study's file", "calc compare {file}"),
    (("weights", "bases"), "a view's file", "put it under params/views and run calc check"),
)


def sniff(file: Path) -> Seen:
    """Return what a file seems to be; it never raises for what is in the file."""
    try:
        size = file.stat().st_size
        if file.is_dir():
            return Seen(file.name, "a folder", fix="name a file in it")
        if not size:
            return Seen(file.name, "an empty file", fix="download it again")
        if found := _archive(file):
            return found
        with opened(file) as stream:
            start = stream.read(_FIRST)
    except OSError as error:
        return Seen(file.name, f"a file that cannot be read ({error.strerror})", fix="check the name and the rights")
    except CalcError as error:
        return Seen(file.name, "a damaged archive", fix=str(getattr(error, "problems", [error])[0]))
    return _seen(file, start)


def _archive(file: Path) -> Seen | None:
    """Return what a zip of several files is: an Excel workbook and a deck are zips too."""
    try:
        with ZipFile(file) as folder:
            names = [each for each in folder.namelist() if not each.endswith("/")]
    except BadZipFile:
        return None
    if "[Content_Types].xml" in names:
        return Seen(file.name, "an Office file", fix="save the sheet as CSV in UTF-8")
    if len(names) == 1:
        return None
    return Seen(file.name, f"a zip of {len(names)} files", fix="unpack it and name the one you mean")


def _seen(file: Path, start: bytes) -> Seen:
    for magic, kind, fix in _MAGIC:
        if start.startswith(magic):
            return Seen(file.name, kind, fix=fix)
    text = start.decode("utf-8-sig", errors="replace").lower()
    if re.search("[\x00-\x08\x0e-\x1a]", text):
        return Seen(file.name, "a file of bytes, not of text", fix="no command reads it")
    if text.startswith("isa*"):
        return Seen(file.name, "an X12 message", fix="write its lines as a CSV of date, category and allowed")
    for marks, kind, command in _TEXT:
        if all(mark in text for mark in marks):
            fix = _FIXES.get(kind, "")
            return _separated(file, text) or Seen(file.name, kind, command.format(file=quote(str(file))), fix)
    return _table(file, text) or _yaml(file, text) or _separated(file, text) or Seen(file.name, *_unknown(text))


def _unknown(text: str) -> tuple[str, str, str]:
    kind = "JSON of a kind that is not known here" if text.lstrip()[:1] in ("{", "[") else "text of no known kind"
    return kind, "", "no command reads it"


def _table(file: Path, text: str) -> Seen | None:
    """Return a table of ours by its header."""
    names = {name.strip(' "') for name in text.partition("\n")[0].split(",")}
    if {"code", "price"} <= names:
        return Seen(file.name, "a table of codes and prices", _PRICES.format(file=quote(str(file))))
    if {"date", "category", "allowed"} <= names:
        return Seen(file.name, "a list of dated bills", _SHARE.format(file=quote(str(file))))
    return None


def _separated(file: Path, text: str) -> Seen | None:
    """Return a table whose cells are not separated by commas."""
    first = text.partition("\n")[0]
    for mark, name in ((";", "semicolons"), ("\t", "tabs")):
        if first.count(mark) > 1 and first.count(mark) > 2 * first.count(",") and first.lstrip()[:1] not in "{[":
            return Seen(file.name, f"a table with {name} between its cells", fix="save it with commas, as CSV in UTF-8")
    return None


def _yaml(file: Path, text: str) -> Seen | None:
    keys = set(re.findall(r"^([a-z][a-z0-9_]*):", text, flags=re.MULTILINE))
    for marks, kind, what in _YAML:
        if keys.issuperset(marks):
            command = what.format(file=quote(str(file))) if what.startswith("calc") else ""
            return Seen(file.name, kind, command, "" if command else what, ours=True)
    if keys and file.suffix in (".yaml", ".yml"):
        return Seen(file.name, "a file of your own values", _WITH.format(file=quote(str(file))), ours=True)
    return None
