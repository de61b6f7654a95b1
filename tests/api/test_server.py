"""The HTTP server on a socket that somebody else holds, as the sandbox does from bot to bot."""

import socket
from concurrent.futures import ThreadPoolExecutor

import httpx2
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from api.server import HttpServer
from tests.api.doors import PATIENCE


def saying(word: str, listening: socket.socket) -> HttpServer:
    application = Starlette(routes=[Route("/", lambda request: PlainTextResponse(word))])
    server = HttpServer(application, host="127.0.0.1", port=1, listening=listening)
    server.start()
    return server


def test_one_server_takes_the_place_of_another_and_nobody_is_turned_away() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening, ThreadPoolExecutor() as pool:
        port = listening.getsockname()[1]
        url = f"http://127.0.0.1:{port}/"
        first = saying("first", listening)
        assert first.port == port
        assert httpx2.get(url, timeout=PATIENCE).text == "first"
        first.stop()
        between = pool.submit(httpx2.get, url, timeout=PATIENCE)
        second = saying("second", listening)
        assert between.result().text == "second"
        second.stop()
