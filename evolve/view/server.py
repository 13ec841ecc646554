"""The page's server: loopback alone, for browsers that ask for this machine by its own name."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from typing import Any

from evolve.errors import ConfigError
from evolve.runs import Run

HOST = "127.0.0.1"
_POLICY = (
    "default-src 'self' 'unsafe-inline' 'unsafe-eval' data: blob:; connect-src 'self'; "
    "frame-ancestors 'none'; form-action 'none'; base-uri 'none'"
)


def serve(runs: Sequence[Run], port: int, ready: Callable[[str], None]) -> None:
    """Serves until it is interrupted.

    Args:
        runs: what the page shows.
        port: 0 for a free one.
        ready: is called with the address as soon as it can be opened.

    Raises:
        ConfigError: the port is taken, or the extra `view` is not installed.
    """
    try:
        from werkzeug.serving import make_server

        from evolve.view.app import application
    except ImportError as error:
        raise ConfigError(
            f"the page needs {error.name}: pip install 'activolve[view]'; `evolve show` and "
            "`evolve report` need nothing"
        ) from None
    page = application(runs).server
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    try:
        server = make_server(HOST, port, page, threaded=True)
    except (OSError, SystemExit):
        raise ConfigError(f"--port {port}: is taken; leave it out for a free one") from None
    names = {f"{name}:{server.server_port}" for name in (HOST, "localhost")}
    guard(page, names)
    ready(f"http://{HOST}:{server.server_port}/")
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        server.server_close()


def guard(page: Any, names: set[str]) -> None:
    """Refuses whoever asks under another name, as a hostile page that rebinds its own would."""
    from flask import Response, request

    @page.before_request  # type: ignore[untyped-decorator]
    def ours() -> Response | None:
        origin = request.headers.get("Origin")
        strange = origin is not None and origin.removeprefix("http://") not in names
        if request.host not in names or strange:
            return Response("This page is for this machine's own browser.", 403)
        return None

    @page.after_request  # type: ignore[untyped-decorator]
    def closed(response: Response) -> Response:
        response.headers["Content-Security-Policy"] = _POLICY
        response.headers["X-Content-Type-Options"] = "nosniff"
        response.headers["Referrer-Policy"] = "no-referrer"
        response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
        return response
