"""Submit and poll a batch through a network that is as bad as it gets.

``stt`` runs as a process, again and again, against an emulated service in this
one, until nothing is left; with ``--kills`` it also dies by SIGKILL at moments
that the seed draws, with ``--shells`` several do the same work at once. Then what
the service was made to do is counted: every recording submitted once, every
transcript written once.

    python -m benchmarks.chaos soniox --recordings 200 --rate 0.3 --kills 50
"""

from __future__ import annotations

import argparse
import json
import os
import random
import struct
import subprocess
import sys
import tempfile
import time
import wave
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

from stt_cli.core.secret import Secret
from stt_cli.emulator import build_emulator
from stt_cli.emulator.config import EmulatorConfig
from stt_cli.emulator.faults import FaultPlan
from stt_cli.emulator.server import running

KEY = "made-up-key-0001"
CREDENTIALS = {
    "soniox": {"SONIOX_API_KEY": KEY},
    "scriptix": {"SCRIPTIX_TOKEN": KEY},
    "azure": {"AZURE_SPEECH_KEY": KEY, "AZURE_SPEECH_REGION": "westeurope"},
}
MOST_ROUNDS = 500


@dataclass
class Bench:
    """One service, one ledger, and ``stt`` as a process, killed now and then."""

    provider: str
    url: str
    home: Path
    kills_left: int
    shells: int
    chance: random.Random
    statuses: Counter[str] = field(default_factory=Counter)

    def run(self, *arguments: str | Path) -> subprocess.CompletedProcess[str] | None:
        """Run ``stt``; returns ``None`` where it was killed."""
        variables = os.environ | CREDENTIALS[self.provider]
        variables |= {
            "STT_HOME": str(self.home),
            f"STT_{self.provider.upper()}_ENDPOINT": self.url,
        }
        process = subprocess.Popen(
            [sys.executable, "-m", "stt_cli", *map(str, arguments)],
            env=variables,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        lifetime = self.chance.uniform(0.2, 2.5) if self.kills_left > 0 else None
        try:
            out, err = process.communicate(timeout=lifetime)
        except subprocess.TimeoutExpired:
            process.kill()
            process.communicate()
            self.kills_left -= 1
            self.statuses[f"{arguments[0]}: killed"] += 1
            return None
        self.statuses[f"{arguments[0]}: exit {process.returncode}"] += 1
        return subprocess.CompletedProcess([], process.returncode, out, err)

    def until_done(self, *arguments: str | Path) -> None:
        """Run a command, in every shell, until it says that all is done."""
        with ThreadPoolExecutor(self.shells) as shells:
            each = [
                shells.submit(self._until_done, *arguments) for _ in range(self.shells)
            ]
            for shell in each:
                shell.result()

    def _until_done(self, *arguments: str | Path) -> None:
        told = ""
        for _ in range(MOST_ROUNDS):
            done = self.run(*arguments)
            if done is not None and done.returncode == 0:
                return
            told = done.stderr if done is not None else told
        raise SystemExit(f"it does not end:\n{told[-3000:]}")

    def json(self, *arguments: str) -> list[dict[str, object]]:
        """Return what a command prints as JSON, undisturbed."""
        self.kills_left, left = 0, self.kills_left
        done = self.run(*arguments, "--json")
        self.kills_left = left
        assert done is not None
        found: list[dict[str, object]] = json.loads(done.stdout)
        return found


def record(folder: Path, count: int) -> None:
    """Write recordings of a second, none like another."""
    folder.mkdir()
    for number in range(count):
        with wave.open(str(folder / f"call{number:04}.wav"), "wb") as file:
            file.setparams((1, 2, 16_000, 0, "NONE", "not compressed"))
            file.writeframes(struct.pack("<I", number) + bytes(31_996))


def main() -> int:
    """Run it; returns 1 where something was doubled or lost."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("provider", choices=CREDENTIALS, default="soniox", nargs="?")
    parser.add_argument("--recordings", type=int, default=200)
    parser.add_argument("--jobs", type=int, default=16)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--rate", type=float, default=0.3)
    parser.add_argument("--kills", type=int, default=0)
    parser.add_argument("--shells", type=int, default=1)
    parser.add_argument("--param", action="append", default=[])
    wanted = parser.parse_args()
    count = wanted.recordings
    words = tuple(f"This is recording number {number}." for number in range(count))
    log: list[str] = []
    config = EmulatorConfig(
        transcripts=words,
        key=Secret(KEY),
        faults=FaultPlan([f"chaos:{wanted.seed}:{wanted.rate}"]),
        log=log.append,
    )
    app = build_emulator(wanted.provider, config)
    with tempfile.TemporaryDirectory() as folder, running(app, config) as url:
        root = Path(folder)
        chance = random.Random(wanted.seed)
        home, kills, shells = root / "home", wanted.kills, wanted.shells
        bench = Bench(wanted.provider, url, home, kills, shells, chance)
        results = root / "results"
        results.mkdir()
        inputs: list[str | Path] = [root / "calls"]
        if wanted.provider == "azure":
            inputs = [f"https://recordings.example/{n}.wav" for n in range(count)]
        else:
            record(root / "calls", count)
        params = [part for param in wanted.param for part in ("--param", param)]
        submit = ("batch", "submit", *inputs, "-p", wanted.provider, *params)
        began = time.monotonic()
        # The same command again goes on from where it was.
        bench.until_done(*submit, "-j", str(wanted.jobs))
        bench.until_done("batch", "resume", "-j", str(wanted.jobs))
        submitted_after = time.monotonic() - began
        bench.until_done("poll", "--all", "-o", results)
        took = time.monotonic() - began
        troubles = Counter(
            line.split(maxsplit=3)[3] for line in log if line.startswith("chaos: ")
        )
        config.faults.add("chaos:0:0")
        listed = bench.json("batch", "list", "-p", wanted.provider, "--all")
        there = [job["id"] for job in listed if job["provider_state"] != "new"]
        rows = bench.json("history", "--limit", str(10 * count))
        facts = [row["facts"] for row in rows]
        known = [fact["job_id"] for fact in facts if "job_id" in fact]  # type: ignore[index,operator]
        files = sorted(results.iterdir())
        written = Counter(path.read_text().strip() for path in files)
    doubled = len(there) - count
    right = sorted(there) == sorted(known) and written == Counter(words)
    requests = sum(not line.startswith("chaos: ") for line in log)
    print(f"{count} recordings, -j {wanted.jobs}, seed {wanted.seed}")
    print(f"submitted after {submitted_after:.1f} s, all transcripts {took:.1f} s")
    print(f"{requests} requests reached the service, {troubles.total()} were troubled:")
    for trouble, often in troubles.most_common():
        print(f"  {often:5} {trouble}")
    print("runs: " + ", ".join(f"{k} {n}x" for k, n in bench.statuses.items()))
    print(f"jobs at the service {len(there)}, doubled {doubled}")
    print(f"transcripts written {written.total()}, all different: {right}")
    for words_once, often in (written - Counter(words)).items():
        names = [path.name for path in files]
        print(f"  {often} too many: {words_once!r} of {names}")
    return 0 if right and doubled == 0 else 1


if __name__ == "__main__":
    sys.exit(main())
