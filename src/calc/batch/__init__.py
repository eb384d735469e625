"""Many at once: grids of scenarios, as notebooks (batch) or as numbers alone (sweep).

``calc.batch`` is this package and can be called as well: ``calc.batch("plans_views_horizons")`` is
:func:`calc.batch.runner.batch`.
"""

from __future__ import annotations

import sys
from types import ModuleType
from typing import Any


class _Callable(ModuleType):
    def __call__(self, grid: Any, **options: Any) -> Any:
        from .runner import batch

        return batch(grid, **options)


sys.modules[__name__].__class__ = _Callable
