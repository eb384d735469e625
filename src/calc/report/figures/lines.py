"""What figures of decision analysis share: the look of an option, its name beside it, money and numbers on axes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from textwrap import wrap

import numpy as np
from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.ticker import FuncFormatter, MaxNLocator

from ..marks import Look, look

__all__ = ["Wording", "amount_axis", "end_labels", "named", "option_looks", "short", "wrapped"]

_DASHES: tuple[object, ...] = ("solid", (0, (6, 2)), (0, (2, 1.5)), (0, (8, 2, 2, 2)))


@dataclass(frozen=True)
class Wording:
    """How money and effect are called: "$" and "week of relief"."""

    currency: str
    effect: str

    def money(self, value: float) -> str:
        """Return an amount with its sign, three figures or whole units.

        >>> Wording("$", "week").money(-1234.4)
        '−$1,234'
        """
        return f"{'−' if value < 0 else ''}{self.currency}{short(abs(value))}"


def short(value: float) -> str:
    """Return a number in three figures, whole from a hundred on.

    >>> short(1234.4), short(0.03456), short(12.0), short(-2.5)
    ('1,234', '0.0346', '12', '−2.5')
    """
    size = abs(value)
    text = f"{size:,.0f}" if size >= 100 else f"{size:.3g}"
    return f"−{text}" if value < 0 and text.strip("0.") else text


def option_looks(options: Sequence[str]) -> Mapping[str, tuple[Look, object]]:
    """Return colour, marker and dashes by option; sixteen differ."""
    return {name: (look(place), _DASHES[(place // 4 + place) % 4]) for place, name in enumerate(options)}


def amount_axis(axis: Axis, sign: str = "") -> None:
    """Write an axis in whole or short numbers, with the currency's sign where it is money."""
    axis.set_major_locator(MaxNLocator(6))

    def written(value: float, _place: object) -> str:
        return f"{'−' if value < 0 else ''}{sign}{short(abs(value))}"

    axis.set_major_formatter(FuncFormatter(written))


def end_labels(
    ax: Axes, x: float, ends: Mapping[str, tuple[float, float, str]], *, low: float, high: float, leader: bool = False
) -> None:
    """Write names to the right of the axes, level with what they name, pushed apart where they would overlap.

    Parameters
    ----------
    x
        The right end of the horizontal axis.
    ends
        By name: the place of what is named, and its colour.
    low, high
        The ends of the vertical axis.
    leader
        Whether a thin line leads from the name to the place, unless that is at the end.
    """
    gap = 0.052 * (high - low)
    ordered = sorted(ends.items(), key=lambda each: each[1][1])
    places = np.array([place for _, (_, place, _) in ordered], dtype=np.float64)
    gaps = np.array(
        [gap * (1 + 0.5 * (name.count("\n") + after.count("\n"))) for (name, _), (after, _) in pairwise(ordered)]
    )
    gaps *= min(1.0, (high - low) / max(float(gaps.sum()), gap))  # closer where they would not fit otherwise
    for place in range(1, places.size):
        places[place] = max(places[place], places[place - 1] + gaps[place - 1])
    if places.size and places[-1] > high:
        places[-1] = high
        for place in range(places.size - 2, -1, -1):
            places[place] = min(places[place], places[place + 1] - gaps[place])
    for (name, (across, height, colour)), place in zip(ordered, places, strict=True):
        leads = leader and across < x
        ax.annotate(
            name,
            (across if leads else x, height),
            (x, float(place)),
            annotation_clip=False,
            fontsize=14,
            color=colour,
            va="center",
            arrowprops={"arrowstyle": "-", "color": colour, "linewidth": 0.8, "shrinkB": 7} if leads else None,
        ).set_text(f"  {name}".replace("\n", "\n  "))


def named(name: str, most: int = 26) -> str:
    """Return a name no longer than fits beside a line."""
    return name if len(name) <= most else f"{name[: most - 1]}…"


def wrapped(name: str, width: int) -> str:
    """Return a name on two lines at most, for the rows of a chart.

    >>> wrapped("Needle: share of people who feel less pain", 24).splitlines()
    ['Needle: share of people', 'who feel less pain']
    """
    lines = wrap(name, width, break_long_words=False) or [name]
    rest = " ".join(lines[1:])
    return "\n".join([named(lines[0], width), named(rest, width)] if rest else [named(lines[0], width)])
