"""What contradicts by arithmetic is found without anybody declaring it, and joined with what was read."""

from __future__ import annotations

from collections.abc import Mapping

from calc.analysis.contradictions import Conflict, computed, conflicts, contradictions
from calc.inputs.contradiction import BearsOn, Contradiction, Side
from calc.inputs.parameter import Parameter, Per
from calc.inputs.treatment import Repeat, Treatment

from ..model.small import SOURCES, claim, covering, parameter, price, repeating, responding, treatment
from ..report.shipped import shipped

FOLLOWED = {**SOURCES, "trial": SOURCES["survey"].model_copy(update={"follow_up": "12 months"})}


def found(**changed: object) -> list[Conflict]:
    return list(computed({"shot": treatment(**changed)}, FOLLOWED))


def rules(**changed: object) -> list[str]:
    return [each.rule for each in found(**changed)]


def bills(total_low: float, total_high: float, source_of_total: str = "clinic") -> Mapping[str, object]:
    return {
        "price": {
            "harvest": price(claim("typical_range", source="clinic", low=1000, high=3000), per=Per.COURSE),
            "needle": price(claim("typical_range", source="clinic", low=2000, high=7000), per=Per.COURSE),
            "whole": price(
                claim("typical_range", source=source_of_total, low=total_low, high=total_high), per=Per.COURSE
            ),
        },
        "bills": {"parts": ("harvest", "needle"), "total": ("whole",)},
        "bill": "parts",
    }


def test_a_treatment_that_agrees_with_itself_has_no_contradiction() -> None:
    assert rules() == []
    assert rules(**bills(3000, 10000)) == []


def test_parts_that_do_not_add_up_to_the_total_are_found_with_the_sums() -> None:
    (one,) = found(**bills(2800, 10000))
    assert one.rule == "parts_and_total"
    assert one.size == "Parts 3,000 to 10,000, total 2,800 to 10,000 USD."
    assert one.bears_on == (BearsOn.COST,)
    assert set(one.parameters) == {"shot.price.harvest", "shot.price.needle", "shot.price.whole"}


def test_the_total_of_another_source_contradicts_no_parts() -> None:
    assert rules(**bills(2800, 9000, source_of_total="survey")) == []


def test_one_range_for_a_session_and_for_a_course_is_found_where_a_course_has_several_sessions() -> None:
    same = claim("typical_range", source="clinic", low=3000, high=10000)
    both = {"a": price(same, per=Per.SESSION), "b": price(same, per=Per.COURSE)}
    (one,) = found(price=both, bills={"a": ("a",), "b": ("b",)}, bill="a")
    assert one.rule == "session_and_course"
    assert one.size == "3,000 to 10,000 once, or 3,000 to 20,000 USD."  # two sessions at most
    once = parameter("sessions", claim(value=1))
    assert rules(price=both, bills={"a": ("a",), "b": ("b",)}, bill="a", sessions=once) == []


def test_ranges_that_do_not_meet_are_found_and_those_that_do_are_not() -> None:
    def relief(low: float, high: float, **said: object) -> object:
        ours = claim("bounds", source="guide", low=2, high=6)
        return parameter("weeks", ours, claim("bounds", source="clinic", low=low, high=high, **said))

    (one,) = found(relief=relief(7, 9))
    assert one.rule == "disjoint"
    assert [words for _, _, words in one.sides] == ["2 to 6 weeks", "7 to 9 weeks"]
    assert rules(relief=relief(6, 9)) == []
    assert rules(relief=relief(1.5, 2, unit="months")) == ["disjoint"]  # 6.5 weeks and more
    assert rules(relief=relief(1, 2, unit="months")) == []


def test_a_bound_from_above_and_one_from_below_contradict_unless_they_meet() -> None:
    below, above = claim("at_most", source="guide", high=6), {"high": 52, "assumption": "A year."}
    apart = claim("at_least", source="clinic", low=8, **above)
    meeting = claim("at_least", source="clinic", low=6, **above)
    assert rules(relief=parameter("weeks", below, apart)) == ["disjoint"]
    assert rules(relief=parameter("weeks", below, meeting)) == []


def asking(share: Parameter) -> Repeat:
    return repeating(2).model_copy(update={"asks": share})


