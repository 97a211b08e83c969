"""A PostgreSQL server of the tests' own, on loopback, gone when they are over."""

from __future__ import annotations

import getpass
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

ADMIN = "stt_tests"
# What costs time and is of no use to tests; a crashed test may leave a lock behind.
SETTINGS = {
    "fsync": "off",
    "full_page_writes": "off",
    "shared_buffers": "8MB",
    "max_connections": "60",
    "autovacuum": "off",
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    # A commit that does not wait is written after ten seconds at the latest.
    "wal_writer_delay": "10s",
}


def programs() -> Path | None:
    """Return the folder of the newest server's programs, if there is one."""
    debians = Path("/usr/lib/postgresql").glob("*/bin/initdb")
    newest = max(debians, default=None, key=lambda path: int(path.parent.parent.name))
    found = str(newest) if newest else shutil.which("initdb")
    return Path(found).resolve().parent if found else None


class PostgresServer:
    """A database cluster; each test gets a schema of its own in its database."""

    def __init__(self, bin_folder: Path, folder: Path) -> None:
        self._bin = bin_folder
        self._data = folder / "data"
        self._log = folder / "log"
        self._count = 0
        self._password = secrets.token_hex(8)
        self._process: subprocess.Popen[bytes] | None = None
        self.port = _free_port()
        self._initialize(folder)
        self.start()

    def _initialize(self, folder: Path) -> None:
        password = folder / "password"
        password.write_text(self._password)
        if os.getuid() == 0:
            for path in (folder, password):
                shutil.chown(path, *_other_user())
        subprocess.run(
            [
                *_as_other_user(),
                str(self._bin / "initdb"),
                *("-D", str(self._data), "-U", ADMIN, "--pwfile", str(password)),
                *("--auth=scram-sha-256", "--encoding=UTF8", "--locale=C"),
                *("--no-sync", "--no-instructions"),
            ],
            check=True,
            cwd="/",
            stdout=subprocess.DEVNULL,
        )

    def start(self) -> None:
        """Start the server, and wait until it takes connections."""
        options = [word for k, v in SETTINGS.items() for word in ("-c", f"{k}={v}")]
        command = [str(self._bin / "postgres"), "-D", str(self._data)]
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                [*_as_other_user(), *command, "-p", str(self.port), *options],
                cwd="/",
                stdout=log,
                stderr=log,
            )
        end = time.monotonic() + 30
        while True:
            try:
                self.execute("SELECT 1")
            except Exception:
                if time.monotonic() > end or self._process.poll() is not None:
                    raise
                time.sleep(0.02)
            else:
                return

    def stop(self, by: signal.Signals = signal.SIGINT) -> None:
        """End it: at once and in order, or by SIGQUIT as if it had crashed."""
        if self._process is not None:
            self._process.send_signal(by)
            self._process.wait(30)
            self._process = None

    def address(
        self,
        *,
        user: str = ADMIN,
        password: str | None = None,
        database: str = "postgres",
        schema: str | None = None,
        port: int | None = None,
    ) -> str:
        """Return an address of it; as its administrator, unless told otherwise."""
        secret = quote(self._password if password is None else password, safe="")
        place = f"127.0.0.1:{port or self.port}/{database}"
        query = f"?options=-csearch_path%3D{schema}" if schema else ""
        return f"postgresql://{user}:{secret}@{place}{query}"

    def new_schema(self) -> str:
        """Return the name of an empty schema."""
        self._count += 1
        name = f"t{self._count}"
        self.execute(f"CREATE SCHEMA {name}")
        return name

    def new_user(self, password: str, rights: Sequence[str] = ()) -> str:
        """Return the name of a user with these rights, such as ``USAGE ON …``."""
        self._count += 1
        name = f"u{self._count}"
        self.execute(f"CREATE ROLE {name} LOGIN PASSWORD '{password}'")
        for right in rights:
            self.execute(f"GRANT {right} TO {name}")
        return name

    def execute(self, sql: str, address: str | None = None) -> list[tuple[Any, ...]]:
        """Do something as another program would."""
        import psycopg

        where = address or self.address()
        with psycopg.connect(where, autocommit=True) as connection:
            cursor = connection.execute(sql.encode())
            return cursor.fetchall() if cursor.description else []

    def wait_for_the_dead(self) -> None:
        """Wait until the server has dropped the locks of processes that died."""
        end = time.monotonic() + 30
        asked = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'"
        while self.execute(asked) != [(0,)]:
            assert time.monotonic() < end
            time.sleep(0.01)

    def cut(self) -> int:
        """End every connection of ``stt``; return how many there were."""
        found = self.execute(
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity "
            "WHERE application_name = 'stt'"
        )
        return len(found)


@contextmanager
def postgres_server() -> Iterator[PostgresServer]:
    """Start a server, and take it away with all that it has."""
    bin_folder = programs()
    if bin_folder is None:
        pytest.skip("needs a PostgreSQL server: apt install postgresql")
    # Below the system's own folder: pytest's may be entered by one user only.
    with tempfile.TemporaryDirectory(prefix="stt-postgres-") as folder:
        server = PostgresServer(bin_folder, Path(folder))
        try:
            yield server
        finally:
            server.stop(signal.SIGQUIT)  # which writes nothing down first


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    """A server; where Debian's ``postgresql`` is missing, the test is left out."""
    with postgres_server() as server:
        yield server


@pytest.fixture
def shared_ledger(
    postgres: PostgresServer, stt_home: Path, monkeypatch: pytest.MonkeyPatch
) -> str:
    """Let this test's ledger be a new one on the server; return its address."""
    address = postgres.address(schema=postgres.new_schema())
    monkeypatch.setenv("STT_LEDGER", address)
    return address


def _free_port() -> int:
    """Return a port that no system gives away by itself while the server is down."""
    while True:
        port = 20_000 + secrets.randbelow(12_000)
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port


def _other_user() -> tuple[str, str]:
    """Return who runs it, as it refuses root: Debian's user for it, or nobody."""
    import grp
    import pwd

    for name in ("postgres", "nobody"):
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return name, grp.getgrgid(entry.pw_gid).gr_name
    return getpass.getuser(), getpass.getuser()


def _as_other_user() -> list[str]:
    """Return what a command begins with so that it is not root's, and dies with us.

    It dies with the thread that starts it.
    """
    if not sys.platform.startswith("linux"):
        return []
    command = ["setpriv", "--pdeathsig", "INT"]
    if os.getuid() == 0:
        user, group = _other_user()
        command += ["--reuid", user, "--regid", group, "--clear-groups"]
    return command
