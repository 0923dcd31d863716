"""How formulas become losses of arrays: each kind once, for every loss, framework and machine."""
