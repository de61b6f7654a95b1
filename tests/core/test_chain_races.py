"""Many alert groups, several processes and an admin at the same chain at the same time."""

import threading
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlmodel import col, select

from core import alert_groups, chains, engine, queue
from core.db import Database
from core.models import AlertGroup, EscalationChain, Event, LogRecord, Page, Purpose, Timer
from tests.core.running import SOON
from tests.core.teams import REPEAT, Teams, in_turn, members, persons
from tests.core.test_races import wait_until_blocked
from tests.core.world import World
from tests.patience import Patient

PAGES = 8


@pytest.fixture
def others(postgresql: Database) -> Iterator[list[Database]]:
    """Each has connections of its own, as a process has."""
    url = postgresql.url.render_as_string(hide_password=False)
    opened: list[Database] = [Patient(url, threads=4) for _ in range(PAGES)]
    yield opened
    for each in opened:
        each.close()


@pytest.fixture
def world(postgresql: Database) -> World:
    return World(postgresql)


def together(*work: Callable[[], object]) -> None:
    """All at once; raises what one of them raised."""
    start = threading.Barrier(len(work))

    def run(each: Callable[[], object]) -> object:
        start.wait(SOON)
        return each()

    with ThreadPoolExecutor(len(work)) as pool:
        for done in [pool.submit(run, each) for each in work]:
            done.result()


def engines(world: World, others: list[Database]) -> list[Callable[[], object]]:
    ways = world.outbox.ways

    def look(database: Database) -> Callable[[], object]:
        return lambda: [list(engine.run_due_timers(database, ways)) for _ in range(10)]

    return [look(each) for each in others]


def steps(world: World) -> dict[str, list[int]]:
    """Which steps ran, by alert group."""
    with world.session() as session:
        found: dict[str, list[int]] = {}
        records = (
            select(LogRecord).where(LogRecord.event == Event.STEPPED).order_by(col(LogRecord.id))
        )
        for record in session.scalars(records):
            found.setdefault(record.alert_group_id, []).append(record.detail["step"])
    return found


def test_a_round_robin_of_eight_pages_at_once_is_even(
    world: World, teams: Teams, others: list[Database]
) -> None:
    people = [world.user(name, "sms") for name in ("ana", "bob", "cid", "dan")]
    sre = teams.make("SRE")
    teams.leads(sre, teams.chain("fair", in_turn(*people), in_turn(*people, important=True)))
    together(*[lambda: teams.opened(sre)] * PAGES)
    together(*engines(world, others))
    first, second = Counter[str](), Counter[str]()
    for about in steps(world):
        with world.session() as session:
            group = session.get_one(AlertGroup, about)
        one, two = teams.steps(group)
        first.update(one["paged"])
        second.update(two.get("paged", ()))
        second.update(two.get("raised", ()))
    assert first == second == Counter({user.id: 2 for user in people})


def test_processes_share_the_chains_and_run_each_step_once(
    world: World, teams: Teams, others: list[Database]
) -> None:
    ana, bob = world.user("ana", "sms", 60, "phone"), world.user("bob", "sms", 60, "phone")
    sre = teams.make("SRE", ana, bob)
    teams.leads(sre, teams.chain("calm", persons(ana), 5, members(sre), 5, persons(bob)))
    for _ in range(12):
        teams.opened(sre)
    for _ in range(3):
        together(*engines(world, others[:4]))
        world.skip(minutes=6)
    assert list(steps(world).values()) == [[1, 3, 5]] * 12
    with world.session() as session:
        pages = session.scalars(select(Page)).all()
    assert Counter(page.user_id for page in pages) == {ana.id: 12, bob.id: 12}
    assert {page.run for page in pages} == {1}


def test_an_admin_may_turn_the_chain_over_while_it_runs(
    world: World, teams: Teams, others: list[Database]
) -> None:
    """No deadlock, no step lost: engine and admin come to the chain's rows in the same order."""
    people = [world.user(name, "sms") for name in ("ana", "bob", "cid")]
    sre = teams.make("SRE")
    turn = in_turn(*people)
    chain = teams.chain("fair", *[turn] * 6, 5, turn, turn)
    teams.leads(sre, chain)
    for _ in range(PAGES):
        teams.opened(sre)

    def turn_over(database: Database) -> None:
        for number in range(12):
            with database.transaction() as session:
                chains.hold(session, chain.id)
                rows = chains.policies(session, chain.id)
                chains.move(session, rows[-1 - number % 3], 0)
                for row in reversed(rows[:4]):
                    chains.change(session, row, row.step)

    for _ in range(2):
        together(*engines(world, others[:6]), *[lambda: turn_over(others[6])] * 2)
        world.skip(minutes=6)
    together(*engines(world, others))
    ran = steps(world)
    assert len(ran) == PAGES
    assert {tuple(each) for each in ran.values()} == {(*range(1, 7), 8, 9)}


