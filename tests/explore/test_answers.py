"""The answers of the page are those of the library, and what goes wrong becomes a sentence."""

from __future__ import annotations

import asyncio
import base64
import contextlib
import ctypes
import io
import re
import signal
import subprocess
import sys
import time
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from types import MappingProxyType
from typing import Any
from xml.etree import ElementTree as ET

import numpy as np
import pandas as pd
import pptx
import pytest
import tornado.web
from click.testing import CliRunner

import calc
import calc.report.bundle
from calc.cli import main
from calc.errors import RunError, SettingError
from calc.explore import hosts, limits, panels, pictures, serve
from calc.explore.desk import Desk
from calc.explore.engine import SHOWN, Answer, Engine
from calc.explore.fields import VIEW
from calc.explore.files import download
from calc.explore.limits import within
from calc.explore.serve import Serving
from calc.inputs.load import StudyInputs
from calc.report.format import money
from calc.report.screen import screen
from calc.report.screen_html import as_page

PARAMS = Path(__file__).resolve().parent.parent.parent / "params"
STUDY = "chronic_low_back_pain"
DRAWS = {"more": "study.draws=256"}
ENTRIES = DRAWS | {
    "budget": "3000",
    "by": "2027-03-01",
    "week_value": "100",
    "quotes": "stem_cell_injection.injection=5500",
}


@pytest.fixture(scope="module")
def engine() -> Engine:
    return Engine(PARAMS, STUDY)


@pytest.fixture(scope="module")
def answer(engine: Engine) -> Answer:
    state, problems = engine.read(ENTRIES, engine.start)
    assert not problems
    return engine.answer(state)


def test_the_tables_of_the_page_are_those_of_the_library(engine: Engine, answer: Answer) -> None:
    library = calc.compare(STUDY, params=PARAMS, settings=engine.settings(answer.state))
    shown = library.comparison[library.comparison["outcome"].isin(SHOWN)].reset_index(drop=True)
    pd.testing.assert_frame_equal(answer.result.comparison, shown)
    for name in ("phases", "relief_by_week"):
        pd.testing.assert_frame_equal(getattr(answer.result, name), getattr(library, name))
    pd.testing.assert_frame_equal(answer.result.costs.dots, library.costs.dots)
    pd.testing.assert_frame_equal(engine.full(answer.state).comparison, library.comparison)


def test_tables_by_way_of_what_was_kept_are_those_of_a_fresh_start(engine: Engine) -> None:
    for entries in ({}, {"plan": "self_pay"}, {"belief": "10"}, {"months": "9"}, {"plan": "self_pay", "belief": "10"}):
        state, _ = engine.read(DRAWS | entries, engine.start)
        kept, fresh = engine.answer(state), Engine(PARAMS, STUDY).answer(state)
        for name in ("comparison", "phases", "relief_by_week"):
            pd.testing.assert_frame_equal(getattr(kept.result, name), getattr(fresh.result, name))


def test_chances_are_shares_of_the_draws(answer: Answer) -> None:
    table = answer.chances.set_index("treatment")
    week = (date(2027, 3, 1) - date(2026, 11, 23)).days / 7
    for name in ("physical_therapy", "epidural_steroid_injection"):
        outcomes = answer.outcomes.treatments[name].outcomes
        assert table.loc[name, "within_budget"] == np.mean(outcomes["out_of_pocket"].values <= 3000)
        relieved = answer.outcomes.treatments[name].events.in_relief_at(week)
        assert table.loc[name, "relief_on"] == np.mean(relieved)
        assert np.mean(relieved) <= np.mean(outcomes["weeks_to_relief"].values <= week)
    assert np.isnan(table.loc["stem_cell_injection", "relief_on"])


def test_relief_that_is_over_by_the_date_does_not_count(engine: Engine) -> None:
    state, _ = engine.read(DRAWS | {"by": "October 1, 2028"}, engine.start)
    answer = engine.answer(state)
    shares = answer.chances.set_index("treatment")["relief_on"]
    begun = answer.outcomes.treatments["epidural_steroid_injection"].outcomes["weeks_to_relief"].values < np.inf
    assert 0 < shares["epidural_steroid_injection"] < np.mean(begun)


