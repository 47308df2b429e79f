"""The browser lab: interactive pages, served by ``unbend lab`` on this machine only.

A new page needs three things: a marimo notebook ``pages/NAME.py``, its texts in ``words/lab_pages.toml`` (its title
``page_NAME``, its description ``about_NAME``), and its name in ``site.PAGES``; the tests iterate the registry. What a
larger page computes is in a module ``lab/NAME.py``, tested without a browser; a long computation runs as a
`SubprocessJob`. A page's first cell creates a `Page`, which parses the URL and sets the language of the reader's
thread. What a reader types is the value of a field, validated by ``widgets.fields``, and never executed.
"""
