"""``encode`` in exported code: from a row of the table's own cells, as in a CSV file, to the row that ``output`` takes.

One module for each language; ``columns`` says what all of them need to know of a column.
"""
