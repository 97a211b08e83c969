"""Submissions that are killed at hundreds of random moments: what is lost by it.

Submits recordings to the emulated Soniox through processes that die by SIGKILL
after a random part of their life, each followed by ``stt batch resume`` or by the
same ``stt batch submit``, until all are jobs; then fetches the transcripts in the
same way. At the end the service's lists are held against the ledger and the files.
Some answers are lost on top of it. It needs the tests of the source tree::

    python -m benchmarks.crash [--recordings N] [--kills N] [--seed N]

Prints how often processes died, and fails where anything was lost or doubled.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from pathlib import Path
from random import Random

from tests.crashing import Crashes, recordings_in, shell_for
from tests.emulating import emulated


def main() -> None:
    """Run it and print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--recordings", type=int, default=200)
    parser.add_argument("--kills", type=int, default=500)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--longest", type=float, default=0.12, help="seconds of a life")
    parser.add_argument("--lost-answers", type=int, default=20)
    given = parser.parse_args()
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


if __name__ == "__main__":
    main()
