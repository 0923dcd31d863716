"""Kernels of a GPU: printed from formulas in Triton, and how they are launched."""