def test_an_unknown_is_worth_it_from_the_weeks_on_that_make_up_for_its_cost(answer: Answer) -> None:
    outcomes = answer.outcomes.treatments
    means = {
        name: {key: each.values.mean() for key, each in found.outcomes.items()} for name, found in outcomes.items()
    }
    best = max(100 * means[name]["weeks_gained"] - means[name]["out_of_pocket"] for name in answer.worth["treatment"])
    assert answer.worth.set_index("treatment").loc["no_procedure", "net"] == 0.0
    needed = (best + means["lumbar_discectomy"]["out_of_pocket"]) / 100
    least, most = answer.break_evens()["lumbar_discectomy"]
    assert least == most
    assert least.at_least == pytest.approx(needed)


def test_an_unknown_of_unknown_cost_is_told_for_the_least_and_the_most_that_it_may_cost(engine: Engine) -> None:
    state, _ = engine.read(ENTRIES | {"coverage": "stem_cell_injection=unknown", "week_value": "300"}, engine.start)
    answer = engine.answer(state)
    low, high = answer.outcomes.treatments["stem_cell_injection"].outcomes["out_of_pocket"].envelope or (0.0, 0.0)
    best = float(answer.worth["net"].max())
    least, most = answer.break_evens()["stem_cell_injection"]
    assert (least.at_least, most.at_least) == (pytest.approx((best + low) / 300), pytest.approx((best + high) / 300))
    assert low < high


def test_without_a_value_an_unknown_is_held_against_the_cheapest_week(engine: Engine) -> None:
    state, _ = engine.read(DRAWS, engine.start)
    answer = engine.answer(state)
    cheapest = min(each for each in answer.worth["usd_per_week"] if 0 < each < np.inf)
    least, _ = answer.break_evens()["lumbar_discectomy"]
    cost = answer.outcomes.treatments["lumbar_discectomy"].outcomes["out_of_pocket"].values.mean()
    needed = cost / cheapest
    assert least.never if needed > answer.outcomes.horizon else least.at_least == pytest.approx(needed)


def test_what_is_not_known_is_told_with_what_it_would_need(answer: Answer) -> None:
    page = panels.opened(answer)
    told = r"Lumbar discectomy</th><td>Share in relief with lumbar discectomy</td><td>\d+ weeks of relief beyond doing"
    assert re.search(told, page)


def drawn(answer: Answer, width: float) -> tuple[ET.Element, ...]:
    made = [panels.shown_costs(answer, None), panels.shown_timeline(answer), panels.shown_curves(answer)]
    place = 0 if width == pictures.NARROW else 1
    return tuple(
        ET.fromstring(base64.b64decode(re.findall(r"svg\+xml;base64,([\w+/=]+)", each)[place]))  # noqa: S314  our own
        for each in made
    )


@pytest.mark.parametrize("width", [pictures.NARROW, pictures.WIDE])
def test_pictures_show_each_amount_once_and_what_is_not_known_hatched(answer: Answer, width: float) -> None:
    costs, time, curves = drawn(answer, width)
    space = "{http://www.w3.org/2000/svg}"
    known = answer.result.costs.dots["treatment"].nunique()
    beyond = [
        int(found[0])
        for each in costs.iter(f"{space}text")
        if (found := re.findall(r"(\d+)(?: more ▸|, to \$)", each.text or ""))
    ]
    assert len(list(costs.iter(f"{space}circle"))) + sum(beyond) == 20 * known
    hatched = [each for each in time.iter(f"{space}rect") if each.get("fill") == "url(#h)"]
    assert len(hatched) == 16 - answer.result.relief_by_week["treatment"].nunique()
    lines = [each for each in curves.iter(f"{space}polyline") if each.get("stroke-width") == "3"]
    assert len(lines) >= answer.result.relief_by_week["treatment"].nunique()
    for each in (costs, time, curves):
        assert float(each.get("width", "0")) == width
        for words in each.iter(f"{space}text"):
            assert 0 <= float(words.get("x", "0")) <= width


