"""How soon the explorer answers a change, by kind of change, at the shipped study's draws.

``python benchmarks/explore.py [--browser]``: in the library always; with ``--browser`` also from the
key press to the new picture on a page served on this machine, which needs Voilà, playwright and an
installed Chromium. Two columns: median by the clock, and median of the processor's own time, which
other work on the machine moves less.
"""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Callable, Iterator, Mapping

import numpy as np

from calc.explore import panels
from calc.explore.engine import Engine
from served import PARAMS, Served, served

STUDY = "chronic_low_back_pain"
ROUNDS = 7
ASKED = {"budget": "4000", "by": "2027-03-01", "week_value": "100"}
KINDS: Mapping[str, tuple[str, Callable[[int], str]]] = {
    "budget": ("Budget, $", lambda turn: str(3000 + 10 * turn)),
    "deadline": ("In relief on", lambda turn: f"2027-03-{turn + 2:02}"),
    "value of a week": ("A week of relief is worth, $", lambda turn: str(101 + turn)),
    "quote": ("You were quoted, $", lambda turn: str(5000 + 10 * turn)),
    "deductible": ("Deductible, $", lambda turn: str(1500 + 10 * turn)),
    "already met": ("Paid out of pocket, $", lambda turn: str(100 + 10 * turn)),
    "plan": ("", lambda turn: ["self_pay", "high_deductible_2026", "medicare_2026", "employer_ppo_2026"][turn % 4]),
    "belief": ("Belief in the clinic, %", lambda turn: str(30 + turn)),
    "horizon": ("Months to look ahead", lambda turn: str(13 + turn)),
}
FIELDS = {
    "budget": "budget", "deadline": "by", "value of a week": "week_value", "deductible": "deductible",
    "already met": "met_maximum", "plan": "plan", "belief": "belief", "horizon": "months",
}  # fmt: skip


def entries(kind: str, turn: int) -> dict[str, str]:
    text = KINDS[kind][1](turn)
    if kind == "quote":
        return ASKED | {"quotes": f"stem_cell_injection.injection={text}"}
    return ASKED | {FIELDS[kind]: text}


def reference() -> float:
    """Return the seconds of one adjudication-sized piece of plain numpy: sixty passes over 16,384 × 12 numbers."""
    numbers = np.random.default_rng(0).random((12, 16_384))
    started = time.process_time()
    for _ in range(60):
        np.minimum(np.maximum(numbers - 0.3, 0.0) * 1.2, 0.5).sum()
    return time.process_time() - started


def in_the_library() -> Iterator[tuple[str, float, float]]:
    """Yield each kind of change with its medians: from entries to everything that the page shows first."""
    engine = Engine(PARAMS, STUDY)
    for kind in KINDS:
        wall, own = [], []
        for turn in range(ROUNDS):
            start = engine.answer(engine.read(ASKED, engine.start)[0])
            shown(start)
            began, busy = time.perf_counter(), time.process_time()
            state, problems = engine.read(entries(kind, turn), start.state)
            if problems:
                raise SystemExit(f"{kind}: {problems}")
            shown(engine.answer(state))
            wall.append(time.perf_counter() - began)
            own.append(time.process_time() - busy)
        yield kind, statistics.median(wall), statistics.median(own)


def shown(answer: object) -> None:
    for panel in (panels.headline, panels.glance, panels.shown_timeline, panels.shown_curves):
        panel(answer)  # type: ignore[arg-type]
    panels.shown_costs(answer, None)  # type: ignore[arg-type]


def in_the_browser() -> Iterator[tuple[str, float]]:
    """Yield each kind of change with its median, from the key press to the new words or picture on the page."""
    with served(ready=1) as site:
        page, _ = site.opened("budget=4000&by=2027-03-01&week_value=100")
        time.sleep(20)  # another kernel is being made ready
        yield "a page opened anew, to the first picture", opened(site)
        page.get_by_label("A quote for", exact=True).select_option(label="Stem cell injection")
        page.get_by_label("Price", exact=True).select_option(label="Injection procedure (per session)")
        page.locator(".calc-more-button[aria-expanded=false]").click()
        for kind, (label, text) in KINDS.items():
            yield kind, statistics.median(changed(page, kind, label, text(turn)) for turn in range(ROUNDS))


def opened(site: Served) -> float:
    page, seconds = site.opened("budget=4000")
    page.close()
    time.sleep(20)
    return seconds


def changed(page: object, kind: str, label: str, text: str) -> float:
    """Return the seconds from an entry to the first change that it brings about among the answers."""
    watching = """() => { window.seen = new Promise((done, fail) => {
        setTimeout(() => fail(new Error('nothing changed')), 20000);
        let pressed = 0;
        for (const event of ['keydown', 'change'])
            document.addEventListener(event, () => { pressed = pressed || performance.now(); }, {capture: true});
        const watch = new MutationObserver(() => { watch.disconnect();
            requestAnimationFrame(() => done((performance.now() - pressed) / 1000)); });
        watch.observe(document.querySelector('.calc-answers'), {subtree: true, childList: true, attributes: true});
        }); }"""
    name = "Plan" if kind == "plan" else label
    if kind == "plan":
        page.evaluate(watching)  # type: ignore[attr-defined]
        page.get_by_label(name, exact=True).select_option(index=PLANS.index(text))  # type: ignore[attr-defined]
    else:
        box = page.get_by_label(name, exact=True)  # type: ignore[attr-defined]
        box.fill(text)
        page.evaluate(watching)  # type: ignore[attr-defined]
        box.press("Enter")
    seconds = float(page.evaluate("() => window.seen"))  # type: ignore[attr-defined]
    time.sleep(1)  # what takes longer is shown after the first answers
    return seconds


PLANS = sorted(path.stem for path in (PARAMS / "plans").glob("*.yaml"))


def main() -> None:
    unit = reference()
    print(f"plain numpy, for comparison: {1e3 * unit:.0f} ms of the processor")
    print(f"{'in the library, 16,384 draws × 16 treatments':46} clock  processor  times numpy")
    for kind, wall, own in in_the_library():
        print(f"{kind:46} {1e3 * wall:3.0f} ms   {1e3 * own:3.0f} ms      {own / unit:.1f}")
    if "--browser" in sys.argv[1:]:
        print("in the browser, from the key press to the change on the page")
        for kind, wall in in_the_browser():
            print(f"{kind:46} {1e3 * wall:3.0f} ms")


if __name__ == "__main__":
    main()
