"""Plans over a year, with their price."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner

from calc.analysis.plan_years import plan_years
from calc.cli import main
from calc.errors import UnknownNameError

from ..inputs.mini import FILES, write

PREMIUM = "premium: {label: Premium, unit: usd_per_month, claims: [{assumption: Card., reading: exact, value: 100}]}\n"
EXACT = {
    "reading: typical_range\n        low: 1000\n        high: 3000": "reading: exact\n        value: 1000",
    "reading: count_range, low: 1, high: 3": "reading: exact, value: 2",
}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    shot = FILES["treatments/shot"]
    for old, new in EXACT.items():
        assert old in shot
        shot = shot.replace(old, new)
    written = write(tmp_path / "params", treatments_shot=shot)
    priced = FILES["plans/insured"].replace("short: Employer plan", "short: With premium") + PREMIUM
    (written / "plans" / "priced.yaml").write_text(priced, encoding="utf-8")
    return written


def cell(table: pd.DataFrame, plan: str, treatment: str, column: str = "p50") -> float:
    row = table[(table["plan"] == plan) & (table["treatment"] == treatment)]
    return float(row[column].item())


def test_a_year_is_twelve_premiums_and_what_the_patient_pays(root: Path) -> None:
    table = plan_years("question", ["priced", "insured", "self_pay"], params=root)
    assert list(dict.fromkeys(table["plan"])) == ["priced", "insured", "self_pay"]
    assert [cell(table, name, "") for name in ("priced", "insured", "self_pay")] == [1200, 0, 0]
    # 200 of 1,500 are met: two shots of 1,000 cost 1,300 and a fifth of 700
    assert cell(table, "insured", "shot") == 1300 + 140
    assert cell(table, "priced", "shot") == 1200 + 1440
    assert cell(table, "self_pay", "shot") == 2000
    assert np.isnan(cell(table, "insured", "shot", "premium"))


def test_a_premium_that_nobody_knows_leaves_the_year_open(root: Path) -> None:
    text = (root / "plans" / "priced.yaml").read_text("utf-8")
    unknown = text.replace("{assumption: Card., reading: exact, value: 100}", "{reading: unknown, note: Not said.}")
    (root / "plans" / "priced.yaml").write_text(unknown, encoding="utf-8")
    table = plan_years("question", ["priced"], params=root)
    assert set(table["known"]) == {"not known"}
    assert table["p50"].isna().all()


def test_the_page_has_a_row_for_nothing_and_one_for_each_treatment(root: Path) -> None:
    done = CliRunner().invoke(main, ["plans", "priced", "insured", "--study", "question", "--params", str(root)])
    assert done.exit_code == 0, done.output
    for words in ("Premium, 12 months", "Premium, and nothing is billed", "Shot", "$2,600", "not given"):
        assert words in done.output
    with pytest.raises(UnknownNameError, match="priced"):
        plan_years("question", ["prised"], params=root)