def test_what_was_claimed_when_an_answer_came_does_nothing(world: World, teams: Teams) -> None:
    ana, bob = world.user("ana", "sms"), world.user("bob", "sms")
    sre = teams.make("SRE")
    teams.leads(sre, teams.chain("calm", persons(ana), 1, persons(bob)))
    about = teams.page(sre)
    world.skip(minutes=2)
    with world.session() as session:
        [timer] = queue.claim(session, Timer, limit=10)
    world.ack(about, ana, drain=False)
    world.unack(about, ana, drain=False)
    engine._handle(world.db, world.outbox.ways, about.id, [timer])
    world.drain()
    assert world.sms.addresses == ["sms:ana", "sms:ana"]
    world.forward(minutes=2)
    assert world.sms.addresses == ["sms:ana", "sms:ana", "sms:bob"]


def test_answers_and_steps_at_once_end_in_one_story(
    world: World, teams: Teams, others: list[Database]
) -> None:
    people = [world.user(name, "sms", 1, "phone") for name in ("ana", "bob", "cid")]
    sre = teams.make("SRE", *people)
    teams.leads(
        sre, teams.chain("busy", in_turn(*people), 1, members(sre), 1, in_turn(*people), REPEAT)
    )
    about = teams.opened(sre).group
    list(engine.run_due_timers(world.db, world.outbox.ways))  # the others may never get a turn
    over = threading.Event()
    failed: list[BaseException] = []

    def run(database: Database) -> None:
        while not over.is_set():
            try:
                list(engine.run_due_timers(database, world.outbox.ways))
            except BaseException as error:
                failed.append(error)
                raise

    threads = [threading.Thread(target=run, args=(each,)) for each in others[:3]]
    for thread in threads:
        thread.start()
    try:
        for _ in range(10):
            world.ack(about, people[0], drain=False)
            world.unack(about, people[1], drain=False)
            world.skip(minutes=1, seconds=1)
            world.silence(about, people[2], drain=False)
            world.unsilence(about, people[2], drain=False)
        world.resolve(about, people[0], drain=False)
    finally:
        over.set()
        for thread in threads:
            thread.join()
    assert failed == []
    world.drain()
    sent = len(world.sms.sent) + len(world.phone.sent)
    world.forward(hours=5)
    assert len(world.sms.sent) + len(world.phone.sent) == sent
    with world.session() as session:
        alert_groups.lock(session, about.id)
        assert all(not page.wanted for page in session.scalars(select(Page)))
    runs = Counter((row.page_id, row.run, row.step) for row in world.deliveries(about))
    assert set(runs.values()) == {1}


def test_a_chain_that_is_deleted_while_somebody_pages_its_team(world: World, teams: Teams) -> None:
    """The page waits for the admin, and then goes where the team's other route leads."""
    ana, bob = world.user("ana", "sms"), world.user("bob", "sms")
    sre = teams.make("SRE")
    going = teams.chain("going", persons(ana))
    teams.leads(sre, going)
    teams.leads(sre, teams.chain("staying", persons(bob)), important=True)
    with ThreadPoolExecutor(1) as pool:
        with world.db.transaction() as session:
            chains.delete_it(session, going.id)
            paging = pool.submit(teams.opened, sre)
            wait_until_blocked(world.db, 1)
        group = paging.result().group
    world.drain()
    assert teams.paged(group) == {"bob": "running"}


def test_a_chain_that_is_emptied_while_somebody_pages_its_team(world: World, teams: Teams) -> None:
    """Nobody is called any more, and whoever pages is told."""
    ana = world.user("ana", "sms")
    sre = teams.make("SRE")
    chain = teams.chain("going", persons(ana))
    teams.leads(sre, chain)
    with ThreadPoolExecutor(1) as pool:
        with world.db.transaction() as session:
            mine = select(EscalationChain).where(EscalationChain.id == chain.id)
            held = session.scalars(mine.with_for_update()).one()
            paging = pool.submit(teams.opened, sre)
            wait_until_blocked(world.db, 1)
            chains.replace_steps(session, held, [])
        group = paging.result().group
    world.drain()
    assert teams.events(group)[-1] == "unanswered"
    assert world.slack.told(Purpose.UNANSWERED) == [world.alice.slack_user_id]
