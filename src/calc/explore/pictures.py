"""The three pictures of the page, drawn from the library's tables: costs as dots, time with dates, relief by week."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby
from typing import Any

import numpy as np

from ..report.format import in_100, interval, money
from ..report.marks import BLUE, FAINT, INK, PURPLE, SHADES, STROKES
from ..units import DAYS_PER_WEEK
from .svg import box, line, svg, text

__all__ = ["NARROW", "WIDE", "costs", "curves", "timeline"]

WIDE, NARROW = 980.0, 390.0
_LEVELS = 12

Phases = Mapping[str, Mapping[str, Mapping[str, Any]]]
Shares = Mapping[str, np.ndarray]


@dataclass(frozen=True)
class Frame:
    """Where rows stand in a picture: labels on the left, or above each row where it is narrow."""

    width: float
    labels: Sequence[str]
    right: float = 24.0

    @property
    def narrow(self) -> bool:
        """Whether a label stands above its row."""
        return self.width < 600

    @property
    def left(self) -> float:
        """Where the axis begins."""
        return 14.0 if self.narrow else 236.0

    @property
    def row(self) -> float:
        """The height of a row."""
        return 74.0 if self.narrow else 56.0

    @property
    def top(self) -> float:
        """Where the first row begins."""
        return 34.0

    @property
    def bottom(self) -> float:
        """Where the last row ends."""
        return self.top + self.row * len(self.labels)

    def middle(self, place: int) -> float:
        """Return the height at which a row's marks stand."""
        return self.top + self.row * place + (46.0 if self.narrow else 28.0)

    def at(self, value: float, reach: float) -> float:
        """Return where a value stands on an axis from 0 to ``reach``."""
        return self.left + (self.width - self.right - self.left) * value / reach

    def named(self) -> Iterator[str]:
        """Yield the labels, and a faint line under each row."""
        for place, label in enumerate(self.labels):
            y = self.top + self.row * place
            if place:
                yield line([(8, y), (self.width - 8, y)], stroke=FAINT)
            spot = (self.left, y + 18, "start") if self.narrow else (self.left - 14, self.middle(place) + 5, "end")
            yield text(spot[0], spot[1], label, size=15, anchor=spot[2])


def _ticks(reach: float, most: int) -> list[float]:
    """Return round values from 0 up to ``reach``, few of them."""
    rough = reach / most
    size = 10.0 ** np.floor(np.log10(rough)) if rough > 0 else 1.0
    step = next(size * each for each in (1, 2, 2.5, 5, 10) if size * each >= rough)
    return [step * place for place in range(int(reach / step) + 1)]


def costs(
    amounts: Mapping[str, np.ndarray], rows: Mapping[str, Mapping[str, Any]], labels: Mapping[str, str], *,
    width: float, budget: float | None, pinned: Mapping[str, float],
) -> str:  # fmt: skip
    """Return what each treatment may cost: twenty equally likely amounts, or the range of what is not known.

    Parameters
    ----------
    amounts
        Equally likely amounts in USD, by treatment whose cost is known.
    rows
        The comparison table's row of the cost, by treatment.
    labels
        Short names by treatment, in order.
    pinned
        Middle values of a pinned state, by treatment, marked with a diamond.
    """
    frame = Frame(width, list(labels.values()), right=30.0 if width < 600 else 130.0)
    usd = {name: np.sort(each) for name, each in amounts.items()}
    every = np.concatenate([*usd.values(), [row["high"] for row in rows.values() if row["known"] == "not known"]])
    every = every[np.isfinite(every)]
    reach = max(float(np.quantile(every, 0.93)) if every.size else 1.0, budget or 0.0, 1.0) * 1.02
    parts = [*frame.named(), *_money_axis(frame, reach)]
    if budget is not None:
        x = frame.at(budget, reach)
        parts.append(line([(x, frame.top - 6), (x, frame.bottom)], width=1.6, dash="6 4"))
        parts.append(text(x, frame.top - 12, f"budget {money(budget)}", anchor="middle" if x < width - 70 else "end"))
    for place, name in enumerate(labels):
        y = frame.middle(place)
        if name in usd:
            parts += _piles(frame, usd[name], y, reach)
        else:
            parts += _left_open(frame, rows[name], y, reach)
        if name in pinned and pinned[name] <= reach:
            x = frame.at(pinned[name], reach)
            at = [(x, y - 9), (x + 7, y), (x, y + 9), (x - 7, y), (x, y - 9)]
            parts.append(line(at, stroke=PURPLE, width=2.4))
    return svg(width, frame.bottom + 34, parts)


