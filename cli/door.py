"""Where the API and the database of the sandbox's bot are, and the token to try it with."""

import socket

import typer

from core import access, people
from core.db import Database

WHO = "alice@example.com"


class Door:
    """One address for all the bots of a sandbox; each has a token of its own."""

    def __init__(self) -> None:
        # Held as long as the sandbox is there: between two bots nobody else can take it.
        self.listening = socket.create_server(("127.0.0.1", 0))
        self._token = ""
        self._database = ""
        self._was_told = False

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.listening.getsockname()[1]}/"

    def close(self) -> None:
        self.listening.close()

    def open(self, database: Database) -> None:
        """There is a new bot, whose database is this; whoever was told of the last one is again."""
        with database.transaction() as session:
            self._token = access.create(session, people.find(session, WHO), "sandbox")
        self._database = database.url.render_as_string(hide_password=False)
        if self._was_told:
            self.tell()

    def tell(self) -> None:
        self._was_told = True
        typer.echo(f"Its API is tried out at {self.url}docs, as Alice with the token")
        typer.echo(f"  {self._token}")
        typer.echo("Commands such as app.py config work on it with")
        typer.echo(f"  DATABASE_URL={self._database}")
