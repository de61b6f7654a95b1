"""Configuration in a file, applied: what becomes of teams, chains, routes, roles and turns."""

import threading
from pathlib import Path

import pytest
from sqlmodel import Session, select

from core import chains, integrations, people, routes, teams
from core.db import Database
from core.models import (
    EscalationChain,
    Role,
    RoutingType,
    Team,
)
from core.setup import applying, reading
from core.setup.problems import Unfit
from tests.core.matching import in_no_hurry
from tests.core.setup.files import applied, changes, exported
from tests.core.teams import Teams
from tests.core.world import World
from tests.counting import queries

EXAMPLE = Path(__file__).parents[3] / "docs" / "tocsin.example.yaml"


def team_called(session: Session, name: str) -> Team:
    return session.scalars(teams.LIVING.where(Team.name == name)).one()


def paged(office: Teams, name: str, *, important: bool = False) -> dict[str, str]:
    with office.world.db.reading() as session:
        team = team_called(session, name)
    return office.paged(office.page(team, important=important))


def test_two_pages_of_a_team_from_a_file_start_two_chains(office: Teams, db: Database) -> None:
    applied(db, EXAMPLE.read_text())
    assert paged(office, "SRE") == {"alice": "running"}
    assert paged(office, "SRE") == {"bob": "running"}
    everybody = {"alice": "running", "bob": "running", "carol": "running"}
    assert paged(office, "SRE", important=True) == everybody
    with db.reading() as session:
        assert people.find(session, "carol@example.com").role is Role.ADMIN


def test_what_is_not_named_stays_as_it_is(db: Database) -> None:
    applied(db, EXAMPLE.read_text())
    before = exported(db)
    assert applied(db, "teams: {SRE: {}}\nchains: {SRE: {}}\nno_team: {}\n") == []
    assert applied(db, "teams: {SRE: {members: [bob@example.com]}}") == [
        "change team SRE",
        "  remove members: alice@example.com, carol@example.com",
    ]
    applied(db, "teams: {SRE: {members: [UALICE, BOB@example.com, carol@EXAMPLE.com]}}")
    assert exported(db) == before
    found = changes(db, "teams: {}\nchains: {SRE: {}}\n")
    assert len(found) == 0
    assert ("teams", "SRE") in found.unnamed
    assert ("chains", "Disks") in found.unnamed
    assert exported(db) == before


def test_pruning_deletes_what_a_section_does_not_name(office: Teams, db: Database) -> None:
    applied(db, EXAMPLE.read_text())
    assert applied(db, "chains: {SRE: {}, Everybody: {}, SRE at once: {}}", prune=True) == [
        "delete chain Disks",
        "  pages do not start it any more: SRE",
    ]
    assert "change role of carol@example.com: admin -> slack" in applied(
        db, "people: {}", prune=True
    )
    assert applied(db, "teams: {}", prune=True) == ["delete team SRE"]
    assert "teams: {}" in exported(db)
    assert "team: null" in exported(db)  # whose chains these were
    assert applied(db, "teams: {}\nchains: {}\npeople: {}", prune=True) == [
        "delete chain Everybody",
        "  pages do not start it any more: no team",
        "delete chain SRE",
        "delete chain SRE at once",
    ]


def test_a_turn_survives_where_the_step_stays_the_same(office: Teams, db: Database) -> None:
    text = EXAMPLE.read_text()
    applied(db, text)
    assert paged(office, "SRE") == {"alice": "running"}
    more = text.replace("- repeat\n", "- wait: 1h\n      - repeat\n", 1)
    assert applied(db, more)[0] == "change chain SRE"
    assert paged(office, "SRE") == {"bob": "running"}


def test_own_routes_keep_their_rows_and_take_their_order(db: Database) -> None:
    def apply(*terms: str) -> dict[str, str]:
        written = ", ".join(term if term == "important" else f"{{regex: {term}}}" for term in terms)
        applied(db, f"teams: {{SRE: {{routes: [{written}]}}}}")
        with db.transaction() as session:
            integration = integrations.direct_paging(session, team_called(session, "SRE"))
            found = routes.of_integration(session, integration.id)
            return {
                "important" if integrations.is_for_important(each) else each.routing_regex or "": (
                    each.id
                )
                for each in found
            }

    first = apply("a", "b", "c")
    assert list(first) == ["important", "a", "b", "c", ""]
    second = apply("c", "important", "a", "d")
    assert list(second) == ["c", "important", "a", "d", ""]
    assert {second[term] for term in ("c", "a", "important", "")} < set(first.values())
    assert apply("c", "important", "a", "d") == second


def test_the_route_for_important_pages_comes_back(db: Database) -> None:
    applied(db, EXAMPLE.read_text())
    before = exported(db)
    with db.transaction() as session:
        important, _ = routes.of_team(session, team_called(session, "SRE"))
        assert important is not None
        routes.delete_it(session, important)
    assert applied(db, EXAMPLE.read_text()) == [
        "change team SRE",
        "  important_chain: none -> SRE at once",
        "  important_slack_channel: none -> sre",
    ]
    assert exported(db) == before


def test_a_second_route_with_the_term_of_important_pages(db: Database) -> None:
    term = "{{ payload.oncall.important }}"
    applied(db, "teams: {A: {}, B: {}}\nchains: {X: {}}")
    with db.transaction() as session:
        a, b = (team_called(session, name) for name in "AB")
        integration = integrations.direct_paging(session, a)
        routes.add(session, integration, term, routing_type=RoutingType.JINJA2)
        important, _ = routes.of_team(session, b)
        assert important is not None
        routes.delete_it(session, important)
    text = exported(db)
    assert applied(db, text) == []
    [own] = (line for line in text.splitlines() if "- template: " in line)
    assert text.index("- important\n") < text.index(own)  # which tells the two apart
    twin = f"teams: {{B: {{routes: [important, {{template: '{term}', chain: X}}]}}}}"
    assert applied(db, twin) != []
    assert applied(db, twin) == []
    with pytest.raises(Unfit):
        applied(db, twin.replace("important, ", ""))


