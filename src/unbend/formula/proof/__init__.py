"""Proofs and counterexamples: normal forms of formulas, case analysis over signs, the verdicts on linearity.

Why this algebra is not SymPy, and what it can decide: docs/algebra.md.
"""
