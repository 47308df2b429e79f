"""Values of expression trees: exact (fractions, intervals) and fast (arrays of floats)."""
