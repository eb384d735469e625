"""JSON of a known format with a value of another kind somewhere in it is read or told, and breaks nothing."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from calc.errors import CalcError
from calc.exchange.prices import read_prices

from .made import FILES

CODES = frozenset(["CPT 27447", "CPT 99214", "CPT 70551", "CPT 99283", "MS-DRG 786", "MS-DRG 470"])
OTHERS = (None, True, 5, -1.5, 1e300, "", "x", "\x1b[2J", "9" * 30, [], {}, [5], [None], {"a": {}}, [[]])


def places(node: Any) -> Iterator[tuple[Any, Any]]:
    """Yield every container of a tree with each of its keys."""
    for key in list(node) if isinstance(node, dict) else range(len(node)) if isinstance(node, list) else ():
        yield node, key
        yield from places(node[key])


@pytest.mark.parametrize("name", [file.name for file in sorted(FILES.glob("*.json"))])
@settings(deadline=None, max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_a_value_of_another_kind_is_read_or_told(tmp_path: Path, name: str, data: st.DataObject) -> None:
    whole = json.loads((FILES / name).read_text("utf-8-sig"))
    spots = list(places(whole))
    for at in data.draw(st.lists(st.integers(0, len(spots) - 1), min_size=1, max_size=3)):
        node, key = spots[at]
        if (key in node) if isinstance(node, dict) else key < len(node):
            node[key] = data.draw(st.sampled_from(OTHERS))
    file = tmp_path / name
    file.write_text(json.dumps(whole), encoding="utf-8")
    try:
        (read,) = read_prices([file], CODES)
    except CalcError as error:
        assert name in str(error)
        assert "\x1b" not in str(error)
    else:
        assert all(0 < price.spread.low <= price.spread.high for price in read.prices)
