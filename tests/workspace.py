"""The workspace that most tests want: it waits longer for a bot than Slack does."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier
from typing import Any

from slack_bolt import App, BoltContext

from sandbox import Sandbox
from sandbox.workspace import PATIENCE

MANIFEST = Path(__file__).parents[1] / "manifest.yml"


def workspace(manifest: Path = MANIFEST, **how: Any) -> Sandbox:
    """A bot may take longer on a busy machine, and what is tested is another thing."""
    times = {"ack_seconds": PATIENCE, "trigger_seconds": PATIENCE}
    return Sandbox(manifest=manifest, **{**times, **how})


def later(context: BoltContext, next: Callable[[], None]) -> None:  # noqa: A002 - Bolt's
    """Our bot takes it that a request has just come, also where the machine is busy."""
    if "received" in context:
        context["received"] += PATIENCE
    next()


def settle(box: Sandbox, app: App) -> None:
    """Wait until the app has heard of everything, and each of its listeners has ended."""
    box.wait(lambda: box.courier.is_idle)
    executor = app.listener_runner.listener_executor
    assert isinstance(executor, ThreadPoolExecutor)
    gate = Barrier(executor._max_workers + 1)
    for _ in range(executor._max_workers):
        executor.submit(gate.wait, PATIENCE)
    gate.wait(PATIENCE)


def unhurried(app: App) -> None:
    """It may take as long as tests wait, for calls to Slack and for answers."""
    app.middleware(later)
    app.client.timeout = int(PATIENCE)
    for listener in app._listeners:  # Bolt's own three seconds
        listener.ack_timeout = int(PATIENCE)
