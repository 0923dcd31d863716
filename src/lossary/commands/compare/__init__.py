"""Comparison of losses on a table: the same small network is trained with each and judged on held-out rows."""
