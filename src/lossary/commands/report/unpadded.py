"""Standard output without trailing blanks, with which tables and boxes fill their lines."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout
from typing import IO, Any, cast

__all__ = ["unpadded"]

PADDING = re.compile(r" +\n")


@contextmanager
def unpadded() -> Iterator[None]:
    """Drop trailing blanks of lines printed inside the block, unless standard output is a terminal."""
    if sys.stdout.isatty():
        yield
    else:
        with redirect_stdout(cast("IO[str]", _Unpadded(sys.stdout))):
            yield


class _Unpadded:
    """A text stream that writes to another one without trailing blanks."""

    def __init__(self, stream: IO[str]) -> None:
        self._stream = stream

    def write(self, text: str) -> int:
        self._stream.write(PADDING.sub("\n", text))
        return len(text)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)
