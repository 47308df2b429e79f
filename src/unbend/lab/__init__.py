"""The lab: pages in the browser where one sees it. ``unbend lab`` serves them on this machine alone.

Each page is a marimo notebook under ``pages/`` and its name in ``site.PAGES``; what it computes stands in a module
beside it, where it is tested without a browser. A page's first cell makes a ``Page``: that reads the URL, and lets
the reader's thread speak the URL's language. What a reader types is a value of a field, checked by ``state``, and
never run.
"""
