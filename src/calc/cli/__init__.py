"""The command line, a module a group of commands."""

from .group import main

__all__ = ["main"]
