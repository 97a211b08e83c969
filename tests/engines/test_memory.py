"""Hours of speech take no more memory than minutes."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.audio.tones import WEATHER

PROGRAM = """
import resource, sys
from concurrent.futures import Future
from itertools import repeat
from stt_cli.engines.recognition import Listening, listen
from stt_cli.core.events import Ended, SpeechEnded

class Deaf:
    limit = 4
    def submit(self, window, options):
        done = Future()
        done.set_result(())
        return done

def peak():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

pcm = open(sys.argv[1], "rb").read()[44:] + bytes(16_000)
seconds = len(pcm) / 32_000
utterances = 0
before = None
how = Listening(Deaf(), longest_window=float(sys.argv[2]) or None)
for event in listen(repeat(pcm, round(1800 / seconds)), how):
    utterances += isinstance(event, SpeechEnded)
    if before is None and utterances == 20:
        before = peak()
    if isinstance(event, Ended):
        print(round(event.duration), utterances, peak() - before)
"""


@pytest.mark.conformance("LO-02")
@pytest.mark.skipif(sys.platform != "linux", reason="counts kilobytes")
@pytest.mark.parametrize("longest_window", [0, 28])
def test_half_an_hour_takes_no_more_than_a_minute(longest_window: int) -> None:
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, str(WEATHER), str(longest_window)],
        capture_output=True,
        text=True,
        check=True,
    )
    seconds, utterances, grown = map(int, done.stdout.split())
    assert seconds == pytest.approx(1800, abs=5)
    assert utterances > 600
    assert grown < 2_000  # kilobytes; the audio is 56,000