def _money_axis(frame: Frame, reach: float) -> Iterator[str]:
    for tick in _ticks(reach, 3 if frame.narrow else 6):
        x = frame.at(tick, reach)
        yield line([(x, frame.top), (x, frame.bottom)], stroke=FAINT)
        yield text(x, frame.bottom + 22, f"${tick:,.0f}", anchor="middle" if tick else "start", fill=SHADES[35])


def _piles(frame: Frame, usd: np.ndarray, y: float, reach: float) -> Iterator[str]:
    """Yield dots; those of nearly one amount stand on each other, five high, and then beside each other."""
    size = 8.0
    inside = usd[usd <= reach]
    spots: list[tuple[float, float]] = []
    taken, pile = -np.inf, list[float]()
    for each in [*inside, np.inf]:
        x = frame.at(each, reach) if np.isfinite(each) else np.inf
        if pile and x - pile[0] > size:
            left = max(float(np.mean(pile)) - (-(-len(pile) // 5) - 1) / 2 * size, taken + size, frame.left)
            spots += [(left + index // 5 * size, y + 17 - index % 5 * size) for index in range(len(pile))]
            taken, pile = left + (len(pile) - 1) // 5 * size, []
        pile.append(x)
    yield "".join(f'<circle cx="{x:.1f}" cy="{at:.1f}" r="3.7" fill="{BLUE}"/>' for x, at in spots)
    if inside.size < usd.size:
        words = (
            f"{usd.size - inside.size} more ▸" if frame.narrow else f"▸ {usd.size - inside.size}, to {money(usd[-1])}"
        )
        spot = (frame.width - 8, y - 14, "end") if frame.narrow else (frame.at(reach, reach) + 12, y + 5, "start")
        yield text(spot[0], spot[1], words, size=13, anchor=spot[2], fill=SHADES[35])


def _left_open(frame: Frame, row: Mapping[str, Any], y: float, reach: float) -> Iterator[str]:
    """Yield the range of what is not known, and that it is not."""
    if row["known"] == "not known":
        low, high = (frame.at(min(float(row[end]), reach), reach) for end in ("low", "high"))
        yield box(low, y - 12, max(high - low, 3), 24, fill="url(#h)", opacity=0.55)
    yield text(frame.left + 6, y + 5, interval(row), fill=INK)


def timeline(
    phases: Phases, relief: Shares, labels: Mapping[str, str], *, width: float, horizon: float,
    start: date, by: date | None,
) -> str:  # fmt: skip
    """Return each treatment's way through time, with dates: waiting, recovery, onset, the share in relief by week.

    Parameters
    ----------
    phases
        The rows of the phases table by treatment and phase.
    relief
        The share in relief by week, by treatment; those whose relief is not stated have none.
    """
    frame = Frame(width, list(labels.values()))
    parts = [*frame.named(), *_dates(frame, horizon, start)]
    if by is not None:
        x = frame.at((by - start).days / DAYS_PER_WEEK, horizon)
        parts.append(line([(x, frame.top - 6), (x, frame.bottom)], width=1.6, dash="6 4"))
        words = f"{by.day} {by:%b %Y}"
        parts.append(text(x, frame.top - 12, words, anchor="middle" if 60 < x < width - 60 else "end"))
    for place, name in enumerate(labels):
        y = frame.middle(place)
        parts += _before(frame, phases[name], y, horizon)
        parts += _strip(frame, relief.get(name), str(phases[name]["relief"]["known"]), y, horizon)
    return svg(width, frame.bottom + 34, parts)


def _dates(frame: Frame, horizon: float, start: date) -> Iterator[str]:
    for week in np.arange(0, horizon + 0.5, 26 if horizon > 30 else 13):
        day, x = start + timedelta(days=round(float(week) * DAYS_PER_WEEK)), frame.at(float(week), horizon)
        yield line([(x, frame.top), (x, frame.bottom)], stroke=FAINT)
        words = f"{day:%b %Y}" if not frame.narrow else f"{day:%b %y}"
        anchor = "start" if week == 0 else "end" if x > frame.width - 40 else "middle"
        yield text(x, frame.bottom + 22, words, anchor=anchor, fill=SHADES[35])


def _before(frame: Frame, mine: Mapping[str, Mapping[str, Any]], y: float, horizon: float) -> Iterator[str]:
    """Yield waiting (grey), recovery after a session (crossed) and when relief begins (bracket)."""
    start = float(mine["first_session"]["p50"]) if mine["first_session"]["known"] == "stated" else 0.0
    zero, reach = frame.at(0, horizon), frame.at(horizon, horizon)
    yield box(zero, y - 19, frame.at(min(start, horizon), horizon) - zero, 11, fill=SHADES[61])
    rest = mine["downtime"]
    if rest["known"] == "stated" and rest["p50"] > 0:
        wide = max(frame.at(float(rest["p50"]), horizon) - zero, 3.0)
        yield box(frame.at(start, horizon), y - 19, wide, 11, fill="url(#x)")
    onset = mine["onset"]
    if onset["known"] == "stated":
        low, high = (min(frame.at(start + float(onset[end]), horizon), reach) for end in ("p05", "p95"))
        yield line([(low, y - 9), (low, y - 3), (high, y - 3), (high, y - 9)], stroke=BLUE, width=2)


def _strip(frame: Frame, share: np.ndarray | None, known: str, y: float, horizon: float) -> Iterator[str]:
    """Yield the share in relief as a strip, the stronger the more people; or that nobody knows."""
    zero = frame.at(0, horizon)
    if share is None:
        yield box(zero, y + 2, frame.at(horizon, horizon) - zero, 17, fill="url(#h)", opacity=0.4)
        words = "relief: not stated" if known == "not stated" else "relief: not known"
        yield text((zero + frame.at(horizon, horizon)) / 2, y + 16, words, anchor="middle")
        return
    if share.max() == 0:
        yield text(zero + 6, y + 15, "no relief beyond usual care")
        return
    levels = np.round(share * _LEVELS * 2).astype(int)
    week = 0
    for level, run in groupby(levels):
        length = len(list(run))
        if level:
            x = frame.at(week, horizon)
            end = frame.at(min(week + length, horizon), horizon)
            yield box(x, y + 2, end - x, 17, fill=BLUE, opacity=max(level / _LEVELS / 2, 0.04))
        week += length
    best = int(share.argmax())
    x = frame.at(best, horizon)
    late = x > frame.width * 0.62
    yield text(
        x + (-4 if late else 6),
        y + 16,
        f"at most {in_100(float(share[best]))}",
        size=13,
        anchor="end" if late else "start",
    )


def curves(relief: Shares, labels: Mapping[str, str], *, order: Sequence[str], width: float, horizon: float) -> str:
    """Return how many of 100 people are in relief, week by week, a line a treatment.

    ``order`` gives each treatment its stroke, whichever others are chosen.
    """
    narrow = width < 600
    found = [(name, 100 * shares) for name, shares in relief.items()]
    left, right, top, height = 46.0, 14.0 if narrow else 250.0, 16.0, 300.0 if narrow else 360.0
    span = width - left - right

    def spot(week: float, share: float) -> tuple[float, float]:
        return left + span * week / horizon, top + height * (1 - share / 100)

    parts = []
    for share in (0, 25, 50, 75, 100):
        parts.append(line([spot(0, share), spot(horizon, share)], stroke=FAINT))
        parts.append(text(left - 8, spot(0, share)[1] + 5, str(share), anchor="end", fill=SHADES[35]))
    for week in np.arange(0, horizon + 0.5, 26 if horizon > 30 else 13):
        parts.append(text(spot(float(week), 0)[0], top + height + 20, f"{week:.0f}", anchor="middle", fill=SHADES[35]))
    parts.append(text(left + span / 2, top + height + 42, "Weeks from the decision", anchor="middle", fill=SHADES[35]))
    names = {name: (*STROKES[place % len(STROKES)],) for place, name in enumerate(order)}
    for name, shares in found:
        colour, dash = _stroke(names[name])
        parts.append(line((spot(week, share) for week, share in enumerate(shares)), stroke=colour, width=3, dash=dash))
    foot = top + height + 58
    if narrow:
        for place, (name, shares) in enumerate(sorted(found, key=lambda each: -each[1][-1])):
            colour, dash = _stroke(names[name])
            y = foot + 22 * place
            parts.append(line([(left, y), (left + 34, y)], stroke=colour, width=3, dash=dash))
            parts.append(text(left + 42, y + 5, f"{labels[name]}: {shares[-1]:.0f}"))
        foot += 22 * len(found)
    else:
        floor = top + height + 20
        for name, shares in sorted(found, key=lambda each: each[1][-1]):
            end = spot(len(shares) - 1, float(shares[-1]))
            y = min(end[1] + 5, floor)
            colour, _ = _stroke(names[name])
            parts.append(line([end, (left + span + 22, y - 5)], stroke=colour))
            parts.append(text(left + span + 26, y, labels[name], fill=colour))
            floor = y - 18
    return svg(width, foot, parts)


def _stroke(look: tuple[Any, ...]) -> tuple[str, str]:
    colour, dash = look
    return str(colour), "" if dash == "-" else " ".join(str(3 * each) for each in dash[1])
