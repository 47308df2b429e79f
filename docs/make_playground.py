"""The static page of the documentation: ``python docs/make_playground.py``."""

from pathlib import Path

from unbend.lab.static_page.html import write_page

if __name__ == "__main__":
    print(write_page(Path(__file__).parent / "playground.html"))
