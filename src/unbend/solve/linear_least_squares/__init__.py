"""Formulas whose parameters all enter linearly: exact least squares in decimals, refined QR for many rows."""
