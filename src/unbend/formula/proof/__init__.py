"""Proofs and counterexamples: normal forms of formulas, case analysis over signs, the verdicts on linearity."""
