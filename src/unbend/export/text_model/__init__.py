"""A straight model of text, as `TextClassifier` and ``fit_text`` make it, as code and files for other programs."""
