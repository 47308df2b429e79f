"""`serve`: the lab's web server, every page at its own path behind access control, on the loopback address only."""

from __future__ import annotations

import socket
from collections.abc import Callable, Sequence
from contextlib import suppress
from importlib.resources import files
from pathlib import Path
from typing import Any

from ..errors import BadInput
from .access_control import AccessControl
from .front_page import front_page
from .marimo_assets import asset_response, prefetch_links
from .page_shell import PageShell
from .site import PAGES, html_head
from .table_input import remove_uploads


def pages_folder() -> Path:
    """The folder of the notebooks."""
    return Path(str(files("unbend.lab").joinpath("pages")))


def application(port: int, frames: Sequence[str] = (), token: str = "") -> Any:
    """The ASGI application that answers at 127.0.0.1:``port``.

    ``frames`` are the origins that may embed its pages; ``token`` is the first part of every path, "" for none.
    """
    import marimo
    from starlette.applications import Starlette
    from starlette.requests import Request
    from starlette.responses import HTMLResponse, RedirectResponse, Response
    from starlette.routing import Mount, Route

    # all pages load the scripts of the first, so that the browser caches one copy
    first = f"/{token}/{PAGES[0]}" if token else f"/{PAGES[0]}"
    builder = marimo.create_asgi_app(
        quiet=True, include_code=False, html_head=html_head(), session_ttl=30, asset_url=first
    )
    for name in PAGES:
        builder = builder.with_app(path=f"/{name}", root=str(pages_folder() / f"{name}.py"))

    def front(request: Request) -> Response:
        return HTMLResponse(front_page(request.query_params.get("lang"), prefetch_links(first)))

    def asset(request: Request) -> Response:
        response: Response = asset_response(request.path_params["name"], request.headers.get("accept-encoding", ""))
        return response

    def with_slash(request: Request) -> Response:  # marimo's own redirection drops the query
        name, query = request.url.path.rpartition("/")[2], request.url.query
        return RedirectResponse(f"{name}/?{query}" if query else f"{name}/", 301)

    routes = [
        Route("/", front),
        *(Route(f"/{name}", with_slash) for name in PAGES),
        Route("/favicon.ico", lambda request: Response(status_code=204)),
        Route(f"/{PAGES[0]}/assets/{{name}}", asset),
        Mount("/", PageShell(builder.build())),
    ]
    return AccessControl(Starlette(routes=routes), port, frames, token)


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


def serve(listener: socket.socket, on_ready: Callable[[], None], frames: Sequence[str] = (), token: str = "") -> None:
    """Serve on the socket until interrupted, then return at once; ``on_ready`` is called once requests are accepted.

    ``frames`` and ``token`` as of `application`. The threads of open pages may still run afterwards: end the process
    with `os._exit`.
    """
    import uvicorn

    class Server(uvicorn.Server):
        async def startup(self, sockets: list[socket.socket] | None = None) -> None:
            await super().startup(sockets)
            on_ready()

        def handle_exit(self, sig: int, frame: Any) -> None:
            self.should_exit = self.force_exit = True  # open pages are not waited for

    config = uvicorn.Config(application(listener.getsockname()[1], frames, token), log_level="error", lifespan="off")
    with suppress(KeyboardInterrupt):
        Server(config).run(sockets=[listener])
    remove_uploads()
