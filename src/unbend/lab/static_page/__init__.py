"""The static page: Playground and Network as one HTML file that trains in the browser, without Python or a server."""