def test_pictures_carry_the_text_that_their_tables_make(answer: Answer) -> None:
    for made in (panels.shown_costs(answer, None), panels.shown_timeline(answer), panels.shown_curves(answer)):
        [alt] = re.findall(r' alt="([^"]+)"', made)
        assert "Lumbar discectomy" in alt
        assert ("not known" in alt) is not alt.startswith("Quantile dot plot"), "every cost is known here"


def test_what_was_asked_is_answered_first_in_one_paragraph(answer: Answer) -> None:
    page = panels.headline(answer)
    first = page.index("<p>"), page.index("</p>")
    row = answer.effects["stem_cell_injection"]
    costs = [money(row[name]) for name in ("cost_if_refused",)]
    for words in (
        "You were quoted $5,500 for Stem cell injection (Injection procedure, per session).",
        *costs,
        "$3,000 is enough, in 95 of 100 cases or more, for",
        "On March 1, 2027, of 100 people, in relief: ",
        "With nothing done: ",
        "At $100 a week of relief",
    ):
        assert words in page[slice(*first)]
    assert "As if in 50 of 100 worlds the clinic were right, and in 50 the guidelines." in page


def test_the_first_screen_is_that_of_the_report_with_every_option_in_a_row(answer: Answer) -> None:
    page = panels.headline(answer)
    assert as_page(screen(answer.result, VIEW)) in page
    (table,) = pd.read_html(io.StringIO(page))
    rows = [" ".join(map(str, row)) for row in table.itertuples(index=False)]
    for name, option in answer.result.inputs.options.items():
        (row,) = (each for each in rows if each.startswith(option.short))
        effects = answer.effects[name]
        if effects["known"] == "stated":
            assert f"{round(100 * effects['with_neither'])} with neither" in row or name == answer.own.usual_care
        for column in ("cost_if_covered", "cost_if_refused"):
            if effects[column] == effects[column]:
                assert money(effects[column]) in row


def test_the_kind_of_pain_and_the_insurers_answer_change_what_is_said(engine: Engine) -> None:
    leg, _ = engine.read(DRAWS | {"kind": "nerve_root"}, engine.start)
    back, _ = engine.read(DRAWS | {"kind": "back_alone", "coverage": "lumbar_fusion=excluded"}, engine.start)
    one, other = engine.answer(leg), engine.answer(back)
    assert one.effects["lumbar_discectomy"]["known"] == "stated"
    assert other.effects["lumbar_discectomy"]["known"] != "stated"
    assert other.effects["lumbar_fusion"]["coverage"] == "excluded"
    assert panels.headline(other) != panels.headline(one)
    assert "Pain from a nerve root, into the leg." in panels.headline(one)


class Failing(Engine):
    """An engine that fails on demand, each time in the way that it is told."""

    failure: BaseException | None = None

    def inputs(self, state: Any) -> StudyInputs:
        if self.failure is not None:
            raise self.failure
        return super().inputs(state)


@pytest.mark.parametrize(
    ("failure", "words"),
    [
        (ZeroDivisionError("secret"), "This did not work (ZeroDivisionError); the answers are those from before."),
        (RunError("The run stopped."), "The run stopped."),
        (MemoryError(), "That needs more memory than one visitor may use; nothing was changed."),
        (TimeoutError(), "That took longer than 0 seconds and was stopped; nothing was changed."),
    ],
)
def test_a_change_that_fails_leaves_a_sentence_and_everything_as_it_was(failure: BaseException, words: str) -> None:
    engine = Failing(PARAMS, STUDY)
    desk = Desk(engine, DRAWS)
    before = {name: each.value for name, each in desk.panels.items()}
    engine.failure = failure
    desk.boxes.by_name["budget"].box.value = "10"
    assert words in desk.message.value
    assert "Traceback" not in desk.message.value
    assert "secret" not in desk.message.value
    assert {name: each.value for name, each in desk.panels.items()} == before
    engine.failure = None
    desk.boxes.by_name["budget"].box.value = "20"
    assert desk.message.value == ""
    assert desk.state.budget == 20


