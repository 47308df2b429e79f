"""From a network's records to a compiled kernel: its Python source (``generate.py``), compiled and cached on disk.

``stubs.py`` lists the slots that a kernel's source leaves open, ``formulas.py`` prints formulas as vector code,
``compiling.py`` has the Numba decorators, ``cache.py`` the kernel files.
"""
