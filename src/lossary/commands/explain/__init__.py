"""What a loss is like: its formula in words and signs, its curves, and properties found by trying it."""
