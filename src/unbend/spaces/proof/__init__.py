"""Proofs: a claim holds where its negation is shown to have no real solution."""
