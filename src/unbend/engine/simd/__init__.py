"""SIMD vectors for kernels: functions of vectors, and atomics for threads; the type is in ``kernels/vector.py``.

``functions.py`` has what is an instruction or two or a call of the C library; ``elementary.py`` exp, log, tanh and
their like as series; ``error_function.py`` erf, erfc and cbrt.
"""
