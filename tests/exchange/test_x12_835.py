"""An X12 835 remittance: each line with who bears what, reversals, and what does not balance."""

from __future__ import annotations

import pytest

from calc.analysis.statement_inputs import settled
from calc.errors import ParameterFileError
from calc.exchange.lines import Status
from calc.exchange.x12_835 import read_835

CLAIM = """\
CLP*C1*1*1620*470*250*12*P1*22~
NM1*QC*1*MARKER*MARKER****MI*MARKER~
DTM*232*20260301~
SVC*HC:64483:50*1500*420**1~
DTM*472*20260302~
CAS*CO*45*850~
CAS*PR*1*130*1*2*100~
AMT*B6*650~
SVC*HC:97110*120*50**1~
DTM*472*20260302~
CAS*CO*45*50~
CAS*PR*3*20~"""
BACK = """\
CLP*C1*22*-1620*-470**12*P1*22~
SVC*HC:64483:50*-1500*-420**1~
DTM*472*20260302~
CAS*CO*45*-850~
CAS*PR*1*-130*1*2*-100~
AMT*B6*-650~
SVC*HC:97110*-120*-50**1~
DTM*472*20260302~
CAS*CO*45*-50~
CAS*PR*3*-20~"""


def file(*claims: str, form: str = "835") -> str:
    """Return an interchange that holds these claims, its envelopes counted."""
    body = "\n".join(["BPR*I*470*C*CHK~", "TRN*1*1*1~", "N1*PR*MARKER~", *claims])
    count = body.count("~") + 2
    return (
        "ISA*00*          *00*          *ZZ*SENDER         *ZZ*RECEIVER       *260401*1200*^*00501*000000001*0*P*:~\n"
        f"GS*HP*S*R*20260401*1200*1*X*005010X221A1~\nST*{form}*0001~\n{body}\nSE*{count}*0001~\nGE*1*1~\nIEA*1*000000001~\n"
    )


def told(text: str) -> list[str]:
    with pytest.raises(ParameterFileError) as raised:
        read_835(text, "era.835")
    return [str(each) for each in raised.value.problems]


def test_a_line_has_the_patients_part_by_reason_and_nothing_of_the_contracts() -> None:
    first, second = read_835(file(CLAIM), "era.835").lines
    assert first.amounts == {
        "billed": 1500.0, "allowed": 650.0, "plan_paid": 420.0, "deductible": 130.0, "copay": 0.0, "coinsurance": 100.0,
        "not_covered": 0.0, "you_owe": 230.0,
    }  # fmt: skip
    assert (first.code, first.day.isoformat(), first.claim, first.line) == ("64483", "2026-03-02", "C1", "1")
    assert (second.amounts["copay"], second.amounts["allowed"], second.line) == (20.0, 70.0, "2")


def test_a_reversal_and_its_correction_leave_the_correction() -> None:
    corrected = CLAIM.replace("CAS*PR*3*20~", "CAS*PR*3*30~").replace("HC:97110*120*50", "HC:97110*120*40")
    lines, notes = settled(read_835(file(CLAIM, BACK, corrected), "era.835").lines)
    assert [each.amounts["copay"] for each in lines] == [0.0, 30.0]
    assert len(notes) == 2
    assert read_835(file(BACK), "era.835").lines[0].status is Status.REVERSED


def test_reasons_that_have_no_column_are_what_is_not_covered() -> None:
    claim = "CLP*C2*4*400*0*400*12*P~\nSVC*HC:20552*400*0**1~\nDTM*472*20260302~\nCAS*PR*204*300*1*119*100~"
    (line,) = read_835(file(claim), "era.835").lines
    assert (line.amounts["not_covered"], line.status) == (400.0, Status.DENIED)


def test_a_claim_without_service_lines_is_one_line() -> None:
    claim = "CLP*C3*1*500*300*50*12*P~\nCAS*CO*45*150~\nCAS*PR*3*50~\nDTM*232*20260305~"
    (line,) = read_835(file(claim), "era.835").lines
    assert (line.amounts["copay"], line.amounts["allowed"], line.day.isoformat()) == (50.0, 350.0, "2026-03-05")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (file(CLAIM.replace("CAS*PR*3*20~", "CAS*PR*3*25~")), "less what is adjusted is not the 50.00 paid"),
        (file(CLAIM.replace("DTM*472*20260302", "DTM*472*03022026")), "is no date"),
        (file(CLAIM.replace("HC:97110*120*", "HC:97110*lots*")), "'lots' is no amount"),
        (file(CLAIM, form="837"), "this looks like X12 837"),
        (file(), "there is no claim"),
        (file(CLAIM).replace("SE*", "SE*9"), "count"),
        (file(CLAIM).rpartition("GE*")[0], "missing"),
        ("ISA*00*", "no whole X12 interchange"),
    ],
)
def test_what_is_wrong_is_told_with_its_segment(text: str, words: str) -> None:
    assert any(words in each for each in told(text)), told(text)


def test_every_line_that_does_not_balance_is_told_at_once() -> None:
    assert len(told(file(CLAIM.replace("*420*", "*421*").replace("*50**", "*51**")))) == 2


def test_names_never_enter_nor_stand_in_a_message() -> None:
    assert "MARKER" not in repr(read_835(file(CLAIM), "era.835"))
    assert "MARKER" not in str(told(file(CLAIM).replace("NM1*QC", "NM?*QC").replace("SE*", "SE*9")))
