"""What is said beside what a file changes: names that were meant, and whom nothing reaches."""

import pytest

from core import integrations, routes
from core.db import Database
from core.setup.problems import Unfit
from tests.core.setup.files import applied, exported
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
