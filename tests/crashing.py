"""Processes that are killed at any moment, and what they must not lose by it.

A process spends most of a short life loading modules, where nothing can go wrong.
So each is forked from one that has loaded them: it is a process of its own all the
same, killed by SIGKILL like any other, and dozens of them live in a second.
"""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from select import select
from typing import IO, Any
from urllib.request import Request, urlopen

from tests.emulating import KEY, Emulated

_STEM_CELL = """
import json, os, resource, sys
import httpx, sqlite3, ssl, blake3
import stt_cli.commands.batch, stt_cli.commands.poll
import stt_cli.ui.batch, stt_cli.ui.waiting
import stt_cli.providers.soniox.provider, stt_cli.providers.soniox.jobs
import stt_cli.ledger.sqlite.store, stt_cli.ui.logging, stt_cli.ui.errors
if os.environ.get("STT_LEDGER"):
    import stt_cli.ledger.postgres.store
from stt_cli.app import run
from stt_cli.core.environment import Environment

for line in sys.stdin:
    order = json.loads(line)
    child = os.fork()
    if not child:
        for name, number in (("stdout", 1), ("stderr", 2)):
            flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND
            os.dup2(os.open(order[name], flags, 0o600), number)
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        if order["room"]:
            limit = order["room"], order["room"]
            resource.setrlimit(resource.RLIMIT_FSIZE, limit)
        try:
            os._exit(run(order["arguments"], Environment.of_this_process()))
        finally:
            os._exit(99)
    print(child, flush=True)
    print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)
"""


Query = Callable[[str], list[tuple[Any, ...]]]


class Shell:
    """Runs ``stt``, one process after the other, and kills those it is told to.

    Args:
        home: the folder of the ledger, of the output and of the errors.
        name: tells several shells of one home apart.
        shared: reads the ledger, where it is not in that folder.

    ``after`` is called when a process has ended.
    """

    def __init__(
        self,
        home: Path,
        variables: dict[str, str],
        name: str = "",
        shared: Query | None = None,
    ) -> None:
        home.mkdir(parents=True, exist_ok=True)
        self.home = home
        self.shared = shared
        self.after: Callable[[], object] = lambda: None
        self.kills = 0
        self._out, self._err = home / f"stdout{name}", home / f"stderr{name}"
        self._child: int | None = None
        self._process = subprocess.Popen(
            [sys.executable, "-c", _STEM_CELL],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, "STT_HOME": str(home), **variables},
        )

    @property
    def ledger(self) -> Path:
        """The ledger's file."""
        return self.home / "state" / "ledger.sqlite"

    def __call__(
        self,
        *arguments: str | Path,
        patience: float | None = None,
        room: int | None = None,
    ) -> int:
        """Return the exit code.

        Args:
            patience: seconds after which it is killed; the code is -9 then.
            room: bytes beyond which no file may grow, as if the disk were full.
        """
        for file in (self._out, self._err):
            file.write_bytes(b"")
        order = {
            "arguments": [str(argument) for argument in arguments],
            "stdout": str(self._out),
            "stderr": str(self._err),
            "room": room,
        }
        stdin, stdout = self._pipes()
        stdin.write(json.dumps(order) + "\n")
        stdin.flush()
        self._child = int(stdout.readline())
        ends = None if patience is None else time.monotonic() + patience
        while ends is not None and not select([stdout], [], [], 0.0)[0]:
            if time.monotonic() >= ends:
                self.kill()
                break
            time.sleep(0.001)
        code = int(stdout.readline())
        self.kills += code == -signal.SIGKILL
        self.after()
        return code

    def kill(self) -> None:
        """Kill the process that runs."""
        if self._child is not None:
            with suppress(ProcessLookupError):
                os.kill(self._child, signal.SIGKILL)

    def kept_ids(self) -> dict[str, list[str]]:
        """Return all IDs of the submissions that the ledger has, by their kind."""
        kept: dict[str, list[str]] = {
            kind: [] for kind in ("transcription_id", "file_id", "client_reference_id")
        }
        asked = "SELECT kind, value FROM identifiers"
        for kind, value in self.shared(asked) if self.shared else self._read(asked):
            kept.setdefault(kind, []).append(value)
        return kept

    def lines(self) -> list[str]:
        """Return what the last process wrote to stdout."""
        return self._out.read_text().splitlines()

    def errors(self) -> str:
        """Return what the last process wrote to stderr."""
        return self._err.read_text()

    def close(self) -> None:
        """End the process that the others came from."""
        stdin, stdout = self._pipes()
        stdin.close()
        self._process.wait(20)
        stdout.close()

    def _read(self, asked: str) -> list[tuple[Any, ...]]:
        with closing(sqlite3.connect(self.ledger)) as connection:
            return connection.execute(asked).fetchall()

    def _pipes(self) -> tuple[IO[str], IO[str]]:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        return self._process.stdin, self._process.stdout


