"""Studies so small that their decision analysis can be worked out by hand."""

from __future__ import annotations

from calc.analysis.compare import Result
from calc.inputs.load import StudyInputs
from calc.inputs.parameter import Parameter, Per
from calc.inputs.source import Stance
from calc.inputs.treatment import Treatment
from calc.model.simulate import simulate_views

from ..model.small import CASH, claim, covering, fixed, inputs, price, responding, treatment, view

#: from nothing to 200 dollars, looked at at 100
WORTH = Parameter(label="A week", unit="usd", claims=(claim("bounds", low=0, high=200, mode=100),))


def plain(short: str, *, usd: float = 1000, **changed: object) -> Treatment:
    """Return a treatment of one session on the day of the decision, everything certain: half respond for 20 weeks."""
    certain = {
        "label": short,
        "short": short,
        "price": {"needle": price(claim(value=usd), per=Per.COURSE)} if usd else {},
        "wait": fixed("weeks", 0),
        "sessions": fixed("sessions", 1),
        "onset": fixed("weeks", 0),
        "effects": responding(fixed("share", 0.5)),
        "relief": fixed("weeks", 20),
        "coverage": covering("covered"),
    }
    return treatment(**(certain | changed))


def asked(*, worth: Parameter | None = WORTH, draws: int = 1024, **treatments: Treatment) -> StudyInputs:
    everybody = view(fallback=[Stance.NEWS])
    return inputs(treatments, plan=CASH, draws=draws, value_of_week=worth, views={"ours": everybody})


def result(*, worth: Parameter | None = WORTH, draws: int = 1024, **treatments: Treatment) -> Result:
    made = asked(worth=worth, draws=draws, **treatments)
    return Result(made, simulate_views(made))
