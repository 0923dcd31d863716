"""The disk cache of machine code: entries are verified when read and replaced atomically when written."""

from __future__ import annotations

import hashlib
import os
import sys
from pathlib import Path

from lossary.execution.cpu.notice import warn_once

__all__ = ["directory", "read", "write"]

NOT_KEPT = (
    "Compiled kernels cannot be cached on disk ({}): each process compiles them again, which takes about a second "
    "each. Set LOSSARY_CACHE_DIR to a writable folder."
)


def directory() -> Path:
    """Return the cache folder: ``LOSSARY_CACHE_DIR``, else one among the user's caches."""
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
    """Return the data of a key, or None if there is none or it is damaged."""
    try:
        content = _path(key).read_bytes()
    except (OSError, RuntimeError, ValueError):  # no such file, no permission; no home directory; no name of a folder
        return None
    digest, data = content[:32], content[32:]
    return data if hashlib.sha256(data).digest() == digest else None


def write(key: str, data: bytes) -> None:
    """Store the data of a key; warn once if that fails. Other processes see all of it or nothing."""
    try:
        _replace(_path(key), hashlib.sha256(data).digest() + data)
    except (OSError, RuntimeError, ValueError) as problem:  # no permission, a full disk, no home, no name of a folder
        warn_once("cache", NOT_KEPT.format(problem))


def _replace(path: Path, content: bytes) -> None:
    import tempfile  # slow: it imports compression modules

    path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(prefix=f"{path.stem[:16]}.", suffix=".part", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        os.replace(temporary, path)
    except OSError:  # among others, (Windows) another process has the file open
        Path(temporary).unlink(missing_ok=True)
        raise


def _path(key: str) -> Path:
    return directory() / f"{key}.o"
