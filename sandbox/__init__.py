"""A local workspace that plays the chat platform over its real protocol.

with Sandbox(manifest=Path("manifest.yml")) as box:
    ...  # start the bot with box.api_url, box.bot_token and box.app_token
    box.wait_connected()
    modal = box.person("alice").command("/escalate", "db is down", channel="incidents").modal()
    modal.fill("What is wrong?", "The database does not answer")
    modal.choose("Who should come?", "bob", "carol")
    assert modal.submit().closed
    alert = box.person("bob").message(channel="incidents", containing="database")
    box.person("bob").press(alert, "Acknowledge")
    box.wait(lambda: "Acknowledged" in box.plain_text("incidents"))
"""

from sandbox.server import Sandbox

__all__ = ["Sandbox"]
