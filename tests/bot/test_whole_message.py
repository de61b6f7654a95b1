"""A long text keeps its link to the whole when a button under it is pressed."""

from pathlib import Path

from core.models import AlertGroup
from tests.bot.wire import staged

PUBLIC = "https://tocsin.example/"


def test_a_pressed_direct_message_still_leads_to_the_whole(tmp_path: Path) -> None:
    with staged(tmp_path, public_url=PUBLIC) as stage:
        group_id = stage.escalate("alice", "db down", ["bob"])
        with stage.db.transaction() as session:
            group = session.get_one(AlertGroup, group_id)
            group.message, group.source_url = "x" * 64 * 1024, "https://x.example/1"
        message = stage.post_direct("bob", group_id)
        stage.box.person("bob").press(message, "Press")
        stage.settle()
        shown = stage.box.person("bob").message(channel="@tocsin", containing="You have it")
        text = str(shown.blocks)
        assert f"<{PUBLIC}g/{group_id}?whole=1|Whole message>" in text
        assert "<https://x.example/1|Source>" in text
        assert stage.box.workspace.problems == []
