"""Kinds of losses: the program of a call, its scores, and the reduction, for every loss, framework and machine."""
