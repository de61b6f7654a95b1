"""Runs the HTTP application beside everything else."""

import socket
import threading

import uvicorn
from starlette.types import ASGIApp


class HttpServer:
    """uvicorn in a thread, so that signals stay with the process."""

    def __init__(
        self,
        application: ASGIApp,
        *,
        host: str,
        port: int,
        listening: socket.socket | None = None,
    ) -> None:
        """`port` 0 takes any that is free; a socket that listens already is used in their place.

        Such a socket stays open when the server stops.
        """
        self._listening = listening
        self._server = uvicorn.Server(
            uvicorn.Config(
                application,
                host=host,
                port=port,
                log_level="warning",
                access_log=False,
                timeout_graceful_shutdown=3,
            )
        )
        self._thread = threading.Thread(target=self._run, name="http", daemon=True)
        self._started = threading.Event()

    @property
    def port(self) -> int:
        """The port that was taken; another than the one asked for only if that was 0."""
        return int(self._server.servers[0].sockets[0].getsockname()[1])

    def start(self) -> None:
        """Returns when it listens.  Raises OSError."""
        self._thread.start()
        while not self._server.started:
            self._thread.join(0.02)
            if not self._thread.is_alive():
                config = self._server.config
                raise OSError(f"{config.host}:{config.port} cannot be listened on")

    def stop(self) -> None:
        self._server.should_exit = True
        self._thread.join(5)

    def _run(self) -> None:
        try:
            self._server.run(None if self._listening is None else [self._listening.dup()])
        except SystemExit:  # uvicorn's word for a port that is taken; `start` explains it
            return
