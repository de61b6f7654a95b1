"""The process is killed between any two steps of a chain, or in the middle of one."""

import multiprocessing
import os
import signal
from collections import Counter
from datetime import timedelta

from sqlalchemy import event
from sqlmodel import Session, col, select

from core import clock, engine
from core.db import Database
from core.models import Delivery, Escalation, Event, LogRecord, Page, RuleType, Timer
from tests.core.running import LONG
from tests.core.teams import Teams, in_turn, members, persons
from tests.core.world import World

WAYS = {RuleType.SMS, RuleType.PHONE_CALL, RuleType.SLACK}
SPEED = 3600  # a minute is a sixtieth of a second
LOST = timedelta(seconds=20)  # what a killed process had leased is free by then
# At which commit, and whether before it; the first is that of a claim, the second of a step.
DEATHS = ((2, True), (2, False), (4, True), (0, False))


def work(url: str, late: timedelta, dies_at: int, before: bool) -> None:
    """Run what is due until nothing is left; die by SIGKILL at a commit, before it or after."""
    clock.forward(late)
    clock.set_speed(SPEED)
    database = Database(url, threads=2)
    commits = 0

    def die(_session: Session) -> None:
        nonlocal commits
        commits += 1
        if commits == dies_at:
            os.kill(os.getpid(), signal.SIGKILL)

    if dies_at:
        event.listen(Session, "before_commit" if before else "after_commit", die)
    while True:
        with database.reading() as session:
            waiting = session.scalar(select(Timer.id).where(col(Timer.due_at).is_not(None)))
            due = engine.is_due(session)
        if waiting is None:
            return
        if due:
            list(engine.run_due_timers(database, WAYS))


def test_each_step_runs_once_however_often_the_process_is_killed(
    world: World, teams: Teams
) -> None:
    clock.reset()
    people = [world.user(name, "sms", 60, "phone", 60, "sms") for name in ("ana", "bob", "cid")]
    ana, bob, _ = people
    sre = teams.make("SRE", *people)
    chain = teams.chain(
        "killed", persons(ana), 1, in_turn(*people), 1, members(sre), 1, persons(bob)
    )
    teams.leads(sre, chain)
    about = teams.opened(sre).group
    url = world.db.url.render_as_string(hide_password=False)
    spawn = multiprocessing.get_context("spawn")
    codes = []
    for life, (dies_at, before) in enumerate(DEATHS):
        process = spawn.Process(target=work, args=(url, LOST * life, dies_at, before))
        process.start()
        process.join(LONG)
        codes.append(process.exitcode)
    assert codes == [-signal.SIGKILL] * (len(DEATHS) - 1) + [0]
    with world.session() as session:
        assert session.get_one(Escalation, about.id).ending is not None
        ran = session.scalars(
            select(LogRecord).where(LogRecord.event == Event.STEPPED).order_by(col(LogRecord.id))
        ).all()
        deliveries = session.scalars(select(Delivery).where(col(Delivery.page_id).is_not(None)))
        sent = Counter((row.page_id, row.run, row.step) for row in deliveries)
        pages = session.scalars(select(Page)).all()
    assert [record.detail["step"] for record in ran] == [1, 3, 5, 7]
    assert set(sent.values()) == {1}
    assert len(pages) == 3
