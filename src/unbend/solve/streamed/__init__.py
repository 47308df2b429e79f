"""Linear models from sums over rows that need not be in memory, nor on one machine.

`LeastSquaresSums` (``least_squares_sums.py``) sums products of columns, in doubles or exactly; ``sums_solution.py``
solves, ``ridge_choice.py`` chooses a penalty by the folds' sums. `LogisticSums` (``logistic_sums.py``) sums what a step
of Newton's method needs, ``logistic_newton.py`` takes the steps. The sums of blocks add up in ``exact_sums.py`` without
rounding, so that no order of rows, batches, shards, threads or machines changes a bit.
"""
