"""What is said beside what a file changes: names that were meant, and whom nothing reaches."""

from typing import Any

import pytest

from core import clock, direct_paging, integrations, routes, teams
from core.db import Database
from core.models import SlackChannel, UserGroup
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
    steps = "[{if_more_alerts_than: 3, within: 1h}, notify: [UBOB]]"
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


def gone(db: Database, what: Any, id_: str) -> None:
    """It is archived or disabled in Slack."""
    with db.transaction() as session:
        session.get_one(what, id_).gone_at = clock.now()


def doubted_and_refused(db: Database, text: str) -> bool:
    """Whether a page of a team is said to reach nobody; Tocsin does refuse it then."""
    said = [each for each in words.warnings(changes(db, text)) if "reaches nobody" in each]
    with db.reading() as session:
        living = session.scalars(teams.LIVING).all()
        refused = {each.name for each in living} - {
            each.name for each in direct_paging.contactable(session, living)
        }
    assert sorted(refused) == [name for each in said for name in _named(each)]
    return bool(said)


def _named(warning: str) -> list[str]:
    return warning.removeprefix("A page of these teams reaches nobody: ").split(".")[0].split(", ")


@pytest.mark.parametrize(
    ("steps", "in_vain"),
    [
        ("[{notify_team: Web}, resolve]", True),  # before anybody is told
        ("[{notify_team: Web}, {wait: 1m}, resolve]", False),
        ("[{wait: 5m}, {if_more_alerts_than: 0, within: 1m}, {notify_team: Web}]", True),
        ("[{wait: 5m}, {if_more_alerts_than: 0, within: 1h}, {notify_team: Web}]", False),
        ("[{if_more_alerts_than: 3, within: 1h}, {notify_team: Web}]", True),
        ("[{notify_user_group: sre}]", False),
        ("[{notify_user_group: left}]", True),
        ("[{notify_user_group: S1OLD}]", True),
        ("[{notify: [UROB]}]", True),
        ("[{notify_team: null}, notify_on_call]", True),
        ("[notify_channel]", True),
    ],
)
def test_a_doubt_is_what_tocsin_refuses(
    office: Teams, db: Database, steps: str, in_vain: bool
) -> None:
    rob = office.world.user("rob", is_active=False)
    office.group("left", rob)
    gone(db, UserGroup, office.group("1old", office.world.alice).id)
    web = f"Web: {{members: [UBOB, {rob.id}], chain: A}}"
    text = f"teams: {{{web}}}\nchains: {{A: {{steps: {steps}}}}}"
    assert doubted_and_refused(db, text) == in_vain


def test_a_team_that_is_only_heard_in_an_archived_channel(office: Teams, db: Database) -> None:
    applied(db, "teams: {Web: {slack_channel: sre}}\nchains: {A: {steps: [notify_channel]}}")
    assert not doubted_and_refused(db, "teams: {Web: {chain: A}}")
    gone(db, SlackChannel, "CSRE")
    assert doubted_and_refused(db, "teams: {Web: {members: [UBOB]}}")
    assert not doubted_and_refused(db, "teams: {Web: {important_slack_channel: incidents}}")
    muted = "{important_slack_channel: incidents, important_slack_enabled: false}"
    assert doubted_and_refused(db, f"teams: {{Web: {muted}}}")
