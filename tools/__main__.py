"""Write every file that is made from the losses' records: `python -m tools`, or `make stubs`."""

from __future__ import annotations

from tools import catalogue, coverage, names, stubs

for path, text in (stubs.FILES | catalogue.FILES | coverage.FILES | names.FILES).items():
    path.write_text(text(), encoding="utf-8")
