"""Training and inference of networks whose inputs are columns and their piecewise linear encoding.

``rows.py`` has the inputs, ``kernel.py`` the kernel, ``first_layer.py`` its first layer, ``epoch.py`` calls it.
"""
