"""Expression trees as SymPy expressions, and equations solved."""
