"""Cost and outcome expectations for chronic back pain treatments, with their uncertainty.

A guided tour::

    import calc

    result = calc.compare("chronic_low_back_pain", settings={"plan.deductible": 3000})
    result.comparison            # one row per view, treatment and outcome
    result.paired                # differences within draws, chances of being best
    result.claims                # where every number comes from

    calc.patient_share("bills.csv", plan="employer_ppo_2026").lines   # anyone's bills
    calc.estimates(["a.csv", "b.csv"], plan="employer_ppo_2026").together   # several letters, one deductible
    calc.check_bill(["eob.json"], plan="employer_ppo_2026").faults   # statements beside the plan's terms
    calc.decide(cost, effect, wtp=range(0, 300, 5)).evpi   # on anyone's draws, a column an option

    calc.open_page(study="chronic_low_back_pain").figure("timeline")   # in a notebook
    for run in calc.batch("plans_views_horizons"): ...                 # a dozen reports

Everything below the door: ``inputs`` (what the sources say), ``model`` (what could happen),
``analysis`` (what it means), ``report`` (what is shown), ``batch`` (many at once), ``explore`` (to turn
in one's hands).
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from . import batch
    from .analysis.compare import Result, compare
    from .analysis.decide import Decision, decide
    from .analysis.estimates import Estimates, estimates
    from .analysis.patient_share import PatientShare, patient_share
    from .analysis.statements import BillCheck, check_bill
    from .errors import (
        CalcError,
        DrawsError,
        ParameterFileError,
        RunError,
        SelfCheckError,
        SettingError,
        UnknownNameError,
    )
    from .explore.open import explore
    from .inputs.load import load_library, load_study
    from .report.show import open_page

__all__ = [
    "BillCheck",
    "CalcError",
    "Decision",
    "DrawsError",
    "Estimates",
    "ParameterFileError",
    "PatientShare",
    "Result",
    "RunError",
    "SelfCheckError",
    "SettingError",
    "UnknownNameError",
    "batch",
    "check_bill",
    "compare",
    "decide",
    "estimates",
    "explore",
    "load_library",
    "load_study",
    "open_page",
    "patient_share",
]

_HOME = {
    "BillCheck": ".analysis.statements",
    "Estimates": ".analysis.estimates",
    "check_bill": ".analysis.statements",
    "estimates": ".analysis.estimates",
    "PatientShare": ".analysis.patient_share",
    "Decision": ".analysis.decide",
    "Result": ".analysis.compare",
    "compare": ".analysis.compare",
    "decide": ".analysis.decide",
    "explore": ".explore.open",
    "load_library": ".inputs.load",
    "load_study": ".inputs.load",
    "open_page": ".report.show",
    "patient_share": ".analysis.patient_share",
}


def __getattr__(name: str) -> Any:
    """Import a public name when it is first asked for, so that ``import calc`` costs nothing."""
    if name == "batch":  # a package that can be called
        return import_module(".batch", __name__)
    if name not in __all__:
        raise AttributeError(f"module 'calc' has no attribute {name!r}")
    return getattr(import_module(_HOME.get(name, ".errors"), __name__), name)


def __dir__() -> list[str]:
    """Return the public names, which is what completion offers."""
    return list(__all__)
