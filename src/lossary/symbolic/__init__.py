"""Formulas as graphs: the vocabulary, simplification, derivatives, generated code, and LaTeX."""
