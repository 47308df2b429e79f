"""The server of the lab: every page at its own path, one front door, on this machine alone."""

from __future__ import annotations

import socket
from collections.abc import Callable
from importlib.resources import files
from pathlib import Path
from typing import Any

from ..errors import BadInput
from .gate import Gate
from .site import PAGES, front_page, head


def pages_folder() -> Path:
    """Where the notebooks lie."""
    return Path(str(files("unbend.lab").joinpath("pages")))


def application(port: int) -> Any:
    """The ASGI application that answers at 127.0.0.1:``port``."""
    import marimo
    from starlette.applications import Starlette
    from starlette.requests import Request
    from starlette.responses import HTMLResponse, Response
    from starlette.routing import Mount, Route

    shared = f"/{PAGES[0]}"  # all pages load the program of the first, so that the browser keeps one
    builder = marimo.create_asgi_app(quiet=True, include_code=False, html_head=head(), session_ttl=30, asset_url=shared)
    for name in PAGES:
        builder = builder.with_app(path=f"/{name}", root=str(pages_folder() / f"{name}.py"))

    def front(request: Request) -> Response:
        return HTMLResponse(front_page(request.query_params.get("lang")))

    routes = [Route("/", front), Route("/favicon.ico", lambda request: Response(status_code=204))]
    return Gate(Starlette(routes=[*routes, Mount("/", builder.build())]), port)


def listen(port: int | None) -> socket.socket:
    """A socket on 127.0.0.1, at ``port`` or a free one. Raises ``BadInput`` where the port is taken."""
    door = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        door.bind(("127.0.0.1", port or 0))
    except OSError as error:
        door.close()
        raise BadInput("lab.port_taken", port=port, why=error.strerror) from None
    door.listen(128)
    return door


def serve(door: socket.socket, ready: Callable[[], None]) -> None:
    """Answer at ``door`` until interrupted; ``ready`` is called once requests are answered."""
    import uvicorn

    class Server(uvicorn.Server):
        async def startup(self, sockets: list[socket.socket] | None = None) -> None:
            await super().startup(sockets)
            ready()

    config = uvicorn.Config(application(door.getsockname()[1]), log_level="error", timeout_graceful_shutdown=1)
    Server(config).run(sockets=[door])
