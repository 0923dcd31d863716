"""The words of formulas, one row each, by kind; ``lossary.vocabulary`` has them all under one name."""
