"""Calls with every combination of keywords, shapes, dtypes and layouts, held to textbook definitions.

`make fuzz` tries as many as it is told to; tests/contract/test_contract.py tries every pair of choices.
"""