@contextmanager
def shell_for(
    service: Emulated, home: Path, name: str = "", shared: Query | None = None
) -> Iterator[Shell]:
    """Open a shell whose processes know the emulator's key."""
    shell = Shell(home, {"SONIOX_API_KEY": KEY}, name, shared)
    try:
        yield shell
    finally:
        shell.close()


@dataclass
class Crashes:
    """Submits recordings through processes that die, until all are jobs.

    Args:
        chance: decides when each dies; the same seed dies alike, as far as the
            machine's own pace allows.
        longest: seconds that a process lives at most.
        again: the share of processes that repeat the first command instead of
            ``batch resume``.
    """

    shell: Shell
    service: Emulated
    recordings: Sequence[Path]
    chance: Random
    longest: float = 0.4
    workers: int = 3
    again: float = 0.2
    codes: Counter[int] = field(default_factory=Counter)

    def submit(self, kills: int) -> None:
        """Submit all of them, dying so often at most, then to the end in peace."""
        self.begin(kills)
        self.finish()

    def begin(self, kills: int) -> None:
        """Submit until all are jobs, or that many processes have died."""
        command = self.submission
        while self.shell.kills < kills:
            code = self.shell(*command, patience=self._moment())
            self.codes[code] += 1
            if code == 0 and self._is_done():
                break
            again = self.chance.random() < self.again
            command = self.submission if again else self.resumption

    def finish(self) -> None:
        """Submit what is left, until nothing is."""
        assert self.shell(*self.resumption) == 0, self.shell.errors()
        if not self._is_done():  # every process died before it had a list
            assert self.shell(*self.submission) == 0, self.shell.errors()
        assert self.shell(*self.resumption) == 0, self.shell.errors()
        assert "nothing left" in self.shell.errors()

    def fetch(self, folder: Path, kills: int) -> None:
        """Fetch every transcript in the same way."""
        command = ("poll", "--all", "-o", f"{folder}/", "-f", "text", "--interval", "0")
        where = ("--endpoint", self.service.url)
        before = self.shell.kills
        while self.shell.kills < before + kills:
            code = self.shell(*command, *where, patience=self._moment())
            self.codes[code] += 1
            if code == 0:
                break
        assert self.shell(*command, *where) == 0, self.shell.errors()

    @property
    def submission(self) -> tuple[str | Path, ...]:
        """The command that the list was begun with."""
        where = ("-p", "soniox", "--endpoint", self.service.url)
        return ("batch", "submit", *where, "-j", str(self.workers), *self.recordings)

    @property
    def resumption(self) -> tuple[str, ...]:
        """The command that goes on with it."""
        return ("batch", "resume", "-j", str(self.workers))

    def _moment(self) -> float:
        return self.longest * self.chance.random()

    def _is_done(self) -> bool:
        return len(self._transcriptions()) >= len(self.recordings)

    def _transcriptions(self) -> list[dict[str, Any]]:
        return listed(self.service, "transcriptions")

    def check(self) -> None:
        """Hold the service against the ledger: each once, and nothing else."""
        count = len(self.recordings)
        jobs, files = self._transcriptions(), listed(self.service, "files")
        names = Counter(job["filename"] for job in jobs)
        wanted = Counter(path.name for path in self.recordings)
        assert names == wanted, f"{names - wanted} doubled, {wanted - names} lost"
        assert len(self.service.all("create")) == count
        assert Counter(file["filename"] for file in files) == names
        # What a kill left half sent is no file; what was whole is gone on with.
        assert len(self.service.all("upload")) == count
        kept = self.shell.kept_ids()
        assert Counter(kept["transcription_id"]) == Counter(job["id"] for job in jobs)
        assert {file["id"] for file in files} == set(kept["file_id"])
        references = {job["client_reference_id"] for job in jobs}
        assert references == set(kept["client_reference_id"])

    def check_texts(self, folder: Path) -> None:
        """Hold the results against the recordings: a whole file each, no other."""
        texts = {path.name: path.read_text() for path in folder.iterdir()}
        wanted = {f"{path.stem}.txt" for path in self.recordings}
        assert set(texts) == wanted, f"{wanted - set(texts)}, {set(texts) - wanted}"
        assert set(texts.values()) == {"Hello world.\n"}
        assert listed(self.service, "files") == []  # uploads are removed


def listed(service: Emulated, what: str) -> list[dict[str, Any]]:
    """Return all files or transcriptions that the service has."""
    url = f"{service.url}/v1/{what}?limit=1000"
    request = Request(url, headers={"Authorization": f"Bearer {KEY}"})
    with urlopen(request) as answer:
        return list(json.load(answer)[what])


def recordings_in(folder: Path, count: int) -> list[Path]:
    """Make so many short recordings, none like another."""
    from tests.commands.conftest import silent_wav

    folder.mkdir(parents=True, exist_ok=True)
    whole = silent_wav(0.05)
    paths = []
    for number in range(count):
        path = folder / f"call-{number:03}.wav"
        path.write_bytes(whole[:-4] + number.to_bytes(4, "little"))
        paths.append(path)
    return paths
