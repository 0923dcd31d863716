"""Writing of files, complete or not at all."""

from __future__ import annotations

import os
import stat
import tempfile
from collections.abc import Callable
from pathlib import Path

from lossary.errors import ArgumentError

__all__ = ["check_writable", "replace_with", "write_text"]


def check_writable(path: Path, reserved: Path | None = None) -> None:
    """Raise if the file cannot be written, so that this is known before the work begins."""
    try:
        if path.is_dir():
            raise ArgumentError(f"{path} is a folder; name a file in it")
        if path.exists() and not path.is_file():
            raise ArgumentError(f"{path} is a pipe or a device, which cannot be replaced; name a file")
        if reserved and path.exists() and reserved.exists() and path.samefile(reserved):
            raise ArgumentError(f"{path} is the table itself, which the report would overwrite; name another file")
        if not path.parent.is_dir():
            raise ArgumentError(f"there is no folder {path.parent} to write {path.name} to")
        with tempfile.TemporaryFile(dir=path.resolve().parent):
            pass
    except OSError as error:
        raise ArgumentError(f"{path} cannot be written: {error.strerror}") from None


def write_text(path: Path, text: str) -> None:
    """Write the text as UTF-8; an existing file is replaced."""
    replace_with(path, lambda temporary: temporary.write_text(text, encoding="utf-8"))


def replace_with(path: Path, write: Callable[[Path], object]) -> None:
    """Call ``write`` with a temporary file beside ``path``, then rename it: an incomplete file is never seen.

    A link is kept, and so are the permissions of an existing file.
    """
    path = path.resolve()
    try:
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=".lossary-", suffix=path.suffix)
        os.close(handle)
        _write_and_rename(Path(name), path, write)
    except OSError as error:
        raise ArgumentError(f"{path} cannot be written: {error.strerror}") from None


def _write_and_rename(temporary: Path, path: Path, write: Callable[[Path], object]) -> None:
    try:
        write(temporary)
        temporary.chmod(stat.S_IMODE(path.stat().st_mode) if path.exists() else 0o666 & ~_umask())
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
