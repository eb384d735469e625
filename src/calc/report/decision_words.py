"""A decision analysis in plain words: what to choose, how sure, and what would change it."""

from __future__ import annotations

from collections.abc import Sequence

from ..analysis.decide import Decision
from ..analysis.evppi import beyond_error
from .figures.lines import Wording, short
from .format import in_100, records

__all__ = ["headline", "turns"]

_MOST = 3
_Z90 = 1.645
#: the error of a chance is told from so many in 100 on
_TOLD = 2.0


def headline(decision: Decision, words: Wording) -> str:
    """Return the sentences, each computed from the tables."""
    parts = [_choice(decision, words), _by_value(decision, words)]
    if not decision.tornado.empty:
        parts += [_first(decision, words), turns(decision)]
    return "\n".join(part for part in parts if part)


def _choice(decision: Decision, words: Wording) -> str:
    best, second = decision.rivals
    row = decision.evpi[decision.evpi["wtp"] == decision.value].iloc[0]
    means = decision.summary[decision.summary["quantity"] == "net_benefit"].set_index("option")["mean"]
    apart = float(means[best] - means[second])
    ahead = words.money(apart)
    lead = (
        ""
        if second == best
        else f", level with {second}"
        if apart <= decision.problem.rounding_at(decision.value) or ahead == words.money(0.0)
        else f", {ahead} ahead of {second}"
    )
    error = f" (Monte Carlo standard error {words.money(float(row['error']))})" if row["error"] >= 0 else ""
    choice = f"If a {words.effect} is worth {words.money(decision.value)}, {best} has the highest expected net benefit"
    if decision.problem.draws < 2:
        return f"{choice}{lead}. One draw does not say how sure that is."
    return (
        f"{choice}{lead}. The chance that it is the best is {_chance(decision)}; choosing it loses "
        f"{words.money(float(row['evpi']))} on average against knowing everything first{error}."
    )


def _chance(decision: Decision) -> str:
    """Return the chance that the choice is the best, and its error where that is more than a few in 100."""
    rows = decision.ceac[(decision.ceac["wtp"] == decision.value) & decision.ceac["frontier"]]
    half = 100 * _Z90 * float(rows["error"].iloc[0])
    return in_100(float(rows["probability"].iloc[0])) + (f" (± {half:.0f})" if half >= _TOLD else "")


def _by_value(decision: Decision, words: Wording) -> str:
    """Say over which values of a unit of effect each option is the one to choose."""
    table = decision.evpi
    runs = records(table[table["best"] != table["best"].shift()])
    if len(runs) == 1:
        low, high = (words.money(float(table["wtp"].iloc[place])) for place in (0, -1))
        return f"{runs[0]['best']} stays the choice at every value from {low} to {high}."
    steps = [f"{row['best']} from {words.money(row['wtp'])}" for row in runs[1:]]
    return f"The choice changes with what a {words.effect} is worth: {runs[0]['best']} at first, {', '.join(steps)}."


def _first(decision: Decision, words: Wording) -> str:
    rows = decision.evppi[decision.evppi["wtp"] == decision.value]
    if (rows["check"] == "too few draws").all():
        many = "One draw is" if decision.problem.draws == 1 else f"{decision.problem.draws:,} draws are"
        return f"{many} too few to say what to find out first."
    worth = [
        f"{row['parameter']} is worth up to {words.money(row['evppi'])} (± {words.money(_Z90 * row['error'])})"
        for row in records(beyond_error(rows).sort_values("evppi", ascending=False, kind="stable").head(_MOST))
    ]
    if not worth:
        hidden = _Z90 * float(rows["error"].max())
        within = (
            f", as far as {decision.problem.draws:,} draws can tell (± {words.money(hidden)})" if hidden > 0 else ""
        )
        return f"Finding out any one of the parameters would not change the choice{within}."
    return f"What to find out first: {'; '.join(worth)}."


def turns(decision: Decision) -> str:
    """Say at which values of a parameter the lead is gone."""
    best, second = decision.rivals
    rows = [row for row in records(decision.tornado) if row["clear"] and row["switches"]][:_MOST]
    if decision.problem.draws < 2 or best == second:
        return ""
    if not rows and not decision.tornado["base"].any():
        return f"{best} and {second} are level, so there is no lead that a parameter could turn."
    if not rows:
        return f"No parameter alone, within its middle 90 %, turns the lead of {best} over {second}."
    told = [f"{row['parameter']} {_at(row['switches'])}" for row in rows]
    return f"What would turn the lead of {best} over {second}: {'; '.join(told)} (each alone)."


def _at(switches: Sequence[float]) -> str:
    """Return where the sign turns; of many turns, which are a lead near nothing, between which values."""
    if len(switches) > _MOST:
        return f"back and forth between {short(switches[0])} and {short(switches[-1])}"
    return f"at {' and '.join(map(short, switches))}"
