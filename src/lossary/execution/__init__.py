"""Computation of a checked call: its plan, its compiled kernels, or the operations of its framework."""
