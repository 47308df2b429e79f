"""Straight models of text as code for other programs: one module for each language, with ``write_text``."""
