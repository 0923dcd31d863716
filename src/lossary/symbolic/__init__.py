"""The mathematics of formulas: their graphs and words, derivatives, code, and how people write them."""
