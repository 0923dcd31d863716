"""What is written from the losses' records: run by `make stubs`, and compared with the files by the tests."""
