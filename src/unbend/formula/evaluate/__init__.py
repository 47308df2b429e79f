"""Values of formulas: the tape of operations and its arithmetics (doubles, intervals), derivatives, design matrices."""