def test_an_open_range_has_no_upper_end_and_an_estimate_has_its_interval() -> None:
    high = claim("bounds", source="survey", low=9000, high=9500)
    open_above = claim("typical_range", source="clinic", low=1000, high=3000, open_above=True)
    closed = claim("typical_range", source="clinic", low=1000, high=3000)
    assert rules(price={"needle": price(high, open_above)}) == []
    assert rules(price={"needle": price(high, closed)}) == ["disjoint"]
    few = claim("proportion", source="survey", events=5, total=10)
    many = claim("proportion", source="clinic", events=900, total=1000)
    assert rules(repeat=asking(parameter("share", few, claim("bounds", source="clinic", low=0.7, high=0.9)))) == []
    assert rules(repeat=asking(parameter("share", many, claim("bounds", source="guide", low=0.1, high=0.8)))) == [
        "disjoint"
    ]


def test_prices_of_different_markets_do_not_contradict_each_other() -> None:
    cash = claim("bounds", source="survey", low=900, high=1000, market="cash")
    allowed = claim("bounds", source="survey", low=200, high=300, market="commercial")
    assert rules(price={"needle": price(cash, allowed)}) == []
    assert rules(price={"needle": price(cash, claim(source="clinic", value=200))}) == ["disjoint"]


def test_what_one_source_states_and_another_says_nobody_knows_is_found() -> None:
    stated, unknown = claim("bounds", source="clinic", low=0.5, high=1), claim("unknown", source="guide")
    (one,) = found(effects=responding(parameter("share", stated, unknown)))
    assert one.rule == "known_and_unknown"
    assert one.bears_on == (BearsOn.RESPONSE,)
    assert (
        rules(effects=responding(parameter("share", stated, claim("unknown", note="We looked.")))) == []
    )  # nobody says so


def test_covered_and_not_covered_are_found_and_two_refusals_are_not() -> None:
    (never, pays, varies, also) = (
        status
        for each, by in (("excluded", "guide"), ("covered", "clinic"), ("not_known", "clinic"), ("excluded", "survey"))
        for status in covering(each, source=by, section="Here")
    )
    assert rules(coverage=(never, pays)) == ["known_and_unknown"]
    assert rules(coverage=(never, varies)) == ["known_and_unknown"]
    assert rules(coverage=(never, also)) == []


def test_relief_longer_than_the_cited_study_watched_is_found() -> None:
    def cited(high: float) -> object:
        return parameter("months", claim("bounds", source="clinic", low=6, high=high, cites=["trial"]))

    (one,) = found(relief=cited(36))
    assert one.rule == "follow_up"
    assert one.size == "Followed for 12 months: trial."
    assert rules(relief=cited(12)) == []
    silent = parameter("months", claim("bounds", source="clinic", low=6, high=36, cites=["trial", "guide"]))
    assert rules(relief=silent) == []  # nobody says how long the other one watched


DECLARED = Contradiction(
    topic="How long it helps",
    bears_on=(BearsOn.TIME,),
    parameters=("shot.relief",),
    sides=(Side(source="guide", section="Here", says="Weeks."), Side(source="clinic", section="There", says="Months.")),
    size="A factor of four.",
    handled="Each view has its own.",
)


def test_a_declared_contradiction_takes_in_the_computed_one_about_the_same_parameter_and_sources() -> None:
    apart = parameter(
        "weeks", claim("bounds", source="guide", low=2, high=6), claim("bounds", source="clinic", low=8, high=9)
    )
    treatments: Mapping[str, Treatment] = {"shot": treatment(relief=apart)}
    (one,) = conflicts(treatments, SOURCES, {"k11": DECLARED})
    assert (one.name, one.rule, one.handled) == ("k11", "disjoint", "Each view has its own.")
    other = DECLARED.model_copy(update={"sides": DECLARED.sides[:1]})
    assert [each.name for each in conflicts(treatments, SOURCES, {"k11": other})] == ["k11", "disjoint.shot.relief"]


def test_the_table_tells_who_says_what_where_and_what_is_done() -> None:
    table = contradictions({"shot": treatment()}, SOURCES, {"k11": DECLARED})
    row = table.iloc[0]
    assert row["found"] == "read"
    assert row["sides"] == "guide (Here): Weeks.; clinic (There): Months."
    assert row["handled"] == "Each view has its own."


def test_the_clinic_s_own_price_table_is_found_to_contradict_itself() -> None:
    """Document 003: parts of 3,200 to 10,500 under a total of 3,000 to 10,000 and more, which is also a session's price."""
    inputs = shipped().inputs
    by_rule = {each.rule: each for each in computed(inputs.treatments, inputs.sources) if "stem_cell" in each.name}
    assert by_rule["parts_and_total"].size == "Parts 3,200 to 10,500, total 3,000 to 10,000 USD."
    assert by_rule["session_and_course"].size == "3,000 to 10,000 once, or 3,000 to 30,000 USD."
