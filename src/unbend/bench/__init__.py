"""``unbend bench``: training and inference timed on this machine beside other installed libraries.

``workload.py`` says what is run, ``training_backends.py`` and ``inference_backends.py`` by which libraries,
``timing.py`` how it is timed (interleaved rounds); ``report.py`` makes the tables, ``__main__.py`` runs it all.
"""

PARTS = ("training", "adam", "answers", "widths", "memory", "first")  # as --only names them
