"""Inference: networks as compiled functions (``predict.py``), their kernel, and a second thread (``worker.py``)."""
