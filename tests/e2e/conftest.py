"""The bot as a process in a workspace, over both ways to Slack and on both databases."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from uuid import uuid4

import pytest

from tests import postgres
from tests.e2e.office import Office
from tests.e2e.process import Bot, leaks
from tests.workspace import workspace


@pytest.fixture(scope="session")
def new_postgres(postgres_server: str) -> Iterator[Callable[[], str]]:
    """Makes empty PostgreSQL databases, and returns their URLs."""
    made: list[str] = []

    def make() -> str:
        made.append(f"tocsin_e2e_{uuid4().hex[:12]}")
        return postgres.create(postgres_server, made[-1])

    yield make
    for name in made:
        postgres.drop(postgres_server, name)


@contextmanager
def office_in(
    folder: Path, database_url: str | None = None, *, socket: bool = True, **settings: str
) -> Iterator[Office]:
    """A workspace and a bot that has been started; afterwards it has to stop as it should."""
    with workspace() as box:
        settings = {
            name: box.workspace.find_channel(value).id if value.startswith("#") else value
            for name, value in settings.items()
        }
        url = database_url or f"sqlite:///{folder}/tocsin.db"
        bot = Bot(box, url, folder, settings, socket=socket)
        with watched(bot):
            yield Office(box, bot.start())


@contextmanager
def watched(bot: Bot) -> Iterator[Bot]:
    """Whatever happens: it stops by SIGTERM with exit code 0, and its log holds no secret."""
    try:
        yield bot
    except BaseException:
        if bot.process is not None:
            print(bot.log)
            bot.kill()
        raise
    code = bot.stop() if bot.process is not None else 0
    assert code == 0, bot.log
    assert leaks(bot.log, bot.box) == []
    assert "Traceback" not in bot.log, bot.log
    assert bot.box.workspace.problems == []


@pytest.fixture
def open_office(tmp_path: Path) -> Iterator[Callable[..., Office]]:
    """Opens an office of the test's own, with the settings it wants."""
    with ExitStack() as stack:

        def make(
            database_url: str | None = None, *, socket: bool = True, **settings: str
        ) -> Office:
            return stack.enter_context(office_in(tmp_path, database_url, socket=socket, **settings))

        yield make


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """Socket Mode and SQLite; shared by the stories of a module.

    Minutes take minutes: nobody's page goes on while a story is told, however long that takes.
    """
    with office_in(tmp_path_factory.mktemp("office")) as opened:
        yield opened
