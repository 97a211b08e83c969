"""What is run against the worst answers: commands of every provider, in a hurry.

    python -m tests.worst_cases [WORD...]     all that has these words in its name

Each case is a process of its own, and says what it asked for, how long it took and
how much memory.
"""

from __future__ import annotations

import io
import json
import os
import resource
import signal
import sys
import tempfile
import time
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from unittest.mock import patch

from tests.emulating import KEY, emulated
from tests.worst_answers import NEVER, SOCKETS, STATUSES, STREAMS, Wrong, worst

MOST_REQUESTS = 150
"""No command of one recording needs as many. Waiting for a job that nobody can tell
of comes near: every look is tried five times, and given up after some minutes."""

MOST_MEMORY = 160 << 20
"""Bytes beyond what a run takes that goes well: a transcript's half and 64 MiB."""

SPEED = 100.0
"""How much faster than ours the clock of a run goes."""


class FastClock:
    """A clock that runs ahead, and jumps over what is slept."""

    def __init__(self) -> None:
        self._slept = 0.0
        self._began = time.monotonic()

    def monotonic(self) -> float:
        """Seconds, faster than ours."""
        return (time.monotonic() - self._began) * SPEED + self._slept

    def sleep(self, seconds: float) -> None:
        """Return at once, later."""
        self._slept += seconds
        time.sleep(0)

    def now(self) -> datetime:
        """The time of day."""
        return datetime(2026, 11, 20, tzinfo=UTC) + timedelta(seconds=self.monotonic())


@dataclass(frozen=True)
class Scenario:
    """A command against an emulator; ``sockets`` where it opens a WebSocket."""

    provider: str
    command: tuple[str, ...]
    sockets: bool = False

    @property
    def name(self) -> str:
        """What it is called."""
        return f"{self.provider} {' '.join(self.command).replace('WAV', '').strip()}"


def _scenarios() -> list[Scenario]:
    rest = ("recognize", "WAV", "--transport", "rest")
    socket = ("recognize", "WAV", "--transport", "websocket")
    job = ("batch", "submit", "WAV", "--wait")
    made = []
    for provider in ("azure", "bing"):
        made += [
            Scenario(provider, rest),
            Scenario(provider, socket, sockets=True),
            Scenario(provider, ("tts", "Good day to you.", "-o", "OUT")),
            Scenario(provider, ("voices",)),
            Scenario(provider, ("doctor",)),
        ]
    made += [
        Scenario("azure", (*job, "--param", "job=batch")),
        Scenario("azure", job),
        Scenario("azure", ("batch", "list", "--all")),
        Scenario("azure", ("models",)),
        Scenario("watson", rest),
        Scenario("watson", socket, sockets=True),
        Scenario("watson", ("recognize", "WAV", "--transport", "session")),
        Scenario("watson", job),
        Scenario("watson", ("tts", "Good day to you.", "-o", "OUT")),
        Scenario("watson", ("voices",)),
        Scenario("watson", ("models",)),
        Scenario("watson", ("doctor",)),
        Scenario("watson", ("batch", "list", "--all")),
        Scenario("soniox", ("recognize", "WAV"), sockets=True),
        Scenario("soniox", job),
        Scenario("soniox", ("tts", "Good day to you.", "-o", "OUT")),
        Scenario("soniox", ("models",)),
        Scenario("soniox", ("doctor",)),
        Scenario("soniox", ("batch", "list", "--all")),
        Scenario("scriptix", ("recognize", "WAV"), sockets=True),
        Scenario("scriptix", job),
        *(
            Scenario("scriptix", (*job, "--param", f"upload={route}"))
            for route in ("multipart", "tus", "legacy")
        ),
        Scenario("scriptix", ("models",)),
        Scenario("scriptix", ("doctor",)),
        Scenario("scriptix", ("batch", "list", "--all")),
    ]
    return made


SCENARIOS = {scenario.name: scenario for scenario in _scenarios()}


def variables_of(provider: str) -> dict[str, str]:
    """Return the credentials for an emulator."""
    return {
        "azure": {"AZURE_SPEECH_KEY": KEY},
        "bing": {"BING_SPEECH_KEY": KEY},
        "watson": {"SPEECH_TO_TEXT_APIKEY": KEY, "TEXT_TO_SPEECH_APIKEY": KEY},
        "soniox": {"SONIOX_API_KEY": KEY},
        "scriptix": {"SCRIPTIX_TOKEN": KEY},
    }[provider]


@dataclass(frozen=True)
class Ended:
    """How a run ended; ``memory`` is in bytes beyond what it began with."""

    status: int
    seconds: float
    memory: int
    stderr: str


