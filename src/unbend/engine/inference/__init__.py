"""Inference: networks as compiled functions (``predict.py``), the kernel, and a worker thread that shares its rows."""
