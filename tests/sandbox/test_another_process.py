"""The bot in a process of its own, found by nothing but addresses and tokens."""

import os
import subprocess
import sys
from pathlib import Path

from sandbox import Sandbox

BOT = """
import os
from slack_bolt import App
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_sdk import WebClient

url = os.environ["API_URL"]
app = App(client=WebClient(os.environ["BOT_TOKEN"], base_url=url))

@app.command("/echo")
def answer(ack, body):
    ack(f"you said {body['text']}")

web_client = WebClient(os.environ["APP_TOKEN"], base_url=url)
SocketModeHandler(app, os.environ["APP_TOKEN"], web_client=web_client).start()
"""


def test_a_bot_comes_goes_and_comes_back(box: Sandbox, tmp_path: Path) -> None:
    program = tmp_path / "bot.py"
    program.write_text(BOT)
    environment = {
        **os.environ,
        "API_URL": box.api_url,
        "BOT_TOKEN": box.bot_token,
        "APP_TOKEN": box.app_token,
    }
    alice = box.person("alice")
    for _ in range(2):
        with subprocess.Popen([sys.executable, program], env=environment) as bot:
            box.wait_connected()
            assert alice.command("/echo", "hi").text == "you said hi"
            # Not asked nicely: the sandbox has to notice by itself.
            bot.kill()
        box.wait(lambda: not box.sockets.connections)
        assert alice.command("/echo", "hi").failed is not None
    assert "auth.test" in {call.method for call in box.workspace.journal}
