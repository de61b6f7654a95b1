"""What is said beside what a file changes: names that were meant, and whom nothing reaches."""

import pytest

from core import integrations, routes
from core.db import Database
from core.setup import words
from core.setup.problems import Unfit
from tests.core.setup.files import applied, changes, exported
from tests.core.setup.test_applying import EXAMPLE
from tests.core.teams import Teams


def test_the_name_that_was_probably_meant_is_told(office: Teams, db: Database) -> None:
    applied(db, EXAMPLE.read_text())
    with pytest.raises(Unfit) as caught:
        applied(db, "teams:\n  SRE:\n    chain: sre\n    slack_channel: '#incidnets'\n")
    first, second = str(caught.value).splitlines()
    assert first.endswith("neither in this file nor in Tocsin. Did you mean SRE?")
    assert second.startswith('line 4: No Slack channel is called "#incidnets". ')
    assert "Did you mean incidents?" in second
    many = "".join(f"  {name}: {{chain: sre}}\n" for name in "ABCDEFG")
    with pytest.raises(Unfit) as caught:
        applied(db, f"teams:\n{many}")
    assert str(caught.value).count("Did you mean SRE?") == 5
    with pytest.raises(Unfit) as caught:  # to page somebody else is no help
        applied(db, "teams: {SRE: {members: [bobb@example.com]}}")
    assert "Did you mean" not in str(caught.value)


def test_as_many_routes_as_there_can_be(office: Teams, db: Database) -> None:
    with db.transaction() as session:
        important, _ = routes.of_team(session, None)
        assert important is not None
        routes.delete_it(session, important)
        integration = integrations.direct_paging(session, None)
        for number in range(routes.MOST):
            routes.add(session, integration, f"disk {number}")
    text = exported(db)
    assert applied(db, text) == []
    with pytest.raises(Unfit) as caught:
        applied(db, text.replace("important_slack_channel: null", "important_slack_channel: sre"))
    assert "There are 100 routes already: delete one of them first." in str(caught.value)
    assert exported(db) == text


def test_whom_nothing_reaches_is_told(office: Teams, db: Database) -> None:
    office.world.user("rob", is_active=False)
    ops = "teams: {Ops: {members: [rob@example.com], slack_channel: sre}}"
    text = f"{ops}\nchains: {{A: {{steps: [notify: [UROB]]}}}}"
    told = ["Deactivated in Slack, so nothing reaches them: rob@example.com."]
    assert words.warnings(changes(db, text)) == told
    assert words.warnings(changes(db, text)) == []  # nothing changes: they have been told
    more = "chains: {A: {steps: [resolve, notify: [UROB]]}}"
    assert words.warnings(changes(db, more)) == []


def test_a_role_taken_from_the_last_admin(office: Teams, db: Database) -> None:
    office.world.user("rob", is_active=False, is_admin=True)
    office.world.user("ann", is_admin=True)
    [told] = words.warnings(changes(db, "people: {ann@example.com: {role: editor}}"))
    assert told.startswith("Nobody is admin then, in Slack or over the API. ")
    assert words.warnings(changes(db, "people: {bob@example.com: {role: viewer}}")) == []
    assert words.warnings(changes(db, "people: {bob@example.com: {role: admin}}")) == []
    back = "people: {ann@example.com: {role: slack}, bob@example.com: {role: slack}}"
    assert words.warnings(changes(db, back)) == []
    assert len(words.warnings(changes(db, "people: {ann@example.com: {role: none}}"))) == 1


def test_a_team_whose_pages_would_reach_nobody(office: Teams, db: Database) -> None:
    def warned(text: str, *, prune: bool = False) -> list[str]:
        return words.warnings(changes(db, text, prune=prune))

    advice = "Each needs a chain that calls somebody, or a Slack channel."
    nobody = [f"A page of these teams reaches nobody: Ops. {advice}"]
    steps = "[{if_more_alerts_than: 3}, notify: [UBOB]]"
    assert warned(f"teams: {{Ops: {{chain: A}}}}\nchains: {{A: {{steps: {steps}}}}}") == nobody
    assert warned("chains: {A: {steps: [{notify_team: Ops}]}}") == []  # it was so before
    assert warned("teams: {Ops: {members: [UBOB]}}") == []
    assert warned("chains: {A: {steps: [resolve, {notify_team: Ops}]}}") == nobody
    assert warned("chains: {A: {steps: [notify: [UBOB]]}}") == []
    assert warned("chains: {}", prune=True) == nobody
    assert warned("teams: {Ops: {important_slack_channel: sre}}") == []
    assert warned("teams: {Ops: {important_slack_channel: null}, B: {}}") == [
        f"A page of these teams reaches nobody: B, Ops. {advice}"
    ]
