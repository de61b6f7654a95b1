"""Who may page, who may be paged, and what the others are told."""

from core import people
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
    form = office.form("who is there")
    form.choose("People", "deploybot", "dave")
    form.wait_for("deploybot is a bot and cannot be paged.")
    office.box.admin.deactivate("dave")
    # Bolt acknowledges an event before anybody has looked at it.
    office.wait_rows(lambda session: not people.find(session, "dave@example.com").is_active)
    refused = form.submit().errors["People"]
    assert "deploybot is a bot and cannot be paged." in refused
    assert "is deactivated and cannot be paged." in refused
    assert form.is_open
    form.choose("People", "carol")
    assert form.submit().closed
    office.direct("carol", "who is there")


def test_somebody_new_is_paged_at_once(office: Office) -> None:
    nina = office.box.admin.add_person("nina", "Nina New", channels=["incidents"])
    form = office.form("welcome", by="alice")
    form.choose("People", "nina")
    # Slack tells of her, and is asked about her; whichever comes first.
    office.wait_rows(lambda session: people.find_slack(session, nina.id))
    assert form.submit().closed
    assert "welcome" in office.reads(office.direct("nina", "welcome"))


def test_the_whole_message_arrives_everywhere(office: Office) -> None:
    office.rules("bob", "slack, email")
    message = "&" * 3_000
    office.page(message, ["bob"])
    alert = office.alert("&&&")
    for shown in (office.reads(alert), office.reads(office.direct("bob", "&&&"))):
        assert message in shown.replace("\n", "").replace("…", "")
    mails = office.box.mail
    office.box.wait(lambda: any(message in mail.text for mail in mails.to("bob@example.com")))
