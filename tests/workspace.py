"""The workspace that most tests want: it waits longer for a bot than Slack does."""

from pathlib import Path
from typing import Any

from slack_bolt import App

from sandbox import Sandbox
from sandbox.workspace import PATIENCE

MANIFEST = Path(__file__).parents[1] / "manifest.yml"


def workspace(manifest: Path = MANIFEST, **how: Any) -> Sandbox:
    """A bot may take longer on a busy machine, and what is tested is another thing."""
    times = {"ack_seconds": PATIENCE, "trigger_seconds": PATIENCE}
    return Sandbox(manifest=manifest, **{**times, **how})


def unhurried(app: App) -> None:
    """Its calls to Slack may take as long as tests wait."""
    app.client.timeout = int(PATIENCE)
