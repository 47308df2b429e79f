"""Linear models from sums over rows that need not be in memory, nor on one machine.

`LeastSquaresSums` (``least_squares_sums.py``) sums products of columns, in doubles or exactly; ``sums_solution.py``
solves. The sums of blocks add up in ``exact_sums.py`` without rounding, so that no order of rows, batches, shards,
threads or machines changes a bit.
"""
