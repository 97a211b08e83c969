"""Batches through a network that is as bad as it gets: all ends, nothing doubles.

What the emulated services were made to do is counted there; the pauses between
the attempts take next to no time.
"""

from __future__ import annotations

import json
import random
import struct
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.commands.conftest import silent_wav
from tests.conftest import Outcome, Runner
from tests.emulating import KEY, Emulated, emulated

SEED, RATE = 11, 0.4
RECORDINGS = 20
MADE_ONCE = {"soniox": ("upload", "create"), "azure": ("job",)}
"""What a service has a reference for; an empty session of Scriptix may be doubled."""
ROUNDS = 30  # of going on; a handful is the rule

VARIABLES = {
    "soniox": {"SONIOX_API_KEY": KEY},
    "scriptix": {"SCRIPTIX_TOKEN": KEY},
    "watson": {"SPEECH_TO_TEXT_BEARER_TOKEN": KEY},
    "azure": {"AZURE_SPEECH_KEY": KEY, "AZURE_SPEECH_REGION": "westeurope"},
}


@dataclass
class Shell:
    """Runs ``stt`` with one service, again and again."""

    run: Runner
    provider: str
    service: Emulated
    random: random.Random = field(default_factory=lambda: random.Random(SEED))

    def __call__(self, *arguments: str | Path) -> Outcome:
        env = VARIABLES[self.provider] | {
            f"STT_{self.provider.upper()}_ENDPOINT": self.service.url
        }
        return self.run(*arguments, env=env, sleep=_moment, random=self.random.random)

    def until(self, done: Callable[[Outcome], bool], *arguments: str | Path) -> Outcome:
        """Run a command until it says that all is done."""
        for _ in range(ROUNDS):
            outcome = self(*arguments)
            if done(outcome):
                return outcome
        raise AssertionError(f"it does not end: {outcome.stderr[-3000:]}")

    def job_ids(self) -> list[str]:
        """Return the jobs of the ledger's submissions."""
        rows = json.loads(self("history", "--json", "--limit", "1000").stdout)
        found = [row["facts"].get("job_id") for row in rows]
        return [job_id for job_id in found if job_id]

    def calm(self) -> None:
        """End the chaos."""
        self.service.faults.add("chaos:0:0")

    def jobs_there(self) -> list[str]:
        """Return the jobs that the service has recordings of."""
        listed = self("batch", "list", "--all", "--json", "-p", self.provider)
        return [
            job["id"]
            for job in json.loads(listed.stdout)
            if job["provider_state"] != "new"
        ]

    def troubles(self) -> list[list[str]]:
        """Return what happened to requests, by its words."""
        lines = [line.split() for line in self.service.log]
        return [words for words in lines if words[0] == "chaos:"]


def _moment(seconds: float) -> None:
    time.sleep(min(seconds, 0.01))


def succeeded(outcome: Outcome) -> bool:
    return outcome.status == 0


@pytest.fixture
def recordings(tmp_path: Path) -> Path:
    """A folder of recordings, none like another."""
    folder = tmp_path / "calls"
    folder.mkdir()
    for number in range(RECORDINGS):
        whole = bytearray(silent_wav(1.0))
        whole[44:48] = struct.pack("<I", number)  # the first two samples
        (folder / f"call{number:02}.wav").write_bytes(whole)
    return folder


ADDRESSES = [
    f"https://recordings.example/call{number:02}.wav" for number in range(RECORDINGS)
]
WORDS = tuple(f"This is recording number {number}." for number in range(RECORDINGS))


@contextmanager
def chaotic(stt: Runner, provider: str) -> Iterator[Shell]:
    """Run a service behind a bad network; each job has words of its own."""
    with emulated(
        provider, f"chaos:{SEED}:{RATE}", transcripts=WORDS, key=KEY
    ) as service:
        yield Shell(stt, provider, service)


@pytest.mark.conformance("CO-02", "CO-03")
@pytest.mark.parametrize(
    ("provider", "by_address", "params"),
    [
        ("soniox", False, ()),
        ("scriptix", False, ()),
        ("scriptix", False, ("upload=tus",)),
        ("azure", True, ()),
    ],
)
def test_every_recording_is_submitted_once_and_every_transcript_written_once(
    stt: Runner,
    recordings: Path,
    tmp_path: Path,
    provider: str,
    by_address: bool,
    params: tuple[str, ...],
) -> None:
    inputs: list[str | Path] = [*ADDRESSES] if by_address else [recordings]
    more = [part for param in params for part in ("--param", param)]
    results = tmp_path / "results"
    results.mkdir()
    with chaotic(stt, provider) as shell:
        shell("batch", "submit", *inputs, "-p", provider, "-j", "8", *more)
        shell.until(succeeded, "batch", "resume", "-j", "8")
        submitted = shell.job_ids()
        assert len(submitted) == len(set(submitted)) == len(WORDS)
        shell.until(succeeded, "poll", "--all", "-o", results)
        written = [path.read_text() for path in results.iterdir()]
        assert sorted(written) == sorted(f"{words}\n" for words in WORDS)
        assert {"POST", "GET"} <= {words[1] for words in shell.troubles()}
        shell.calm()
        assert sorted(shell.jobs_there()) == sorted(submitted)
        for kind in MADE_ONCE.get(provider, ()):
            assert len(shell.service.all(kind)) == RECORDINGS


def test_what_a_service_cannot_tell_is_left_open_and_never_doubled(
    stt: Runner, recordings: Path
) -> None:
    """Watson's jobs have nothing by which a lost answer could be found again."""
    with chaotic(stt, "watson") as shell:
        shell("batch", "submit", recordings, "-p", "watson", "-j", "8")
        for _ in range(4):
            left = shell("batch", "resume", "-j", "8")
        submitted = shell.job_ids()
        assert len(submitted) == len(set(submitted))
        shell.calm()
        left = shell("batch", "resume")
        there = shell.jobs_there()
        lost = {*there} - {*shell.job_ids()}
        still_open = len(WORDS) - len(shell.job_ids())
        assert 0 < len(lost) <= still_open
        assert len(there) <= len(WORDS)
        assert left.status == 8
        assert "`stt batch resume --again`" in left.stderr
        assert all(job_id in left.stderr for job_id in [*lost][:1])
        assert shell("batch", "resume", "--again").status == 0
        submitted = shell.job_ids()
        assert len(submitted) == len(set(submitted)) == len(WORDS)
