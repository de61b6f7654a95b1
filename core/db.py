"""The database: two kinds of transaction, and what each dialect needs to keep our promises."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Lock
from time import monotonic, sleep
from typing import Any

from sqlalchemy import Engine, create_engine, event, make_url
from sqlalchemy.engine import URL
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlmodel import Session

REFUSED_FOR = 60.0  # seconds; after that nobody knows how the next write would go
UNAVAILABLE = (OperationalError, PoolTimeout)  # locked, unreachable, full, or out of connections

POSTGRES = {
    "connect_timeout": 2,  # seconds; a listener has three in all
    "tcp_user_timeout": 5_000,  # ms; a dead peer is noticed, not waited for
    "options": "-c lock_timeout=3000 -c statement_timeout=10000 -c timezone=UTC",
}


class Database:
    """Hands out sessions.  `on_due` is called after a commit that left work for the engine."""

    def __init__(self, url: str, *, threads: int = 40) -> None:
        """`url` as any tool writes it; `threads` is how many may want a connection at once."""
        self.url = parse(url)
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        self.on_due: Callable[[], None] = lambda: None
        options: dict[str, Any] = {
            "pool_size": threads,
            "max_overflow": 0,
            "pool_timeout": 2,  # seconds; a listener has three in all
            "hide_parameters": True,  # errors are logged; addresses and texts are not
        }
        if self.is_sqlite:
            self.engine = create_engine(self.url, connect_args={"timeout": 5}, **options)
            event.listen(self.engine, "connect", _prepare_sqlite)
        else:
            self.engine = create_engine(
                self.url, connect_args=POSTGRES, pool_pre_ping=True, **options
            )
        self._writing = Lock() if self.is_sqlite else None
        self._refused_at: float | None = None

    @contextmanager
    def transaction(
        self, *, patience: float = 5.0, loose: bool = False, matters: bool = True
    ) -> Iterator[Session]:
        """One unit of work, committed at the end of the block.

        Waits up to `patience` seconds for other writers, then raises OperationalError.
        `loose` switches SQLite's foreign keys off: a table cannot be made anew with them.
        What does not matter tells nothing about how other writes stand when it fails.
        """
        begun = monotonic()
        try:
            with self._turn(patience), _session(self.engine) as session:
                left = max(patience - (monotonic() - begun), 0.05)
                self._begin(session, "BEGIN IMMEDIATE", patience=left, loose=loose)
                yield session
                for work in session.info.pop("before_commit", ()):
                    work(session)
                session.commit()
                due = session.info.pop("work_due", False)
        except Exception as error:
            if matters and is_unavailable(error):
                self._refused_at = monotonic()
            raise
        self._refused_at = None
        if due:
            self.on_due()

    @property
    def takes_writes(self) -> bool:
        """False when the last thing that was to be written a moment ago was not."""
        return self._refused_at is None or monotonic() - self._refused_at > REFUSED_FOR

    @contextmanager
    def _turn(self, patience: float) -> Iterator[None]:
        """SQLite's writers of this process line up here: its own waiting polls, and is unfair."""
        if self._writing is None:
            yield
            return
        if not self._writing.acquire(timeout=patience):
            raise PoolTimeout("another writer of this process holds the database")
        try:
            yield
        finally:
            self._writing.release()

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A session that only reads, and so never waits for a writer."""
        with _session(self.engine) as session:
            self._begin(session, "BEGIN")
            yield session

    def _begin(
        self, session: Session, begin: str, *, patience: float = 5.0, loose: bool = False
    ) -> None:
        """Open the transaction ourselves: SQLite's driver would do it late, and never IMMEDIATE.

        Not by a listener to "begin": with one, every statement asks for listeners.
        """
        connection = session.connection()
        if not self.is_sqlite:
            if patience < 3 or patience > 5:  # else as POSTGRES has it
                connection.exec_driver_sql(f"SET LOCAL lock_timeout={int(patience * 1000)}")
            return
        tenths = max(round(patience * 10), 1)
        if connection.info.get("patience") != tenths:  # it stays with the connection
            connection.exec_driver_sql(f"PRAGMA busy_timeout={tenths * 100}")
            connection.info["patience"] = tenths
        if connection.info.get("loose", False) != loose:  # so does this
            connection.exec_driver_sql(f"PRAGMA foreign_keys={'OFF' if loose else 'ON'}")
            connection.info["loose"] = loose
        connection.exec_driver_sql(begin)

    def close(self) -> None:
        self.engine.dispose()


def before_commit(session: Session, work: Callable[[Session], None]) -> None:
    """Do this once, as the last thing before the transaction is committed."""
    session.info.setdefault("before_commit", []).append(work)


def insist(work: Callable[[], None], seconds: float = 60.0) -> None:
    """Do it again each half second while the database is away, for up to `seconds`.

    For writing down what has been sent: a lost receipt would send it twice.
    """
    deadline = monotonic() + seconds
    while True:
        try:
            return work()
        except Exception as error:
            if not is_unavailable(error) or monotonic() > deadline:
                raise
            sleep(0.5)


def parse(url: str) -> URL:
    """The URL with the driver we use.  Raises ValueError for a database we do not know."""
    parsed = make_url(url)
    if parsed.drivername in {"postgres", "postgresql", "postgresql+psycopg"}:
        return parsed.set(drivername="postgresql+psycopg")
    if parsed.drivername == "sqlite":
        if parsed.database in {None, "", ":memory:"}:
            raise ValueError("a database in memory forgets who is being paged: name a file")
        return parsed
    raise ValueError(f"{parsed.drivername} is not supported: use sqlite or postgresql")


def reason(error: BaseException) -> str:
    """What the driver said went wrong, without statement or parameters; for operators."""
    said = str(getattr(error, "orig", None) or error).strip()
    return said.splitlines()[0] if said else type(error).__name__


def is_unavailable(error: BaseException) -> bool:
    """Whether the database could not be asked, as opposed to having been asked wrongly."""
    if isinstance(error, DBAPIError) and error.connection_invalidated:
        return True
    return isinstance(error, UNAVAILABLE)


@contextmanager
def _session(engine: Engine) -> Iterator[Session]:
    with Session(engine, expire_on_commit=False) as session:
        yield session


def _prepare_sqlite(connection: Any, _record: object) -> None:
    connection.isolation_level = None  # we say BEGIN ourselves, see _begin
    cursor = connection.cursor()
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",  # a page that was confirmed survives a power cut
        "foreign_keys=ON",
        "busy_timeout=5000",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()
