"""The command ``calc``. Every command imports what it needs when it runs, so that help is instant."""

from __future__ import annotations

import click

from . import decision, evidence, import_prices, imports, many, page, results, statements, tools

__all__ = ["main"]


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="treatment-calc", prog_name="calc")
def main() -> None:
    """Compare what treatments for chronic back pain cost you, when relief comes and how long it lasts.

    Not medical advice, and not a quote.
    """


for _module in (results, decision, evidence, imports, tools, statements, many, page):
    for _name in _module.__all__:
        main.add_command(getattr(_module, _name))


imports.imports.add_command(import_prices.prices)
