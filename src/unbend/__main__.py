"""``python -m unbend``."""

from .cli import main

main()
