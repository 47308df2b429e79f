"""Sums over a text's n-grams in exported code: `tables` makes the numbers, one module for each language the code."""
