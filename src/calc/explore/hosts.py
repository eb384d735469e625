"""The names under which the page answers: whoever reaches it under another is turned away."""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Iterable
from typing import Any

from tornado.httputil import HTTPServerRequest
from tornado.routing import Matcher, Rule
from tornado.web import Application, RequestHandler

__all__ = ["HERE", "answer_only", "names_of"]

#: this machine's own addresses, and where a server listens that can be reached under every address of its machine
HERE, _EVERYWHERE = ("127.0.0.1", "localhost", "::1"), ("0.0.0.0", "::")  # noqa: S104  told apart, not bound to


def names_of(listen: str, told: Iterable[str]) -> frozenset[str]:
    """Return the names of a server that listens at an address, with those that it was told."""
    everywhere = listen in _EVERYWHERE
    own = (*HERE, socket.gethostname()) if everywhere else HERE if listen in HERE else (listen,)
    return frozenset(each.lower() for each in (*own, *told))


def answer_only(app: Application, names: frozenset[str], listen: str) -> None:
    """Let a server answer requests for these names alone; one that listens everywhere, for any bare address too.

    A page of somebody else can point a name of its own at this machine, but no address.
    """
    app.default_router.rules.insert(0, Rule(_Foreign(names, addresses=listen in _EVERYWHERE), _Refused))


class _Foreign(Matcher):
    """Matches requests whose Host is none of the names."""

    def __init__(self, names: frozenset[str], *, addresses: bool) -> None:
        self._names, self._addresses = names, addresses

    def match(self, request: HTTPServerRequest) -> dict[str, Any] | None:
        host = request.host_name.removeprefix("[").removesuffix("]").lower()
        return None if host in self._names or (self._addresses and _is_address(host)) else {}


class _Refused(RequestHandler):
    """Says no, whatever is asked for."""

    def prepare(self) -> None:
        self.set_status(403)
        self.finish("This page is not served under that name. Whoever serves it can add it: calc app --host NAME.\n")


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True
