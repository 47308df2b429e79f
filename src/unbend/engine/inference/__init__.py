"""Inference: networks as compiled functions (``predict.py``), the kernel, and the worker thread that shares its rows."""
