"""/escalate from the command to the rows, over a real socket."""

from core.models import State
from tests.bot.stage import Stage


def test_command_form_submit(stage: Stage) -> None:
    alice = stage.box.person("alice")
    modal = alice.command("/escalate", "@bob @carol! db is down", channel="incidents").modal()
    assert modal.value("Message")["value"] == "db is down"
    assert "Slack now, e-mail in 5 min" in modal.text
    assert modal.submit().closed
    group = stage.group()
    assert group.message == "db is down"
    assert stage.paged(group) == {"bob": False, "carol": True}
    assert group.state is State.FIRING
    assert group.slack_channel == alice.channel("incidents").id
    assert not group.slack_channel_is_private
    assert group.response_url
