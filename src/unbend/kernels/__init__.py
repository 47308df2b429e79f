"""Kernels: functions compiled with Numba, once a machine, and cached on disk.

``cache.py`` has the cache folder, ``compiling.py`` the decorators and types of kernel files, ``compilers.py`` and
``kernel_cache.py`` Numba's compiler and cache without what kernels do not need, ``vector.py`` SIMD vectors;
``sources.py`` compiles an ordinary module whose functions are declared with the decorators of ``declare.py``.
The engine makes its kernel files from the records of a network (``engine/codegen``).
"""
