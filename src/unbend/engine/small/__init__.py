"""The training kernel for small networks (such as 2-4-3 or 10-64-2): a full epoch in one loop, SIMD across rows.

``kernel.py`` is the epoch, ``blocks.py`` its innermost products, ``losses.py`` the loss, ``packing.py`` the memory
layout of the weights, ``epoch.py`` the call from Python.
"""
