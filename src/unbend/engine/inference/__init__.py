"""Inference: networks as compiled functions (``predict.py``), their kernel, and a second thread (``worker.py``).

The merged networks of tables are evaluated block by block: ``block_predict.py`` packs what ``blocks.py`` and
``column_curves.py`` read off the weights for ``block_kernel.py``.
"""
