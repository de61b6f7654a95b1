"""How soon a long escalation chain has paged a large team."""

from pathlib import Path
from time import perf_counter

from benchmarks.paging import Rig, rig
from core import chains, paging, reports, routes, teams
from core.models import ChainStep, PolicyType, RuleType, Team

PEOPLE = 200
STEPS = 20


def chain(folder: Path) -> dict[str, float]:
    """Seconds from the commit of a page of the team until the last of them is handed over.

    Each step but the last pages as many as the others, the last one the whole team, so
    that nobody is left out; no step waits.
    """
    with rig(folder, takes=0.05, people=PEOPLE + 1) as bench:
        team = _team(bench)
        with bench.db.transaction() as session:
            paging.escalate(
                session,
                reports.typed("db is down\nreplica 2 does not answer"),
                [],
                by=bench.users[0],
                ways={RuleType.SLACK},
                team=session.get_one(Team, team.id),
                origin=paging.Origin("C0123456789"),
            )
        begin = perf_counter()
        bench.channel.wait(PEOPLE)
        return {"chain": bench.channel.handed[PEOPLE - 1][1] - begin}


def _team(bench: Rig) -> Team:
    """With everybody but the author in it, and the chain."""
    members = bench.users[1:]
    each = PEOPLE // STEPS
    with bench.db.transaction() as session:
        team = teams.make(session, "SRE")
        for user in members:
            teams.add_member(session, team.id, user)
        made = chains.make(session, "everybody")
        for step in range(STEPS - 1):
            ids = tuple(user.id for user in members[step * each : (step + 1) * each])
            chains.add(session, made, ChainStep(PolicyType.NOTIFY_PERSONS, persons=ids))
        chains.add(session, made, ChainStep(PolicyType.NOTIFY_TEAM, team_id=team.id))
        _, default = routes.of_team(session, team)
        routes.lead_to(session, default, made.id)
        return team
