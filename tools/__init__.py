"""Writers of the files that are made from the losses' records: `make stubs` runs them, tests compare the files."""
