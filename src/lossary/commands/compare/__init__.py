"""Which loss fits a table: the same small network trained with each, judged on rows that it has not seen."""
