"""Entry point of ``lossary`` and ``python -m lossary``: run a command and print errors in one line."""

from __future__ import annotations

import sys

from lossary.commands.report.unpadded import unpadded
from lossary.errors import LossaryError

__all__ = ["main"]

# Extra that installs a package which a command imports.
EXTRAS = dict.fromkeys(("typer", "rich", "pyarrow"), "cli")
EXTRAS |= dict.fromkeys(("torch", "sklearn", "scipy", "plotly", "latex2mathml", "matplotlib"), "compare")
BAD_INPUT, INTERRUPTED = 2, 130
PYTHON, COMMAND = "lossary.losses() lists", "'lossary list' shows"  # the same advice to callers and on the command line


def main() -> None:
    """Run the command line and exit: 0 for success, 2 for unusable input, 130 if interrupted."""
    try:
        with unpadded():
            status = _run()
    except KeyboardInterrupt:
        status = _failed("interrupted", INTERRUPTED)
    except ModuleNotFoundError as error:
        package = (error.name or "").partition(".")[0]
        if package not in EXTRAS:
            raise
        status = _failed(f"this needs {package}: pip install 'lossary[{EXTRAS[package]}]'", BAD_INPUT)
    sys.exit(status)


def _run() -> int:
    import typer

    from lossary.commands.cli import app

    try:
        status = app(prog_name="lossary", standalone_mode=False) or 0
    except typer.Abort:
        status = INTERRUPTED  # as Typer itself says it, or as Click does
    except LossaryError as error:
        return _failed(str(error).replace(PYTHON, COMMAND), BAD_INPUT)
    except Exception as error:
        # Click's usage errors; where Click lives depends on the version of Typer.
        if not hasattr(error, "format_message"):
            raise
        return _failed(error.format_message(), BAD_INPUT)
    return _failed("interrupted", INTERRUPTED) if status == INTERRUPTED else int(status)


def _failed(message: str, status: int) -> int:
    print(f"lossary: {' '.join(message.split())}", file=sys.stderr)  # noqa: T201
    return status


if __name__ == "__main__":
    main()
