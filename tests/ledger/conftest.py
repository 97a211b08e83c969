"""The stores that the same behavior is asked of: a file, and a server."""

from __future__ import annotations

import os
import platform
import pwd
import sqlite3
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.postgres_server import PostgresServer

STORES = ("sqlite", "postgresql")


@dataclass(frozen=True)
class Kept:
    """Where a test's ledger is kept, for reading it as another program would."""

    path: Path
    server: PostgresServer | None = None
    address: str = ""

    @property
    def own(self) -> dict[str, str]:
        """The facts that tell whose an operation is, where many share a ledger."""
        user = pwd.getpwuid(os.getuid()).pw_name
        host = platform.node().partition(".")[0]
        return {"host": host, "user": user} if self.server else {}

    def read(self, sql: str) -> list[tuple[Any, ...]]:
        """Return what a statement finds."""
        if self.server:
            return self.server.execute(sql, self.address)
        connection = sqlite3.connect(self.path, isolation_level=None)
        try:
            return connection.execute(sql).fetchall()
        finally:
            connection.close()

    def write(self, sql: str) -> None:
        """Change it behind the ledger's back."""
        self.read(sql)

    def contents(self) -> bytes:
        """Everything that is kept, as bytes to look through."""
        if self.server is None:
            return b"".join(path.read_bytes() for path in self.path.parent.iterdir())
        tables = ("operations", "identifiers", "facts", "submissions")
        return repr([self.read(f"SELECT * FROM {table}") for table in tables]).encode()


@pytest.fixture(params=STORES)
def kept(
    request: pytest.FixtureRequest, stt_home: Path, monkeypatch: pytest.MonkeyPatch
) -> Kept:
    """Let this test's ledger be a file, then a schema of a server."""
    path = stt_home / "state" / "ledger.sqlite"
    if request.param == "sqlite":
        return Kept(path)
    server: PostgresServer = request.getfixturevalue("postgres")
    address = server.address(schema=server.new_schema())
    monkeypatch.setenv("STT_LEDGER", address)
    return Kept(path, server, address)
