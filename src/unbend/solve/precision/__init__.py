"""Arithmetic in more digits than a double: decimals of 100 digits, extended precision."""
