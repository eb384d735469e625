"""The explorer as a web page: Voilà as it has to be set so that it is private, quick, and does not grow."""

from __future__ import annotations

import ctypes
import json
import logging
import os
import secrets
import sys
from collections.abc import Callable
from dataclasses import dataclass
from importlib import resources
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from ..errors import Problem, RunError, SettingError
from ..inputs.load import find_params
from ..report.run import find_notebook
from .engine import Engine
from .hosts import HERE, answer_only, names_of
from .open import SERVED

__all__ = ["Serving", "serve"]

#: a browser that holds to this asks nobody else for anything
_ONLY_HERE = (
    "default-src 'self' 'unsafe-inline' 'unsafe-eval' data: blob:; connect-src 'self' ws: wss: data: blob:; "
    "frame-ancestors 'self'; form-action 'self'"
)
_MINUTE = 60_000  # milliseconds


@dataclass(frozen=True)
class Serving:
    """How the page is served.

    ``listen`` is the address to bind to; any other than this machine's own needs a ``token``, or
    ``open_to_all``. It is answered under its own names and those in ``hosts`` alone. ``ready`` kernels
    wait for visitors; one that is idle for ``idle`` seconds ends. A visitor may use ``gigabytes`` of
    address space, ``processor_seconds`` altogether and ``seconds`` for one change.
    """

    port: int = 8866
    listen: str = "127.0.0.1"
    token: str = ""
    hosts: tuple[str, ...] = ()
    open_to_all: bool = False
    ready: int = 2
    idle: int = 900
    gigabytes: float = 4.0
    processor_seconds: int = 1800
    seconds: float = 120.0


def serve(
    study: str, params: Path | None, how: Serving, say: Callable[[str], object], *, dry_run: bool = False
) -> None:
    """Serve the page until it is stopped; in a dry run check everything, and stop before anything listens.

    Raises
    ------
    RunError
        if Voilà is not installed.
    SettingError
        if it would be open to other machines by mistake.
    ParameterFileError, UnknownNameError
        before anything listens.
    """
    if find_spec("voila") is None:
        raise RunError("the page needs Voilà: pip install 'treatment-calc[web]'. The notebook works without it.")
    token = _checked(how)
    root = (params or find_params()).resolve()
    notebook = find_notebook("06_explore", root)
    Engine(root, study)
    if dry_run:
        say(f"All right: the page of {study} would be at http://{how.listen}:{how.port}/.")
        return
    told = {
        "study": study,
        "params": str(root),
        "gigabytes": how.gigabytes,
        "processor_seconds": how.processor_seconds,
        "seconds": how.seconds,
    }
    os.environ[SERVED] = json.dumps(told)
    templates = [str(resources.files("calc.explore") / "share"), os.environ.get("JUPYTER_PATH", "")]
    os.environ["JUPYTER_PATH"] = os.pathsep.join(filter(None, templates))
    os.environ["VOILA_APP_IP"] = how.listen if how.listen not in ("0.0.0.0", "::") else "127.0.0.1"  # noqa: S104
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # each thread would take address space
    app = _application(notebook, how, token)
    from tornado.ioloop import PeriodicCallback

    PeriodicCallback(_give_back, _MINUTE).start()
    query = f"?token={token}" if token else ""
    say(f"The page is at http://{how.listen}:{how.port}/{query} (stop it with Control-C)")
    app.start()


def _give_back() -> None:
    """Return to the system what visitors who left have taken; else C's allocator keeps it in pieces, and ever more."""
    if sys.platform == "linux" and hasattr(libc := ctypes.CDLL(None), "malloc_trim"):
        libc.malloc_trim(0)


def _checked(how: Serving) -> str:
    """Return the token that is asked for, empty for none."""
    if how.listen in HERE or how.open_to_all:
        return how.token
    if not how.token:
        fix = f"Add --token WORD (such as {secrets.token_urlsafe(9)}), or --open-to-all if everybody may use it."
        raise SettingError([Problem(f"--listen {how.listen}", "", "other machines could open the page", fix)])
    if len(how.token) < 8:
        raise SettingError([Problem("--token", "", "it can be guessed", "Give eight characters or more.")])
    return how.token


def _application(notebook: Path, how: Serving, token: str) -> Any:
    from traitlets.config import Config
    from voila.app import Voila

    class Page(Voila):  # type: ignore[misc]  # Voilà is untyped
        """Voilà that answers under its own names alone."""

        def listen(self) -> None:
            answer_only(self.app, names_of(how.listen, how.hosts), how.listen)
            super().listen()

    config = Config()
    config.Voila.config_file_paths = []  # whatever else is set on this machine, the page is as it is here
    config.Voila.ip, config.Voila.port, config.Voila.port_retries = how.listen, how.port, 0
    config.Voila.open_browser = False
    config.Voila.log_level = logging.ERROR
    config.Voila.tornado_settings = {
        "headers": {"Content-Security-Policy": _ONLY_HERE, "Referrer-Policy": "same-origin"},
        # who leaves ends their kernel by a POST for which Voilà never hands out the cookie that would be asked for; it
        # names a kernel that nobody else knows, and its origin is checked all the same
        "disable_check_xsrf": True,
    }
    if token:
        config.Voila.token = token
    config.VoilaConfiguration.template = "calc"
    config.VoilaConfiguration.allow_template_override = "NO"
    config.VoilaConfiguration.allow_theme_override = "NO"
    config.VoilaConfiguration.show_tracebacks = False
    config.VoilaConfiguration.file_allowlist = ["(?!)"]  # nothing beside the page is served
    config.VoilaConfiguration.preheat_kernel = how.ready > 0
    config.VoilaConfiguration.default_pool_size = how.ready
    config.VoilaConfiguration.extension_allowlist = [  # what draws widgets, and nothing that is there by chance
        "@jupyter-widgets/jupyterlab-manager",
        "@voila-dashboards/widgets-manager8",
    ]
    config.VoilaKernelManager.fill_delay = 3.0  # making the next one slows the page that is being opened
    config.MappingKernelManager.cull_idle_timeout = how.idle
    config.MappingKernelManager.cull_interval = max(min(how.idle // 3, 60), 1)
    config.MappingKernelManager.cull_connected = True
    config.MappingKernelManager.buffer_offline_messages = False  # who has left reads nothing any more
    config.KernelManager.transport_encryption = "auto"  # else each kernel warns that it talks in clear
    for name in ("tornado.access", "tornado.application", "tornado.general"):
        logging.getLogger(name).setLevel(logging.CRITICAL)  # addresses carry what was entered: never logged
    app = Page(config=config)
    app.initialize([str(notebook)])
    return app