@pytest.mark.parametrize("last", ["shown_curves", "opened", "asked"])
def test_an_answer_that_can_only_be_shown_in_part_is_not_shown_at_all(
    last: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = Desk(Engine(PARAMS, STUDY), DRAWS)
    before, state, link = {name: each.value for name, each in desk.panels.items()}, desk.state, desk.link.value
    seen = []
    desk.panels["answer"].observe(lambda change: seen.append(change["new"]), "value")

    def fails(_: object) -> str:
        raise TimeoutError

    monkeypatch.setattr(panels, last, fails)
    desk.boxes.by_name["budget"].box.value = "10"
    assert "nothing was changed" in desk.message.value
    assert "$10 is enough" in seen[0]
    assert {name: each.value for name, each in desk.panels.items()} == before
    assert (desk.state, desk.link.value) == (state, link)
    monkeypatch.setattr(panels, "shown_curves", fails)
    desk.pin()
    assert "nothing was changed" in desk.pressed.value, "beside the button"
    assert desk.pinned is None


def test_the_desk_answers_what_stands_in_its_fields_and_carries_it_in_its_address() -> None:
    desk = Desk(Engine(PARAMS, STUDY), DRAWS)
    desk.boxes.by_name["plan"].box.value = "self_pay"
    desk.boxes.by_name["belief"].slider.value = 100
    desk.boxes.by_name["quotes"].option.value = "stem_cell_injection"
    desk.boxes.by_name["quotes"].item.value = "stem_cell_injection.injection"
    desk.boxes.by_name["quotes"].box.value = "6000"
    assert (desk.state.plan, desk.state.belief) == ("self_pay", 1.0)
    assert desk.state.quotes == (("stem_cell_injection.injection", 6000.0),)
    assert desk.boxes.by_name["belief"].text == "100"
    assert (
        'data-query="plan=self_pay&amp;quotes=stem_cell_injection.injection%3D6000&amp;belief=100&amp;more='
        in desk.link.value
    )
    desk.reset()
    assert desk.boxes.entries == {"months": "24", "belief": "50"}
    assert desk.state == desk.engine.start


def test_report_and_deck_of_this_very_state_are_handed_over_inside_the_page() -> None:
    desk = Desk(Engine(PARAMS, STUDY), DRAWS | {"months": "12", "treatments": "physical_therapy,stem_cell_injection"})

    async def press(name: str) -> bytes:
        desk.files.buttons[name].click()  # as in a kernel, whose loop runs
        assert desk.files.unmade.value == ""
        [data] = re.findall(r'base64,([^"]+)"', desk.files.made.value)
        return base64.b64decode(data)

    page = asyncio.run(press("report")).decode("utf-8")
    assert "12 months" in page
    assert "Physical therapy" in page
    assert "Lumbar fusion" not in page
    deck = pptx.Presentation(io.BytesIO(asyncio.run(press("deck"))))
    words = " ".join(shape.text_frame.text for slide in deck.slides for shape in slide.shapes if shape.has_text_frame)
    assert "12 months" in words
    assert desk.message.value == ""


def test_a_link_holds_its_file_in_itself() -> None:
    link = download("a.yaml", b"plan: {}\n", "text/yaml", "What <you> entered")
    [data] = re.findall(r'href="data:text/yaml;base64,([^"]+)"', link)
    assert base64.b64decode(data) == b"plan: {}\n"
    assert "What &lt;you&gt; entered" in link


@pytest.mark.parametrize("kind", ["report", "deck", "figures"])
def test_what_cannot_be_made_is_told_beside_its_button(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    desk = Desk(Engine(PARAMS, STUDY), DRAWS)

    def fails(*_: object) -> bytes:
        raise TimeoutError

    monkeypatch.setattr(calc.report.bundle, "bundle", fails)
    desk.files.buttons[kind].click()
    assert "took longer" in desk.files.unmade.value
    assert 'role="alert"' in desk.files.unmade.value
    assert (desk.files.made.value, desk.message.value) == ("", "")
    place = desk.files.widgets
    assert place.index(desk.files.unmade) - place.index(desk.files.made) == 1
    desk.boxes.by_name["budget"].box.value = "10"
    assert desk.files.unmade.value == ""


def test_a_file_that_cannot_be_loaded_is_told_beside_its_button() -> None:
    desk = Desk(Engine(PARAMS, STUDY), DRAWS)
    at = datetime(2026, 11, 23, tzinfo=UTC)
    desk.files.load.value = ({"name": "mine.yaml", "content": b"a: [1", "type": "", "size": 5, "last_modified": at},)
    assert "mine.yaml" in desk.files.unread.value
    assert desk.message.value == ""


def test_the_experts_fields_are_shown_where_one_of_them_is_entered_or_wrong() -> None:
    desk = Desk(Engine(PARAMS, STUDY), {"budget": "50"})
    desk.widget()
    assert desk.boxes.expert.layout.display == "none"
    desk.boxes.more.click()
    assert (desk.boxes.expert.layout.display, desk.boxes.more.description) == ("", "Less")
    assert Desk(desk.engine, DRAWS).boxes.expert.layout.display == ""
    assert Desk(desk.engine, {"colour": "red"}).boxes.expert.layout.display == ""


def test_a_change_that_takes_too_long_is_stopped() -> None:
    with pytest.raises(TimeoutError), within(0.05):
        time.sleep(5)
    with within(0):
        pass


def test_nothing_inside_can_swallow_the_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "_AGAIN", 0.05)

    def carries_on(caught: type[BaseException], times: int, passed: list[object]) -> None:
        for _ in range(times):
            with contextlib.suppress(caught):
                time.sleep(5)
        passed.append(caught)

    for caught, times in ((Exception, 3), (TimeoutError, 3), (BaseException, 1), (BaseException, 3)):
        passed: list[object] = []
        with pytest.raises(TimeoutError), within(0.05):
            carries_on(caught, times, passed)
        assert passed == ([BaseException] if caught is BaseException else [])


def test_a_limit_holds_however_the_block_ends() -> None:
    def dies() -> None:
        try:
            time.sleep(5)
        finally:
            raise RunError("the kernel died")

    with pytest.raises(TimeoutError), within(0.05):
        dies()
    with pytest.raises(RunError, match="at once"), within(5):
        raise RunError("at once")
    before = signal.getsignal(signal.SIGALRM)
    with within(5):
        assert signal.getsignal(signal.SIGALRM) is not before
    assert signal.getsignal(signal.SIGALRM) is before
    assert signal.getitimer(signal.ITIMER_REAL)[0] == 0


def test_a_callback_that_catches_everything_does_not_eat_the_limit() -> None:
    desk = Desk(Engine(PARAMS, STUDY), DRAWS, seconds=60)
    desk.seconds = 0.05

    def broad() -> None:
        try:
            time.sleep(5)
        except Exception:
            desk.link.value = "went on"

    desk.guarded(broad)
    assert "took longer than 0.05 seconds" in desk.message.value
    assert desk.link.value != "went on"


def test_a_visitor_who_takes_too_much_memory_is_told_so_by_python() -> None:
    pytest.importorskip("resource")
    code = (
        "from calc.explore.limits import limit_process\nlimit_process(gigabytes=1.5, processor_seconds=60)\n"
        "try: bytearray(2 * 2**30)\nexcept MemoryError: print('refused')"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "refused\n"


def test_other_machines_are_let_in_by_a_token_or_on_purpose_only() -> None:
    say: list[str] = []
    for how in (Serving(listen="0.0.0.0"), Serving(listen="0.0.0.0", token="short")):  # noqa: S104, S106
        with pytest.raises(SettingError, match=r"--listen|--token"):
            serve.serve(STUDY, PARAMS, how, say.append, dry_run=True)
    for how in (Serving(), Serving(listen="0.0.0.0", token="long-enough"), Serving(listen="0.0.0.0", open_to_all=True)):  # noqa: S104, S106
        serve.serve(STUDY, PARAMS, how, say.append, dry_run=True)
    assert len(say) == 3


class Asked:
    """What a matcher looks at of a request."""

    def __init__(self, host: str) -> None:
        self.host_name = host


@pytest.mark.parametrize(
    ("listen", "told", "host", "answered"),
    [
        ("127.0.0.1", (), "127.0.0.1", True),
        ("127.0.0.1", (), "localhost", True),
        ("127.0.0.1", (), "LOCALHOST", True),
        ("127.0.0.1", (), "[::1]", True),
        ("127.0.0.1", (), "evil.example", False),
        ("127.0.0.1", (), "localhost.evil.example", False),
        ("127.0.0.1", (), "10.0.0.1", False),
        ("127.0.0.1", (), "", False),
        ("127.0.0.1", ("Clinic.example",), "clinic.example", True),
        ("10.0.0.7", (), "10.0.0.7", True),
        ("10.0.0.7", (), "localhost", False),
        ("0.0.0.0", (), "10.0.0.1", True),  # noqa: S104
        ("0.0.0.0", (), "evil.example", False),  # noqa: S104
    ],
)
def test_the_page_answers_under_the_names_that_it_was_told_alone(
    listen: str, told: tuple[str, ...], host: str, answered: bool
) -> None:
    app = tornado.web.Application()
    hosts.answer_only(app, hosts.names_of(listen, told), listen)
    found = app.default_router.rules[0].matcher.match(Asked(host))
    assert (found is None) is answered


def test_without_voila_the_command_names_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(serve, "find_spec", lambda _: None)
    done = CliRunner().invoke(main, ["app", "--dry-run", "--params", str(PARAMS)])
    assert done.exit_code == 1
    assert "pip install 'treatment-calc[web]'" in done.output


def test_a_study_that_is_not_there_is_told_before_anything_listens() -> None:
    done = CliRunner().invoke(main, ["app", "--dry-run", "--params", str(PARAMS), "--study", "../x"])
    assert done.exit_code == 2
    assert "there is no study named '../x'" in done.output


def test_a_pinned_answer_of_other_treatments_can_be_compared(engine: Engine, answer: Answer) -> None:
    few = replace(answer.state, treatments=("no_procedure", "physical_therapy", "lumbar_fusion"))
    page = panels.pinned_beside(engine.answer(few), answer)
    assert "no_procedure,physical_therapy,lumbar_fusion" in page
    back = panels.pinned_beside(answer, engine.answer(few))
    assert "not chosen" in back


def test_a_study_with_pathways_can_be_explored() -> None:
    engine = Engine(PARAMS, "stepped_care")
    state, problems = engine.read({"more": "study.draws=64"}, engine.start)
    assert not problems
    answer = engine.answer(state)
    assert set(answer.result.inputs.pathways) < set(answer.result.comparison["treatment"])
    assert isinstance(answer.result.inputs.options, MappingProxyType)
    assert "<table>" in panels.glance(answer)
    assert panels.opened(answer) or answer.break_evens() == {}


@pytest.mark.skipif(
    sys.platform != "linux" or not hasattr(ctypes.CDLL(None), "malloc_trim"), reason="only Linux with glibc gives back"
)
def test_memory_that_visitors_left_in_pieces_goes_back_to_the_system() -> None:
    program = """
import os
from calc.explore import serve

def held():
    with open("/proc/self/statm") as told:
        return int(told.read().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 2**20

left = [bytes(1000) for _ in range(200_000)][::100]
before = held()
serve._give_back()
print(before - held())
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert float(done.stdout) > 50
