"""Times lossary beside PyTorch, `torch.compile` and JAX, in turns within one run: `python -m benchmarks`."""

from __future__ import annotations
