"""Formulas with nonlinear parameters: multistart variable projection, polishing to a minimum, inference."""
