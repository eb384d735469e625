"""``python -m calc`` is the command ``calc``."""

from .cli import main

main()
