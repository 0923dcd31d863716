"""Make a loss from a formula of your own: the same value and gradient on NumPy, PyTorch and JAX.

Run it: python examples/own_formula.py
"""

from __future__ import annotations

import jax
import numpy as np
import torch

import lossary as ls
from lossary.symbolic.graph import Node
from lossary.vocabulary import sqrt, square


@ls.pointwise
def charbonnier(prediction: Node, target: Node, *, scale: float = 1.0) -> Node:
    """A smooth absolute error: about half the square of a small error, a straight line for a large one."""
    return scale * (sqrt(square((prediction - target) / scale) + 1.0) - 1.0)


def main() -> None:
    prediction, target = np.array([3.0, 0.5, -8.0]), np.zeros(3)
    print(f"charbonnier(prediction, target) = {charbonnier.record.latex}")

    value, gradient = charbonnier.value_and_gradient(prediction, target, scale=2.0)
    print(f"NumPy:   {value:.6f}  {np.round(gradient, 6).tolist()}")

    leaf = torch.tensor(prediction, requires_grad=True)
    result = charbonnier(leaf, torch.tensor(target), scale=2.0)
    (slope,) = torch.autograd.grad(result, leaf)
    print(f"PyTorch: {result.item():.6f}  {np.round(slope.numpy(), 6).tolist()}")

    jax.config.update("jax_enable_x64", True)
    of_jax = jax.jit(jax.value_and_grad(lambda p: charbonnier(p, jax.numpy.asarray(target), scale=2.0)))
    value, gradient = of_jax(jax.numpy.asarray(prediction))
    print(f"JAX:     {value:.6f}  {np.round(np.asarray(gradient), 6).tolist()}")


if __name__ == "__main__":
    main()
