"""Formulas of vectors and conditions on them: text or Python functions in, expression trees out."""
