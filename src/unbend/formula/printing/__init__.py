"""Formulas as source code of a programming language, as text, as TeX and as MathML: one module each."""
