"""Reading of CSV and Parquet files with Arrow; errors say what to change."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterable
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as compute
import pyarrow.csv as csv
import pyarrow.parquet as parquet
import pyarrow.types as types

from lossary.errors import ArgumentError

__all__ = ["TableError", "column_named", "read_table"]

DELIMITERS = ",;\t|"
# Beyond Arrow's own list ("NA", "N/A", "NULL", "NaN", …).
MISSING = ("?", "-")
# Arrow infers a column's type from one block and fails if a later block disagrees, so one block holds the whole file.
SMALLEST_BLOCK, LARGEST_BLOCK = 2**24, 2**31 - 1
COMPRESSED, RATIO = (".gz", ".bz2", ".zst", ".lz4", ".br"), 20
HEAD = 65536
LONGEST = 200  # characters of a message that an error quotes
# "1.034,50" against "1034.50"; "1.034" alone could be either.
WITH_COMMA = re.compile(r"[-+]?[$€£]?\s*(\d{1,3}([.\s]\d{3})+|\d+),\d+\s*[$€£%]?")
WITH_POINT = re.compile(r"[-+]?\d*\.(?!\d{3}$)\d+")
GROUPING = r"[.\s\x{a0}\x{202f}]"  # separators of thousands beside a decimal comma, for Arrow
GROUPED = rf"^\s*[-+]?[$€£]?\s*(\d{{1,3}}({GROUPING}\d{{3}})+|\d+)(,\d+)?[\s\x{{a0}}]*[$€£%]?\s*$"


class TableError(ArgumentError):
    """An unusable table or column."""


def read_table(path: Path) -> pa.Table:
    """Read a CSV or Parquet file; raise if it has no rows or two columns of one name."""
    try:
        if path.is_dir():
            raise TableError(f"{path} is a folder; name a CSV or Parquet file in it")
        if path.exists() and not path.is_file():
            raise TableError(f"{path} is a pipe or a device, which cannot be read twice; save the table to a file")
        with pa.input_stream(str(path)) as file:  # decompresses by the file's name, as reading does
            head = file.read(HEAD)
        table = _parquet(path) if head.startswith(b"PAR1") else _csv(path, head)
    except FileNotFoundError:
        raise TableError(f"there is no file {path}{_neighbour(path)}") from None
    except OSError as error:
        raise TableError(f"{path} cannot be read: {error.strerror or error}") from None
    table = table.rename_columns([name.strip() for name in table.column_names])
    _check(table, path)
    return table


def column_named(table: pa.Table, name: str) -> pa.ChunkedArray[Any]:
    """Return the column of that name; the error for an unknown name suggests the nearest one."""
    if name not in table.column_names:
        raise TableError(f"there is no column {name!r}{_suggestion(name, table.column_names)}")
    return table[name]


def _parquet(path: Path) -> pa.Table:
    try:
        return parquet.read_table(path)
    except pa.ArrowException as error:
        raise TableError(f"{path} begins like a Parquet file but cannot be read: {_first_line(error)}") from None


def _csv(path: Path, head: bytes) -> pa.Table:
    encoding = "utf-16" if head[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8"
    if not head.removeprefix(codecs.BOM_UTF8).strip():
        raise TableError(f"{path} is empty")
    if encoding == "utf-8" and b"\0" in head:
        raise TableError(f"{path} is neither a CSV nor a Parquet file: it holds binary data")
    size = path.stat().st_size * (RATIO if path.suffix in COMPRESSED else 1)
    block = min(LARGEST_BLOCK, max(SMALLEST_BLOCK, size + 1))
    try:
        text = codecs.getincrementaldecoder(encoding)().decode(head)
        if len(head) < HEAD and len(text.strip().splitlines()) == 1:
            raise TableError(f"{path} has one line only: a header but no rows")
        parse, convert = _dialect(text)
        # With threads, Arrow does not report the row of an error.
        read = csv.ReadOptions(use_threads=False, block_size=block, encoding=encoding)
        table = csv.read_csv(path, read, parse, convert)
        # Arrow returns undecodable text as bytes, and decodes names when they are read.
        is_text = bool(table.column_names) and not any(map(types.is_binary, table.schema.types))
    except UnicodeDecodeError:
        is_text = False
    except pa.ArrowException as error:
        raise TableError(f"{path} cannot be read as a CSV file: {_first_line(error)}") from None
    if not is_text:
        raise TableError(f"{path} is not UTF-8 text; save it as UTF-8 (a spreadsheet calls that 'CSV UTF-8')")
    return _with_points(table) if convert.decimal_point == "," else table


def _dialect(text: str) -> tuple[csv.ParseOptions, csv.ConvertOptions]:
    """Detect the delimiter and the decimal mark from the beginning of a file."""
    header = text.partition("\n")[0]
    delimiter = max(DELIMITERS, key=header.count)
    cells = {cell.strip('" ') for line in text.splitlines() for cell in line.split(delimiter)}
    comma = any(map(WITH_COMMA.fullmatch, cells)) and not any(map(WITH_POINT.fullmatch, cells))
    nulls = [*(csv.ConvertOptions().null_values or ()), *MISSING]
    return (
        csv.ParseOptions(delimiter=delimiter, newlines_in_values=True),
        csv.ConvertOptions(null_values=nulls, strings_can_be_null=True, decimal_point="," if comma else "."),
    )


def _with_points(table: pa.Table) -> pa.Table:
    """Rewrite texts that are numbers with decimal commas, '1.034,50 €', with decimal points."""
    for i, kind in enumerate(table.schema.types):
        if types.is_string(kind):
            texts = table.column(i)
            plain = compute.replace_substring(compute.replace_substring_regex(texts, GROUPING, ""), ",", ".")
            texts = compute.if_else(compute.match_substring_regex(texts, GROUPED), plain, texts)
            table = table.set_column(i, table.field(i), texts)
    return table


def _check(table: pa.Table, path: Path) -> None:
    names = table.column_names
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        which = f"named {twice[0]!r}" if twice[0] else "without a name"
        raise TableError(f"{path} has more than one column {which}; rename them so that each name is used once")
    if table.num_rows == 0:
        raise TableError(f"{path} has a header but no rows")


def _neighbour(path: Path) -> str:
    folder = path.parent
    return _suggestion(path.name, [each.name for each in folder.iterdir()], list_all=False) if folder.is_dir() else ""


def _suggestion(name: str, names: Iterable[str], *, list_all: bool = True) -> str:
    """Return '; did you mean …?', or the names to choose from."""
    lower = {each.lower(): each for each in names}
    near = get_close_matches(name.lower(), lower, n=1)
    if near:
        return f"; did you mean {lower[near[0]]!r}?"
    shown = ", ".join(map(repr, list(lower.values())[:12])) + (", …" if len(lower) > 12 else "")
    return f"; the columns are {shown}" if list_all else ""


def _first_line(error: Exception) -> str:
    line = str(error).strip().partition("\n")[0].rstrip(".")
    line = "".join(sign if sign.isprintable() else "?" for sign in line)
    return line if len(line) <= LONGEST else line[:LONGEST] + "…"
