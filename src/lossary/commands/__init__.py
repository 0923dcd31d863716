"""The command line: its arguments, what each command computes, and what it shows."""
