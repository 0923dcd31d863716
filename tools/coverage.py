"""The coverage table, docs/coverage.md: the features of every loss on each framework, as calls that a test makes."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import lossary
from lossary.catalogue.keyword import of_every_loss
from lossary.catalogue.record import Record
from lossary.contract.keywords import KEYWORDS, keywords
from lossary.execution.cpu import kernels as cpu
from lossary.execution.gpu import kernels as gpu
from lossary.kinds.rows import is_of_rows

__all__ = ["FILES", "FRAMEWORKS", "NONE_IN_NUMPY", "WAYS", "page"]

HEAD = """# What is covered

<!-- Written by `make stubs` from the losses' records; tests/test_coverage.py makes each call. Do not edit. -->

Every loss has the keywords {common} on every framework.
What a loss does not have raises an error that gives the reason below.
"""
COMMON = [row.name for row in KEYWORDS if row.of is of_every_loss]
FRAMEWORKS = {"numpy": "NumPy", "torch": "PyTorch", "jax": "JAX"}
# A capability, and the call that stands for it on each framework.
WAYS: dict[str, dict[str, str]] = {
    "value": dict.fromkeys(FRAMEWORKS, "loss(*arrays)"),
    "gradient": {
        "numpy": "loss.value_and_gradient(*arrays)",
        "torch": "torch.func.grad(loss)(*arrays)",
        "jax": "jax.grad(loss)(*arrays)",
    },
    "hessian": dict.fromkeys(FRAMEWORKS, "loss.gradient_and_hessian(*arrays)"),
    "total": dict.fromkeys(FRAMEWORKS, "loss.total(*arrays)"),
    "whole Hessian": {"torch": "torch.func.hessian(loss)(*arrays)", "jax": "jax.hessian(loss)(*arrays)"},
    "forward mode": {
        "torch": "torch.func.jvp(loss, arrays, directions)",
        "jax": "jax.jvp(loss, arrays, directions)",
    },
    "vmap": {"torch": "torch.func.vmap(loss)(*batches)", "jax": "jax.vmap(loss)(*batches)"},
    "compiled": {"torch": "torch.compile(loss, fullgraph=True)(*arrays)", "jax": "jax.jit(loss)(*arrays)"},
}
NONE_IN_NUMPY = "NumPy has no transforms: the closed forms are called"


def page() -> str:
    """Write the whole page."""
    names = list(FRAMEWORKS.values())
    return "\n".join(
        [
            HEAD.format(common=", ".join(f"`{name}`" for name in COMMON)),
            "## By framework\n",
            table(["", *names], [[feature, *_calls(feature)] for feature in WAYS]),
            "## By loss\n",
            table(["loss", *WAYS], [[f"`{r.name}`", *(_frameworks(r, feature) for feature in WAYS)] for r in RECORDS]),
            "What a loss does not have:\n",
            *_reasons(),
            "\n## Targets, keywords of its own, kernels\n",
            table(
                ["loss", "kind", "targets", "keywords", "CPU kernel", "GPU kernel"],
                [[f"`{r.name}`", r.kind, _targets(r), _keywords(r), *_kernels(r)] for r in RECORDS],
            ),
            "A kernel computes what lies in memory in its order; elsewhere the portable body does.\n",
        ]
    )


RECORDS = lossary.losses()


def _calls(feature: str) -> Iterator[str]:
    for framework in FRAMEWORKS:
        call = WAYS[feature].get(framework)
        yield f"`{call}`" if call else f"no: {NONE_IN_NUMPY}"


def _frameworks(record: Record, feature: str) -> str:
    if feature in record.cannot:
        return "no"
    return ", ".join(name for framework, name in FRAMEWORKS.items() if framework in WAYS[feature])


def _reasons() -> Iterator[str]:
    for record in RECORDS:
        yield from (f"- `{record.name}`, {feature}: {reason}." for feature, reason in record.cannot.items())


def _targets(record: Record) -> str:
    if record.kind == "pairs":
        return "none: the i-th belongs to the i-th"
    domain = next((a.domain for a in record.arguments if a.name == "target"), None)
    if domain is None:
        return "a teacher's layer" if any(a.role == "reference" for a in record.arguments) else "none"
    if domain.whole:
        return "labels"
    soft = "probabilities" if domain.high == 1.0 else "numbers"
    return f"labels, one-hot, {soft}" if record.takes_classes else soft


def _keywords(record: Record) -> str:
    return ", ".join(f"`{name}`" for name in keywords(record) if name not in COMMON)


def _kernels(record: Record) -> Iterator[str]:
    """Yield "yes" or "no" for CPU and GPU; a loss of computed scores runs the kernel of its softmax loss."""
    kind = "row" if is_of_rows(record) else record.inner.kind
    yield "yes" if kind in cpu.BODIES else "no"
    yield "yes" if kind in gpu.BODIES else "no"


def table(columns: list[str], rows: list[list[str]]) -> str:
    lines = [columns, ["---"] * len(columns), *rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines) + "\n"


FILES = {Path(__file__).parent.parent / "docs" / "coverage.md": page}
