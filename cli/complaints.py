"""Says what went wrong in a sentence, as a command should."""

from collections.abc import Iterator
from contextlib import contextmanager

import typer

from core.config import SettingsError
from core.db import UNAVAILABLE, reason
from core.errors import TocsinError


@contextmanager
def complaints() -> Iterator[None]:
    """What a person did wrong is said in a sentence, without a traceback."""
    try:
        yield
    except (SettingsError, TocsinError) as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from None
    except UNAVAILABLE as error:
        typer.echo(f"The database does not answer ({reason(error)}). Try again.", err=True)
        raise typer.Exit(1) from None
