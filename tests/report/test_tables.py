from __future__ import annotations

from html.parser import HTMLParser

import pandas as pd

from calc.report.show import Page
from calc.report.tables import as_html, as_text

from .shipped import shipped, stepped

TABLE = pd.DataFrame(
    [{"Treatment": "Alpha <b>", "You pay": "$1,200 ($610 to $4,100)"}, {"Treatment": "Beta", "You pay": "not stated"}]
)


class Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.seen: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append((tag, dict(attrs)))


def test_an_html_table_has_a_caption_and_scopes_and_escapes_its_cells() -> None:
    text = as_html(TABLE, "What & who")
    tags = Tags()
    tags.feed(text)
    assert [tag for tag, _ in tags.seen].count("caption") == 1
    assert [attrs["scope"] for tag, attrs in tags.seen if tag == "th"] == ["col", "col", "row", "row"]
    assert "Alpha &lt;b&gt;" in text
    assert "What &amp; who" in text


def test_a_terminal_table_keeps_to_its_width_and_loses_no_word() -> None:
    text = as_text(TABLE, width=30)
    assert max(map(len, text.splitlines())) <= 30
    words = " ".join(TABLE.to_numpy().ravel()).split()
    assert all(word in text for word in words)


def test_a_terminal_table_shows_brackets_and_colons_as_they_are_and_folds_a_word_that_is_too_long() -> None:
    text = as_text(pd.DataFrame([{"[b]": "[red]x[/red] :smile:", "Long": "n" * 50}]), width=40)
    assert "[red]x[/red]" in text
    assert ":smile:" in text
    assert text.count("n") == 50 + 1
    assert max(map(len, text.splitlines())) <= 40


def test_where_no_price_is_read_in_several_ways_the_page_says_so() -> None:
    assert "<p>No price of a treatment here is read in several ways.</p>" in str(Page(stepped(), None).bills().data)
    assert "<table" in str(Page(shipped(), None).bills().data)
