"""Cost and outcome expectations for chronic back pain treatments, with their uncertainty.

A guided tour::

    import calc

    result = calc.compare("chronic_low_back_pain", settings={"plan.deductible": 3000})
    result.comparison            # one row per view, treatment and outcome
    result.paired                # differences within draws, chances of being best
    result.claims                # where every number comes from

    calc.open_page(study="chronic_low_back_pain").figure("timeline")   # in a notebook
    for run in calc.batch("plans_views_horizons"): ...                 # a dozen reports

Everything below the door: ``inputs`` (what the sources say), ``model`` (what could happen),
``analysis`` (what it means), ``report`` (what is shown), ``batch`` (many at once).
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from . import batch
    from .analysis.compare import Result, compare
    from .errors import CalcError, ParameterFileError, RunError, SettingError, UnknownNameError
    from .inputs.load import load_library, load_study
    from .report.show import open_page

__all__ = [
    "CalcError",
    "ParameterFileError",
    "Result",
    "RunError",
    "SettingError",
    "UnknownNameError",
    "batch",
    "compare",
    "load_library",
    "load_study",
    "open_page",
]

_HOME = {
    "Result": ".analysis.compare",
    "compare": ".analysis.compare",
    "load_library": ".inputs.load",
    "load_study": ".inputs.load",
    "open_page": ".report.show",
}


def __getattr__(name: str) -> Any:
    """Import a public name when it is first asked for, so that ``import calc`` costs nothing."""
    if name == "batch":  # a package that can be called
        return import_module(".batch", __name__)
    if name not in __all__:
        raise AttributeError(f"module 'calc' has no attribute {name!r}")
    return getattr(import_module(_HOME.get(name, ".errors"), __name__), name)
