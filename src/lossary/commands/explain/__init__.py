"""Explanation of a loss: its formula, its curves, and properties that are proved or shown by an example."""
