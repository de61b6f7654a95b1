"""GET /docs, where people read the API and try it out, and GET /openapi.json for programs.

Nothing here needs a token, for nothing here is about this installation.  Swagger UI is
served from an installed package, so that a browser asks nobody else.
"""

import hashlib
from collections.abc import Awaitable, Callable
from functools import cache
from importlib import resources

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from api.openapi import document
from api.routes import RESOURCES
from core.config import Settings

PACKAGE = "fastapi_offline"

# The page asks whoever served it, for that is the installation that one looks at,
# whatever TOCSIN_PUBLIC_URL says; and it never keeps a token.
START = b"""\
const page = document.currentScript.dataset;
if (matchMedia("(prefers-color-scheme: dark)").matches) {
  document.documentElement.classList.add("dark-mode");
}
fetch(page.openapi)
  .then((answer) => answer.json())
  .then((spec) => {
    const here = new URL(page.openapi, document.baseURI);
    spec.servers = [{ url: new URL("api/v1", here).href }];
    SwaggerUIBundle({
      spec,
      dom_id: "#docs",
      deepLinking: true,
      defaultModelsExpandDepth: 0,
      displayRequestDuration: true,
      persistAuthorization: false,
      validatorUrl: null,
    });
  });
"""

PAGE = """\
<!DOCTYPE html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>Tocsin: the API</title>
    <link rel="icon" href="{up}docs/assets/favicon.png">
    <link rel="stylesheet" href="{up}docs/assets/swagger-ui.css">
  </head>
  <body>
    <main id="docs"></main>
    <script src="{up}docs/assets/swagger-ui-bundle.js"></script>
    <script src="{up}docs/assets/start.js" data-openapi="{up}openapi.json"></script>
  </body>
</html>
"""

HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; "
        "img-src 'self' data:; connect-src 'self'; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}

KINDS = {
    "favicon.png": "image/png",
    "start.js": "text/javascript; charset=utf-8",
    "swagger-ui-bundle.js": "text/javascript; charset=utf-8",
    "swagger-ui.css": "text/css; charset=utf-8",
}

Handler = Callable[[Request], Awaitable[Response]]


def routes(settings: Settings) -> list[Route]:
    """What there is to be read without a token."""
    described: list[Response] = []

    async def openapi(request: Request) -> Response:
        if not described:
            described.append(
                await run_in_threadpool(
                    lambda: JSONResponse(document(RESOURCES, settings.public_url), headers=HEADERS)
                )
            )
        return described[0]

    return [
        Route("/docs", page, methods=["GET"]),
        Route("/docs/assets/{name}", asset, methods=["GET"]),
        Route("/openapi.json", openapi, methods=["GET"]),
    ]


async def page(request: Request) -> Response:
    # Relative, so that it works under any prefix, and with the slash that was cut as well.
    up = "../" if request.scope.get("raw_path", b"").endswith(b"/") else ""
    return Response(PAGE.format(up=up), media_type="text/html; charset=utf-8", headers=HEADERS)


async def asset(request: Request) -> Response:
    name = request.path_params["name"]
    if name not in KINDS:
        return JSONResponse({"detail": "Not found."}, 404)
    content, tag = await run_in_threadpool(_content, name)
    headers = HEADERS | {"Cache-Control": "no-cache", "ETag": tag}
    if tag in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    return Response(content, media_type=KINDS[name], headers=headers)


@cache
def _content(name: str) -> tuple[bytes, str]:
    """The file and its mark, which a browser asks with whether its copy still holds."""
    if name == "start.js":
        content = START
    else:
        content = (resources.files(PACKAGE) / "static" / name).read_bytes()
    return content, f'"{hashlib.sha256(content).hexdigest()[:32]}"'
