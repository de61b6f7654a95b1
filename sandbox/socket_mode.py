"""Socket Mode: single-use addresses, hello, envelopes, and ways to be rude to a client."""

import asyncio
import json
from asyncio import Future
from contextlib import suppress
from dataclasses import dataclass, field
from secrets import token_hex
from typing import Literal
from uuid import uuid4

from starlette.websockets import WebSocket, WebSocketDisconnect

from sandbox.cutting import cut
from sandbox.delivery import Ack, Parcel
from sandbox.shapes import ApiError, Json, read_json
from sandbox.workspace import Workspace

Reason = Literal["warning", "refresh_requested", "link_disabled", "too_many_websockets"]

MOST_CONNECTIONS = 10
# A connection that was told to go is closed a while later, as the platform does.
CLOSE_AFTER_SECONDS = 10.0


@dataclass(eq=False)
class Connection:
    websocket: WebSocket
    # Still open, but nothing new goes through it.
    retiring: bool = False
    pending: dict[str, "Future[Ack]"] = field(default_factory=dict)


class SocketMode:
    """Lives on the server's event loop; only `new_url` and the counts may be used elsewhere."""

    def __init__(self, workspace: Workspace, ack_seconds: float) -> None:
        self.workspace = workspace
        self.ack_seconds = ack_seconds
        self.connections: list[Connection] = []
        self.connected_in_all = 0
        self.enabled = True
        # Nobody gets through while this is set.
        self.is_cut_off = False
        # What opens a socket once; the wire has another word for it.
        self._keys: set[str] = set()
        self._turn = 0
        self.close_after = CLOSE_AFTER_SECONDS
        self._hurry = asyncio.Event()
        self._endings: set[asyncio.Task[None]] = set()

    @property
    def is_open(self) -> bool:
        return self.enabled and any(not each.retiring for each in self.connections)

    def new_url(self, url: str) -> str:
        if not self.enabled:
            raise ApiError("forbidden_team")
        key = token_hex(16)
        self._keys.add(key)
        return f"{url.replace('http', 'ws', 1)}/link/?ticket={key}&app_id={token_hex(4)}"

    async def endpoint(self, websocket: WebSocket) -> None:
        key = websocket.query_params.get("ticket", "")
        if key not in self._keys or self.is_cut_off:
            await websocket.close(1008)
            return
        self._keys.discard(key)
        await websocket.accept()
        if self.is_cut_off:
            await websocket.close()
            return
        if len(self.connections) >= MOST_CONNECTIONS:
            await websocket.send_text(self._disconnect_text("too_many_websockets"))
            await websocket.close()
            return
        connection = Connection(websocket)
        with self.workspace.editing():
            self.connections.append(connection)
            self.connected_in_all += 1
        try:
            await websocket.send_text(json.dumps(self._hello()))
            while True:
                self._receive(connection, await websocket.receive_text())
        except WebSocketDisconnect:
            pass
        finally:
            self._forget(connection)

    def _forget(self, connection: Connection) -> None:
        """It is gone, and with it what was under way."""
        if connection not in self.connections:
            return
        with self.workspace.editing():
            self.connections.remove(connection)
        for waiting in connection.pending.values():
            if not waiting.done():
                waiting.set_result(Ack(failure="connection_lost"))

    def _hello(self) -> Json:
        return {
            "type": "hello",
            "num_connections": len(self.connections),
            "connection_info": {"app_id": self.workspace.app_id},
            "debug_info": {
                "host": "sandbox",
                "build_number": 1,
                "approximate_connection_time": 18060,
            },
        }

    def _receive(self, connection: Connection, text: str) -> None:
        try:
            message = read_json(text)
            envelope_id = message["envelope_id"]
        except (ValueError, KeyError, TypeError):
            self._complain(f"not an acknowledgement: {text[:100]}")
            return
        waiting = connection.pending.get(envelope_id)
        if waiting is None:
            self._complain(f"acknowledged an unknown envelope: {envelope_id}")
        elif not waiting.done():
            waiting.set_result(Ack(message.get("payload")))

    def _complain(self, problem: str) -> None:
        with self.workspace.editing():
            self.workspace.problems.append(problem)

    async def send(self, parcel: Parcel) -> Ack:
        """Put one envelope on one connection and wait for its acknowledgement."""
        ready = [each for each in self.connections if not each.retiring]
        self._turn += 1
        connection = ready[self._turn % len(ready)]
        envelope: Json = {
            "envelope_id": str(uuid4()),
            "type": parcel.kind,
            "accepts_response_payload": parcel.takes_answer,
            "payload": parcel.payload,
        }
        if parcel.kind == "events_api":
            envelope["retry_attempt"] = parcel.attempt
            envelope["retry_reason"] = parcel.retry_reason or ""
        waiting: Future[Ack] = asyncio.get_running_loop().create_future()
        connection.pending[envelope["envelope_id"]] = waiting
        try:
            await connection.websocket.send_text(json.dumps(envelope))
            return await asyncio.wait_for(waiting, self.ack_seconds)
        except TimeoutError:
            return Ack(failure="timeout")
        except (WebSocketDisconnect, RuntimeError):
            # RuntimeError is what a websocket raises that was closed a moment ago.
            return Ack(failure="connection_lost")

    def _disconnect_text(self, reason: Reason) -> str:
        return json.dumps(
            {"type": "disconnect", "reason": reason, "debug_info": {"host": "sandbox"}}
        )

    async def disconnect(self, reason: Reason) -> None:
        """Tell every client to go; what was asked to refresh gets nothing new."""
        if reason == "link_disabled":
            self.enabled = False
        for connection in list(self.connections):
            connection.retiring = reason != "warning"
            await connection.websocket.send_text(self._disconnect_text(reason))
            if reason == "link_disabled":
                await connection.websocket.close()
            elif reason != "too_many_websockets":
                ending = asyncio.create_task(self._end(connection))
                self._endings.add(ending)
                ending.add_done_callback(self._endings.discard)

    async def end(self) -> None:
        """Close what was told to go, in no while."""
        self._hurry.set()
        self._hurry = asyncio.Event()

    async def _end(self, connection: Connection) -> None:
        """Close it in a while, when what went through it has been acknowledged."""
        with suppress(TimeoutError):
            await asyncio.wait_for(self._hurry.wait(), self.close_after)
        connection.retiring = True
        waiting = [each for each in connection.pending.values() if not each.done()]
        if waiting:
            await asyncio.wait(waiting)
        self._cut(connection)

    async def drop(self) -> None:
        """Cut every connection without a word."""
        self.cut()

    def cut(self) -> None:
        for connection in list(self.connections):
            self._cut(connection)

    def _cut(self, connection: Connection) -> None:
        """Nothing goes through it from now on: we need not hear of it first."""
        cut(connection.websocket)
        self._forget(connection)
