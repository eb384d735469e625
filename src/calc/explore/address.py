"""What was entered, in the address of the page and back."""

from __future__ import annotations

from urllib.parse import parse_qsl, urlencode

from .state import FIELDS, Entries

__all__ = ["entries_in", "query_of"]

_MOST = 8_000
#: what the address may hold beside the fields of the page
_OTHERS = ("token",)


def query_of(entries: Entries) -> str:
    """Return entries as the query of an address, without its question mark; empty if nothing was entered."""
    return urlencode([(name, entries[name]) for name in FIELDS if name in entries])


def entries_in(query: str) -> dict[str, str]:
    """Return the entries that the query of an address holds; of a name given twice the last counts."""
    pairs = parse_qsl(query.removeprefix("?")[:_MOST], keep_blank_values=True, max_num_fields=None)
    return {name: value for name, value in pairs if name not in _OTHERS}
