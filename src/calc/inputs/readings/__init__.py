"""How stated figures are turned into a distribution: one module a reading, found here by its ``name``.

A new reading is one more module with one subclass of :class:`~calc.inputs.readings.reading.Reading`. Claims and their
schema, distributions, bounds, sensitivity analyses and words ask that class, and nothing else lists readings.
"""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from pkgutil import iter_modules
from types import MappingProxyType

from .reading import Reading

__all__ = ["READINGS", "Reading"]


def _found() -> Mapping[str, type[Reading]]:
    modules = [import_module(f"{__name__}.{each.name}") for each in iter_modules(__path__)]
    classes = [each for module in modules for each in vars(module).values() if isinstance(each, type)]
    return MappingProxyType({each.name: each for each in classes if issubclass(each, Reading) and "name" in vars(each)})


#: every reading by its name
READINGS = _found()
