"""Keep an alert group's messages in Slack true: the alert message, the thread, direct messages."""

import logging
from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta
from threading import Lock

from sqlalchemy import bindparam
from sqlmodel import Session, col, select

from core import alert_groups, authors, chain_words, clock, log, places, queue, telling
from core.channels import ChannelError
from core.channels.publisher import MessageGone, Published, Publisher
from core.db import Database, insist
from core.models import AlertGroup, Event, Place, Post, PostKind, Purpose, User
from core.outbox import GIVE_UP, back_off
from core.receipts import BUNDLE_SENT
from core.story import Line, Story

logger = logging.getLogger(__name__)

RESPONSE_URL_LIFE = timedelta(minutes=29)  # Slack gives it 30
MAX_MOVES = 5  # an alert message that is deleted over and over is let go
ROOT_POLL = timedelta(seconds=60)  # between looks of a thread for its alert message
LINK_RETRY = timedelta(seconds=5)  # when Slack did not tell the permalink
KINDS = (PostKind.ALERT, PostKind.THREAD, PostKind.DIRECT)  # what goes first when Slack is short

CLAIM = queue.claiming(
    Post,
    col(Post.kind) == bindparam("showing"),
    col(Post.id).not_in(bindparam("busy", expanding=True)),
)
DUE = select(Post.id).where(col(Post.due_at) <= bindparam("now")).limit(1)


@dataclass(frozen=True)
class Job:
    """A claimed post, with what it has to show."""

    post: Post
    story: Story
    lines: list[Line]
    place: Place | None = None
    target: str | None = None  # where a new alert message goes: a channel's or a person's id


class Posts:
    """Claims posts that have something new to show, and publishes them."""

    def __init__(
        self, db: Database, publisher: Publisher, *, default_channel: str | None = None
    ) -> None:
        self._db = db
        self._publisher = publisher
        self._default_channel = default_channel
        self._recording = Lock()  # one at a time: pages must not queue behind a row of posts

    @property
    def seats(self) -> int:
        return self._publisher.seats

    def is_due(self, session: Session) -> bool:
        """Whether anything is due; a look that takes no lock."""
        return session.scalars(DUE, {"now": clock.now()}).first() is not None

    def claim(self, free: int, busy: Collection[int] = ()) -> list[Job]:
        """Lease up to `free` due posts, alert messages first."""
        jobs: list[Job] = []
        stories: dict[str, Story] = {}  # hundreds of direct messages may tell the same one
        with self._db.transaction() as session:
            for kind in KINDS:
                left = free - len(jobs)
                if left <= 0:
                    break
                for post in queue.take(session, CLAIM, limit=left, showing=kind, busy=list(busy)):
                    try:
                        job = self._job(session, post, stories)
                    except (ValueError, LookupError):  # it stops no other
                        logger.exception("post %s cannot be put together", post.id)
                        continue
                    jobs += [job] if job else []
        return jobs

    def publish(self, job: Job) -> None:
        """Show it in Slack and write down what came of it.  Raises what the database raises."""
        try:
            result = self._show(job)
        except ChannelError as error:
            trouble = error
            insist(lambda: self._record_failure(job, trouble))
        except Exception as error:  # a defect in a view must not stop the others
            logger.exception("post %s: publisher failed", job.post.id)
            defect = ChannelError(f"internal error ({type(error).__name__})")
            insist(lambda: self._record_failure(job, defect))
        else:
            known = job.place is Place.ASKED or job.place is Place.AUTHOR
            is_public = not known and self._is_public(result)
            insist(lambda: self._record(job, result, is_public=is_public))

    def _is_public(self, result: Published | int | str | None) -> bool:
        """Whether everybody can read what was posted; what was posted must not be lost over it."""
        try:
            return isinstance(result, Published) and self._publisher.is_public(result.slack_channel)
        except Exception:
            logger.exception("cannot tell whether a channel is public; taken for private")
            return False

    def _job(self, session: Session, post: Post, stories: dict[str, Story]) -> Job | None:
        """`stories` are those that were told already, by alert group."""
        group = session.get_one(AlertGroup, post.alert_group_id)
        if post.kind is PostKind.ALERT and post.ts is None:
            place = post.place or places.first(group, self._default_channel)
            author = session.get_one(User, group.author_id)
            target = places.target(place, group, author, self._default_channel)
            if target is not None:
                return Job(post, _tell(session, group, stories), [], place, target)
            queue.finish(session, post)
            return None
        told = _tell(session, group, stories)
        lines: list[Line] = []
        if post.kind is PostKind.THREAD:
            if told.ts is None:  # the alert message is not there yet; it will wake us
                never = _alert_post(session, group).due_at is None
                queue.postpone(session, post, None if never else clock.now() + ROOT_POLL)
                return None
            lines = telling.lines_after(session, group, post.told_up_to)
            if not lines:
                queue.finish(session, post)
                return None
        return Job(post, told, lines)

    def _show(self, job: Job) -> Published | int | str | None:
        post, told = job.post, job.story
        if post.kind is PostKind.ALERT:
            if job.target is not None:
                return self._publisher.post_alert(told, job.target)
            return self._publisher.update_alert(told, post.slack_channel or "", post.ts or "")
        if post.kind is PostKind.THREAD:
            channel, ts = told.slack_channel or "", told.ts or ""
            return self._publisher.post_lines(told, job.lines, channel, ts)
        self._publisher.update_direct(
            told, post.page_id or "", post.slack_channel or "", post.ts or ""
        )
        return None

    def _record(self, job: Job, result: Published | int | str | None, *, is_public: bool) -> None:
        with self._recording, self._db.transaction() as session:
            group, post = _lock(session, job)
            more = post.revision != job.post.revision
            soon = clock.now()
            if isinstance(result, Published):
                post.slack_channel = result.slack_channel
                post.ts = result.ts
                post.permalink = result.permalink
                post.place = job.place
                post.is_public = is_public
                session.flush()
                _announce(session, group)
                log.touch(session, group, PostKind.THREAD)
                log.touch(session, group, PostKind.DIRECT, soon=BUNDLE_SENT)
                if result.permalink is None:
                    more, soon = True, clock.now() + LINK_RETRY
            elif isinstance(result, int):
                log.called(session, _calls(job, result))
                if _alert_post(session, group).ts == job.story.ts:
                    post.told_up_to = result
                    more = more or bool(telling.lines_after(session, group, result, limit=1))
                else:  # the alert message has moved meanwhile; tell it all there
                    more = True
            elif isinstance(result, str):
                post.permalink = result
                log.touch(session, group, PostKind.DIRECT, soon=BUNDLE_SENT)
            post.attempts = 0
            if more:
                queue.retry(session, post, soon)
                queue.make_due(session)
            else:
                queue.finish(session, post)

    def _record_failure(self, job: Job, error: ChannelError) -> None:
        with self._recording, self._db.transaction() as session:
            group, post = _lock(session, job)
            if not error.permanent:
                at = clock.now() + (error.retry_in or back_off(post.attempts))
                if not error.attempted:
                    queue.postpone(session, post, at)
                    return
                logger.warning("post %s: attempt %s failed: %s", post.id, post.attempts, error)
                if clock.now() - post.created_at > GIVE_UP and post.attempts > 100:
                    _give_up(session, post, error)
                    return
                queue.retry(session, post, at)
                return
            if post.kind is PostKind.DIRECT:
                logger.warning("post %s cannot be rewritten: %s", post.id, error)
                _give_up(session, post, error)
                return
            if post.kind is PostKind.THREAD:
                logger.warning("post %s: the thread is gone: %s", post.id, error)
                alert = _alert_post(session, group)
                if alert.ts == job.story.ts:
                    self._move(session, group, alert, error)
                    alert.due_at, alert.lease = clock.now(), None
                queue.retry(session, post, clock.now() + back_off(post.attempts))
                queue.make_due(session)
                return
            post.place = job.place or post.place
            if self._move(session, group, post, error):
                queue.retry(session, post, clock.now())
                queue.make_due(session)
            else:
                _give_up(session, post, error)

    def _move(self, session: Session, group: AlertGroup, alert: Post, error: ChannelError) -> bool:
        """Post the alert message anew, elsewhere if this place refused it (P12)."""
        alert.moves += 1
        was_posted, alert.ts, alert.permalink = alert.ts is not None, None, None
        if alert.moves > MAX_MOVES:
            return False
        if not isinstance(error, MessageGone):
            logger.warning("post %s refused: %s", alert.id, error)
            after = places.after(group, alert.place, self._default_channel)
            if after is None:
                return False
            if alert.refusal is None:
                alert.refusal = str(error)
            alert.place = after
        if was_posted:
            thread = session.scalars(
                select(Post).where(Post.alert_group_id == group.id, Post.kind == PostKind.THREAD)
            ).one()
            thread.told_up_to = 0  # the whole story again under the new message
        return True


