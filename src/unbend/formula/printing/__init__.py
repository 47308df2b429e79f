"""Formulas as source code of a programming language, as text, as TeX, as MathML and as SymPy expressions.

To add a programming language, write a module with its ``Language`` record: ``Equation.source`` and the targets of
``unbend.export`` print with it. To add a function, add its record in ``language.functions`` and its call in every
``Language``; ``tests/formula/test_printing_languages.py`` names what is missing.
"""
