"""A small disk that can be full: a tmpfs, where we may mount one."""

import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

SIZE = "24m"


@contextmanager
def small_disk(folder: Path) -> Iterator[Path | None]:
    """Where it is; None on a machine where we may not mount anything."""
    disk = folder / "disk"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={SIZE}", "tmpfs", str(disk)]
    try:
        mounted = subprocess.run(mount, capture_output=True, check=False).returncode == 0
    except OSError:
        mounted = False
    if not mounted:
        yield None
        return
    try:
        yield disk
    finally:
        subprocess.run(["umount", "--lazy", str(disk)], check=True)


def squeeze(disk: Path, database: Path) -> Path:
    """Leave no room at all, not even what the write-ahead log holds; returns what takes it."""
    filler = disk / "filler"
    _fill(filler)
    connection = sqlite3.connect(database, timeout=5, isolation_level=None)
    with suppress(sqlite3.OperationalError):
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    _fill(filler)
    return filler


def _fill(filler: Path) -> None:
    with suppress(OSError), filler.open("ab", buffering=0) as file:
        while True:
            file.write(b"x" * 4096)
