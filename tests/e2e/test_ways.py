"""How people are reached beside Slack, and the commands that set it."""

from collections.abc import Callable

from tests.e2e.hooks import Hooks
from tests.e2e.office import Office


def test_webhooks(open_office: Callable[..., Office]) -> None:
    office = open_office(TOCSIN_WEBHOOK_ALLOW_PRIVATE="true")
    with Hooks() as hooks:
        code, said = office.bot.run(
            "people", "set", "--user", "carol@example.com", "--webhook", f"{hooks.url}/carol"
        )
        assert code == 0
        assert f"webhook: {hooks.url}/carol" in said
        office.rules("carol", "webhook, slack")
        office.page("the hook & the <line>", ["carol"])
        hook = hooks.wait_for("/carol")
        alert = office.alert("the hook & the <line>")
        office.wait_thread(alert, "Webhook to carol.")
    group = hook.body["alert_group"]
    assert group["message"] == "the hook & the <line>"
    assert group["state"] == "firing"
    assert group["author"] == "alice"
    assert group["link"].endswith(f"/p{alert.ts.replace('.', '')}")
    assert hook.body["user"]["name"] == "carol"
    assert hook.key == f"{group['id']}.{hook.key.split('.')[1]}.1.0"


def test_a_private_address_is_refused_unless_it_is_allowed(office: Office) -> None:
    code, said = office.bot.run(
        "people", "set", "--user", "bob@example.com", "--webhook", "http://127.0.0.1:1/x"
    )
    assert code == 1
    assert "leads to a private address" in said
    assert "TOCSIN_WEBHOOK_ALLOW_PRIVATE=true" in said
    assert "Traceback" not in said


def test_rules_are_set_and_shown_as_they_are_typed(office: Office) -> None:
    name = office.person("dave").id
    code, said = office.bot.run(
        "rules", "set", "--user", name, "--default", "Slack,wait 5m , email", "--important", "email"
    )
    assert code == 0
    assert said.splitlines() == ["default: slack, wait 5m, email", "important: email"]
    code, shown = office.bot.run("rules", "show", "--user", "dave@example.com")
    assert (code, shown) == (0, said)
    code, said = office.bot.run("rules", "set", "--user", name, "--default", "pigeon, wait 7m")
    assert code == 1
    assert "'pigeon' is not a way to notify" in said
    assert office.bot.run("rules", "show", "--user", "dave@example.com") == (0, shown)
    code, said = office.bot.run("rules", "set", "--user", name, "--default", "")
    assert code == 0
    assert "slack, wait 5m, email" not in said
    code, said = office.bot.run("rules", "show", "--user", "nobody@example.com")
    assert code == 1
    assert "nobody@example.com" in said
    assert "Traceback" not in said
