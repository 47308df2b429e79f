"""The training kernel for larger networks (such as 784-128-10): blocked matrix products, SIMD across outputs, threads.

``kernel.py`` is the epoch, ``forward.py`` and ``backward.py`` the products of one layer, ``blocks.py`` their innermost
steps, ``losses.py`` the loss, ``updates.py`` how gradients reach the weights, ``packing.py`` the memory layout of the
weights, ``epoch.py`` the workspace and the call from Python.
"""
