"""Files as they are downloaded: plain, gzip, zip; half ones, bombs and endless lines are told."""

from __future__ import annotations

import gzip
import io
import zipfile
from pathlib import Path

import pytest

from calc.errors import ParameterFileError
from calc.exchange.hospital_prices import read_hospital_prices
from calc.exchange.opened import lines_of, opened

from .made import EPIDURAL, hospital, said

CODES = frozenset(["CPT 62323"])


def zipped(file: Path, **members: bytes) -> Path:
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as folder:
        for name, content in members.items():
            folder.writestr(name, content)
    return file


def refused(file: Path) -> str:
    try:
        with opened(file) as stream:
            while stream.read(2**20):
                pass
    except ParameterFileError as error:
        return str(error)
    return "it was read"


def test_a_file_says_the_same_as_it_is_gzipped_and_zipped(tmp_path: Path) -> None:
    plain = hospital(tmp_path, EPIDURAL)
    packed = tmp_path / "h.csv.gz"
    packed.write_bytes(gzip.compress(plain.read_bytes()))
    archive = zipped(tmp_path / "h.zip", csv=plain.read_bytes())
    assert said(read_hospital_prices(plain, CODES)) == said(read_hospital_prices(packed, CODES))
    assert said(read_hospital_prices(plain, CODES)) == said(read_hospital_prices(archive, CODES))


@pytest.mark.parametrize("part", [0.3, 0.6, 0.95])
def test_half_an_archive_is_told(tmp_path: Path, part: float) -> None:
    content = bytes(number * number % 251 for number in range(50_000))
    half = tmp_path / "half.gz"
    whole = gzip.compress(content)
    half.write_bytes(whole[: int(len(whole) * part)])
    assert "the compressed file is damaged or cut off" in refused(half)
    whole = zipped(tmp_path / "whole.zip", a=content).read_bytes()
    half.write_bytes(whole[: int(len(whole) * part)])
    assert "the zip cannot be opened" in refused(half)


def test_a_damaged_archive_is_told(tmp_path: Path) -> None:
    raw = bytearray(gzip.compress(bytes(range(256)) * 500))
    raw[len(raw) // 2] ^= 0xFF
    file = tmp_path / "bad.gz"
    file.write_bytes(raw)
    assert "damaged or cut off" in refused(file)


def test_an_archive_that_swells_beyond_measure_is_not_read_on(tmp_path: Path) -> None:
    bomb = tmp_path / "bomb.gz"
    with gzip.open(bomb, "wb") as stream:
        for _ in range(80):
            stream.write(bytes(2**20))
    assert "it swells to more than 500 times its size" in refused(bomb)
    assert "it swells to more than 500 times its size" in refused(zipped(tmp_path / "b.zip", a=bytes(80 * 2**20)))


def test_a_zip_of_several_files_or_none_names_them(tmp_path: Path) -> None:
    assert "the zip holds 2 files ('a', 'b'). Unpack it" in refused(zipped(tmp_path / "two.zip", a=b"1", b=b"2"))
    assert "the zip holds 0 files (nothing)" in refused(zipped(tmp_path / "folder.zip", **{"folder/": b""}))


def test_what_is_not_there_is_told(tmp_path: Path) -> None:
    assert "it cannot be read (No such file or directory)" in refused(tmp_path / "no.csv")
    assert "it cannot be read (Is a directory)" in refused(tmp_path)


def test_a_line_without_end_is_told_before_it_fills_the_memory(tmp_path: Path) -> None:
    with pytest.raises(ParameterFileError, match=r"x\.csv:2: a line of more than"):
        list(lines_of(io.BytesIO(b"a\n" + b"b" * 9 * 2**20), tmp_path / "x.csv"))


def test_half_a_table_is_told_with_its_line(tmp_path: Path) -> None:
    file = hospital(tmp_path, EPIDURAL)
    whole = file.read_bytes()
    for part, told in ((whole[:-60], "ends in the middle of a row"), (whole + b'"half of', "this is no CSV")):
        file.write_bytes(part)
        with pytest.raises(ParameterFileError, match=rf"h\.csv:[45]: .*{told}.* [Dd]ownload it again"):
            read_hospital_prices(file, CODES)


def test_more_cells_than_columns_are_told(tmp_path: Path) -> None:
    file = hospital(tmp_path, EPIDURAL)
    file.write_text(file.read_text("utf-8").rstrip("\n") + ",more\n", encoding="utf-8")
    with pytest.raises(ParameterFileError, match=r"h\.csv:4: 19 cells below 18 columns"):
        read_hospital_prices(file, CODES)