def in_a_hurry(stack: ExitStack, clock: FastClock) -> None:
    """Let the network's waits follow a fast clock."""
    from stt_cli.net import client, connection, dial, duplex, messages, pool, websocket
    from stt_cli.net import websocket_handshake as handshake

    for module in (client, connection, dial, duplex, messages, pool):
        stack.enter_context(patch.object(module, "monotonic", clock.monotonic))
    for module in (websocket, handshake):
        stack.enter_context(patch.object(module, "time", clock))
    installation = "stt_cli.workflows.doctor.examine_installation"
    stack.enter_context(patch(installation, lambda *_: iter(())))
    real = duplex.Duplex._poll

    def poll(self: Any, events: int, seconds: float) -> int:
        return real(self, events, seconds / SPEED)

    stack.enter_context(patch.object(duplex.Duplex, "_poll", poll))


def run_scenario(scenario: Scenario, url: str, folder: Path) -> tuple[int, str]:
    """Run the command against a server; return its status and stderr."""
    from stt_cli.app import run as run_app
    from stt_cli.core.environment import Directories, Environment

    wav = folder / "a.wav"
    if not wav.exists():
        from tests.commands.conftest import silent_wav

        wav.write_bytes(silent_wav(1.0))
    named = {"WAV": str(wav), "OUT": str(folder / "out.wav")}
    command = [named.get(word, word) for word in scenario.command]
    command += ["-p", scenario.provider, "--endpoint", url]
    home = Path(tempfile.mkdtemp(dir=folder))
    variables: Mapping[str, str] = {
        **variables_of(scenario.provider),
        "STT_HOME": str(home),
        "PATH": os.environ["PATH"],
        "PYTHON_KEYRING_BACKEND": "keyring.backends.null.Keyring",
    }
    clock = FastClock()
    stdout = io.TextIOWrapper(io.BytesIO(), encoding="utf-8", write_through=True)
    stderr = io.TextIOWrapper(io.BytesIO(), encoding="utf-8", write_through=True)
    environment = Environment(
        variables=variables,
        directories=Directories.named_by(variables),
        stdin=io.BytesIO(),
        stdout=stdout,
        stderr=stderr,
        monotonic=clock.monotonic,
        sleep=clock.sleep,
        now=clock.now,
        random=lambda: 0.0,
    )
    with ExitStack() as stack:
        in_a_hurry(stack, clock)
        status = run_app(command, environment)
    return status, stderr.buffer.getvalue().decode()


def run_apart(scenario: Scenario, url: str, folder: Path, limit: float) -> Ended | None:
    """Run it in a child of this process; ``None`` if it takes too long."""
    reader, writer = os.pipe()
    began = time.monotonic()
    child = os.fork()
    if not child:
        os.close(reader)
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        try:
            status, stderr = run_scenario(scenario, url, folder)
        except BaseException as fault:
            status, stderr = 99, repr(fault)
        after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        told = json.dumps([status, (after - before) * 1024, stderr[-3000:]])
        os.write(writer, told.encode())
        os._exit(0)
    os.close(writer)
    ended = False
    while not ended and time.monotonic() - began < limit:
        ended = os.waitpid(child, os.WNOHANG)[0] != 0
        time.sleep(0.01)
    if not ended:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        os.close(reader)
        return None
    with os.fdopen(reader) as file:
        told = file.read()
    if not told:
        return Ended(99, time.monotonic() - began, 0, "it died")
    status, memory, stderr = json.loads(told)
    return Ended(status, time.monotonic() - began, memory, stderr)


def kinds_for(scenario: Scenario) -> dict[str, Wrong]:
    """Return the worst answers that its requests can get."""
    return {**STATUSES, **STREAMS, **(SOCKETS if scenario.sockets else {})}


def amiss(ended: Ended | None, requests: int, usual: Ended) -> bool:
    """Whether a run went on too long, asked too often, took too much or fell over."""
    return (
        ended is None
        or ended.status in (1, 99)
        or requests > MOST_REQUESTS
        or ended.memory > usual.memory + MOST_MEMORY
        or ended.seconds > usual.seconds + 20
    )


def main() -> None:
    """Run every case of the scenarios with these words, and tell what is amiss."""
    words = sys.argv[1:] or [""]
    tried, found = 0, 0
    with tempfile.TemporaryDirectory() as name:
        for scenario in SCENARIOS.values():
            if not any(word in scenario.name for word in words):
                continue
            with emulated(scenario.provider) as service:
                with worst(service.url, NEVER, STATUSES["500"]) as server:
                    usual = run_apart(scenario, server.url, Path(name), 30)
                print(f"{scenario.name}: {server.requests}", flush=True)
                if usual is None or usual.status not in (0, 2, 3):
                    raise SystemExit(f"it does not even work: {usual}")
                for at, request in enumerate(server.requests):
                    for kind, wrong in kinds_for(scenario).items():
                        with worst(service.url, at, wrong) as bad:
                            ended = run_apart(scenario, bad.url, Path(name), 40)
                        tried += 1
                        count = len(bad.requests)
                        if amiss(ended, count, usual):
                            found += 1
                            print(f"  {request} | {kind}: {count}, {ended}", flush=True)
    print(f"{tried} tried, {found} amiss")


if __name__ == "__main__":
    main()
