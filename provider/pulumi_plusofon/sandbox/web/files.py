"""The page's files, each sent with headers that let it load nothing from elsewhere. They need no token.

Never sends anything of the account.
"""

from __future__ import annotations

from importlib import resources
from typing import TYPE_CHECKING, Final

from starlette.responses import Response
from starlette.routing import Route

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from starlette.requests import Request

_MEDIA_TYPES: Final = {
    ".html": "text/html",
    ".css": "text/css",
    ".js": "text/javascript",
    ".svg": "image/svg+xml",
}
SAFE_HEADERS: Final = {
    "content-security-policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cache-control": "no-store",
}


def routes() -> list[Route]:
    """The page at `/`, and one route for each other file."""
    folder = resources.files(__package__) / "static"
    found = {file.name: file.read_bytes() for file in folder.iterdir() if file.is_file()}
    paths = {"/" if name == "index.html" else f"/_sandbox/web/{name}": name for name in sorted(found)}
    return [Route(path, _file(found[name], name), methods=["GET"]) for path, name in paths.items()]


def _file(content: bytes, name: str) -> Callable[[Request], Awaitable[Response]]:
    media_type = _MEDIA_TYPES[name[name.rindex(".") :]]

    async def endpoint(_request: Request) -> Response:
        return Response(content, headers=SAFE_HEADERS, media_type=media_type)

    return endpoint
