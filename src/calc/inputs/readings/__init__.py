"""How a stated figure is turned into a distribution: one module a reading, found here by its ``name``.

=================  =============================================================================
``exact``          one value
``typical_range``  the middle ``range_coverage`` (80 %) lies between low and high
``percentiles``    values below which a stated share of cases lies
``bounds``         nothing lies outside low and high
``at_most``        the source states the upper side only
``at_least``       the source states the lower side only
``mean_sd``        a mean and a standard deviation
``estimate_ci``    an estimate and its 95 % interval
``proportion``     events out of a total
``count_range``    whole numbers between two bounds
``unknown``        the source says that nobody knows
=================  =============================================================================
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
