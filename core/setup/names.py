"""What people, Slack channels and user groups are called in a file, and which are meant."""

from collections import defaultdict
from collections.abc import Callable, Iterator

from sqlmodel import Session, col, select

from core.models import SlackChannel, User, UserGroup

Plain = Callable[[str], str]


class Names:
    """Every name of some things.  The first of its names that is its alone is written."""

    def __init__(self, plain: Plain = str) -> None:
        """`plain` is what of a name counts."""
        self._plain = plain
        self._ids: dict[str, set[str]] = defaultdict(set)
        self._names: dict[str, list[str]] = {}
        self._gone: set[str] = set()
        self._lost: set[str] = set()

    def add(self, id_: str, *names: str | None, lost: str | None = None) -> None:
        """`lost` is what it was called that is gone in Slack, and goes by its ids since."""
        if lost is not None:
            self._gone.add(id_)
            self._lost.add(self._plain(lost))
        self._names[id_] = [name for name in (*names, id_) if name and name.strip()]
        for name in self._names[id_]:
            self._ids[self._plain(name)].add(id_)

    def all(self) -> Iterator[str]:
        """What is written for each of them."""
        return filter(None, map(self.written, self._names))

    def ids(self, name: str) -> frozenset[str]:
        """Everything that is called so."""
        return frozenset(self._ids.get(self._plain(name), ()))

    def is_gone(self, name: str) -> bool:
        """Whether what is called so is gone in Slack."""
        ids = self.ids(name)
        return bool(ids) and ids <= self._gone

    def was_called(self, name: str) -> bool:
        """Whether it is the name of something that is gone."""
        return self._plain(name) in self._lost

    def written(self, id_: str) -> str | None:
        """Its name in a file; None for what is not there."""
        names = self._names.get(id_, [])
        return next((name for name in names if self.ids(name) == {id_}), None)


def of_people(session: Session) -> Names:
    """By e-mail address, Slack id or public id, as on the command line."""
    found = Names(str.lower)
    rows = select(User.id, User.email, User.slack_user_id).where(col(User.is_bot).is_(False))
    for id_, email, slack_id in session.execute(rows):
        found.add(id_, email, slack_id)
    return found


def of_slack_channels(session: Session) -> Names:
    """By name, with or without #, or id; those that are gone by id only."""
    found = Names(lambda name: name.removeprefix("#"))
    for id_, name, gone_at in session.execute(
        select(SlackChannel.id, SlackChannel.name, SlackChannel.gone_at)
    ):
        if gone_at is None:
            found.add(id_, name)
        else:
            found.add(id_, lost=name)
    return found


def of_user_groups(session: Session) -> Names:
    """By handle, with or without @, Slack's id or public id; those that are gone by id only."""
    found = Names(lambda name: name.removeprefix("@"))
    for id_, handle, slack_id, gone_at in session.execute(
        select(UserGroup.id, UserGroup.handle, UserGroup.slack_id, UserGroup.gone_at)
    ):
        if gone_at is None:
            found.add(id_, handle, slack_id)
        else:
            found.add(id_, slack_id, lost=handle)
    return found