def _calls(job: Job, last: int) -> list[int]:
    """Which of the lines that were posted mentioned everybody in their Slack channel."""
    here = job.story.slack_channel
    told = (line for line in job.lines if line.id <= last and line.event is Event.STEPPED)
    return [line.id for line in told if chain_words.calls_channel(line.detail, here)]


def _tell(session: Session, group: AlertGroup, stories: dict[str, Story]) -> Story:
    if group.id not in stories:
        stories[group.id] = telling.tell(session, group)
    return stories[group.id]


def _lock(session: Session, job: Job) -> tuple[AlertGroup, Post]:
    group = alert_groups.hold(session, job.post.alert_group_id)
    post = session.get_one(Post, job.post.id, populate_existing=True)
    if post.lease != job.post.lease:
        raise queue.LeaseLost(f"post {post.id}")
    return group, post


def _alert_post(session: Session, group: AlertGroup) -> Post:
    return session.scalars(
        select(Post)
        .where(Post.alert_group_id == group.id, Post.kind == PostKind.ALERT)
        .execution_options(populate_existing=True)
    ).one()


def _announce(session: Session, group: AlertGroup) -> None:
    """Tell the author where the alert is: through the command, else by direct message.

    Whoever asked over the API reads it there: a script would get a message for each page.
    """
    if group.slack_channel is None:
        return
    fresh = clock.now() - group.created_at < RESPONSE_URL_LIFE
    address = group.response_url if fresh else None
    authors.tell(session, group, Purpose.POSTED, address=address)


def _give_up(session: Session, post: Post, error: ChannelError) -> None:
    queue.finish(session, post)
    post.problem = str(error)
    if post.kind is not PostKind.DIRECT:
        logger.error("post %s (%s) given up: %s", post.id, post.kind.value, error)