UNKNOWN = """\
people:
  zoe@example.com: {role: admin}
  bob@example.com: {role: admin}
  UBOB: {role: viewer}
teams:
  SRE:
    members: [nina@example.com]
    chain: Nowhere
    slack_channel: nowhere
chains:
  Gone:
    team: Web
    steps:
      - notify: [tim@example.com]
      - notify_team: Web
      - notify_user_group: web
"""


def test_everything_unknown_is_told_with_its_line(db: Database) -> None:
    before = exported(db)
    with pytest.raises(Unfit) as caught:
        applied(db, UNKNOWN)
    seen = "Tocsin must have run and seen"
    invite = "invite the bot to a private one."
    nobody = f"is called %s. Write an e-mail address or Slack id; {seen} them in Slack."
    assert str(caught.value).splitlines() == [
        "line 2: No person " + nobody % '"zoe@example.com"',
        'line 4: "UBOB" is in line 3 already.',
        "line 7: No person " + nobody % '"nina@example.com"',
        'line 8: There is no escalation chain "Nowhere", neither in this file nor in Tocsin.',
        f'line 9: No Slack channel is called "nowhere". {seen} it; {invite}',
        'line 12: There is no team "Web", neither in this file nor in Tocsin.',
        "line 14: No person " + nobody % '"tim@example.com"',
        'line 15: There is no team "Web", neither in this file nor in Tocsin.',
        f'line 16: No Slack user group is called "web". {seen} it.',
    ]
    assert exported(db) == before


def test_what_pruning_would_delete_cannot_be_referred_to(db: Database) -> None:
    applied(db, EXAMPLE.read_text())
    with pytest.raises(Unfit) as caught:
        applied(db, "teams: {SRE: {chain: Disks}}\nchains: {SRE: {}}\n", prune=True)
    assert str(caught.value) == (
        'line 1: There is no escalation chain "Disks" in this file; --prune deletes others.'
    )
    assert applied(db, "teams: {SRE: {chain: Disks}}\nchains: {SRE: {}}\n") != []


def test_two_of_one_name_have_to_be_told_apart(office: Teams, db: Database) -> None:
    office.world.user("twin", email="Bob@example.com")
    with pytest.raises(Unfit) as caught:
        applied(db, "teams: {SRE: {members: [bob@example.com]}}")
    assert 'Several are called "bob@example.com": write the id of one' in str(caught.value)
    applied(db, "teams: {SRE: {members: [UBOB]}}")
    assert "members: [UBOB]" in exported(db)


def test_terms_are_tried_before_anything_is_done() -> None:
    text = "no_team:\n  routes:\n    - regex: fine\n    - regex: '('\n    - template: '{{ x'\n"
    matcher = in_no_hurry()
    try:
        with pytest.raises(Unfit) as caught:
            applying.check_terms(reading.read(text.encode()), matcher)
    finally:
        matcher.stop()
    first, second = str(caught.value).splitlines()
    assert first == "line 4: Regular expression is incorrect"
    assert second.startswith("line 5: Jinja template is incorrect: ")


def test_what_was_deleted_is_exported_as_nothing(office: Teams, db: Database) -> None:
    applied(db, "teams: {A: {}}\nchains: {B: {team: A, steps: [{notify_team: A}]}}")
    with db.transaction() as session:
        teams.delete_it(session, team_called(session, "A").id)
    text = exported(db)
    assert "team: null" in text
    assert "- notify_team: null" in text
    assert applied(db, text) == []


def test_members_and_steps_cost_no_query_each(small_world: World) -> None:
    """While a file is applied, with SQLite nobody else can write."""
    people_ = [small_world.user(f"p{number}").id for number in range(20)]

    def asked(members: int, steps: int) -> int:
        name = f"{members} and {steps}"
        chain = [f"      - notify: [{people_[0]}]"] * steps
        team = f"    members: [{', '.join(people_[:members])}]"
        lines = ["chains:", f"  {name}:", "    steps:", *chain]
        lines += ["teams:", f"  {name}:", team, f"    chain: {name}"]
        with queries(small_world.db) as seen:
            applied(small_world.db, "\n".join(lines))
        return len(seen)

    asked(1, 2)  # where there is no chain, less is asked
    assert asked(20, 40) == asked(2, 1)


def test_a_file_is_applied_by_several_at_once_and_while_others_write(
    office: Teams, db: Database
) -> None:
    """Each of them waits for the others; in the end all is as the file says, once."""
    text = EXAMPLE.read_text()
    told, failed = list[list[str]](), list[Exception]()
    gate = threading.Barrier(4)

    def apply() -> None:
        gate.wait()
        try:
            told.append(applied(db, text))
        except Exception as error:  # noqa: BLE001 - the test looks at it
            failed.append(error)

    def rename() -> None:
        gate.wait()
        for number in range(5):
            with db.transaction() as session:
                chains.make(session, f"Other {number}")

    threads = [threading.Thread(target=work) for work in (apply, apply, apply, rename)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    assert sorted(map(bool, told)) == [False, False, True]
    with db.reading() as session:
        assert len(session.scalars(teams.LIVING).all()) == 1
        assert len(session.scalars(select(EscalationChain)).all()) == 9
