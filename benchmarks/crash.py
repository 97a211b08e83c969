"""Submissions that are killed at hundreds of random moments: what is lost by it.

Submits recordings to the emulated Soniox through processes that die by SIGKILL
after a random part of their life, each followed by ``stt batch resume`` or by the
same ``stt batch submit``, until all are jobs; then fetches the transcripts in the
same way, and submits from two shells at once. At the end the service's lists are
held against the ledger and the files. Some answers are lost on top of it. It needs
the tests of the source tree::

    python -m benchmarks.crash [--recordings N] [--kills N] [--seed N]

Prints how often processes died, and fails where anything was lost or doubled.
"""

from __future__ import annotations

import argparse
import tempfile
import threading
import time
from pathlib import Path
from random import Random

from tests.crashing import Crashes, recordings_in, shell_for
from tests.emulating import emulated


def one_shell(given: argparse.Namespace) -> None:
    """Submit and fetch, one process after the other."""
    begin = time.monotonic()
    with (
        tempfile.TemporaryDirectory() as name,
        emulated("soniox", f"lose-answer:{given.lost_answers}") as service,
        shell_for(service, Path(name) / "home") as shell,
    ):
        folder = Path(name)
        crashes = Crashes(
            shell,
            service,
            recordings_in(folder / "calls", given.recordings),
            Random(given.seed),
            longest=given.longest,
        )
        crashes.submit(given.kills)
        crashes.check()
        submitting = shell.kills
        print(
            f"submit: {given.recordings} recordings, {submitting} processes killed, "
            f"{time.monotonic() - begin:.0f} s: each submitted once, every ID kept",
            flush=True,
        )
        crashes.fetch(folder / "texts", given.kills // 4)
        crashes.check_texts(folder / "texts")
        print(
            f"poll: {shell.kills - submitting} processes killed, "
            f"{time.monotonic() - begin:.0f} s in all: each transcript written once"
        )


def two_shells(given: argparse.Namespace) -> None:
    """Let two shells submit the same recordings, both of them dying again and again."""
    begin = time.monotonic()
    with (
        tempfile.TemporaryDirectory() as name,
        emulated("soniox", f"lose-answer:{given.lost_answers}") as service,
        shell_for(service, Path(name) / "home") as one,
        shell_for(service, Path(name) / "home", "two") as two,
    ):
        recordings = recordings_in(Path(name) / "calls", given.recordings)
        both = [
            Crashes(shell, service, recordings, Random(seed), longest=given.longest)
            for shell, seed in ((one, given.seed), (two, given.seed + 1))
        ]
        threads = [
            threading.Thread(target=crashes.begin, args=[given.kills // 2])
            for crashes in both
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        both[0].finish()
        both[0].check()
        print(
            f"two shells: {given.recordings} recordings, {one.kills + two.kills} "
            f"processes killed, {time.monotonic() - begin:.0f} s: each submitted once",
            flush=True,
        )


def main() -> None:
    """Run it and print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--recordings", type=int, default=200)
    parser.add_argument("--kills", type=int, default=500)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--longest", type=float, default=0.12, help="seconds of a life")
    parser.add_argument("--lost-answers", type=int, default=20)
    given = parser.parse_args()
    one_shell(given)
    two_shells(given)


if __name__ == "__main__":
    main()
