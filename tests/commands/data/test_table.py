"""Reading of tables as people keep them, and errors for those that cannot be read."""

from __future__ import annotations

import gzip
import os
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as parquet
import pytest

from lossary.commands.data.column import numbers
from lossary.commands.data.table import TableError, column_named, read_table


def written(folder: Path, content: str | bytes, name: str = "table.csv") -> Path:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


READABLE = {
    "commas": b"a,b\n1,2\n",
    "semicolons and decimal commas": b"a;b\n1,0;2,0\n",
    "tabs": b"a\tb\n1\t2\n",
    "bars": b"a|b\n1|2\n",
    "windows lines": b"a,b\r\n1,2\r\n",
    "byte order mark": b"\xef\xbb\xbfa,b\n1,2\n",
    "utf-16": "a,b\n1,2\n".encode("utf-16"),
    "gzip": gzip.compress(b"a,b\n1,2\n"),
    "no last newline": b"a,b\n1,2",
}


@pytest.mark.parametrize("content", READABLE.values(), ids=READABLE.keys())
def test_reads_what_programs_write(content: bytes, tmp_path: Path) -> None:
    name = "table.csv.gz" if content.startswith(b"\x1f\x8b") else "table.csv"
    table = read_table(written(tmp_path, content, name))
    assert table.to_pydict() == {"a": [1], "b": [2]}


def test_reads_parquet_by_content_whatever_its_name(tmp_path: Path) -> None:
    path = tmp_path / "table.data"
    parquet.write_table(pa.table({"a": [1, 2], "b": ["x", None]}), path)
    assert read_table(path).to_pydict() == {"a": [1, 2], "b": ["x", None]}


def test_words_for_missing_are_missing(tmp_path: Path) -> None:
    table = read_table(written(tmp_path, "a,b\nNA,x\n?,\n3,-\n"))
    assert table.to_pydict() == {"a": [None, None, 3], "b": ["x", None, None]}


def test_a_late_text_does_not_break_a_column_of_numbers(tmp_path: Path) -> None:
    """Arrow by itself infers a column's type from the first block of the file."""
    rows = "".join(f"{i},{i}\n" for i in range(200_000))
    table = read_table(written(tmp_path, f"a,b\n{rows}x,1\n"))
    assert table["a"][-1].as_py() == "x"


def test_a_cell_may_hold_a_line_break(tmp_path: Path) -> None:
    assert read_table(written(tmp_path, 'a,b\n"x\ny",2\n')).to_pydict() == {"a": ["x\ny"], "b": [2]}


DECIMAL_COMMAS: dict[str, tuple[str, list[float]]] = {
    "three decimals beside dates": ("12,345;01.02.2024", [12.345]),
    "thousands": ("1.034,50;x\n-2.000.000,25;x", [1034.5, -2000000.25]),
    "thousands without decimals": ("1.034;0,5", [1034]),
    "thousands by spaces": ("1 034,50;x\n1\u00a0034,50;x\n1\u202f034,50;x", [1034.5] * 3),
    "money": ("1.034,50 €;x\n€ 7,25;x\n12,5\u00a0€;x", [1034.5, 7.25, 12.5]),
    "per cent": ("12,5 %;x", [12.5]),
    "points elsewhere, so that commas are of thousands": ("1,234;2.75", [1234]),
    "whole numbers": ("7;0,5", [7]),
}


@pytest.mark.parametrize(("rows", "expected"), DECIMAL_COMMAS.values(), ids=DECIMAL_COMMAS.keys())
def test_decimal_commas(rows: str, expected: list[float], tmp_path: Path) -> None:
    found = numbers(read_table(written(tmp_path, f"a;b\n{rows}\n"))["a"])
    assert found
    assert found.values.tolist() == expected


def test_texts_beside_decimal_commas_are_left_alone(tmp_path: Path) -> None:
    table = read_table(written(tmp_path, "a;b;c\n0,5;Hello, world;01.02.2024\n1,5;10.000 steps;x\n"))
    assert table.to_pydict() == {"a": [0.5, 1.5], "b": ["Hello, world", "10.000 steps"], "c": ["01.02.2024", "x"]}


UNREADABLE = {
    "empty": ("", "is empty"),
    "blank": (" \n\n", "is empty"),
    "byte order mark alone": (b"\xef\xbb\xbf", "is empty"),
    "header alone": ("a,b\n", "a header but no rows"),
    "header alone, not ended": ("a,b", "a header but no rows"),
    "ragged": ("a,b\n1,2\n1,2,3\n", r"Row #3: Expected 2 columns, got 3"),
    "signs that a terminal obeys": ("a,b\n1,2\n\x1b[2J,2,3\n", r"got 3: \?\[2J,2,3"),
    "noise": (bytes(range(255, 0, -1)) * 9, "is not UTF-8 text"),
    "binary": (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "neither a CSV nor a Parquet file"),
    "latin-1": ("a,b\nMünchen,1\n".encode("latin-1"), "is not UTF-8 text"),
    "latin-1 header": ("größe,b\n1,1\n".encode("latin-1"), "is not UTF-8 text"),
    "cut parquet": (b"PAR1 and then nothing", "cannot be read"),
    "name used twice": ("a,b,a\n1,2,3\n", "more than one column named 'a'"),
    "name used twice but for spaces": ("a,b, a\n1,2,3\n", "more than one column named 'a'"),
    "columns without names": ("a,,\n1,2,3\n", "more than one column without a name"),
}


@pytest.mark.parametrize(("content", "message"), UNREADABLE.values(), ids=UNREADABLE.keys())
def test_says_why_a_file_cannot_be_read(content: str | bytes, message: str, tmp_path: Path) -> None:
    with pytest.raises(TableError, match=message) as caught:
        read_table(written(tmp_path, content))
    assert "table.csv" in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_folder_is_no_table(tmp_path: Path) -> None:
    with pytest.raises(TableError, match="is a folder"):
        read_table(tmp_path)


@pytest.mark.skipif(os.name == "nt", reason="Windows has no named pipes in folders")
def test_a_pipe_is_no_table(tmp_path: Path) -> None:
    path = tmp_path / "pipe"
    os.mkfifo(path)
    with pytest.raises(TableError, match="save the table to a file"):
        read_table(path)


def test_a_name_that_no_file_can_have(tmp_path: Path) -> None:
    with pytest.raises(TableError, match="cannot be read: File name too long"):
        read_table(tmp_path / ("a" * 5000))


def test_a_missing_file_is_answered_with_its_neighbour(tmp_path: Path) -> None:
    written(tmp_path, "a,b\n1,2\n", "houses.csv")
    with pytest.raises(TableError, match=r"there is no file .*house\.csv; did you mean 'houses.csv'\?"):
        read_table(tmp_path / "house.csv")


def test_a_missing_column_is_answered_with_the_nearest() -> None:
    table = pa.table({"Price": [1], "rooms": [2]})
    with pytest.raises(TableError, match=r"no column 'price'; did you mean 'Price'\?"):
        column_named(table, "price")
    with pytest.raises(TableError, match="the columns are 'Price', 'rooms'"):
        column_named(table, "zzz")
