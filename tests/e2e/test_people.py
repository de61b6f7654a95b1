"""Who may page, who may be paged, and what the others are told."""

from tests.e2e.office import Office


def test_a_guest_may_not_page_but_may_answer(office: Office) -> None:
    gail = office.person("gail")
    refused = gail.command("/escalate", "help", channel="general")
    assert refused.text == ("Guests cannot page people here. Ask a full member of this workspace.")
    assert gail.modal() is None
    office.page("the guest wifi is down", ["gail"])
    alert = office.alert("the guest wifi is down")
    assert gail.press(alert, "Responders").failed is None
    gail.message(channel="incidents", containing="Guests cannot page people here.")
    assert gail.press(office.direct("gail", "guest wifi"), "Acknowledge").failed is None
    office.wait_reads(alert, "gail has it")


def test_a_guest_may_not_touch_what_they_were_not_paged_for(office: Office) -> None:
    office.page("none of your business", ["bob"])
    alert = office.alert("none of your business")
    gail = office.person("gail")
    assert gail.press(alert, "Resolve").failed is None
    gail.message(channel="incidents", containing="Guests can only answer alerts")
    assert "Firing" in office.reads(alert)


def test_people_of_other_workspaces_can_do_nothing(office: Office) -> None:
    office.page("shared trouble", ["bob"], channel="shared-vendor")
    alert = office.alert("shared trouble", channel="shared-vendor")
    stella = office.person("stella")
    assert stella.press(alert, "Acknowledge").failed is None
    stella.message(
        channel="shared-vendor", containing="People of other workspaces cannot use Tocsin"
    )
    assert "Firing" in office.reads(alert)
    form = office.form("stella, help")
    form.choose("People", "stella")
    form.wait_for("belongs to another workspace and cannot be paged")
    assert "belongs to another workspace" in form.submit().errors["People"]


def test_a_bot_and_somebody_who_has_left(office: Office) -> None:
    office.box.admin.add_person("tim", "Tim Temp", channels=["incidents"])
    form = office.form("who is there")
    form.choose("People", "deploybot", "tim")
    form.wait_for("deploybot is a bot and cannot be paged.")
    office.box.admin.deactivate("tim")
    office.bot.running.wait_for("ready: ")
    office.box.wait(
        lambda: any(
            each.kind == "events_api" and each.payload["event"]["type"] == "user_change"
            for each in office.box.workspace.delivered
        )
    )
    refused = form.submit().errors["People"]
    assert "deploybot is a bot and cannot be paged." in refused
    assert "is deactivated and cannot be paged." in refused
    assert form.is_open
    form.choose("People", "carol")
    assert form.submit().closed
    office.direct("carol", "who is there")


def test_somebody_new_is_paged_at_once(office: Office) -> None:
    office.box.admin.add_person("nina", "Nina New", channels=["incidents"])
    form = office.form("welcome", by="alice")
    form.choose("People", "nina")
    assert form.submit().closed
    assert "welcome" in office.reads(office.direct("nina", "welcome"))


def test_the_whole_message_arrives_everywhere(office: Office) -> None:
    office.rules("bob", "slack, email")
    message = "&" * 3_000
    office.page(message, ["bob"])
    alert = office.alert("&&&")
    for shown in (office.reads(alert), office.reads(office.direct("bob", "&&&"))):
        assert message in shown.replace("\n", "").replace("…", "")
    [mail] = office.box.mail.wait_for("bob@example.com")[-1:]
    assert message in mail.text
