"""`serve`: the lab's web server, every page at its own path behind access control, on the loopback address only."""

from __future__ import annotations

import socket
from collections.abc import Callable, Sequence
from importlib.resources import files
from pathlib import Path
from typing import Any

from ..errors import BadInput
from .access_control import AccessControl
from .front_page import front_page
from .site import PAGES, html_head


def pages_folder() -> Path:
    """The folder of the notebooks."""
    return Path(str(files("unbend.lab").joinpath("pages")))


def application(port: int, frames: Sequence[str] = ()) -> Any:
    """The ASGI application that answers at 127.0.0.1:``port``; ``frames`` are the origins that may embed its pages."""
    import marimo
    from starlette.applications import Starlette
    from starlette.requests import Request
    from starlette.responses import HTMLResponse, Response
    from starlette.routing import Mount, Route

    assets = f"/{PAGES[0]}"  # all pages load the scripts of the first, so that the browser caches one copy
    builder = marimo.create_asgi_app(
        quiet=True, include_code=False, html_head=html_head(), session_ttl=30, asset_url=assets
    )
    for name in PAGES:
        builder = builder.with_app(path=f"/{name}", root=str(pages_folder() / f"{name}.py"))

    def front(request: Request) -> Response:
        return HTMLResponse(front_page(request.query_params.get("lang")))

    routes = [Route("/", front), Route("/favicon.ico", lambda request: Response(status_code=204))]
    return AccessControl(Starlette(routes=[*routes, Mount("/", builder.build())]), port, frames)


def listen(port: int | None) -> socket.socket:
    """A listening socket on 127.0.0.1, at ``port`` or a free one. Raises ``BadInput`` where the port is taken."""
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind(("127.0.0.1", port or 0))
    except OSError as error:
        listener.close()
        raise BadInput("lab.port_taken", port=port, why=error.strerror) from None
    listener.listen(128)
    return listener


def serve(listener: socket.socket, on_ready: Callable[[], None], frames: Sequence[str] = ()) -> None:
    """Serve on the socket until interrupted; ``on_ready`` is called once requests are accepted.

    ``frames`` are the origins that may embed the pages.
    """
    import uvicorn

    class Server(uvicorn.Server):
        async def startup(self, sockets: list[socket.socket] | None = None) -> None:
            await super().startup(sockets)
            on_ready()

    config = uvicorn.Config(
        application(listener.getsockname()[1], frames), log_level="error", timeout_graceful_shutdown=1
    )
    Server(config).run(sockets=[listener])
