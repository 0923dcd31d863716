"""Compiled kernels of the CPU: printed from formulas, compiled by LLVM, checked before their first use."""
