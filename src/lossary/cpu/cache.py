"""Machine code kept on disk between processes: checked when read, replaced whole when written, never required."""

from __future__ import annotations

import hashlib
import os
import sys
from pathlib import Path

__all__ = ["directory", "read", "write"]


def directory() -> Path:
    """Where the kernels are kept: ``LOSSARY_CACHE_DIR``, else the platform's place for the user's caches."""
    if chosen := os.environ.get("LOSSARY_CACHE_DIR"):
        return Path(chosen).expanduser()
    return _platform_directory() / "lossary"


def _platform_directory() -> Path:
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local")
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Caches"
    chosen = Path(os.environ.get("XDG_CACHE_HOME", ""))
    return chosen if chosen.is_absolute() else Path.home() / ".cache"


def read(key: str) -> bytes | None:
    """What was written for a key, or None where there is nothing, or nothing whole."""
    try:
        content = _path(key).read_bytes()
    except (OSError, RuntimeError):  # no such file, no permission; no home directory
        return None
    digest, data = content[:32], content[32:]
    return data if hashlib.sha256(data).digest() == digest else None


def write(key: str, data: bytes) -> None:
    """Keep data for a key, where the disk allows it. Other processes see all of it or nothing."""
    import tempfile  # it loads what compresses files

    try:
        path = _path(key)
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(prefix=f"{key[:16]}.", suffix=".part", dir=path.parent)
    except (OSError, RuntimeError):
        return
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(hashlib.sha256(data).digest() + data)
        os.replace(temporary, path)
    except OSError:  # the disk is full, or (Windows) another process has the file open
        Path(temporary).unlink(missing_ok=True)


def _path(key: str) -> Path:
    return directory() / f"{key}.o"
